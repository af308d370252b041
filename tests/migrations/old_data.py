"""Databases as older versions left them: the schema of that time, every table and column filled."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from migrations import upgrade
from migrations.upgrade import _config
from moderation.storage import Database, Sealer, open_database
from tests.fakes import FakeClock

KEY = bytes(32)
ROWS = 3
"""In each table: two with everything, one with only what must be there."""
BOOKKEEPING = {"alembic_version", "sqlite_sequence"}
WHEN = datetime(2026, 11, 22, 13, 0)
Rows = dict[str, list[dict[str, Any]]]


def revisions() -> list[str]:
    """Every revision there ever was, oldest first."""
    scripts = ScriptDirectory.from_config(_config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def database_in(file: Path) -> Database:
    """The database, with a key that tests know."""
    return open_database(f"sqlite+aiosqlite:///{file}", Sealer(KEY), FakeClock())


async def left_at(file: Path, revision: str) -> Rows:
    """Make a database of that revision with rows in every table; what is in it."""
    await up(file, revision)
    with closing(sqlite3.connect(file)) as connection:
        for table in _tables(connection):
            fill(connection, table)
        connection.commit()
    return rows_in(file)


async def up(file: Path, revision: str = "head") -> None:
    """Upgrade to a revision."""
    database = database_in(file)
    await upgrade(database, revision)
    await database.close()


async def down(file: Path, revision: str) -> None:
    """Back out to an older revision, as `alembic downgrade` does."""

    def go(connection: Connection) -> None:
        command.downgrade(_config(connection), revision)

    database = database_in(file)
    async with database.engine.begin() as connection:
        await connection.run_sync(go)
    await database.close()


def rows_in(file: Path) -> Rows:
    """All that is stored, by table."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        connection.row_factory = sqlite3.Row
        return {
            table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}"')]  # noqa: S608
            for table in _tables(connection)
        }


def revision_of(file: Path) -> str:
    """The revision a database is at."""
    with closing(sqlite3.connect(file)) as connection:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])


def narrowed(rows: Rows, like: Rows) -> Rows:
    """Only those tables and columns that `like` has."""
    return {
        table: [{name: row[name] for name in like[table][0] if name in row} for row in rows[table]]
        for table in like
        if table in rows
    }


def _tables(connection: sqlite3.Connection) -> list[str]:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
    return [row[0] for row in found if row[0] not in BOOKKEEPING]


def fill(connection: sqlite3.Connection, table: str, rows: int = ROWS) -> None:
    """So many rows for a table: everything is filled in, but in the last of `ROWS` only what must be."""
    columns = connection.execute(f'PRAGMA table_info("{table}")').fetchall()
    points_to = {row[3] for row in connection.execute(f'PRAGMA foreign_key_list("{table}")')}
    for number in range(1, rows + 1):
        values = {
            name: _value(name, kind, number, points=name in points_to)
            for _, name, kind, needed, _, key in columns
            if needed or key or number < ROWS
        }
        names = ", ".join(f'"{name}"' for name in values)
        marks = ", ".join("?" for _ in values)
        connection.execute(
            f'INSERT INTO "{table}" ({names}) VALUES ({marks})',  # noqa: S608
            list(values.values()),
        )


def _value(name: str, kind: str, number: int, *, points: bool) -> object:
    if points:
        return number
    if kind == "BLOB":
        return Sealer(KEY).seal(name, f"第{number}行，{name}：她说今晚睡不着")
    if kind == "DATETIME":
        return (WHEN + timedelta(minutes=number)).isoformat(" ")
    if kind == "BOOLEAN":
        return number % 2
    if kind.startswith("VARCHAR"):
        return f"{name}{number}"[: int(kind[8:-1])] if kind != "VARCHAR(5)" else f"0{number}:00"
    return number
