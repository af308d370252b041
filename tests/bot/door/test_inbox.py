from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import telegram

from bot.door import inbox as module
from bot.door.fairness import WINDOW, Backlog
from bot.door.inbox import DurableQueue
from migrations import upgrade
from moderation.storage import Database, Sealer, Transaction, inbox, open_database
from moderation.storage import database as storage
from moderation.storage.tables import inbox as table
from tests.bot.post import Unreadable
from tests.bot.town import Town
from tests.fakes import FakeClock


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database."""
    url = f"sqlite+aiosqlite:///{tmp_path}/qunhu.db"
    database = open_database(url, Sealer(bytes(32)), FakeClock())
    await upgrade(database)
    yield database
    await database.close()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are short."""
    monkeypatch.setattr(module, "WHEN_UNWRITABLE", 0.02)


class Stumbling(Database):
    """A database whose first transactions fail, before the work or after it was stored."""

    def __init__(self, inner: Database, failures: int, after: bool = False) -> None:
        vars(self).update(vars(inner))
        self.inner = inner
        self.failures = failures
        self.after = after

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """One transaction, or trouble nobody thought of."""
        self.failures -= 1
        fails = self.failures >= 0
        if fails and not self.after:
            raise ZeroDivisionError
        async with self.inner.transaction() as tx:
            yield tx
        if fails:
            raise ConnectionResetError


def hello(number: int) -> telegram.Update:
    """A message arrives."""
    chat = telegram.Chat(5, "private")
    message = telegram.Message(number, datetime(2026, 11, 22, tzinfo=UTC), chat, text="今晚就走")
    return telegram.Update(number, message=message)


async def stored(database: Database) -> list[int]:
    """What is on disk and unfinished."""
    async with database.reading() as tx:
        return [pending.update_id for pending in await inbox.pending(tx)]


async def test_an_update_is_on_disk_before_it_counts_as_taken(database: Database) -> None:
    queue = DurableQueue(database)
    await queue.put(hello(7))
    assert await stored(database) == [7]
    assert queue.qsize() == 1


async def test_an_update_that_comes_twice_is_worked_on_once(database: Database) -> None:
    queue = DurableQueue(database)
    await queue.put(hello(7))
    await queue.put(hello(7))
    assert queue.qsize() == 1


