"""What the bot says, in the characters its reader wants. Quotes on cards and plans stay as written."""

from __future__ import annotations

from typing import Any

from bot.views import WORD
from moderation.storage import Transaction, outbox, scripts
from moderation.storage.outbox import Delivery
from moderation.storage.scripts import Script
from resources import to_traditional

OURS = f"{outbox.PRIVATE}ours"
"""Marks a payload whose words are ours, so that they may be written otherwise."""


def ours(payload: dict[str, Any]) -> dict[str, Any]:
    """The same, marked as our own words."""
    return {**payload, OURS: True}


async def script_for(tx: Transaction, row: Delivery, default: Script) -> Script:
    """In which characters this row is to be written."""
    if not (row.payload.get(OURS) or row.purpose == WORD):
        return Script.SIMPLIFIED
    chosen = await scripts.chosen(tx, row.chat_id) if row.chat_id > 0 else None
    return chosen or default


def written(payload: dict[str, Any], script: Script) -> dict[str, Any]:
    """The payload with its text and buttons in that script."""
    if script is Script.SIMPLIFIED:
        return payload
    changed = dict(payload)
    for key in ("text", "caption"):
        if key in changed:
            changed[key] = to_traditional(changed[key])
    markup = payload.get("reply_markup") or {}
    if "inline_keyboard" in markup:
        rows = [
            [{**button, "text": to_traditional(button["text"])} for button in row]
            for row in markup["inline_keyboard"]
        ]
        changed["reply_markup"] = {**markup, "inline_keyboard": rows}
    return changed
