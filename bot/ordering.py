"""Updates of one chat in their order, different chats side by side; failures are tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any

import structlog
from telegram import Update
from telegram.ext import BaseUpdateProcessor, ContextTypes

from bot import metrics
from bot.inbox import DurableQueue
from moderation.errors import StorageError
from moderation.storage import Database, inbox

log = structlog.get_logger()

AT_ONCE = 10_000
"""Updates that may wait for their chat's turn; each is only a sleeping task."""
TRIES = 5
PAUSE = 0.5


class ChatOrder(BaseUpdateProcessor):
    """One at a time for each chat. What no handler finished is finished here; failures come again."""

    def __init__(self, database: Database, queue: DurableQueue) -> None:
        super().__init__(max_concurrent_updates=AT_ONCE)
        self._database = database
        self._queue = queue
        self._turns: dict[int, asyncio.Lock] = {}
        self._waiting: dict[int, int] = {}
        self._failed: set[int] = set()
        self._retries: set[asyncio.Task[None]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for this chat's turn, then work."""
        if not isinstance(update, Update):
            await coroutine
            return
        place = place_of(update)
        turn = self._turns.setdefault(place, asyncio.Lock())
        self._waiting[place] = self._waiting.get(place, 0) + 1
        try:
            async with turn:
                await coroutine
                await self._finish(update)
        finally:
            self._waiting[place] -= 1
            if not self._waiting[place]:
                del self._waiting[place], self._turns[place]

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """PTB's error handler: count the try, come again later; at last put it aside, loudly."""
        name = type(context.error).__name__
        metrics.ERRORS.labels("handler").inc()
        if not isinstance(update, Update):
            log.error("failed", error=name)
            return
        log.error("failed", update=update.update_id, error=name, exc_info=context.error)
        self._failed.add(update.update_id)
        retry = asyncio.create_task(self._come_again(update, name))
        self._retries.add(retry)
        retry.add_done_callback(self._retries.discard)

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Unfinished updates stay on disk for the next start."""
        for retry in self._retries:
            retry.cancel()

    async def _come_again(self, update: Update, error: str) -> None:
        tries = 1
        try:
            async with self._database.transaction() as tx:
                tries = await inbox.note_attempt(tx, update.update_id, error)
                if tries >= TRIES:
                    await inbox.finish(tx, update.update_id, failure=error)
        except StorageError as trouble:
            log.error("storage", error=str(trouble))
        if tries >= TRIES:
            log.critical("put_aside", update=update.update_id, error=error)
            return
        await asyncio.sleep(PAUSE * 2**tries)
        await self._queue.again(update)

    async def _finish(self, update: Update) -> None:
        if update.update_id in self._failed:
            self._failed.discard(update.update_id)
            return
        try:
            async with self._database.transaction() as tx:
                await inbox.finish(tx, update.update_id)
        except StorageError as error:
            log.error("storage", error=str(error))


def place_of(update: Update) -> int:
    """The chat whose order an update belongs to; else the user."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0
