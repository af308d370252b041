"""A member who calls herself like staff or the bot is shown with a mark, however she writes it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.checkin.cards import for_counselor
from bot.posing import looks_like_staff, member_name
from bot.spirals.card import Danger, dangers
from bot.words import duty, spirals
from moderation.cases import CaseState
from moderation.drift import Look
from moderation.storage.casebook import Person
from moderation.storage.checkins import Checkin, Share
from tests.bot.alerting.test_cards import text_of, with_case

POSING = [
    "管理员小何", "沈咨询", "沈 咨 询", "沈咨询\u200b", "沈咨询（值班）", "群护", "ＱＵＮＨＵ bot", "官方客服", "Admin",
    # another script, another alphabet, another sign
    "沈咨詢", "沈諮詢", "管理員", "аdmin", "аԁmіn", "αdmin", "ɑdmin", "adm1n", "admln", "adrnin", "𝐀𝐝𝐦𝐢𝐧", "Ⓐdmin",
    "管埋员", "管里员", "管理圆", "菅理员", "沈资询", "值斑", "扳主",
    # unseen characters, marks, spaces
    "管\u200b理员", "管\u2060理\ufeff员", "沈\u00ad咨询", "管.理.员", "管　理　员", "a\u0301dmin", "管\ufe0f理员",
    # what only staff should be called
    "值班", "版主", "心理咨询", "管理", "管理组", "群管小李", "工作人员", "志愿者阿明", "社工", "心理医生", "系统通知",
    "Official", "Counselor Shen", "mod", "12点值班", "guanliyuan",
]  # fmt: skip
INNOCENT = [
    "小岚", "阿梅", "沈", "", "咨询过三家医院", "小管", "安静的版画", "值得", "郡主", "李群玉", "时间管理达人", "主管",
    "管乐队员", "人群户外", "合群主义者", "为自己负责人生才甜", "modern girl", "Наташа", "客家菜", "理想圆满", "王师傅",
    "里里", "询问一下", "版纳的雨", "robot", "小班同学", "Diana", "Лена", "🌙",
]  # fmt: skip


@pytest.mark.parametrize("name", POSING)
def test_a_name_like_that_of_staff_or_the_bot_is_marked(name: str) -> None:
    assert looks_like_staff(name, ["沈咨询"])
    assert member_name(name, ["沈咨询"]).endswith(duty.LOOKS_LIKE_STAFF)


@pytest.mark.parametrize("name", INNOCENT)
def test_other_names_are_not(name: str) -> None:
    assert not looks_like_staff(name, ["沈咨询", "何"])
    assert duty.LOOKS_LIKE_STAFF not in member_name(name, ["沈咨询", "何"])


def test_a_name_of_staff_in_the_other_script_is_found_too() -> None:
    assert looks_like_staff("陈医师", ["陳醫師"])
    assert looks_like_staff("Lіlу", ["Lily"])


def test_a_card_says_that_a_member_only_calls_herself_so() -> None:
    posing = with_case(person=Person(502, "沈咨詢"))
    assert duty.LOOKS_LIKE_STAFF in text_of(posing, staff=["沈咨询"])
    assert duty.LOOKS_LIKE_STAFF not in text_of(staff=["沈咨询"])


def test_a_spiral_says_it_too() -> None:
    (line,) = dangers([Danger(1, "imminent", CaseState.OPEN, None, "沈咨詢")], ["沈咨询"])
    assert spirals.NOT_STAFF in line
    (line,) = dangers([Danger(1, "imminent", CaseState.OPEN, None, "小岚")], ["沈咨询"])
    assert spirals.NOT_STAFF not in line


def test_one_who_gives_her_weeks_on_is_marked_too() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    for name, marked in (("心理咨询小沈", True), ("小岚", False)):
        checkin = Checkin(5, name, Share.ASK, now, now, None, None)
        caption = for_counselor(checkin, Look(()), b"")["caption"]
        assert (duty.LOOKS_LIKE_STAFF in caption) is marked
