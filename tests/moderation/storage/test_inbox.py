from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select, update

from moderation.storage import Database, inbox, retention
from moderation.storage.inbox import Line
from moderation.storage.tables import inbox as table
from moderation.turns import Urgency
from tests.fakes import SOMEWHERE, FakeClock

HELLO = {"update_id": 7, "message": {"text": "大家好，今晚就走"}}


async def add(database: Database, *numbers: int) -> None:
    """Let updates arrive."""
    async with database.transaction() as tx:
        for number in numbers:
            await inbox.add(tx, number, {**HELLO, "update_id": number}, SOMEWHERE)


async def waiting(database: Database) -> list[int]:
    """The numbers of what is unfinished."""
    async with database.reading() as tx:
        return [pending.update_id for pending in await inbox.pending(tx)]


async def test_an_update_comes_back_as_it_was(database: Database) -> None:
    async with database.transaction() as tx:
        assert await inbox.add(tx, 7, HELLO, SOMEWHERE)
    async with database.reading() as tx:
        (pending,) = await inbox.pending(tx)
    assert (pending.update_id, pending.update, pending.attempts) == (7, HELLO, 0)


async def test_an_update_seen_before_is_not_kept_again(database: Database) -> None:
    await add(database, 7)
    async with database.transaction() as tx:
        assert not await inbox.add(tx, 7, {"other": True}, SOMEWHERE)
    async with database.reading() as tx:
        assert (await inbox.pending(tx))[0].update["update_id"] == 7


async def test_an_update_delivered_again_after_it_was_finished_is_not_kept(
    database: Database,
) -> None:
    await add(database, 7)
    async with database.transaction() as tx:
        await inbox.finish(tx, 7)
        assert not await inbox.add(tx, 7, HELLO, SOMEWHERE)
    assert await waiting(database) == []


async def test_where_an_update_stands_is_told_without_its_content(database: Database) -> None:
    lines = {30: Line(5, Urgency.DANGER), 10: Line(-6, Urgency.REST), 20: Line(5, Urgency.LIKELY)}
    async with database.transaction() as tx:
        await inbox.add_all(tx, dict.fromkeys(lines, HELLO), lines)
        await inbox.finish(tx, 20)
    async with database.reading() as tx:
        assert list((await inbox.lines(tx, after=None, most=9)).items()) == [
            (10, lines[10]),
            (30, lines[30]),
        ]
        assert list(await inbox.lines(tx, after=None, most=1)) == [10]
        assert list(await inbox.lines(tx, after=10, most=9)) == [30]


async def test_updates_wait_in_their_order(database: Database) -> None:
    await add(database, 30, 10, 20)
    assert await waiting(database) == [10, 20, 30]


async def test_the_content_of_a_finished_update_is_forgotten(database: Database) -> None:
    await add(database, 7, 8)
    async with database.transaction() as tx:
        await inbox.finish(tx, 7)
        sealed = select(table.c.update_sealed, table.c.line_sealed).where(table.c.update_id == 7)
        assert (await tx.connection.execute(sealed)).one() == (None, None)
        assert await inbox.waiting(tx) == 1
    assert await waiting(database) == [8]


async def test_finishing_twice_keeps_the_first_time(database: Database, clock: FakeClock) -> None:
    await add(database, 7)
    first = clock.now
    for _ in range(2):
        async with database.transaction() as tx:
            await inbox.finish(tx, 7)
        clock.forward(hours=1)
    async with database.reading() as tx:
        assert await tx.connection.scalar(select(table.c.done_at)) == first


async def test_it_is_known_whether_an_update_is_still_to_be_worked_on(database: Database) -> None:
    await add(database, 7, 8)
    async with database.transaction() as tx:
        await inbox.finish(tx, 7)
        assert [await inbox.is_unfinished(tx, number) for number in (7, 8, 9)] == [
            False,
            True,
            False,
        ]


async def test_failed_tries_are_counted_with_a_short_reason(database: Database) -> None:
    await add(database, 7)
    async with database.transaction() as tx:
        assert await inbox.note_attempt(tx, 7, "x" * 500) == 1
        assert await inbox.note_attempt(tx, 7, "KeyError") == 2
        assert await inbox.note_attempt(tx, 99, "KeyError") == 0
    async with database.reading() as tx:
        assert (await inbox.pending(tx))[0].attempts == 2


@pytest.mark.parametrize(
    ("passed", "known"), [(timedelta(days=6), True), (timedelta(days=8), False)], ids=str
)
async def test_numbers_of_finished_updates_are_remembered_for_a_week(
    database: Database, clock: FakeClock, passed: timedelta, known: bool
) -> None:
    await add(database, 7, 8)
    async with database.transaction() as tx:
        await inbox.finish(tx, 7)
    clock.forward(seconds=passed.total_seconds())
    async with database.transaction() as tx:
        await retention.purge(tx)
        assert await inbox.add(tx, 7, HELLO, SOMEWHERE) is not known
        assert not await inbox.add(tx, 8, HELLO, SOMEWHERE)


async def test_a_row_moved_to_another_column_does_not_open(database: Database) -> None:
    await add(database, 7)
    async with database.transaction() as tx:
        elsewhere = tx.sealer.seal("outbox.payload", HELLO)
        await tx.connection.execute(update(table).values(update_sealed=elsewhere))
    with pytest.raises(InvalidTag):
        await waiting(database)


async def test_the_words_of_an_update_are_nowhere_on_disk(
    database: Database, on_disk: Callable[[], bytes]
) -> None:
    await add(database, 7)
    found = on_disk()
    assert len(found) > 4096
    assert "大家好".encode() not in found
    assert rb"\u5927\u5bb6\u597d" not in found
