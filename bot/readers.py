"""What the bot says, in the characters its reader wants. Quotes on cards and plans stay as written."""

from __future__ import annotations

from typing import Any

from bot.alerting.views import GUIDE, WORD
from moderation.storage import Transaction, casebook, group_settings, outbox, scripts
from moderation.storage.outbox import Delivery
from moderation.storage.scripts import Script
from resources import to_traditional

OURS = f"{outbox.PRIVATE}ours"
"""Marks a payload whose words are ours, so that they may be written otherwise."""
KEEP = f"{outbox.PRIVATE}keep"
"""A name in our words that stays as its bearer writes it."""


def ours(payload: dict[str, Any], keep: str = "") -> dict[str, Any]:
    """The same, marked as our own words, but for a name in them."""
    return {**payload, OURS: True} | ({KEEP: keep} if keep else {})


async def script_for(tx: Transaction, row: Delivery, default: Script) -> Script:
    """In which characters this row is to be written: as she chose, as her group did, as set for all."""
    if not (row.payload.get(OURS) or row.purpose in {WORD, GUIDE}):
        return Script.SIMPLIFIED
    chosen = await scripts.chosen(tx, row.chat_id) if row.chat_id > 0 else None
    return chosen or await _of_group(tx, row) or default


async def _of_group(tx: Transaction, row: Delivery) -> Script | None:
    """What is set for the group a row goes to, or of whose case it is."""
    place = row.chat_id
    if place > 0 and row.case_id is not None:
        case = await casebook.get(tx, row.case_id)
        place = case.chat_id if case is not None else place
    return (await group_settings.of_group(tx, place)).script if place < 0 else None


def written(payload: dict[str, Any], script: Script, keep: str = "") -> dict[str, Any]:
    """The payload with its text and buttons in that script, but for a name to keep."""
    if script is Script.SIMPLIFIED:
        return payload
    changed = dict(payload)
    for key in ("text", "caption"):
        if key in changed:
            changed[key] = _traditional(changed[key], keep)
    markup = payload.get("reply_markup") or {}
    if "inline_keyboard" in markup:
        rows = [
            [{**button, "text": to_traditional(button["text"])} for button in row]
            for row in markup["inline_keyboard"]
        ]
        changed["reply_markup"] = {**markup, "inline_keyboard": rows}
    return changed


def _traditional(text: str, keep: str) -> str:
    if not keep:
        return to_traditional(text)
    return keep.join(map(to_traditional, text.split(keep)))
