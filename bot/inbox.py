"""A queue whose `put` writes to disk: PTB confirms updates to Telegram only after it returns."""

from __future__ import annotations

import asyncio
from typing import Any

import structlog
import telegram

from bot import metrics
from moderation.errors import QunhuError
from moderation.storage import Database, inbox

log = structlog.get_logger()

WHEN_UNWRITABLE = 2.0
"""Seconds between tries to write; until then nothing is confirmed, so nothing is lost."""


class DurableQueue(asyncio.Queue[object]):
    """PTB's update queue, on disk. An `update_id` seen before is dropped."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database

    @property
    def idle(self) -> bool:
        """Whether every update that was put has been worked on."""
        return bool(self._unfinished_tasks == 0)  # type: ignore[attr-defined]

    async def put(self, item: object) -> None:
        """Store an update, then let it be worked on; returns only when it is on disk."""
        if isinstance(item, telegram.Update) and not await self._store(item):
            log.info("seen_before", update=item.update_id)
            return
        await super().put(item)

    async def again(self, update: telegram.Update) -> None:
        """Let an update that is on disk already be worked on once more."""
        await super().put(update)

    async def replay(self, bot: telegram.Bot) -> int:
        """Queue what an earlier run left unfinished; how many there were."""
        async with self._database.reading() as tx:
            waiting = await inbox.pending(tx)
        for pending in waiting:
            update = telegram.Update.de_json(pending.update, bot)
            await super().put(update)
        return len(waiting)

    async def _store(self, update: telegram.Update) -> bool:
        """Write, however often it takes; whether it is to be worked on.

        Nothing but cancelling ends this: an error that left `put` would end PTB's polling for good.
        """
        failed = False
        while True:
            try:
                content: dict[str, Any] = update.to_dict()
                async with self._database.transaction() as tx:
                    new = await inbox.add(tx, update.update_id, content)
                    return new or (failed and await inbox.is_unfinished(tx, update.update_id))
            except Exception as error:
                failed = True
                metrics.ERRORS.labels("inbox").inc()
                log.error("inbox_unwritable", update=update.update_id, error=_named(error))
                await asyncio.sleep(WHEN_UNWRITABLE)


def _named(error: Exception) -> str:
    """Our own errors hold no words of members; of others only the kind is told."""
    return str(error) if isinstance(error, QunhuError) else type(error).__name__
