"""Makes one call to the platform and stores how it ended: sent, tried again later, or given up."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import structlog
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot import metrics, words
from bot.alerting.calls import ADMINS, CARD
from bot.alerting.contact import ASK
from bot.logs import sentence
from bot.readers import KEEP, script_for, written
from bot.sending.pacer import Pacer
from bot.sending.performers import Outcome, Performer
from moderation.ports import Clock
from moderation.storage import Database, Transaction, chats, outbox, people
from moderation.storage.outbox import Delivery, Lane, State
from moderation.storage.scripts import Script
from moderation.storage.superseding import gives_way
from moderation.turns import URGENCY, Urgency

log = structlog.get_logger()

TRIES = 20
LONGEST_BACK_OFF = {Lane.CRISIS: 10.0}
LONGEST_BACK_OFF_ELSE = 60.0
WAIT_FOR_PARENT = 1.0
NEVER_ARRIVED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
ONCE_A_CASE = {CARD, ASK, ADMINS}
"""Of these a reader gets the newest of a case, once, however many fell due while nothing went out."""
TOO_MANY = "too many requests"
TAKES_MESSAGE_ID = {"editMessageText", "editMessageReplyMarkup", "deleteMessage"}

OnRefused = Callable[[Transaction, Delivery, str], Awaitable[None]]
OnSent = Callable[[Transaction, Delivery], Awaitable[None]]


@dataclass(frozen=True)
class Courier:
    """Brings one row to its reader. What it could not store is a row that is still marked as being sent."""

    database: Database
    performer: Performer
    on_refused: OnRefused
    clock: Clock
    steady: Callable[[], float]
    pacer: Pacer
    script: Script = Script.SIMPLIFIED
    on_sent: OnSent | None = None

    async def deliver(self, row: Delivery) -> None:
        """Make its call, unless it is not to be made any more or has to wait; every answer is stored."""
        URGENCY.set(Urgency.DANGER if row.lane <= Lane.TAP else Urgency.LIKELY)
        begun = await self._begin(row.id)
        if begun is None:
            return
        row, payload = begun
        self.pacer.leaves(row.chat_id, row.method, self.steady())
        try:
            outcome = await self.performer.perform(row, payload)
        except TelegramError as error:
            await self._failed(row, error)
        except Exception as error:
            log.error("call_crashed", row=row.id, exc_info=error)
            await self._back_off(row, type(error).__name__, maybe_sent=True)
        else:
            await self._sent(row, outcome)

    async def _begin(self, row_id: int) -> tuple[Delivery, dict[str, Any]] | None:
        """Mark the row as being sent, and read it, in one step: what it says now is what goes out.

        None if it was given up, taken or is no longer of use, or has to wait for its parent.
        """
        async with self.database.transaction() as tx:
            row = await outbox.get(tx, row_id)
            if row is None or row.state is not State.PENDING:
                return None
            if row.expires_at is not None and row.expires_at < tx.now:
                await outbox.give_up(tx, row.id, "expired")
                log.warning("gave_up", row=row.id, lane=row.lane.name, why="expired")
                return None
            if row.purpose in ONCE_A_CASE and await gives_way(tx, row):
                return None
            parent = None
            if row.follows is not None:
                parent = await _message_of(tx, row, row.follows)
                if parent is None:
                    return None
            started = await outbox.start(tx, row.id)
            if started is None:
                return None
            script = await script_for(tx, started, self.script)
        keep = started.payload.get(KEEP, "")
        return started, written(_payload(started, parent), script, keep)

    async def _sent(self, row: Delivery, outcome: Outcome) -> None:
        async with self.database.transaction() as tx:
            await outbox.sent(tx, row.id, outcome.message_id, outcome.rest)
            for item in outcome.more:
                if not await outbox.is_told(tx, item, row.created_at):
                    await outbox.put(tx, item)
            if row.chat_id > 0 and row.method == "sendMessage":
                await people.note_writable(tx, row.chat_id, writable=True)
            await self._follow_up(tx, row)
        _count(row, "sent")
        taken = (self.clock() - row.created_at).total_seconds()
        metrics.DELIVERY_SECONDS.labels(row.lane.word).observe(max(0.0, taken))
        if row.purpose == CARD and row.method == "sendMessage":
            metrics.ALERTS.labels(row.lane.word).inc()
        log.info("sent", row=row.id, lane=row.lane.name, method=row.method, case=row.case_id)

    async def _follow_up(self, tx: Transaction, row: Delivery) -> None:
        """What follows from it; trouble there must not make the message go out twice."""
        if self.on_sent is None:
            return
        try:
            async with tx.connection.begin_nested():
                await self.on_sent(tx, row)
        except Exception as error:
            log.error("not_followed_up", row=row.id, error=type(error).__name__, exc_info=error)

    async def _failed(self, row: Delivery, error: TelegramError) -> None:
        match error:
            case RetryAfter():
                seconds = _seconds(error)
                self.pacer.block(row.chat_id, seconds, self.steady())
                await self._retry(row, seconds + random.uniform(0, 0.5), "429", False)
            case ChatMigrated():
                async with self.database.transaction() as tx:
                    await chats.move(tx, row.chat_id, error.new_chat_id)
                    await outbox.move_chat(tx, row.chat_id, error.new_chat_id)
                await self._retry(row, 0, "migrated", False)
            case BadRequest() if "not modified" in error.message.lower():
                await self._sent(row, Outcome())
            case Forbidden() | BadRequest():
                await self._refused(row, error.message)
            case InvalidToken():
                await self._retry(row, LONGEST_BACK_OFF_ELSE, "token refused", False)
            case NetworkError():
                await self._back_off(row, type(error).__name__, maybe_sent=may_have_arrived(error))
            case _:
                await self._refused(row, error.message)

    async def _back_off(self, row: Delivery, why: str, maybe_sent: bool) -> None:
        if row.attempts >= TRIES and row.lane is not Lane.CRISIS:
            await self._give_up(row, why)
            return
        longest = LONGEST_BACK_OFF.get(row.lane, LONGEST_BACK_OFF_ELSE)
        seconds = min(longest, 0.5 * 2.0 ** min(row.attempts - 1, 10)) * random.uniform(0.5, 1)
        await self._retry(row, seconds, why, maybe_sent)

    async def _retry(self, row: Delivery, seconds: float, why: str, maybe_sent: bool) -> None:
        async with self.database.transaction() as tx:
            at = tx.now + timedelta(seconds=seconds)
            await outbox.retry(tx, row.id, at, sentence(why), maybe_sent)
        _count(row, "retried")
        log.warning("retry", row=row.id, lane=row.lane.name, why=why, seconds=round(seconds, 1))

    async def _refused(self, row: Delivery, why: str) -> None:
        async with self.database.transaction() as tx:
            await outbox.give_up(tx, row.id, sentence(why))
            if row.chat_id > 0 and row.method == "sendMessage":
                await people.note_writable(tx, row.chat_id, writable=False)
            await self.on_refused(tx, row, why)
        _count(row, "refused")
        log.warning("refused", row=row.id, lane=row.lane.name, method=row.method, why=why)

    async def _give_up(self, row: Delivery, why: str) -> None:
        async with self.database.transaction() as tx:
            await outbox.give_up(tx, row.id, sentence(why))
        _count(row, "given_up")
        log.warning("gave_up", row=row.id, lane=row.lane.name, why=why)


def _count(row: Delivery, outcome: str) -> None:
    metrics.DELIVERIES.labels(row.lane.word, outcome).inc()


def _seconds(error: RetryAfter) -> float:
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def may_have_arrived(error: NetworkError) -> bool:
    """False only when the call cannot have reached the platform, or was refused for its number.

    A 5xx comes from any of the servers on the way; the last of them may have taken the message.
    """
    return not (isinstance(error.__cause__, NEVER_ARRIVED) or TOO_MANY in error.message.lower())


async def _message_of(tx: Transaction, row: Delivery, follows: int) -> int | None:
    """The message that a row edits, deletes or answers; None if it waits for it or is given up."""
    parent = await outbox.get(tx, follows)
    if parent is not None and parent.state in {State.PENDING, State.SENDING}:
        at = tx.now + timedelta(seconds=WAIT_FOR_PARENT)
        await outbox.retry(tx, row.id, at, "waits for its message", maybe_sent=False)
        return None
    if parent is None or parent.state is State.DEAD or parent.message_id is None:
        await outbox.give_up(tx, row.id, "its message never went out")
        return None
    return parent.message_id


def _payload(row: Delivery, parent: int | None) -> dict[str, Any]:
    """What to send; a card that may be there already says so."""
    payload = {k: v for k, v in row.payload.items() if not k.startswith(outbox.PRIVATE)}
    if row.maybe_sent and row.purpose == CARD and row.method == "sendMessage":
        payload["text"] = f"{words.MAYBE_TWICE}{payload['text']}"
    if parent is None:
        return payload
    if row.method in TAKES_MESSAGE_ID:
        return {**payload, "message_id": parent}
    reply = {"message_id": parent, "allow_sending_without_reply": True}
    return {**payload, "reply_parameters": reply}
