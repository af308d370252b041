"""A tap on a button as plain values, its acknowledgement, and who may tap what staff taps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import telegram
from telegram import Update

from bot.services import Services
from moderation.storage import Transaction, outbox, people
from moderation.storage.outbox import Lane, Outgoing

ANSWER_WITHIN = timedelta(seconds=25)


@dataclass(frozen=True, slots=True)
class Tap:
    """Who tapped what, where."""

    id: str
    user: telegram.User
    chat_id: int
    message_id: int
    text: str
    """The words of the message under which the button stands; empty if Telegram keeps them back."""
    kind: str
    args: tuple[str, ...]

    @property
    def private(self) -> bool:
        """Whether it was tapped in the private chat with the bot."""
        return self.chat_id == self.user.id


def tap_of(update: Update) -> Tap | None:
    """The tap of an update."""
    query = update.callback_query
    if query is None:
        return None
    kind, *args = (query.data or "").split(":")
    message = query.message
    return Tap(
        id=query.id,
        user=query.from_user,
        chat_id=message.chat.id if message else 0,
        message_id=message.message_id if message else 0,
        text=(message.text or "") if isinstance(message, telegram.Message) else "",
        kind=kind,
        args=tuple(args),
    )


def is_number(text: str) -> bool:
    """Whether it is an id as our buttons carry them; forged ones may hold anything."""
    return re.fullmatch("[0-9]{1,12}", text) is not None


async def is_staff(services: Services, tx: Transaction, user_id: int, chat_id: int) -> bool:
    """A role row, or sitting in the moderators' chat, which only moderators can enter."""
    if chat_id == services.alerts.calls.moderator_chat:
        return True
    return bool(await people.roles_of(tx, user_id))


async def acknowledge(tx: Transaction, tap: Tap, said: str, *, alert: bool = False) -> None:
    """End the little clock on the button, with a word."""
    row = Outgoing(
        dedupe=f"tap:{tap.id}",
        lane=Lane.TAP,
        chat_id=tap.user.id,
        method="answerCallbackQuery",
        payload={"callback_query_id": tap.id, "text": said[:200], "show_alert": alert},
        expires_in=ANSWER_WITHIN,
    )
    await outbox.put(tx, row)


async def show(tx: Transaction, tap: Tap, payload: dict[str, Any], lane: Lane = Lane.TAP) -> None:
    """Let the tapped message say something else now."""
    row = Outgoing(
        dedupe=f"show:{tap.id}",
        lane=lane,
        chat_id=tap.chat_id,
        method="editMessageText",
        payload={**payload, "message_id": tap.message_id},
    )
    await outbox.put(tx, row)
