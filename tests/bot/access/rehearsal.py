"""Plays one update in the scene, sees what it would have changed and sent, and takes it all back."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event, select

from bot import words
from bot.words import control, duty, learning, reading
from moderation.storage import Transaction, audit, outbox
from moderation.storage.outbox import Delivery
from moderation.storage.tables import metadata
from tests.bot.access.scene import GROUP, HER, Scene, as_update, command_update
from tests.bot.files import texts_of

MEANS_NOTHING = {"inbox", "outbox", "rates", "audit", "staff", "people"}
"""Tables that say that somebody was there, not that she was obeyed."""
WRITES = re.compile(r"(?:INSERT INTO|UPDATE|DELETE FROM) (\w+)")
NO = {
    control.SETTINGS_WHERE,
    control.OWNERS_ONLY,
    learning.MODERATORS_ONLY,
    duty.ONCALL_NOT_YOURS,
    duty.ONCALL_OWNERS_ONLY,
    reading.FORM_NOT_YOURS,
    duty.ONCALL_NOT_COUNSELOR.format(who=""),
}
"""Answers to a command that give nothing."""
MENU = {words.START, words.HELP_IN_GROUP, words.DOOR_LATE}
"""What a deep link opens that leads nowhere."""


@dataclass
class Outcome:
    """What one update led to."""

    heard: set[str] = field(default_factory=set)
    """What any plain message changes: it is counted."""
    changed: set[str] = field(default_factory=set)
    sent: list[Delivery] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def answered(self) -> bool:
        """Whether somebody hears something, and nothing broke."""
        return not self.errors and bool(self.sent)

    @property
    def said(self) -> list[str]:
        """The words of all acknowledgements and messages."""
        return [str(row.payload.get("text", "")) for row in self.sent]

    @property
    def obeyed(self) -> bool:
        """Whether something came of it besides a polite word."""
        if self.changed - MEANS_NOTHING - self.heard:
            return True
        acts = [row for row in self.sent if row.method != "answerCallbackQuery"]
        return any(row.method != "sendMessage" or not _is_no(row) for row in acts)

    def told_of(self, text: str) -> set[int]:
        """The chats that would be sent this text, in a message or in a file."""
        return {row.chat_id for row in self.sent if any(text in said for said in _said(row))}

    def __str__(self) -> str:
        calls = [(row.method, row.chat_id, row.payload.get("text")) for row in self.sent]
        return f"changed {sorted(self.changed)}, sent {calls}, errors {self.errors}"


def _said(row: Delivery) -> list[str]:
    return [json.dumps(row.payload, ensure_ascii=False), *texts_of(row.payload)]


def _is_no(row: Delivery) -> bool:
    text = str(row.payload.get("text", ""))
    return not text or text in MENU or any(no in text for no in NO)


@dataclass
class Rehearsal:
    """The scene, and what the outbox held before anybody came."""

    scene: Scene
    last: int
    heard: set[str] = field(default_factory=set)
    outcome: Outcome = field(default_factory=Outcome)

    async def play(self, content: dict[str, Any]) -> Outcome:
        """Let the bot work on an update; whatever it stores is looked at and rolled back."""
        self.outcome = outcome = Outcome(self.heard)
        database = self.scene.services.database
        database.transaction = self._taken_back  # type: ignore[method-assign]
        await self.perform(content)
        del database.transaction
        return outcome

    async def perform(self, content: dict[str, Any]) -> None:
        """Let the bot work on an update for good."""
        await self.scene.still.qunhu.application.process_update(as_update(content, self.scene))

    async def audit(self) -> list[dict[str, Any]]:
        """Every entry of the audit."""
        async with self.scene.services.database.reading() as tx:
            return [entry async for entry in audit.entries(tx)]

    def note_write(self, _connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        """Listens to every statement: which tables were written to."""
        found = WRITES.match(statement)
        if found is not None and cursor.rowcount:
            self.outcome.changed.add(found[1])

    @contextlib.asynccontextmanager
    async def _taken_back(self) -> AsyncIterator[Transaction]:
        database = self.scene.services.database
        async with database.engine.connect() as connection:
            begun = await connection.begin()
            tx = Transaction(connection, database.sealer, database._clock())
            yield tx
            for number in await _rows_after(tx, self.last):
                row = await outbox.get(tx, number)
                assert row is not None
                self.outcome.sent.append(row)
            await begun.rollback()


@contextlib.asynccontextmanager
async def rehearsing(scene: Scene) -> AsyncIterator[Rehearsal]:
    """A rehearsal in this scene; words behind commands are judged as ever."""
    judging = asyncio.create_task(scene.services.scorer.run())
    rehearsal = await _rehearsal(scene)
    rehearsal.heard = (await rehearsal.play(command_update(1, HER, GROUP, "今天天气不错"))).changed
    yield rehearsal
    judging.cancel()
    await asyncio.wait([judging])


async def _rehearsal(scene: Scene) -> Rehearsal:
    database = scene.services.database
    async with database.reading() as tx:
        found = Rehearsal(scene, max(await _rows_after(tx, 0)))
    event.listen(database.engine.sync_engine, "after_cursor_execute", found.note_write)
    application = scene.still.qunhu.application
    application.error_handlers.clear()

    async def note(_update: object, context: Any) -> None:
        found.outcome.errors.append(repr(context.error))

    application.add_error_handler(note)
    return found


async def _rows_after(tx: Transaction, last: int) -> list[int]:
    table = metadata.tables["outbox"]
    found = await tx.connection.execute(select(table.c.id).where(table.c.id > last))
    return sorted(found.scalars())
