"""A copy of a SQLite database that is in use, and a look at whether a database file is whole."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy.engine import make_url

from moderation.errors import ConfigError
from moderation.storage.troubles import damaged, trouble

PAGES_AT_ONCE = 500
PAUSE = 0.01
"""Seconds between two portions: whoever writes meanwhile gets a turn."""
WAITS = 10.0
"""Seconds to wait for another who holds the file."""


def file_of(url: str) -> Path:
    """The file of a SQLite database; ConfigError for any other."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        raise ConfigError(
            "qunhu backup and restore work on SQLite. This database has tools of its own: for "
            "PostgreSQL use pg_dump and pg_restore, and keep the key with neither of them."
        )
    return Path(str(parsed.database))


def copy_of(source: Path, target: Path) -> None:
    """Copy a database that others may be writing to; StorageError if it cannot be read."""
    try:
        with (
            contextlib.closing(_connected(source)) as old,
            contextlib.closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new, pages=PAGES_AT_ONCE, sleep=PAUSE)
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise trouble(str(source), str(error)) from None


def leave_out(file: Path, tables: Iterable[str]) -> None:
    """Empty some tables of a copy, so that their pages hold nothing either; those not there are passed over."""
    with contextlib.closing(_connected(file)) as connection:
        connection.execute("PRAGMA secure_delete=ON")
        known = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
        for table in known.intersection(tables):
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608
        connection.commit()


def revision_in(file: Path) -> str:
    """The schema's revision in a database file; empty if it has none."""
    with contextlib.closing(_connected(file)) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.Error:
            return ""
    return str(row[0]) if row else ""


def look_whole(file: Path, *, thoroughly: bool = False) -> bool:
    """Whether there is a database; StorageError unless all its pages (thoroughly: indexes) are sound."""
    if not file.exists() or not file.stat().st_size:
        return False
    check = "integrity_check" if thoroughly else "quick_check"
    try:
        with contextlib.closing(_connected(file)) as connection:
            found = str(connection.execute(f"PRAGMA {check}(1)").fetchone()[0])
            hanging = connection.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.Error as error:
        raise trouble(str(file), str(error)) from None
    if found != "ok":
        raise damaged(str(file), found.splitlines()[0])
    if hanging is not None:
        raise damaged(str(file), f"a row of {hanging[0]} belongs to one that is not there")
    return True


def _connected(file: Path) -> sqlite3.Connection:
    """For reading; what is not there is not made."""
    return sqlite3.connect(f"file:{file}?mode=rw", uri=True, timeout=WAITS)
