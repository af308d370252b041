"""Which rows go out and when, without a network: crashes, stops, places kept for crises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from telegram.error import Forbidden

from bot import words
from bot.alerting.calls import CARD
from bot.sending import outbox as module
from bot.sending.outbox import OutboxRunner
from moderation.errors import StorageError
from moderation.storage import Database, Transaction
from moderation.storage.outbox import Delivery, Lane, State
from tests.bot.post import HELLO, MEI, Post, Unreadable, post_in

PATIENCE = 10.0
"""Seconds until what is waited for must have come."""


@dataclass
class Refusing:
    """Hears of refusals, and fails the first time."""

    heard: int = 0

    async def __call__(self, _tx: Transaction, _row: Delivery, _why: str) -> None:
        """Fail, once."""
        self.heard += 1
        if self.heard == 1:
            raise ZeroDivisionError


@dataclass
class Seconds:
    """A clock that runs ahead, so that no limit of Telegram is waited for."""

    now: float = 0.0

    def __call__(self) -> float:
        """Ten seconds later."""
        self.now += 10.0
        return self.now


@dataclass
class Office:
    """The runner at work."""

    post: Post
    refusing: Refusing = field(default_factory=Refusing)

    @asynccontextmanager
    async def open(self, database: Database | None = None) -> AsyncIterator[OutboxRunner]:
        """It runs until the end, when it is stopped in the middle of whatever it does."""
        post = self.post
        runner = OutboxRunner(
            database or post.database, post.telegram, self.refusing, post.clock, steady=Seconds()
        )
        running = asyncio.create_task(runner.run())
        yield runner
        running.cancel()
        await asyncio.wait([running])

    async def calls(self, count: int) -> None:
        """Wait until so many calls were made."""
        async with asyncio.timeout(PATIENCE):
            while len(self.post.telegram.calls) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def comes_to(self, number: int, state: State) -> Delivery:
        """Wait until a row is in that state."""
        async with asyncio.timeout(PATIENCE):
            while (row := await self.post.row(number)).state is not state:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return row


@pytest.fixture
async def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Office]:
    """A runner that is not at work yet, and looks often."""
    monkeypatch.setattr(module, "IDLE", 0.02)
    async with post_in(tmp_path) as post:
        yield Office(post)


async def test_a_delivery_that_crashed_is_taken_up_again_with_a_mark(office: Office) -> None:
    number = await office.post.puts(replace(HELLO, purpose=CARD))
    office.post.telegram.answers = [Forbidden("bot was blocked by the user")]
    async with office.open():
        await office.comes_to(number, State.SENT)
    first, second = (payload["text"] for _, payload in office.post.telegram.calls)
    assert second == f"{words.MAYBE_TWICE}{first}"
    assert office.refusing.heard == 1


async def test_a_database_that_cannot_be_read_is_waited_for(office: Office) -> None:
    number = await office.post.puts(HELLO)
    broken = Unreadable(office.post.database, 3, StorageError("the disk is gone"))
    async with office.open(broken):
        await office.comes_to(number, State.SENT)
    assert broken.failures < 0


async def test_what_was_on_its_way_when_the_bot_was_stopped_is_repeated_with_a_mark(
    office: Office,
) -> None:
    number = await office.post.puts(replace(HELLO, purpose=CARD))
    office.post.telegram.free.clear()
    async with office.open():
        await office.calls(1)
    assert (await office.post.row(number)).state is State.SENDING
    office.post.telegram.free.set()
    async with office.open():
        await office.comes_to(number, State.SENT)
    (_, first), (_, second) = office.post.telegram.calls
    assert second["text"] == f"{words.MAYBE_TWICE}{first['text']}"


async def test_an_orderly_stop_waits_for_what_is_on_its_way(office: Office) -> None:
    number = await office.post.puts(HELLO)
    office.post.telegram.free.clear()
    async with office.open() as runner:
        await office.calls(1)
        draining = asyncio.create_task(runner.drain())
        await asyncio.sleep(0.05)
        assert not draining.done()
        office.post.telegram.free.set()
        await asyncio.wait_for(draining, PATIENCE)
        assert (await office.post.row(number)).state is State.SENT
        await asyncio.wait_for(runner.drain(), PATIENCE)


async def test_during_an_orderly_stop_nothing_new_is_started(office: Office) -> None:
    async with office.open() as runner:
        await runner.drain()
        number = await office.post.puts(HELLO)
        runner.wake()
        await asyncio.sleep(0.2)
        assert (await office.post.row(number)).state is State.PENDING
    assert not office.post.telegram.calls


async def test_an_orderly_stop_does_not_wait_for_ever(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "DRAIN_SECONDS", 0.05)
    await office.post.puts(HELLO)
    office.post.telegram.free.clear()
    async with office.open() as runner:
        await office.calls(1)
        await asyncio.wait_for(runner.drain(), PATIENCE)


async def test_some_places_are_kept_for_crises_however_many_wait(office: Office) -> None:
    office.post.telegram.free.clear()
    for reader in range(module.AT_ONCE):
        await office.post.puts(replace(HELLO, dedupe=f"{reader}", chat_id=100 + reader))
    async with office.open() as runner:
        await office.calls(module.AT_ONCE - module.KEPT_FOR_CRISES)
        await asyncio.sleep(0.1)
        assert len(office.post.telegram.calls) == module.AT_ONCE - module.KEPT_FOR_CRISES
        await office.post.puts(replace(HELLO, lane=Lane.CRISIS))
        runner.wake()
        await office.calls(module.AT_ONCE - module.KEPT_FOR_CRISES + 1)
    assert office.post.telegram.calls[-1][0] == MEI


async def test_what_is_for_later_goes_out_when_its_time_has_come(office: Office) -> None:
    at = office.post.clock.now.replace(hour=14)
    number = await office.post.puts(replace(HELLO, not_before=at))
    async with office.open():
        await asyncio.sleep(0.1)
        assert office.post.telegram.calls == []
        office.post.clock.now = at
        await office.comes_to(number, State.SENT)


async def test_of_what_was_delivered_nothing_is_remembered(office: Office) -> None:
    numbers = [
        await office.post.puts(replace(HELLO, dedupe=f"{n}", chat_id=100 + n)) for n in range(30)
    ]
    async with office.open() as runner:
        for number in numbers:
            await office.comes_to(number, State.SENT)
        await asyncio.sleep(0.05)
        assert runner._running == {}
