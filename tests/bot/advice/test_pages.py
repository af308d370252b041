"""Every page is near: three taps from /rights and from /psych, whatever one came for."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot.advice.pages import group_payload, home_payload, page_payload, section_payload
from bot.advice.shelf import Shelf
from bot.settings import ApprovalRule
from bot.simulator import Message
from bot.words.kept import in_days
from moderation.storage.retention import rule_of
from resources import Section, cards_of, load_catalogue
from tests.bot.town import Town

SHELF = Shelf(load_catalogue(), {}, ApprovalRule.OFF, date(2026, 12, 1))
MOST_TAPS = 3


def behind(data: str) -> dict[str, Any] | None:
    """What a button of a menu shows."""
    kind, *args = data.split(":")
    if kind == "s":
        return home_payload() if args == ["home"] else section_payload(SHELF, Section(args[0]))
    return group_payload(SHELF, Section(args[0]), int(args[1])) if kind == "g" else None


def taps_to_pages(section: Section) -> dict[str, int]:
    """How many taps each page is away from the menu of a section."""
    away: dict[str, int] = {}
    seen: set[str] = set()
    front: list[dict[str, Any]] = [section_payload(SHELF, section)]
    for taps in range(1, MOST_TAPS + 1):
        buttons = [
            button["callback_data"]
            for shown in front
            for row in shown["reply_markup"]["inline_keyboard"]
            for button in row
        ]
        fresh = [data for data in dict.fromkeys(buttons) if data not in seen]
        seen.update(fresh)
        for data in fresh:
            if data.startswith("p:"):
                away.setdefault(data.split(":")[1], taps)
        front = [shown for data in fresh if (shown := behind(data)) is not None]
    return away


@pytest.mark.parametrize("section", [Section.RIGHTS, Section.MIND])
def test_every_page_is_three_taps_away(section: Section) -> None:
    away = taps_to_pages(section)
    assert {page.id for page in SHELF.catalogue} - away.keys() == set()
    own = {page.id for page in SHELF.catalogue.in_section(section)}
    assert {away[page] for page in own} == {2}


async def test_a_page_of_another_section_is_really_reached_by_three_taps(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/rights")
        await town.settled()
        menu = town.from_bot(town.lan)[-1]
        for button in ("› 紧急", "打给谁", "大陆可以打的号码"):
            await tap(town, menu, button)
        assert (menu.text or "").startswith("大陆可以打的号码")


@pytest.mark.parametrize("page", list(SHELF.catalogue), ids=lambda page: page.id)
def test_every_card_fits_a_message_and_leads_on_and_back(page: Any) -> None:
    count = len(cards_of(page))
    for number in range(count):
        shown = page_payload(SHELF, page, number)
        assert shown is not None
        assert len(shown["text"].encode("utf-16-le")) // 2 <= 4096
        data = [b["callback_data"] for row in shown["reply_markup"]["inline_keyboard"] for b in row]
        assert all(len(one.encode()) <= 64 for one in data)
        assert (f"p:{page.id}:{number + 1}" in data) == (number + 1 < count)
        assert (f"p:{page.id}:{number - 1}" in data) == (number > 0)
        assert f"s:{page.section}" in data


async def tap(town: Town, message: Message, button: str) -> None:
    """She taps, and the message changes."""
    town.world.tap(town.lan, message, button)
    await town.settled()


def test_the_page_on_what_is_kept_says_the_times_of_the_rules() -> None:
    page = SHELF.catalogue.page("what-it-keeps")
    assert page is not None
    for table, line in (("cases", "事情了结"), ("unanswered", "没找到答案的提问")):
        kept = rule_of(table).kept
        assert kept is not None
        (said,) = [one for one in page.text.splitlines() if line in one]
        assert in_days(kept) in said
