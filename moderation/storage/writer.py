"""The one connection on which this process writes; it stays open, and knows when others have written."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from moderation.storage.driver import AT_ONCE
from moderation.storage.memory import Memory

DATA_VERSION = "PRAGMA data_version"
"""SQLite: the same on one connection for as long as no other connection has changed the file."""


class Writer:
    """Lends its connection for one transaction at a time; after any error it takes a fresh one."""

    def __init__(self, engine: AsyncEngine, memory: Memory) -> None:
        self._engine = engine
        self._memory = memory
        self._connection: AsyncConnection | None = None
        self._lent = AsyncExitStack()
        self._version: int | None = None

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """Committed at the end, rolled back on any error."""
        try:
            connection = self._connection or await self._open()
            async with connection.begin():
                self._look(connection)
                yield connection
        except BaseException:
            await self.close()
            raise
        finally:
            self._memory.settle()

    async def close(self) -> None:
        """Give the connection back."""
        self._connection = self._version = None
        await self._lent.aclose()

    async def _open(self) -> AsyncConnection:
        self._connection = await self._lent.enter_async_context(self._engine.connect())
        return self._connection

    def _look(self, connection: AsyncConnection) -> None:
        """Whether the file was changed by anybody but us since the last time."""
        if not self._memory.wakeful:
            return
        open_one = connection.sync_connection
        assert open_one is not None
        version = open_one.exec_driver_sql(DATA_VERSION, execution_options=AT_ONCE).scalar_one()
        if version != self._version:
            self._memory.forget()
            self._version = version
