"""What strangers write is shown as they wrote it, and does nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.showing import looks_like_staff, safe_name, safe_text
from bot.simulator.entities import merge
from bot.simulator.html_mode import parse_html
from bot.words import duty
from moderation.storage.casebook import Person
from tests.bot.alerting.test_cards import text_of, with_case

ACTING = st.sampled_from(
    ["@evil_person", "/revoke", "<a href='tg://user?id=6'>", "\u202e", "\n", "&lt;", "</b>", "https://evil.cn/x", "evil.cn", " ", "安"]
)  # fmt: skip
ODD = st.lists(ACTING | st.text(max_size=8), max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(ODD)
def test_text_of_a_stranger_neither_mentions_commands_nor_marks_up(text: str) -> None:
    shown, entities = parse_html(f"「{safe_text(text)}」\n现在：没人接")
    kinds = {entity["type"] for entity in merge(entities, shown)}
    assert kinds <= {"url", "email", "hashtag"}
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200f") & set(shown)


@settings(max_examples=150, deadline=None)
@given(ODD)
def test_a_name_is_one_short_line_that_leads_nowhere(name: str) -> None:
    shown, entities = parse_html(safe_name(name))
    assert shown.strip()
    assert "\n" not in shown
    assert {entity["type"] for entity in merge(entities, shown)} <= {"hashtag"}


@pytest.mark.parametrize(
    "name",
    [
        "管理员小何",
        "沈咨询",
        "沈 咨 询",
        "沈咨询\u200b",
        "沈咨询（值班）",
        "群护",
        "ＱＵＮＨＵ bot",
        "官方客服",
        "Admin",
    ],
)
def test_a_name_like_that_of_staff_or_the_bot_is_noticed(name: str) -> None:
    assert looks_like_staff(name, ["沈咨询"])


@pytest.mark.parametrize("name", ["小岚", "阿梅", "沈", "", "咨询过三家医院"])
def test_other_names_are_not(name: str) -> None:
    assert not looks_like_staff(name, ["沈咨询", "何"])


def test_a_card_says_that_a_member_only_calls_herself_so() -> None:
    posing = with_case(person=Person(502, "沈咨询"))
    assert duty.LOOKS_LIKE_STAFF in text_of(posing, staff=["沈咨询"])
    assert duty.LOOKS_LIKE_STAFF not in text_of(staff=["沈咨询"])
