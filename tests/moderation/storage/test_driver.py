"""What SQLAlchemy expects of aiosqlite holds with one errand for each statement too."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from moderation.storage import Database
from moderation.storage.tables import meta

ROWS = [{"key": name, "value": name.encode()} for name in "abc"]


@contextmanager
def errands(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What is sent to the threads of connections meanwhile."""
    sent: list[Any] = []
    whole: Any = aiosqlite.Connection._execute

    async def count(self: Any, work: Any, *rest: Any, **named: Any) -> Any:
        sent.append(work)
        return await whole(self, work, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(aiosqlite.Connection, "_execute", count)
        yield sent


async def test_a_statement_is_one_errand_and_so_are_begin_and_commit(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.transaction():
        pass
    with errands(monkeypatch) as sent:
        async with database.transaction() as tx:
            sent.clear()
            await tx.connection.execute(insert(meta), ROWS)
            found = await tx.connection.execute(select(meta.c.key).order_by(meta.c.key))
            assert found.scalars().all() == ["a", "b", "c"]
            assert len(sent) == 2
    assert len(sent) == 3


async def test_rows_counts_and_new_numbers_are_told(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute(insert(meta), ROWS)
        changed = await tx.connection.execute(update(meta).values(value=b"x"))
        assert changed.rowcount == 3
        gone = await tx.connection.execute(delete(meta).where(meta.c.key == "a"))
        assert gone.rowcount == 1
        rows = await tx.connection.execute(select(meta).order_by(meta.c.key))
        assert [tuple(row) for row in rows] == [("b", b"x"), ("c", b"x")]
        one = (await tx.connection.execute(select(meta).where(meta.c.key == "no"))).first()
        assert one is None


async def test_a_refused_statement_is_the_drivers_error_and_the_next_works(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute(insert(meta), ROWS)
        with pytest.raises(IntegrityError):
            async with tx.connection.begin_nested():
                await tx.connection.execute(insert(meta), ROWS[:1])
        count = await tx.connection.execute(select(meta.c.key))
        assert len(count.all()) == 3


async def test_who_is_cancelled_while_waiting_for_another_program_leaves_no_lock(
    database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute(insert(meta), ROWS[:1])
    with contextlib.closing(sqlite3.connect(tmp_path / "qunhu.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(_write(database, 1))
        await asyncio.sleep(0.2)
        waiting.cancel()
        other.execute("ROLLBACK")
        with pytest.raises(asyncio.CancelledError):
            await waiting
        async with asyncio.timeout(5):
            await _write(database, 2)
        other.execute("BEGIN IMMEDIATE")
        found = other.execute("SELECT key FROM meta ORDER BY key").fetchall()
    assert found == [("a",), ("c",)]


async def _write(database: Database, which: int) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute(insert(meta), ROWS[which : which + 1])


async def test_what_is_found_by_its_key_is_no_errand_once_the_transaction_has_begun(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = select(meta.c.value).where(meta.c.key == bindparam("which"))
    change = update(meta).where(meta.c.key == bindparam("which")).values(value=bindparam("new"))
    async with database.transaction() as tx:
        await tx.connection.execute(insert(meta), ROWS)
        with errands(monkeypatch) as sent:
            assert (await tx.by_key(change, {"which": "a", "new": b"x"})).rowcount == 1
            assert (await tx.by_key(one, {"which": "a"})).scalar() == b"x"
            with pytest.raises(IntegrityError):
                await tx.by_key(insert(meta), ROWS[1])
            assert sent == []
    async with database.reading() as tx:
        assert (await tx.by_key(one, {"which": "a"})).scalar() == b"x"
        assert (await tx.by_key(one, {"which": "b"})).scalar() == b"b"
