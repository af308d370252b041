"""aiosqlite as SQLAlchemy uses it, with one errand to the connection's thread for each statement.

SQLAlchemy makes four of each: a cursor, the statement, its rows, the cursor's end. Of small statements
these errands were the greater part of what a message cost. A statement that is marked `AT_ONCE` makes
none: it is run where it is asked, while nothing else goes on. Only what finds its row by the key may be:
to look through many rows takes long, to begin to write waits for others, to commit for the disk.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any, cast

import aiosqlite
from sqlalchemy import Engine, event
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import await_only

AT_ONCE = {"qunhu_at_once": True}
"""Execution options; the transaction has to have begun."""


def options() -> dict[str, Any]:
    """What `create_engine` takes to use this driver; then `prepare` the engine."""
    module = cast("ModuleType", _Driver(aiosqlite, sqlite3))
    return {"module": module, "connect_args": {"check_same_thread": False}}


def prepare(engine: Engine) -> None:
    """Run what is marked so at once."""
    event.listen(engine, "do_execute", _run_at_once)


def _run_at_once(cursor: Any, statement: str, parameters: Any, context: Any) -> bool:
    """Whether a statement was run here; the others go to the connection's thread."""
    marked = context is not None and "qunhu_at_once" in context.execution_options
    if marked:
        cursor.execute_here(statement, parameters)
    return marked


@dataclass(frozen=True, slots=True)
class _Answer:
    """All there is to know of a statement that was run."""

    rows: list[Any]
    description: Any
    rowcount: int
    lastrowid: int | None


NOTHING = _Answer([], None, -1, None)


def _run(connection: sqlite3.Connection, statement: str, parameters: Any) -> _Answer:
    return _answer(connection.execute(statement, () if parameters is None else parameters))


def _run_many(connection: sqlite3.Connection, statement: str, parameters: Any) -> _Answer:
    return _answer(connection.executemany(statement, parameters))


def _answer(cursor: sqlite3.Cursor) -> _Answer:
    rows = cursor.fetchall() if cursor.description else []
    return _Answer(rows, cursor.description, cursor.rowcount, cursor.lastrowid)


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """Has all rows as soon as a statement was run; nothing of it stays open."""

    __slots__ = ("_answer",)

    def __init__(self, connection: AsyncAdapt_aiosqlite_connection) -> None:
        self._adapt_connection = connection
        self._connection = connection._connection
        self._rows = deque()
        self._answer = NOTHING

    @property
    def description(self) -> Any:
        return self._answer.description

    @property
    def rowcount(self) -> int:
        return self._answer.rowcount

    @property
    def lastrowid(self) -> Any:
        return self._answer.lastrowid

    def execute(self, operation: Any, parameters: Any = None) -> None:
        self._send(_run, operation, parameters)

    def executemany(self, operation: Any, seq_of_parameters: Any) -> None:
        self._send(_run_many, operation, seq_of_parameters)

    def execute_here(self, operation: str, parameters: Any) -> None:
        """Without another thread; the connection has nothing else to do, for one task at a time has it."""
        connection: Any = self._connection
        self._answer = _run(connection._conn, operation, parameters)
        self._rows = deque(self._answer.rows)

    def close(self) -> None:
        self._rows.clear()

    async def _async_soft_close(self) -> None:
        """There is nothing to close."""

    def _send(self, work: Callable[..., _Answer], operation: Any, parameters: Any) -> None:
        connection: Any = self._connection
        try:
            self._answer = await_only(
                connection._execute(work, connection._conn, operation, parameters)
            )
        except Exception as error:
            self._adapt_connection._handle_exception(error)
        self._rows = deque(self._answer.rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    _cursor_cls = cast("Any", _Cursor)

    def rollback(self) -> None:
        """Only where something is open: after each commit the pool asks for one more."""
        connection: Any = self._connection
        if connection._connection and connection.in_transaction:
            super().rollback()


class _Driver(AsyncAdapt_aiosqlite_dbapi):
    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        made = super().connect(*arg, **kw)
        return _Connection(self, made._connection)
