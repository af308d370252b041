"""Telegram takes nothing for an hour, then it is back: what each human finds, over HTTP."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Literal

import pytest

from bot import words
from bot.alerting.escalation import call_again
from bot.app import Qunhu
from bot.demo.clock import MovedClock
from bot.words import duty as words_duty
from moderation.cases import Move
from moderation.storage import casebook, outbox
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"
A_MOMENT = 0.1
FOR_AN_HOUR = [timedelta(minutes=10)] * 6


async def says_goodbye(town: Town, qunhu: Qunhu) -> None:
    """A crisis is opened, whether or not anybody can be told."""
    town.world.say(town.group, town.lan, GOODBYE)
    await town.world.wait_for(lambda: not town.world.updates.pending and qunhu.queue.idle, 20)


async def an_hour_passes(qunhu: Qunhu, clock: MovedClock) -> None:
    """Ten minutes at a time; every call that falls due is made, and tried."""
    for minutes in FOR_AN_HOUR:
        clock.forward(minutes)
        await call_again(qunhu.services)
        await asyncio.sleep(A_MOMENT)


async def is_back(town: Town, qunhu: Qunhu, clock: MovedClock) -> None:
    """Telegram takes everything again, and all that waits has gone out."""
    town.world.faults.clear()
    clock.forward(timedelta(minutes=1))
    qunhu.services.outbox.wake()
    await town.settled()


async def test_whoever_was_called_all_the_time_finds_one_card(town: Town) -> None:
    clock = MovedClock()
    async with town.bot_running(clock) as qunhu:
        town.world.faults.add("retry", "sendMessage", count=1000)
        await says_goodbye(town, qunhu)
        await an_hour_passes(qunhu, clock)
        await is_back(town, qunhu, clock)
        assert town.calls_to(town.counselor) == town.calls_to(town.moderators) == 1
        (card,), (other,) = town.cards(town.counselor), town.cards(town.moderators)
        assert re.match("⏰ 第 [4-7] 次叫", card.words)
        assert re.match("⏰ 第 [4-7] 次叫", other.words)
        town.world.tap(town.counselor, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        assert all("沈咨询" in one.words for one in (card, other))


@pytest.mark.parametrize("trouble", ["cut_before", "cut_after"])
async def test_where_one_may_have_arrived_no_further_one_is_added(
    town: Town, trouble: Literal["cut_before", "cut_after"]
) -> None:
    """Cut after it was taken, a card may be there twice; never once more for every call."""
    clock = MovedClock()
    async with town.bot_running(clock) as qunhu:
        first = town.world.faults.add(trouble, "sendMessage", chat_id=town.counselor.id)
        for place in (town.counselor.id, town.moderators.id):
            town.world.faults.add("retry", "sendMessage", chat_id=place, count=1000)
        await says_goodbye(town, qunhu)
        await town.world.wait_for(lambda: first.hits, 20)
        await an_hour_passes(qunhu, clock)
        await is_back(town, qunhu, clock)
        assert len(town.cards(town.counselor)) == (2 if trouble == "cut_after" else 1)
        assert len(town.cards(town.moderators)) == 1


async def test_the_holder_is_asked_once_when_telegram_is_back(town: Town) -> None:
    clock = MovedClock()
    async with town.bot_running(clock) as qunhu:
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        (card,) = town.cards(town.counselor)
        town.world.tap(town.counselor, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        town.world.faults.add("retry", "sendMessage", count=1000)
        await an_hour_passes(qunhu, clock)
        await is_back(town, qunhu, clock)
        question = words_duty.ASK_CONTACT.split("{", 1)[0]
        asked = [text for text in town.said_to(town.counselor) if text.startswith(question)]
        assert len(asked) == 1
        assert len(town.cards(town.moderators)) == 1


async def test_a_call_made_twice_leaves_the_card_standing(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        async with qunhu.services.database.transaction() as tx:
            (case,) = await casebook.live_cases(tx)
            for _ in range(2):
                await qunhu.services.alerts.calls.show_to(tx, case, town.counselor.id, "again")
                for row in await outbox.of_case(tx, case.id, "card"):
                    await outbox.sent(tx, row.id, row.message_id or 1)
            rows = await outbox.of_case(tx, case.id, "card")
        assert [row.chat_id for row in rows].count(town.counselor.id) == 1


async def test_a_call_again_that_comes_when_the_case_is_settled_says_so(town: Town) -> None:
    clock = MovedClock()
    async with town.bot_running(clock) as qunhu:
        await says_goodbye(town, qunhu)
        await town.settled()
        (card,) = town.cards(town.moderators)
        town.world.faults.add("retry", "sendMessage", count=1000)
        await an_hour_passes(qunhu, clock)
        town.world.tap_data(town.moderator, card, "m:1:claim")
        await town.world.wait_for(lambda: not town.world.updates.pending and qunhu.queue.idle, 20)
        await is_back(town, qunhu, clock)
        last = town.cards(town.counselor)[-1].words
        assert re.match("⏰ 第 [4-7] 次叫在路上的时候，事情已经有人管了", last)
        assert "还没有人接" not in last
