"""Those who make the calls: the live one, and one that only notes what it would do."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
import telegram
from telegram.error import BadRequest

from bot.admins import CALL_ADMINS, rows_to_admins
from bot.phone import PHONE, Phone
from bot.recent import CONTEXT, Recent
from moderation.storage.outbox import Delivery, Outgoing

log = structlog.get_logger()

WITHOUT_CHAT = {"answerCallbackQuery"}
UNREADABLE = "can't parse entities"
"""How Telegram says that our HTML is wrong."""
TAG = re.compile(r"""</?[a-z][a-z0-9-]*(?:\s+[a-z-]+(?:=(?:"[^"<>]*"|'[^'<>]*'))?)*\s*>""")
OBJECTS: dict[str, type[telegram.TelegramObject]] = {
    "reply_markup": telegram.InlineKeyboardMarkup,
    "link_preview_options": telegram.LinkPreviewOptions,
    "reply_parameters": telegram.ReplyParameters,
    "permissions": telegram.ChatPermissions,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call brought: the id of the message it made, and calls that follow from it."""

    message_id: int | None = None
    more: tuple[Outgoing, ...] = ()


class Performer(Protocol):
    """Makes one call; raises telegram.error.TelegramError as PTB does."""

    async def perform(self, row: Delivery, payload: dict[str, Any]) -> Outcome:
        """Make the call of this row with this payload."""


@dataclass(frozen=True)
class LivePerformer:
    """Really calls the Bot API."""

    bot: telegram.Bot
    recent: Recent
    phone: Phone | None = None

    async def perform(self, row: Delivery, payload: dict[str, Any]) -> Outcome:
        """Make the call; internal methods expand to further rows."""
        if row.method == CALL_ADMINS:
            admins = await self.bot.get_chat_administrators(payload["group"])
            return Outcome(more=tuple(rows_to_admins(row, payload, admins)))
        if row.method == PHONE:
            if self.phone is None:
                raise BadRequest("no phone channel is set")
            await self.phone.post(row, payload)
            return Outcome()
        if row.method == CONTEXT:
            return await self._show_context(row, payload)
        try:
            return await self._call(row, payload)
        except BadRequest as error:
            if UNREADABLE not in error.message.lower() or "parse_mode" not in payload:
                raise
            log.error("html_refused", row=row.id, method=row.method, case=row.case_id)
            return await self._call(row, plain(payload))

    async def _show_context(self, row: Delivery, payload: dict[str, Any]) -> Outcome:
        """The messages around one: their text comes from memory as it is sent, never from disk."""
        text = self.recent.shown(payload["chat"], payload["message"])
        thread, replied = payload.get("thread"), payload.get("reply_to")
        said = await self.bot.send_message(
            row.chat_id,
            text,
            parse_mode="HTML",
            message_thread_id=thread,
            reply_to_message_id=replied,
            allow_sending_without_reply=True,
        )
        return Outcome(said.message_id)

    async def _call(self, row: Delivery, payload: dict[str, Any]) -> Outcome:
        call = getattr(self.bot, _snake(row.method))
        place = {} if row.method in WITHOUT_CHAT else {"chat_id": row.chat_id}
        answer = await call(**place, **{key: _parsed(key, payload[key]) for key in payload})
        return Outcome(answer.message_id if isinstance(answer, telegram.Message) else None)


def plain(payload: dict[str, Any]) -> dict[str, Any]:
    """The same without markup: better a plain card than none."""
    text = html.unescape(TAG.sub("", payload.get("text", "")))
    return {**{k: v for k, v in payload.items() if k != "parse_mode"}, "text": text}


def _snake(method: str) -> str:
    """`sendMessage` → `send_message`, as PTB names it."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in method)


def _parsed(key: str, value: Any) -> Any:
    """PTB wants its own objects where the Bot API has JSON ones."""
    if key == "document":
        return telegram.InputFile(base64.b64decode(value["base64"]), filename=value["name"])
    kind = OBJECTS.get(key)
    if key == "photo":
        return base64.b64decode(value)
    if key == "reply_markup" and "force_reply" in (value or {}):
        kind = telegram.ForceReply
    return kind.de_json(value, None) if kind is not None and value is not None else value


@dataclass
class DryRunPerformer:
    """Calls nothing; notes method and chat of what would have gone out."""

    noted: list[tuple[str, int]] = field(default_factory=list)

    async def perform(self, row: Delivery, payload: dict[str, Any]) -> Outcome:
        """Note the call."""
        self.noted.append((row.method, row.chat_id))
        log.info("dry_run", method=row.method, chat=row.chat_id, row=row.id)
        return Outcome(message_id=row.id)
