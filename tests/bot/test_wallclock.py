"""The clock is set while people wait: nobody waits a day for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.app import Qunhu, built
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.settings import load_settings
from bot.wallclock import WallClock
from moderation.storage import casebook, inbox, outbox
from moderation.storage.casebook import Person
from moderation.storage.outbox import Lane, Outgoing
from moderation.vocabulary import CaseKind, Certainty, Crisis, Subject
from tests.bot.town import Town
from tests.fakes import SOMEWHERE, FakeClock

DAY = timedelta(days=1)


@dataclass
class FakeSteady:
    """A clock that never jumps: seconds."""

    now: float = 1000.0

    def __call__(self) -> float:
        """The time it was moved to."""
        return self.now


@dataclass
class Evening:
    """A bot that is built, and the hands of both clocks."""

    qunhu: Qunhu
    hands: FakeClock
    steady: FakeSteady
    wall: WallClock

    async def passes(self, seconds: float, set_by: timedelta = timedelta()) -> None:
        """Time passes, and somebody sets the clock by so much; then the bot looks."""
        self.steady.now += seconds
        self.hands.now += timedelta(seconds=seconds) + set_by
        await self.wall.look(self.qunhu.services)

    async def crisis(self) -> int:
        """A card is to go out, and a next call is planned in three minutes."""
        async with self.qunhu.services.database.transaction() as tx:
            case = await casebook.open_case(
                tx,
                CaseKind.CRISIS,
                -100,
                Person(1, "小岚"),
                Crisis.IMMINENT,
                Subject.SELF,
                Certainty.LIKELY,
            )
            await outbox.put(tx, Outgoing("card", Lane.CRISIS, 5, "sendMessage", {"text": "x"}))
            await casebook.plan_reminder(tx, case.id, 1, tx.now + timedelta(minutes=3))
        return case.id

    async def going_out(self) -> int:
        """How many messages may go out now."""
        async with self.qunhu.services.database.reading() as tx:
            return len(await outbox.due(tx))

    async def called_again(self) -> int:
        """How many calls are due again now."""
        async with self.qunhu.services.database.reading() as tx:
            return len(await casebook.due_reminders(tx))


@pytest.fixture
async def evening(town: Town) -> AsyncIterator[Evening]:
    """The first look is done."""
    hands, steady, loaded = FakeClock(), FakeSteady(), Loaded(town.classifier, RULES_ONLY)
    wall = WallClock(hands, steady)
    async with built(load_settings(**town.settings()), loaded=loaded, clock=wall) as qunhu:
        evening = Evening(qunhu, hands, steady, wall)
        await evening.passes(0)
        yield evening


async def test_what_was_written_a_day_ahead_goes_out_when_the_clock_is_set_right(
    evening: Evening,
) -> None:
    await evening.passes(2, DAY)
    await evening.crisis()
    await evening.passes(2, -DAY)
    assert await evening.going_out() == 1
    assert await evening.called_again() == 0
    await evening.passes(180)
    assert await evening.called_again() == 1


async def test_a_clock_that_was_wrong_between_two_looks_only_keeps_nobody_waiting(
    evening: Evening,
) -> None:
    evening.hands.now += DAY
    await evening.crisis()
    evening.hands.now -= DAY
    assert await evening.going_out() == 0
    await evening.passes(2)
    assert await evening.going_out() == 1


async def test_a_clock_set_a_day_back_by_mistake_keeps_nobody_waiting(evening: Evening) -> None:
    await evening.crisis()
    await evening.passes(2, -DAY)
    assert await evening.going_out() == 1
    await evening.passes(180)
    assert await evening.called_again() == 1


async def test_a_clock_set_back_while_the_bot_was_down_is_noticed_at_the_next_start(
    evening: Evening,
) -> None:
    evening.hands.now += DAY
    async with evening.qunhu.services.database.transaction() as tx:
        await inbox.add(tx, 1, {}, SOMEWHERE)
    await evening.crisis()
    evening.hands.now -= DAY
    evening.wall = WallClock(evening.hands, evening.steady)
    await evening.passes(2)
    assert await evening.going_out() == 1
    await evening.passes(180)
    assert await evening.called_again() == 1


async def test_a_few_seconds_and_time_itself_change_nothing(evening: Evening) -> None:
    await evening.crisis()
    await evening.passes(60, timedelta(seconds=-5))
    await evening.passes(60, timedelta(seconds=5))
    assert await evening.called_again() == 0
    await evening.passes(61)
    assert await evening.called_again() == 1
