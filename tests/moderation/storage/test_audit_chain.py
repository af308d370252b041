"""A log that was touched says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import delete, update

from migrations import upgrade
from moderation.storage import Database, Sealer, audit, open_database
from moderation.storage.tables import audit as table
from tests.fakes import FakeClock


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """A database with five entries in its log."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'qunhu.db'}"
    database = open_database(url, Sealer(bytes(32)), FakeClock())
    await upgrade(database)
    async with database.transaction() as tx:
        for number in range(1, 6):
            await audit.record(tx, "bot", "opened", number, {"level": "imminent"})
    yield database
    await database.close()


async def chain_of(database: Database, seen: str | None = None) -> audit.Chain:
    """What a look at the log finds."""
    async with database.reading() as tx:
        return await audit.look_at_chain(tx, seen)


async def test_an_untouched_log_is_whole(database: Database) -> None:
    chain = await chain_of(database)
    assert chain.whole
    assert chain.entries == 5


@pytest.mark.parametrize("column", ["what", "actor", "case_id", "detail_sealed", "digest"])
async def test_a_changed_entry_is_found(database: Database, column: str) -> None:
    value: object = {"case_id": 9, "detail_sealed": b"x"}.get(column, "x")
    async with database.transaction() as tx:
        await tx.connection.execute(update(table).where(table.c.id == 3).values({column: value}))
    assert (await chain_of(database)).broken == 3


async def test_an_entry_taken_out_of_the_middle_is_found(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute(delete(table).where(table.c.id == 2))
    assert (await chain_of(database)).broken == 3


async def test_an_end_cut_off_is_found_by_whoever_noted_the_head(database: Database) -> None:
    head = (await chain_of(database)).head
    async with database.transaction() as tx:
        await tx.connection.execute(delete(table).where(table.c.id > 3))
    assert (await chain_of(database)).whole
    chain = await chain_of(database, head)
    assert chain.missing
    assert not chain.whole


async def test_entries_come_out_opened_and_in_order(database: Database) -> None:
    async with database.reading() as tx:
        found = [entry async for entry in audit.entries(tx)]
    assert [entry["case"] for entry in found] == [1, 2, 3, 4, 5]
    assert found[0]["detail"] == {"level": "imminent"}
