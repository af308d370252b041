from __future__ import annotations

import shutil
from collections import namedtuple
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from bot.app import Qunhu, built
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.operating import modes as module
from bot.operating.modes import LOOKS, Mode, Watch
from bot.settings import load_settings
from bot.wallclock import WallClock
from bot.words import modes as said
from moderation.errors import StorageError
from moderation.storage import Transaction, outbox, people
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role
from tests.bot.town import Town

Usage = namedtuple("Usage", "total used free")


@dataclass
class World:
    """A watch over a bot that is built but not at work, and what it looks at."""

    qunhu: Qunhu
    silence: float = 0.0
    wall: float = 1_000.0
    steady: float = 50.0

    def __post_init__(self) -> None:
        clock = WallClock(lambda: datetime.fromtimestamp(self.wall, UTC), lambda: self.steady)
        self.watch = Watch(self.qunhu.services, lambda: self.silence, clock.unsettled)

    async def looks(self, times: int = LOOKS) -> frozenset[str]:
        """Look so often; what stands then."""
        for _ in range(times):
            self.wall, self.steady = self.wall + 5, self.steady + 5
            await self.watch.look()
        return self.qunhu.services.modes

    async def told(self) -> list[tuple[int, str]]:
        """Who was told what so far."""
        async with self.qunhu.services.database.reading() as tx:
            return [(row.chat_id, row.payload["text"]) for row in await outbox.due(tx)]


@pytest.fixture
async def world(town: Town) -> AsyncIterator[World]:
    settings = load_settings(**town.settings())
    async with built(settings, loaded=Loaded(town.classifier, RULES_ONLY)) as qunhu:
        async with qunhu.services.database.transaction() as tx:
            await people.set_from_settings(tx, Role.COUNSELOR, [town.counselor.id])
            await people.set_from_settings(tx, Role.OWNER, [town.admin.id])
        yield World(qunhu)


async def test_a_bot_that_is_whole_says_nothing(world: World) -> None:
    assert await world.looks() == frozenset()
    assert await world.told() == []


async def test_a_mode_is_told_once_when_it_begins_and_once_when_it_ends(
    world: World, town: Town
) -> None:
    town.classifier.degraded = "the model's process has ended"
    assert await world.looks(LOOKS - 1) == frozenset(), "a short stumble is nobody's business"
    assert await world.looks(5) == {Mode.NO_MODEL}
    both = {town.admin.id, town.moderators.id}
    assert {(to, said.ENTERED["no_model"]) for to in both} == set(await world.told())
    town.classifier.degraded = None
    assert await world.looks(5) == frozenset()
    async with world.qunhu.services.database.reading() as tx:
        assert (await outbox.counts(tx)) == {"pending": 4}


async def test_a_restart_tells_nothing_twice(world: World, town: Town) -> None:
    town.classifier.degraded = "the model's process has ended"
    await world.looks()
    world.qunhu.services.modes = frozenset()
    again = Watch(world.qunhu.services, lambda: 0.0, lambda: False)
    await again.recall()
    assert world.qunhu.services.modes == {Mode.NO_MODEL}
    for _ in range(5):
        await again.look()
    async with world.qunhu.services.database.reading() as tx:
        assert (await outbox.counts(tx)) == {"pending": 2}


async def test_a_model_that_lags_behind_is_slow(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scorer = world.qunhu.services.scorer
    scorer.note_pace(2.0)
    assert await world.looks() == frozenset(), "nobody waits for it"
    monkeypatch.setattr(type(scorer), "waiting", property(lambda _self: 7))
    assert await world.looks() == {Mode.SLOW_MODEL}


async def test_a_telegram_that_is_not_heard(world: World) -> None:
    world.silence = 61.0
    assert await world.looks() == {Mode.TELEGRAM}


async def test_a_disk_that_is_nearly_full(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _where: Usage(10, 9, 1))
    assert await world.looks() == {Mode.DISK}


async def test_a_clock_that_stepped_counts_as_unsettled_for_a_while(world: World) -> None:
    await world.looks(1)
    world.wall -= 86_400
    assert await world.looks() == {Mode.CLOCK}
    world.wall, world.steady = world.wall + 600, world.steady + 600
    assert await world.looks() == frozenset()


async def test_counselors_none_of_whom_can_be_written_to(world: World, town: Town) -> None:
    async with world.qunhu.services.database.transaction() as tx:
        await people.note_writable(tx, town.counselor.id, writable=False)
    assert await world.looks() == {Mode.NOBODY}


async def test_a_crisis_call_that_does_not_go_out(
    world: World, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Outgoing("x", Lane.CRISIS, town.counselor.id, "sendMessage", {"text": "…"})
    async with world.qunhu.services.database.transaction() as tx:
        await outbox.put(tx, row)
    assert await world.looks() == frozenset()
    monkeypatch.setattr(module, "LATE", -module.LATE)
    assert await world.looks() == {Mode.BEHIND}


async def test_a_database_that_cannot_be_used_is_told_when_it_can_be_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    @asynccontextmanager
    async def refused() -> AsyncIterator[Transaction]:
        raise StorageError("locked")
        yield

    database = world.qunhu.services.database
    with monkeypatch.context() as broken:
        broken.setattr(database, "transaction", refused)
        assert await world.looks() == {Mode.DATABASE}
        assert await world.looks() == {Mode.DATABASE}
    assert await world.looks() == frozenset()
    assert {text for _, text in await world.told()} == {said.LEFT["database"]}


def test_every_mode_has_its_words() -> None:
    assert set(said.ENTERED) == set(said.LEFT) == {mode.value for mode in Mode}
