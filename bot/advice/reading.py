"""Turning pages: taps on menus, cards, plain text, and the choice of characters."""

from __future__ import annotations

from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.advice.library import shelf_of
from bot.advice.pages import (
    group_payload,
    home_payload,
    page_payload,
    plain_payload,
    section_payload,
)
from bot.advice.shelf import Shelf
from bot.services import services_of
from bot.taps import Tap, acknowledge, is_number, show, tap_of
from bot.words import reading
from moderation.storage import Transaction, outbox, pages, scripts
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.scripts import Script
from resources import Section

PATTERN = "^[sgptzq]:"
SECTIONS = frozenset(Section)


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button of a menu or page; an old or forged one changes nothing."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    async with services.work(update) as tx:
        said = words.OLD_BUTTON
        if tap.private:
            said = await _react(tx, tap, await shelf_of(services, tx))
        await acknowledge(tx, tap, said)


async def _react(tx: Transaction, tap: Tap, shelf: Shelf) -> str:
    match tap.kind, tap.args:
        case "z", (script,) if script in set(Script):
            await scripts.choose(tx, tap.user.id, Script(script))
            await show(tx, tap, home_payload())
            return reading.SCRIPT_CHOSEN
        case "t", (page_id,):
            return await _send_plain(tx, tap, shelf, page_id)
        case "q", (key,):
            await pages.drop_unanswered(tx, key)
            await show(tx, tap, {"text": reading.QUESTION_DROPPED})
            return reading.QUESTION_DROPPED
    payload = _payload(tap, shelf)
    if payload is None:
        return words.PAGE_GONE
    await show(tx, tap, payload)
    return ""


def _payload(tap: Tap, shelf: Shelf) -> dict[str, Any] | None:
    match tap.kind, tap.args:
        case "s", ("home",):
            return home_payload()
        case "s", (section,) if section in SECTIONS:
            return section_payload(shelf, Section(section))
        case "g", (section, number) if section in SECTIONS and is_number(number):
            return group_payload(shelf, Section(section), int(number))
        case "p", (page_id, *card) if len(card) < 2 and all(map(is_number, card)):
            page = shelf.page(page_id)
            return page_payload(shelf, page, int(card[0]) if card else 0) if page else None
    return None


async def _send_plain(tx: Transaction, tap: Tap, shelf: Shelf, page_id: str) -> str:
    page = shelf.page(page_id)
    if page is None:
        return words.PAGE_GONE
    row = Outgoing(
        dedupe=f"plain:{tap.id}",
        lane=Lane.TAP,
        chat_id=tap.chat_id,
        method="sendMessage",
        payload=plain_payload(shelf, page),
    )
    await outbox.put(tx, row)
    return ""
