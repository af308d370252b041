from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from telegram import Update
from telegram.ext import MessageHandler, filters

from bot import ordering, words
from bot.app import Qunhu
from moderation.storage import inbox
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"
UNREAD = words.UNREADABLE.split("{", maxsplit=1)[0]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are short."""
    monkeypatch.setattr(ordering, "PAUSE", 0.001)


@dataclass
class Broken:
    """A handler that fails until it is mended; it comes before all others."""

    failing: int = 1_000_000
    calls: int = 0

    async def __call__(self, update: Update, _context: Any) -> None:
        """Fail, with words of a member in the error."""
        if not (update.effective_message and "走" in (update.effective_message.text or "")):
            return
        self.calls += 1
        if self.calls <= self.failing:
            raise KeyError(GOODBYE)


def breaks(qunhu: Qunhu, failing: int = 1_000_000) -> Broken:
    """Put a broken handler before all others."""
    broken = Broken(failing)
    qunhu.application.add_handler(MessageHandler(filters.ALL, broken), group=-2)
    return broken


async def unfinished(qunhu: Qunhu) -> list[str]:
    """The words that are on disk and not finished."""
    async with qunhu.services.database.reading() as tx:
        return [pending.update["message"]["text"] for pending in await inbox.pending(tx)]


async def test_what_failed_is_tried_again(town: Town) -> None:
    async with town.bot_running() as qunhu:
        breaks(qunhu, failing=2)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.world.wait_for(lambda: town.cards(town.counselor))
        await town.settled()
        assert await unfinished(qunhu) == []


async def test_a_crisis_nothing_can_handle_is_kept_and_told_once(town: Town) -> None:
    async with town.bot_running() as qunhu:
        broken = breaks(qunhu)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.world.wait_for(lambda: broken.calls >= ordering.TRIES + 2)
        await town.world.wait_for(lambda: any(UNREAD in s for s in town.said_to(town.moderators)))
        assert await unfinished(qunhu) == [GOODBYE]
        told = [said for said in town.said_to(town.moderators) if UNREAD in said]
        assert len(told) == 1
        assert GOODBYE not in told[0]
        assert "https://t.me/c/" in told[0]
        broken.failing = 0
        await town.world.wait_for(lambda: town.cards(town.counselor), timeout=10)


async def test_what_is_unread_in_private_names_who_wrote(town: Town) -> None:
    async with town.bot_running() as qunhu:
        breaks(qunhu)
        town.world.say(town.world.private(town.lan), town.lan, GOODBYE)
        await town.world.wait_for(lambda: any(UNREAD in s for s in town.said_to(town.moderators)))
        assert "小岚" in next(s for s in town.said_to(town.moderators) if UNREAD in s)


async def test_what_failed_is_kept_over_a_restart(town: Town) -> None:
    async with town.bot_running() as qunhu:
        broken = breaks(qunhu)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.world.wait_for(lambda: broken.calls > 1)
    async with town.bot_running():
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_no_later_handler_finishes_what_an_earlier_one_failed_on(town: Town) -> None:
    async with town.bot_running() as qunhu:
        broken = breaks(qunhu)
        town.world.say(town.group, town.lan, "/psych 今晚就走")
        await town.world.wait_for(lambda: broken.calls > 1)
        assert await unfinished(qunhu) == ["/psych 今晚就走"]
        assert town.said_to(town.group) == []
        broken.failing = 0
        await town.world.wait_for(lambda: town.cards(town.counselor))


async def test_others_go_on_while_one_message_fails(town: Town) -> None:
    async with town.bot_running() as qunhu:
        broken = breaks(qunhu)
        town.world.say(town.group, town.lan, "走了走了")
        await town.world.wait_for(lambda: broken.calls > 1)
        town.world.say(town.group, town.mei, "真的不想活了")
        await town.world.wait_for(lambda: town.cards(town.counselor))
