"""A queue whose `put` writes to disk: PTB confirms updates to Telegram only after it returns.

What one fetch brings is written at once, before PTB sees it: one by one, each would wait its turn
to write behind all that is being worked on, and a flood in one group would hold up everybody at the door.
Only a little of each chat waits in memory (`bot.door.fairness`), the rest on disk alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import structlog
import telegram

from bot import metrics
from bot.door.fairness import Backlog, line_of
from moderation.errors import QunhuError
from moderation.storage import Database, inbox
from moderation.storage.inbox import Line
from moderation.turns import Urgency

log = structlog.get_logger()

WHEN_UNWRITABLE = 2.0
"""Seconds between tries to write; until then nothing is confirmed, so nothing is lost."""

PAGE = 1000
"""So many updates are put in line at once after a start."""


def _no_difference(_text: str) -> Urgency:
    return Urgency.REST


class DurableQueue(asyncio.Queue[object]):
    """PTB's update queue, on disk. An `update_id` seen before is dropped."""

    def __init__(self, database: Database, look: Callable[[str], Urgency] = _no_difference) -> None:
        super().__init__()
        self._database = database
        self._look = look
        self._backlog = Backlog()
        self._bot: telegram.Bot | None = None
        self._kept: dict[int, Line] = {}
        """On disk since they were fetched; PTB has yet to put them."""
        self._doubtful: set[int] = set()
        """Written without an answer whether they were."""
        self._lines: dict[int, Line] = {}
        """Where those in memory stand, by number."""

    @property
    def idle(self) -> bool:
        """Whether every update that was put has been worked on."""
        return bool(self._unfinished_tasks == 0)  # type: ignore[attr-defined]

    @property
    def left_on_disk(self) -> int:
        """How many updates wait on disk alone."""
        return self._backlog.left

    def urgency(self, update: telegram.Update) -> Urgency:
        """How urgent an update looks."""
        return self._line(update).urgency

    async def keep(self, items: list[dict[str, Any]]) -> None:
        """Store what one fetch has brought, in one transaction; if that fails, `put` stores each."""
        updates = {item["update_id"]: item for item in items}
        try:
            lines = {number: self._line_of(item) for number, item in updates.items()}
            async with self._database.transaction() as tx:
                new = await inbox.add_all(tx, updates, lines)
        except Exception as error:
            self._doubtful.update(updates)
            log.warning("not_kept_together", updates=len(items), error=_named(error))
        else:
            self._kept.update({number: lines[number] for number in new})

    async def put(self, item: object) -> None:
        """Store an update, then let it be worked on; returns only when it is on disk."""
        if not isinstance(item, telegram.Update):
            await super().put(item)
        elif line := self._kept.pop(item.update_id, None) or await self._store(item):
            if self._admits(item.update_id, line):
                await super().put(item)
        else:
            log.info("seen_before", update=item.update_id)

    async def again(self, update: telegram.Update) -> None:
        """Let an update that is on disk already be worked on once more."""
        self._backlog.comes_again(self._line(update))
        await super().put(update)

    async def gone(self, update: telegram.Update) -> None:
        """An update was worked on: what its chat has left on disk may come up."""
        line = self._line(update)
        self._lines.pop(update.update_id, None)
        if numbers := self._backlog.goes(line):
            for following in await self._read(numbers):
                self._lines[following.update_id] = line
                await super().put(following)
            self._backlog.are_read(line)

    async def replay(self, bot: telegram.Bot) -> int:
        """Queue what an earlier run left unfinished; how many there were.

        Only those are read that are held in memory: after hours without working, reading all
        would take minutes in which nobody is heard.
        """
        self._bot = bot
        count, last = 0, None
        while True:
            async with self._database.reading() as tx:
                lines = await inbox.lines(tx, after=last, most=PAGE)
                for old in await inbox.some(tx, [n for n, line in lines.items() if line is None]):
                    lines[old.update_id] = self._line_of(old.update)
                held = [n for n, line in lines.items() if line and self._admits(n, line)]
                waiting = await inbox.some(tx, held)
            if not lines:
                return count
            for pending in waiting:
                await super().put(telegram.Update.de_json(pending.update, bot))
            count, last = count + len(lines), next(reversed(lines))

    def _line(self, update: telegram.Update) -> Line:
        return self._lines.get(update.update_id) or line_of(update, self._look)

    def _line_of(self, item: dict[str, Any]) -> Line:
        return line_of(telegram.Update.de_json(item, self._bot), self._look)

    def _admits(self, number: int, line: Line) -> bool:
        """Whether an update that is on disk is held in memory too."""
        admitted = self._backlog.comes(line, number)
        if admitted:
            self._lines[number] = line
        return admitted

    async def _read(self, numbers: list[int]) -> list[telegram.Update]:
        """Updates from disk in the order of their numbers given, however often it takes."""
        while True:
            try:
                async with self._database.reading() as tx:
                    found = await inbox.some(tx, numbers)
                updates = {one.update_id: one.update for one in found}
                return [
                    telegram.Update.de_json(updates[number], self._bot)
                    for number in numbers
                    if number in updates
                ]
            except Exception as error:
                metrics.ERRORS.labels("inbox").inc()
                log.error("inbox_unreadable", updates=len(numbers), error=_named(error))
                await asyncio.sleep(WHEN_UNWRITABLE)

    async def _store(self, update: telegram.Update) -> Line | None:
        """Write, however often it takes; where it stands in line, None if it is not to be worked on.

        Nothing but cancelling ends this: an error that left `put` would end PTB's polling for good.
        """
        failed = update.update_id in self._doubtful
        while True:
            try:
                content: dict[str, Any] = update.to_dict()
                line = line_of(update, self._look)
                async with self._database.transaction() as tx:
                    new = await inbox.add(tx, update.update_id, content, line)
                    new = new or (failed and await inbox.is_unfinished(tx, update.update_id))
                self._doubtful.discard(update.update_id)
                return line if new else None
            except Exception as error:
                failed = True
                metrics.ERRORS.labels("inbox").inc()
                log.error("inbox_unwritable", update=update.update_id, error=_named(error))
                await asyncio.sleep(WHEN_UNWRITABLE)


def _named(error: Exception) -> str:
    """Our own errors hold no words of members; of others only the kind is told."""
    return str(error) if isinstance(error, QunhuError) else type(error).__name__
