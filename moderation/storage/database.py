"""Opening the database and doing work in transactions."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar, cast

from cryptography.exceptions import InvalidTag
from filelock import FileLock, Timeout
from sqlalchemy import CursorResult, Executable, delete, event, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InvalidRequestError,
    NoSuchModuleError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from moderation.errors import CannotWrite, ConfigError, StorageError, WrongKey
from moderation.ports import Clock
from moderation.storage import driver
from moderation.storage.memory import Memory
from moderation.storage.sealing import LASTING, Sealer
from moderation.storage.snapshot import look_whole
from moderation.storage.tables import meta
from moderation.storage.troubles import trouble
from moderation.storage.writer import Writer
from moderation.turns import URGENCY, Turns, Urgency

BUSY_TIMEOUT_MS = 10_000
KEY_PROBE = "qunhu"
Answer = TypeVar("Answer")
HERE = 0
"""The one place where writers take turns."""
CONNECTIONS = 8
"""So many at most, and each stays open: of SQLite each has a thread of its own, and one that came and went
with every rush left a heap of memory behind. The one used last is used first, so that the others rest."""
CACHE_KB = 1024
"""Of each connection to SQLite; the system keeps the file in memory besides."""


@dataclass(frozen=True, slots=True)
class Transaction:
    """One unit of work: all of it is stored or none."""

    connection: AsyncConnection
    sealer: Sealer
    now: datetime
    news: set[str] = field(default_factory=set)
    """Names of tables of which somebody waits to hear that rows were written."""
    memory: Memory = field(default_factory=lambda: Memory(wakeful=False))
    since: int = 0
    """The memory's moment at which this view began."""

    async def by_key(self, statement: Executable, values: Mapping[str, Any]) -> CursorResult[Any]:
        """Run a small statement that finds its row by the key: in SQLite here, without another thread."""
        begun = self.connection.sync_connection
        if begun is not None and begun.in_transaction() and begun.dialect.driver == "aiosqlite":
            return begun.execute(statement, dict(values), execution_options=driver.AT_ONCE)
        return await self.connection.execute(statement, dict(values))

    async def remembered(
        self, table: str, question: Hashable, read: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """What is known of a table; read if it is not, or not any more."""
        known = self.memory.of(table)
        if question in known:
            return cast("Answer", known[question])
        answer = await read()
        self.memory.keep(table, question, answer, self.since)
        return answer


class Database:
    """A database that is ready to be used; make one with `open_database`."""

    def __init__(self, engine: AsyncEngine, sealer: Sealer, clock: Clock) -> None:
        self.engine = engine
        self.sealer = sealer
        self._clock = clock
        self._writing = Turns()
        self._memory = Memory(wakeful=engine.dialect.name == "sqlite")
        self._memory.listen(engine)
        self._writer = Writer(engine, self._memory)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Writes: one at a time, the most urgent first, committed at the end, rolled back on any error."""
        with clear_errors(self.where):
            async with (
                self._writing.turn(HERE, URGENCY.get()),
                self._writer.transaction() as connection,
            ):
                yield self._view(connection, self._memory.moment)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Reads: a consistent view, never waits for a writer."""
        with clear_errors(self.where):
            since = self._memory.moment
            async with self.engine.connect() as connection:
                connection = await connection.execution_options(qunhu_reading=True)
                yield self._view(connection, since)

    def _view(self, connection: AsyncConnection, since: int) -> Transaction:
        return Transaction(connection, self.sealer, self._clock(), memory=self._memory, since=since)

    def recalled(self, table: str, question: Hashable) -> Any:
        """What is known of a table without asking; None where it would have to be read."""
        return self._memory.of(table).get(question)

    @property
    def where(self) -> str:
        """The database's place, without any password."""
        return self.engine.url.render_as_string(hide_password=True)

    async def check_key(self) -> None:
        """Raise WrongKey unless this key made the database; a new database is marked with it."""
        async with self.transaction() as tx:
            sealed = await tx.connection.scalar(select(meta.c.value).where(meta.c.key == "key"))
            if sealed is None:
                await keep_keys(tx)
                return
            self._prove(sealed)
            lasting = await tx.connection.scalar(select(meta.c.value).where(meta.c.key == LASTING))
            if lasting is None:
                await keep_keys(tx)
            else:
                self.sealer.open_lasting(lasting)

    async def look_over(self) -> None:
        """Before anything is changed: is the file whole, is the key its own? Nothing is written.

        StorageError if it is damaged, WrongKey if another key made it. A new one is as it should be.
        """
        url = self.engine.url
        if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
            return
        if not await asyncio.to_thread(look_whole, Path(str(url.database))):
            return
        async with self.reading() as tx:
            if await tx.connection.run_sync(lambda sync: inspect(sync).has_table("meta")):
                sealed = await tx.connection.scalar(select(meta.c.value).where(meta.c.key == "key"))
                if sealed is not None:
                    self._prove(sealed)

    def _prove(self, sealed: bytes) -> None:
        try:
            self.sealer.open("meta.key", sealed)
        except InvalidTag:
            raise WrongKey(self.where) from None

    async def close(self) -> None:
        """Let go of all connections, when whoever writes has ended."""
        async with self._writing.turn(HERE, Urgency.DANGER):
            await self._writer.close()
        await self.engine.dispose()


async def keep_keys(tx: Transaction) -> None:
    """Mark the database with its key, and keep what outlasts the key sealed with it."""
    values = {
        "key": tx.sealer.seal("meta.key", KEY_PROBE),
        LASTING: tx.sealer.seal_lasting(),
    }
    await tx.connection.execute(delete(meta).where(meta.c.key.in_(values)))
    for name, value in values.items():
        await tx.connection.execute(insert(meta).values(key=name, value=value))


def open_database(url: str, sealer: Sealer, clock: Clock) -> Database:
    """A Database on any SQLAlchemy async URL; SQLite gets WAL, foreign keys and a busy timeout."""
    try:
        parsed = make_url(url)
        engine = create_async_engine(
            parsed, hide_parameters=True, **_options(parsed), **_pool(parsed)
        )
    except (ArgumentError, InvalidRequestError, NoSuchModuleError, ImportError):
        raise ConfigError(
            "QUNHU_DATABASE_URL is not a database URL; expected something like "
            "sqlite+aiosqlite:///data/qunhu.db"
        ) from None
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        make_folder(Path(str(parsed.database)).parent)
    if parsed.get_backend_name() == "sqlite":
        driver.prepare(engine.sync_engine)
        _prepare_sqlite(engine)
    return Database(engine, sealer, clock)


def _options(url: URL) -> dict[str, Any]:
    """What the engine needs beside the URL."""
    return driver.options() if url.drivername == "sqlite+aiosqlite" else {}


@contextmanager
def held(url: str) -> Iterator[None]:
    """Keep other Qunhus from this SQLite file; ConfigError if one is there already."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        yield
        return
    path = Path(str(parsed.database).removeprefix("file:"))
    lock = FileLock(f"{path}.lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise ConfigError(
            f"Another Qunhu already uses this data folder ({path.parent}). Stop that one first, or "
            "set QUNHU_DATA to another folder."
        ) from None
    except OSError as error:
        raise CannotWrite(path.parent, error.strerror or str(error)) from None
    try:
        yield
    finally:
        lock.release()


def make_folder(folder: Path) -> None:
    """Make the data folder, readable by this user only; CannotWrite if that fails."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CannotWrite(folder, error.strerror or str(error)) from None


def _pool(url: URL) -> dict[str, Any]:
    """How many connections are kept; a database in memory has the one in which it lives."""
    if url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:"):
        return {}
    return {"pool_size": CONNECTIONS, "max_overflow": 0, "pool_use_lifo": True}


def _prepare_sqlite(engine: AsyncEngine) -> None:
    """WAL with full sync: a committed update survives a power cut. Writers take the lock at once."""

    @event.listens_for(engine.sync_engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.execute("PRAGMA temp_store=MEMORY")
        cursor.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def on_begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("qunhu_reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def clear_errors(where: str) -> Iterator[None]:
    """Turn every error of the driver into a StorageError that is one clear sentence."""
    try:
        yield
    except DBAPIError as error:
        raise trouble(where, str(error.orig)) from error
    except PoolTimeout as error:
        raise StorageError(f"The database {where} is too busy: no connection came free.") from error
