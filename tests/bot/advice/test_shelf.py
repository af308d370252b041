"""A community's own pages, who vouches for them, and what stays back."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from bot import words
from bot.advice.pageduty import look_at_pages
from bot.advice.pageform import empty_form
from bot.advice.vetting import approve_pages, check_pages, show_questions, show_status
from bot.settings import load_settings
from bot.simulator import User
from bot.words import reading
from moderation.errors import InputError
from moderation.storage import audit, pages
from tests.bot.town import Town
from tests.fakes import FakeClock

PAGE = "copy-records"
FORM = """编号：local-legal-corner
标题：本市的法律角
一句话：每周三下午，免费问
放在哪：维权
别名：法律角、免费咨询日
大家会怎么问：
法律角什么时候开门
哪里能免费问律师
周三下午能问谁
要预约吗
第一步：
周三下午带上病历复印件，去社区一楼。
正文：
先到先问，一个人十五分钟。

想清楚最想问的一件事，写在纸上带去。
依据：
《法律援助法》第 23 条
社区的通知，2026 年 11 月打电话核过
复核：2027-05-01"""


async def said_after(town: Town, who: User, text: str) -> list[str]:
    """What the bot answers to somebody in private."""
    before = len(town.said_to(who))
    town.world.say(town.world.private(who), who, text)
    await town.settled()
    return town.said_to(who)[before:]


async def test_a_page_through_the_form_is_found_at_once_and_survives_a_restart(town: Town) -> None:
    async with town.bot_running():
        town.world.start(town.moderator)
        await town.settled()
        preview, ask = await said_after(town, town.moderator, FORM)
        assert "本市的法律角" in preview
        assert ask == reading.FORM_PREVIEW
        town.world.tap(town.moderator, town.from_bot(town.moderator)[-1], reading.BUTTON_PUBLISH)
        await town.settled()
        assert "本市的法律角" in (await said_after(town, town.lan, "/ask 法律角什么时候开门"))[-1]
    async with town.bot_running() as qunhu:
        assert qunhu.services.catalogue.page("local-legal-corner") is not None
        async with qunhu.services.database.reading() as tx:
            assert await audit.first_broken(tx) is None
            (approval,) = (await pages.approvals(tx)).values()
            assert approval.approver == "管理员小何"
        await said_after(town, town.moderator, "/droppage local-legal-corner")
        assert qunhu.services.catalogue.page("local-legal-corner") is None


async def test_a_form_with_mistakes_gets_all_of_them_and_changes_nothing(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.start(town.moderator)
        await town.settled()
        wrong = FORM.replace("维权", "别处").replace("2027-05-01", "明年五月")
        (answer,) = await said_after(town, town.moderator, wrong)
        assert "这几个里的一个" in answer
        assert "明年五月" in answer
        promising = FORM.replace("先到先问", "一定能赢")
        (answer,) = await said_after(town, town.moderator, promising)
        assert "许诺" in answer
        assert len(qunhu.services.catalogue) > 100
        async with qunhu.services.database.reading() as tx:
            assert await pages.kept_pages(tx) == {}


async def test_the_empty_form_says_what_is_missing(town: Town) -> None:
    async with town.bot_running():
        (answer,) = await said_after(town, town.counselor, empty_form())
        assert answer.count("还没填") >= 8


@pytest.mark.parametrize("said", ["/addpage", "/droppage copy-records", FORM])
async def test_a_member_may_not_change_pages(town: Town, said: str) -> None:
    async with town.bot_running() as qunhu:
        assert await said_after(town, town.lan, said) == [reading.FORM_NOT_YOURS]
        async with qunhu.services.database.reading() as tx:
            assert await pages.kept_pages(tx) == {}


async def test_a_forged_or_second_tap_puts_nothing_up(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.start(town.moderator)
        await town.settled()
        await said_after(town, town.moderator, FORM)
        button = town.from_bot(town.moderator)[-1]
        town.world.tap(town.lan, button, reading.BUTTON_PUBLISH)
        await town.settled()
        assert qunhu.services.catalogue.page("local-legal-corner") is None
        town.world.tap(town.moderator, button, reading.BUTTON_PUBLISH)
        await town.settled()
        assert qunhu.services.catalogue.page("local-legal-corner") is not None


async def test_where_approval_is_said_a_page_names_who_vouches_until_its_text_changes(
    town: Town,
) -> None:
    async with town.bot_running(page_approval="say") as qunhu:
        settings = load_settings(**town.settings())
        town.world.start(town.lan, f"page_{PAGE}")
        await town.settled()
        assert reading.UNAPPROVED in town.said_to(town.lan)[-1]
        await approve_pages(settings, [PAGE], "王律师", Console(file=StringIO()))
        town.world.start(town.lan, f"page_{PAGE}")
        await town.settled()
        assert "王律师" in town.said_to(town.lan)[-1]
        page = qunhu.services.catalogue.page(PAGE)
        assert page is not None
        async with qunhu.services.database.reading() as tx:
            approved = await pages.approvals(tx)
        assert (PAGE, page.fingerprint) in approved
        assert (PAGE, "another text") not in approved


async def test_where_approval_is_needed_pages_stay_back_but_crisis_lines_never(
    town: Town,
) -> None:
    async with town.bot_running(page_approval="hold"):
        town.world.start(town.lan, f"page_{PAGE}")
        town.world.start(town.lan, "page_hotlines-cn")
        await town.settled()
        start, hotlines = town.said_to(town.lan)[-2:]
        assert start == words.START
        assert "12356" in hotlines
        await said_after(town, town.lan, "/sos")
        town.world.tap(town.lan, town.from_bot(town.lan)[-1], words.BUTTON_NUMBERS)
        await town.settled()
        assert "010-82951332" in town.said_to(town.lan)[-1]
        answer = (await said_after(town, town.lan, "/ask 怎么复印病历"))[-1]
        assert "复印病历" not in answer


async def test_an_overdue_page_says_so(town: Town) -> None:
    async with town.bot_running() as qunhu:
        qunhu.services.database._clock = FakeClock(now=FakeClock().now + timedelta(days=900))
        payload = (await said_after(town, town.lan, f"/start page_{PAGE}"))[-1]
        assert "还没核" in payload


async def test_moderators_hear_of_pages_that_fall_due_once_a_week(town: Town) -> None:
    async with town.bot_running() as qunhu:
        clock = FakeClock(now=FakeClock().now + timedelta(days=900))
        qunhu.services.database._clock = clock
        for _ in range(2):
            await look_at_pages(qunhu.services)
        await town.settled()
        told = [said for said in town.said_to(town.moderators) if "该复核了" in said]
        assert len(told) == 1
        assert "还有" in told[0]
        clock.forward(days=7)
        await look_at_pages(qunhu.services)
        await town.settled()
        assert sum("该复核了" in said for said in town.said_to(town.moderators)) == 2


async def test_the_command_line_names_an_unknown_page_and_lists_what_there_is(town: Town) -> None:
    settings = load_settings(**town.settings())
    with pytest.raises(InputError, match="no-such-page"):
        await approve_pages(settings, [PAGE, "no-such-page"], "王律师", Console(file=StringIO()))
    out = StringIO()
    await approve_pages(settings, [PAGE], "李\x1b[31m律师", Console(file=out))
    await show_status(settings, Console(file=out, width=200))
    assert PAGE in out.getvalue()
    assert out.getvalue().count("李[31m律师") == 2
    assert "\x1b" not in out.getvalue()
    assert "王律师" not in out.getvalue()
    await show_questions(settings, Console(file=out))
    assert "Nothing was asked in vain" in out.getvalue()


def test_check_counts_what_is_wrong_in_a_folder_of_ones_own(tmp_path: Path) -> None:
    assert check_pages(Console(file=StringIO()), None) == 0
    (tmp_path / "bad.md").write_text("kein Frontmatter", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.md"):
        check_pages(Console(file=StringIO()), tmp_path)
