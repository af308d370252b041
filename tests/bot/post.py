"""The outbox without a network: a real database, and a Telegram that answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.sending.courier import Courier
from bot.sending.pacer import Pacer
from bot.sending.performers import Outcome
from migrations import upgrade
from moderation.storage import Database, Sealer, Transaction, open_database, outbox, people
from moderation.storage.outbox import Delivery, Lane, Outgoing
from moderation.storage.tables import outbox as table
from tests.fakes import FakeClock

MEI = 7
GROUP = -100
MESSAGE = 41
HELLO = Outgoing("hello", Lane.ANSWER, MEI, "sendMessage", {"text": "你好"})


@dataclass
class Telegram:
    """Answers each call as it was told to; then it takes everything."""

    answers: list[Outcome | Exception] = field(default_factory=list)
    calls: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    free: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, no call is answered."""

    def __post_init__(self) -> None:
        self.free.set()

    async def perform(self, row: Delivery, payload: dict[str, Any]) -> Outcome:
        """Note the call and answer."""
        self.calls.append((row.chat_id, payload))
        await self.free.wait()
        answer = self.answers.pop(0) if self.answers else Outcome(MESSAGE)
        if isinstance(answer, Exception):
            raise answer
        return answer


class Unreadable(Database):
    """The same database, but for its first so many readers it is in trouble."""

    def __init__(self, inner: Database, failures: int, trouble: Exception) -> None:
        vars(self).update(vars(inner))
        self.failures = failures
        self.trouble = trouble

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Transaction]:
        """Trouble, then a transaction."""
        self.failures -= 1
        if self.failures >= 0:
            raise self.trouble
        async with super().reading() as tx:
            yield tx


@dataclass
class Post:
    """A courier with all that it needs."""

    database: Database
    clock: FakeClock
    telegram: Telegram = field(default_factory=Telegram)
    refused: list[str] = field(default_factory=list)
    pacer: Pacer = field(default_factory=Pacer)

    async def brings(self, number: int, **changed: Any) -> Delivery:
        """The row after one try to deliver it."""
        courier = Courier(
            self.database,
            self.telegram,
            self.note_refusal,
            self.clock,
            lambda: self.clock.now.timestamp(),
            self.pacer,
        )
        await replace(courier, **changed).deliver(await self.row(number))
        return await self.row(number)

    async def puts(self, item: Outgoing) -> int:
        """Store a row; its number."""
        async with self.database.transaction() as tx:
            number = await outbox.put(tx, item)
        assert number is not None
        return number

    async def row(self, number: int) -> Delivery:
        """A row as it is now."""
        async with self.database.reading() as tx:
            found = await outbox.get(tx, number)
        assert found is not None
        return found

    async def why(self, number: int) -> str | None:
        """The last trouble with a row."""
        async with self.database.reading() as tx:
            query = select(table.c.failure).where(table.c.id == number)
            found: str | None = await tx.connection.scalar(query)
        return found

    async def is_writable(self) -> bool | None:
        """Whether 小美 can be written to, as far as is known."""
        async with self.database.reading() as tx:
            return await people.is_writable(tx, MEI)

    async def note_refusal(self, _tx: Transaction, _row: Delivery, why: str) -> None:
        self.refused.append(why)


@asynccontextmanager
async def post_in(folder: Path) -> AsyncIterator[Post]:
    """A courier, and nothing to deliver."""
    clock = FakeClock()
    database = open_database(f"sqlite+aiosqlite:///{folder}/qunhu.db", Sealer(bytes(32)), clock)
    await upgrade(database)
    yield Post(database, clock)
    await database.close()
