"""What Telegram hands over, made readable piece by piece: one odd update must not stop the others.

PTB reads a whole batch at once; where one update in it cannot be read, none is, and the same batch
comes again for ever. Here each is tried alone, and of an odd one what is needed to judge it is kept.
"""

from __future__ import annotations

import json
import time
from typing import Any

import structlog
from telegram import Update

from bot import metrics
from bot.door.incoming import from_update
from bot.door.shapes import JSON, fits, is_id

log = structlog.get_logger()

NEW = ("message", "edited_message")
KINDS = ("private", "group", "supergroup")
SAID = frozenset({"message_id", "date", "chat", "from", "text"})
PLAIN_MESSAGE = SAID | {"message_thread_id", "is_topic_message", "reply_to_message"}
PLAIN_CHAT = frozenset({"id", "type", "title", "username", "is_forum", "first_name", "last_name"})
PLAIN_SENDER = frozenset(
    {"id", "is_bot", "first_name", "last_name", "username", "language_code", "is_premium"}
)
NAMELESS = "?"
LATEST = 2**32
"""Seconds since 1970 up to the year 2106, as far as Telegram's dates go."""


def readable(item: Any) -> JSON | None:
    """An update that PTB and the bot can read: as it is, salvaged, or bare; None if it has no id."""
    number = item.get("update_id") if isinstance(item, dict) else None
    if not isinstance(number, int) or not is_id(number):
        _note("?")
        return None
    whole = _in_unicode(item)
    if whole is not None and _reads(whole):
        return whole
    _note(number)
    saved = _salvaged(item, number)
    return saved if saved is not None and _reads(saved) else {"update_id": number}


def all_readable(items: list[Any]) -> list[JSON]:
    """A batch; one update that cannot be read does not hold up the others."""
    tried = [readable(item) for item in items]
    return [item for item in tried if item is not None]


def _reads(item: JSON) -> bool:
    """Whether its fields are such, and PTB reads it, and again after it was at rest.

    Most updates are words alone, of which this is known without trying.
    """
    try:
        if not fits(item):
            return False
        if item.keys() == {"update_id", "message"} and _is_plain(item["message"]):
            return True
        update = Update.de_json(item, None)
        again = Update.de_json(json.loads(json.dumps(update.to_dict())), None)
        from_update(again)
    except Exception:
        return False
    return True


def _is_plain(said: JSON) -> bool:
    """Whether a message whose fields fit is somebody's words and nothing else; they may answer such words."""
    if not (said.keys() >= SAID and said.keys() <= PLAIN_MESSAGE):
        return False
    chat, sender, answered = said["chat"], said["from"], said.get("reply_to_message")
    return (
        _is_date(said["date"])
        and is_id(said["message_id"])
        and chat.keys() <= PLAIN_CHAT
        and chat["type"] in KINDS
        and sender.keys() <= PLAIN_SENDER
        and "is_bot" in sender
        and (answered is None or ("reply_to_message" not in answered and _is_plain(answered)))
    )


def _in_unicode(item: JSON) -> JSON | None:
    """Halves of characters, which nothing can store, become �; None if it is no JSON at all."""
    try:
        written = json.dumps(item, ensure_ascii=False)
        if not _has_halves(written):
            return item
        found = json.loads(written.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    except (TypeError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _has_halves(written: str) -> bool:
    try:
        written.encode()
    except UnicodeEncodeError:
        return True
    return False


def _salvaged(item: JSON, number: int) -> JSON | None:
    """Who said what, where and when, and nothing else; None if even that is not there."""
    kind = next((key for key in NEW if isinstance(item.get(key), dict)), None)
    if kind is None:
        return None
    said = item[kind]
    text = next((said[key] for key in ("text", "caption") if isinstance(said.get(key), str)), "")
    chat, sender = said.get("chat"), said.get("from")
    if not (isinstance(chat, dict) and is_id(chat.get("id")) and is_id(said.get("message_id"))):
        return None
    if chat.get("type") not in KINDS or not isinstance(sender, dict) or not is_id(sender.get("id")):
        return None
    message = {
        "message_id": said["message_id"],
        "date": said["date"] if _is_date(said.get("date")) else int(time.time()),
        "chat": {"id": chat["id"], "type": chat["type"], "title": _words(chat.get("title"))},
        "from": {
            "id": sender["id"],
            "is_bot": sender.get("is_bot") is True,
            "first_name": _words(sender.get("first_name")) or NAMELESS,
        },
        "text": _words(text),
    }
    return {"update_id": number, kind: message}


def _words(text: Any) -> str:
    if not isinstance(text, str):
        return ""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _is_date(value: Any) -> bool:
    return is_id(value) and 0 <= value < LATEST


def _note(number: int | str) -> None:
    metrics.ERRORS.labels("reception").inc()
    log.error("odd_update", update=number)