async def test_a_locked_database_is_waited_for_and_nothing_is_lost(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "BUSY_TIMEOUT_MS", 20)
    await database.close()
    queue = DurableQueue(database)
    holder = sqlite3.connect(tmp_path / "qunhu.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    putting = asyncio.create_task(queue.put(hello(7)))
    await asyncio.sleep(0.3)
    assert not putting.done()
    holder.close()
    await asyncio.wait_for(putting, 5)
    assert await stored(database) == [7]


async def test_no_trouble_whatever_leaves_put(database: Database) -> None:
    queue = DurableQueue(Stumbling(database, failures=4))
    await asyncio.wait_for(queue.put(hello(7)), 5)
    assert await stored(database) == [7]
    assert queue.qsize() == 1


async def test_what_was_stored_although_it_seemed_to_fail_is_worked_on(database: Database) -> None:
    queue = DurableQueue(Stumbling(database, failures=1, after=True))
    await asyncio.wait_for(queue.put(hello(7)), 5)
    assert queue.qsize() == 1


async def test_what_an_earlier_run_left_is_queued_again(database: Database) -> None:
    await DurableQueue(database).put(hello(7))
    queue = DurableQueue(database)
    assert await queue.replay(telegram.Bot("1:x")) == 1
    assert queue.qsize() == 1


async def test_a_start_reads_only_what_is_held_in_memory(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = DurableQueue(database)
    for number in range(1, 3 * WINDOW):
        await before.put(hello(number))
    read, some = list[int](), inbox.some

    async def noted(tx: Transaction, numbers: Collection[int]) -> list[inbox.Pending]:
        read.extend(numbers)
        return await some(tx, numbers)

    monkeypatch.setattr(inbox, "some", noted)
    queue = DurableQueue(database)
    assert await queue.replay(telegram.Bot("1:x")) == 3 * WINDOW - 1
    assert read == list(range(1, WINDOW + 1))
    assert (queue.qsize(), queue.left_on_disk) == (WINDOW, 2 * WINDOW - 1)


async def test_what_an_older_version_kept_without_its_line_is_read_to_learn_it(
    database: Database,
) -> None:
    for number in (7, 8):
        await DurableQueue(database).put(hello(number))
    async with database.transaction() as tx:
        await tx.connection.execute(sa.update(table).values(line_sealed=None))
    queue = DurableQueue(database)
    assert await queue.replay(telegram.Bot("1:x")) == 2
    assert [taken(queue).update_id, taken(queue).update_id] == [7, 8]


async def test_what_one_fetch_brings_is_on_disk_together_before_it_is_put(
    database: Database,
) -> None:
    stumbling = Stumbling(database, failures=0)
    queue = DurableQueue(stumbling)
    await queue.keep([hello(number).to_dict() for number in (7, 8)])
    assert await stored(database) == [7, 8]
    assert queue.qsize() == 0
    before = stumbling.failures
    await queue.put(hello(7))
    await queue.put(hello(8))
    assert queue.qsize() == 2
    assert stumbling.failures == before, "not written again"


async def test_what_was_kept_and_is_fetched_again_before_it_was_put_is_worked_on_once(
    database: Database,
) -> None:
    queue = DurableQueue(database)
    for _ in range(2):
        await queue.keep([hello(7).to_dict()])
    for _ in range(2):
        await queue.put(hello(7))
    assert queue.qsize() == 1


@pytest.mark.parametrize("after", [False, True], ids=["not stored", "stored, though it seemed not"])
async def test_where_a_fetch_cannot_be_kept_together_each_is_stored_alone(
    database: Database, after: bool
) -> None:
    queue = DurableQueue(Stumbling(database, failures=1, after=after))
    await queue.keep([hello(7).to_dict()])
    await queue.put(hello(7))
    assert await stored(database) == [7]
    assert queue.qsize() == 1


async def test_what_was_worked_on_is_not_kept_anew(database: Database) -> None:
    queue = DurableQueue(database)
    await queue.put(hello(7))
    async with database.transaction() as tx:
        await inbox.finish(tx, 7)
    await queue.keep([hello(7).to_dict()])
    await queue.put(hello(7))
    assert queue.qsize() == 1
    assert await stored(database) == []


async def test_a_fetch_through_the_simulator_is_kept_before_the_updates_are_put(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    keep = DurableQueue.keep

    async def noted(queue: DurableQueue, items: list[dict[str, Any]]) -> None:
        await keep(queue, items)
        kept.extend(item["update_id"] for item in items)

    monkeypatch.setattr(DurableQueue, "keep", noted)
    async with town.bot_running() as qunhu:
        for _ in range(5):
            town.world.say(town.group, town.mei, "大家好")
        await town.settled()
        assert len(set(kept)) >= 5
        assert await stored(qunhu.services.database) == []


def taken(queue: DurableQueue) -> telegram.Update:
    """The next update, as PTB takes it."""
    update = queue.get_nowait()
    assert isinstance(update, telegram.Update)
    return update


async def test_what_waits_on_disk_comes_up_in_order_though_it_cannot_be_read_for_a_while(
    database: Database,
) -> None:
    queue = DurableQueue(Unreadable(database, 3, ZeroDivisionError()))
    for number in range(1, WINDOW + 6):
        await queue.put(hello(number))
    assert (queue.qsize(), queue.left_on_disk) == (WINDOW, 5)
    order = []
    for _ in range(WINDOW + 5):
        update = taken(queue)
        order.append(update.update_id)
        await asyncio.wait_for(queue.gone(update), 5)
    assert order == list(range(1, WINDOW + 6))


async def test_of_what_was_worked_on_nothing_is_remembered(database: Database) -> None:
    queue = DurableQueue(Stumbling(database, failures=2))
    updates = [hello(number) for number in range(1, 3 * WINDOW)]
    await queue.keep([update.to_dict() for update in updates[:WINDOW]])
    await queue.keep([update.to_dict() for update in updates[WINDOW:]])
    for update in [*updates, *updates]:
        await queue.put(update)
    for _ in updates:
        await queue.gone(taken(queue))
    assert queue.empty()
    assert queue.left_on_disk == 0
    assert (queue._kept, queue._doubtful, queue._backlog) == ({}, set(), Backlog())
