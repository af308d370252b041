"""Updates of one chat in their order, different chats side by side; failures are tried again."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable
from typing import Any

import structlog
from telegram import Update
from telegram.ext import ApplicationHandlerStop, BaseUpdateProcessor, ContextTypes

from bot import metrics, words
from bot.alerting.buttons import link_to
from bot.door.fairness import haste_of, place_of
from bot.door.inbox import DurableQueue
from bot.posing import member_name
from moderation.storage import Database, Transaction, inbox, outbox
from moderation.storage.outbox import Lane, Outgoing
from moderation.turns import URGENCY, Turns

log = structlog.get_logger()

AT_ONCE = 100_000
"""Updates that may wait for their chat's turn; of each chat only a few do (`bot.door.fairness.WINDOW`)."""
TRIES = 5
"""After so many failures humans are told; the update is tried on for ever."""
PAUSE = 0.5
LONGEST_PAUSE = 300.0


class ChatOrder(BaseUpdateProcessor):
    """One at a time for each chat. What no handler finished is finished here; failures come again."""

    def __init__(self, database: Database, queue: DurableQueue, moderator_chat: int | None) -> None:
        super().__init__(max_concurrent_updates=AT_ONCE)
        self._database = database
        self._queue = queue
        self._moderator_chat = moderator_chat
        self._turns = Turns()
        self.finished: set[int] = set()
        """Updates whose work and end were stored in one transaction (`Services.work`)."""
        self._failed: set[int] = set()
        self._tries: Counter[int] = Counter()
        self._retries: set[asyncio.Task[None]] = set()

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Wait for this chat's turn, then work."""
        if not isinstance(update, Update):
            await coroutine
            return
        urgency = self._queue.urgency(update)
        before = URGENCY.set(haste_of(update, urgency))
        try:
            async with self._turns.turn(place_of(update), urgency):
                await self._work(update, coroutine)
        finally:
            URGENCY.reset(before)
            await self._queue.gone(update)

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """PTB's error handler: come again later, and let no other handler finish what failed."""
        error = context.error or RuntimeError()
        if not isinstance(update, Update):
            metrics.ERRORS.labels("handler").inc()
            log.error("failed", error=type(error).__name__)
            return
        self._note_failure(update, error)
        raise ApplicationHandlerStop

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Unfinished updates stay on disk for the next start."""
        for retry in self._retries:
            retry.cancel()

    async def _work(self, update: Update, coroutine: Awaitable[Any]) -> None:
        try:
            await coroutine
        except Exception as error:
            self._note_failure(update, error)
        finished = update.update_id in self.finished
        self.finished.discard(update.update_id)
        if update.update_id in self._failed:
            self._failed.discard(update.update_id)
        elif finished or await self._finish(update):
            del self._tries[update.update_id]

    def _note_failure(self, update: Update, error: Exception) -> None:
        if update.update_id in self._failed:
            return
        self._failed.add(update.update_id)
        self._tries[update.update_id] += 1
        retry = asyncio.create_task(self._come_again(update, type(error).__name__))
        self._retries.add(retry)
        retry.add_done_callback(self._retries.discard)
        metrics.ERRORS.labels("handler").inc()
        name = type(error).__name__
        log.error("failed", update=update.update_id, error=name, exc_info=error)

    async def _come_again(self, update: Update, error: str) -> None:
        """It stays sealed on disk; later and later it is tried again, and humans hear of it."""
        tries = self._tries[update.update_id]
        try:
            async with self._database.transaction() as tx:
                tries = max(tries, await inbox.note_attempt(tx, update.update_id, error))
                if tries >= TRIES:
                    await ask_to_look(tx, update, self._moderator_chat)
        except Exception as trouble:
            log.error("not_noted", update=update.update_id, error=type(trouble).__name__)
        if tries >= TRIES:
            log.critical("unread", update=update.update_id, error=error, tries=tries)
        await asyncio.sleep(min(LONGEST_PAUSE, PAUSE * 2.0 ** min(tries, 20)))
        await self._queue.again(update)

    async def _finish(self, update: Update) -> bool:
        try:
            async with self._database.transaction() as tx:
                await inbox.finish(tx, update.update_id)
        except Exception as error:
            log.error("not_finished", update=update.update_id, error=type(error).__name__)
            return False
        return True


async def ask_to_look(tx: Transaction, update: Update, moderator_chat: int | None) -> None:
    """Ask the moderators, once, to look for themselves."""
    if moderator_chat is None:
        return
    row = Outgoing(
        dedupe=f"unread:{update.update_id}",
        lane=Lane.ALERT,
        chat_id=moderator_chat,
        method="sendMessage",
        payload={
            "text": words.UNREADABLE.format(link=_where(update)),
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        },
    )
    await outbox.put(tx, row)


def _where(update: Update) -> str:
    """Where a human finds the message, as HTML; who wrote it, if that was in private."""
    chat, message = update.effective_chat, update.effective_message
    if chat is not None and chat.type == chat.PRIVATE:
        who = member_name(chat.full_name or "")
        return f'私聊（<a href="tg://user?id={chat.id}">{who}</a>）'
    link = link_to(chat.id, message.message_id, chat.username) if chat and message else None
    return link or "群里"
