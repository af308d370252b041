"""Those who make the calls: the live one, and one that only notes what it would do."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
import telegram
from telegram.error import BadRequest, TelegramError

from bot.alerting.admins import CALL_ADMINS, rows_to_admins
from bot.alerting.phone import PHONE, Phone
from bot.hearing.recent import CONTEXT, Recent
from bot.markup import plain_text, units
from bot.spirals.drawing import PICTURE
from moderation.storage.outbox import Delivery, Outgoing

log = structlog.get_logger()

WITHOUT_CHAT = {"answerCallbackQuery"}
UNREADABLE = "can't parse entities"
"""How Telegram says that our HTML is wrong."""
CAPTIONED = "no text in the message to edit"
"""How it says that the words to edit are the caption of a picture."""
CAPTION = 1024
OBJECTS: dict[str, type[telegram.TelegramObject]] = {
    "reply_markup": telegram.InlineKeyboardMarkup,
    "link_preview_options": telegram.LinkPreviewOptions,
    "reply_parameters": telegram.ReplyParameters,
    "permissions": telegram.ChatPermissions,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call brought: the id of the message it made, of the others if several, and calls that follow from it."""

    message_id: int | None = None
    more: tuple[Outgoing, ...] = ()
    rest: tuple[int, ...] = ()
    """Ids of the further messages, where it made several: those of an album."""


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
            return await self._made(row, payload)
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

    async def _made(self, row: Delivery, payload: dict[str, Any]) -> Outcome:
        """The call, with its picture where there is one; words that stand under one are edited there."""
        if row.method == "sendMessage" and PICTURE in row.payload:
            shown = await self._pictured(row, payload)
            if shown is not None:
                return shown
        try:
            return await self._call(row, payload)
        except BadRequest as error:
            if row.method != "editMessageText" or CAPTIONED not in error.message.lower():
                raise
            return await self._call(row, _captioned(payload), "editMessageCaption")

    async def _pictured(self, row: Delivery, payload: dict[str, Any]) -> Outcome | None:
        """The message as a picture with its words below; None if that cannot be: better plain than none."""
        if units(plain_text(payload["text"])) > CAPTION:
            return None
        try:
            picture = await asyncio.to_thread(_drawn, row.payload[PICTURE])
            photo = {"photo": base64.b64encode(picture).decode()}
            return await self._call(row, {**_captioned(payload), **photo}, "sendPhoto")
        except BadRequest as error:
            log.warning("picture_refused", row=row.id, case=row.case_id, why=error.message)
        except TelegramError:
            raise
        except Exception as error:
            log.error("picture_failed", row=row.id, case=row.case_id, exc_info=error)
        return None

    async def _call(
        self, row: Delivery, payload: dict[str, Any], method: str | None = None
    ) -> Outcome:
        call = getattr(self.bot, _snake(method or row.method))
        place = {} if row.method in WITHOUT_CHAT else {"chat_id": row.chat_id}
        answer = await call(**place, **{key: _parsed(key, payload[key]) for key in payload})
        made = answer if isinstance(answer, tuple) else (answer,)
        numbers = [one.message_id for one in made if isinstance(one, telegram.Message)]
        return Outcome(numbers[0] if numbers else None, rest=tuple(numbers[1:]))


def plain(payload: dict[str, Any]) -> dict[str, Any]:
    """The same without markup: better a plain card than none."""
    kept = {key: value for key, value in payload.items() if key != "parse_mode"}
    return {**kept, "text": plain_text(payload.get("text", ""))}


def _drawn(picture: dict[str, Any]) -> bytes:
    from bot.spirals.picture import draw  # with it comes matplotlib: only when it is needed

    return draw(picture)


def _captioned(payload: dict[str, Any]) -> dict[str, Any]:
    """The same words as the caption of a picture."""
    kept = {k: v for k, v in payload.items() if k not in {"text", "link_preview_options"}}
    return {**kept, "caption": payload["text"]}


def _snake(method: str) -> str:
    """`sendMessage` → `send_message`, as PTB names it."""
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in method)


def _parsed(key: str, value: Any) -> Any:
    """PTB wants its own objects where the Bot API has JSON ones."""
    if key == "document":
        return telegram.InputFile(base64.b64decode(value["base64"]), filename=value["name"])
    kind = OBJECTS.get(key)
    if isinstance(value, dict) and set(value) == {"file_id"}:
        return value["file_id"]
    if key == "media":
        return [_album_item(item) for item in value]
    if key == "photo":
        return base64.b64decode(value)
    if key == "reply_markup" and "force_reply" in (value or {}):
        kind = telegram.ForceReply
    return kind.de_json(value, None) if kind is not None and value is not None else value


def _album_item(item: dict[str, Any]) -> telegram.InputMediaPhoto | telegram.InputMediaVideo:
    kind = telegram.InputMediaVideo if item["type"] == "video" else telegram.InputMediaPhoto
    return kind(item["media"], has_spoiler=item["has_spoiler"])


@dataclass
class DryRunPerformer:
    """Calls nothing; notes method and chat of what would have gone out."""

    noted: list[tuple[str, int]] = field(default_factory=list)

    async def perform(self, row: Delivery, payload: dict[str, Any]) -> Outcome:
        """Note the call."""
        self.noted.append((row.method, row.chat_id))
        log.info("dry_run", method=row.method, chat=row.chat_id, row=row.id)
        return Outcome(message_id=row.id)
