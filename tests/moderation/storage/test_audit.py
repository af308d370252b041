from __future__ import annotations

import contextlib
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from moderation.storage import Database, audit
from moderation.storage.tables import audit as table
from tests.fakes import FakeClock

ENTRIES = 5
CHANGES: dict[str, dict[str, Any]] = {
    "somebody else did it": {"actor": "eve"},
    "something else was done": {"what": "dismiss"},
    "it was about another case": {"case_id": 99},
    "the detail was taken out": {"detail_sealed": None},
    "the detail was replaced": {"detail_sealed": b"\x01other"},
    "it was made to follow another": {"previous": "f" * 64},
    "its own seal was replaced": {"digest": "f" * 64},
}


async def write(database: Database, clock: FakeClock) -> None:
    """Five entries, a minute apart, each in its own transaction."""
    for number in range(ENTRIES):
        clock.forward(minutes=1, microseconds=number)
        async with database.transaction() as tx:
            await audit.record(tx, "bot", "claim", number, {"who": "沈咨询"})


async def test_an_empty_log_is_whole(database: Database) -> None:
    async with database.reading() as tx:
        assert await audit.first_broken(tx) is None


async def test_an_untouched_log_is_whole(database: Database, clock: FakeClock) -> None:
    await write(database, clock)
    async with database.transaction() as tx:
        await audit.record(tx, "time", "called_again")
        await audit.record(tx, "bot", "claim", 1, {})
        assert await audit.first_broken(tx) is None


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
async def test_a_changed_entry_is_found(
    database: Database, clock: FakeClock, change: dict[str, Any]
) -> None:
    await write(database, clock)
    async with database.transaction() as tx:
        await tx.connection.execute(update(table).where(table.c.id == 3).values(**change))
        assert await audit.first_broken(tx) == 3


async def test_a_changed_time_is_found(database: Database, clock: FakeClock) -> None:
    await write(database, clock)
    async with database.transaction() as tx:
        await tx.connection.execute(update(table).where(table.c.id == 2).values(at=clock.now))
        assert await audit.first_broken(tx) == 2


async def test_an_entry_taken_out_of_the_middle_is_found(
    database: Database, clock: FakeClock
) -> None:
    await write(database, clock)
    async with database.transaction() as tx:
        await tx.connection.execute(delete(table).where(table.c.id == 3))
        assert await audit.first_broken(tx) == 4


async def test_the_detail_is_sealed(database: Database, clock: FakeClock) -> None:
    await write(database, clock)
    async with database.reading() as tx:
        sealed = (await tx.connection.execute(select(table.c.detail_sealed))).scalars().all()
        assert all("沈咨询".encode() not in value for value in sealed)
        assert tx.sealer.open("audit.detail", sealed[0]) == {"who": "沈咨询"}


async def test_an_entry_of_work_that_failed_is_not_there(
    database: Database, clock: FakeClock
) -> None:
    with contextlib.suppress(KeyError):
        async with database.transaction() as tx:
            await audit.record(tx, "bot", "claim", 1)
            raise KeyError
    await write(database, clock)
    async with database.reading() as tx:
        assert await audit.first_broken(tx) is None
