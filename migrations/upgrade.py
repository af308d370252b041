"""Brings a database to the newest revision, one process at a time."""

from __future__ import annotations

import asyncio
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from filelock import FileLock, Timeout
from sqlalchemy import Connection

from moderation.errors import CannotWrite, NewerDatabase, StorageError
from moderation.storage.database import Database, clear_errors

FOLDER = Path(__file__).parent
LOCK_SECONDS = 60


async def upgrade(database: Database, revision: str = "head") -> None:
    """Run all migrations that are missing; NewerDatabase if the database is ahead of us."""
    lock = _lock(database)
    with clear_errors(database.where):
        if lock is not None:
            await asyncio.to_thread(_acquire, lock)
        try:
            async with database.engine.begin() as connection:
                await connection.run_sync(_upgrade, revision, database.where)
        finally:
            if lock is not None and lock.is_locked:
                lock.release()


async def current_revision(database: Database) -> str | None:
    """The revision the database is at; None if it is empty."""
    with clear_errors(database.where):
        async with database.engine.connect() as connection:
            return await connection.run_sync(
                lambda sync: MigrationContext.configure(sync).get_current_revision()
            )


def newest_revision() -> str:
    """The revision this version of Qunhu writes."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def is_known(revision: str) -> bool:
    """Whether this version of Qunhu knows a revision."""
    try:
        return ScriptDirectory.from_config(_config()).get_revision(revision) is not None
    except CommandError:
        return False


def _acquire(lock: FileLock) -> None:
    try:
        lock.acquire()
    except Timeout:
        raise StorageError(
            f"Another process has been migrating for more than {LOCK_SECONDS} seconds. Wait for it; "
            f"if there is none, delete {lock.lock_file} and start again."
        ) from None
    except OSError as error:
        raise CannotWrite(lock.lock_file, error.strerror or str(error)) from None


def _lock(database: Database) -> FileLock | None:
    place = database.engine.url.database
    if database.engine.url.get_backend_name() != "sqlite" or place in (None, "", ":memory:"):
        return None
    return FileLock(f"{place}.migrating", timeout=LOCK_SECONDS, thread_local=False)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection, revision: str, where: str) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and not is_known(current):
        raise NewerDatabase(where, current)
    command.upgrade(_config(connection), revision)
