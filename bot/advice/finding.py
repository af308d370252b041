"""Her own words lead to a page: /search, /ask, and questions written in the private chat."""

from __future__ import annotations

import asyncio
import re
from html import escape
from typing import Any

import structlog
import telegram
from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.advice.library import shelf_of
from bot.advice.pages import Rows, message, page_button
from bot.advice.shelf import Shelf
from bot.door.incoming import thread_of
from bot.members.answers import answer, way_in
from bot.services import Services, services_of
from bot.words import reading
from moderation.storage import Transaction, pages
from resources import Hit, to_simplified

log = structlog.get_logger()

COMMANDS = ("ask", "search")
SHOWN = {"ask": 3, "search": 5}
LOOKED_AT = 12
"""Hits looked at, since some may stay back."""
LONGEST = 300
PASSAGE = 320
PERSONAL = re.compile(r"@\w+|https?://\S+|\d{5,}")
"""What could point to a person is not kept with a question."""


async def on_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/ask and /search. Danger in the words was acted on before and ends here."""
    services = services_of(context)
    source = update.effective_message
    if source is None:
        return
    command, _, asked = (source.text or "").removeprefix("/").partition(" ")
    asked = asked.strip()
    hits = await find(services, asked)
    async with services.work(update) as tx:
        shelf = await shelf_of(services, tx)
        private = source.chat.type == "private"
        if not asked:
            payload = (
                prompt()
                if private
                else way_in(services.bot_username, reading.IN_GROUP_NOTHING, "ask")
            )
        elif private:
            limit = SHOWN.get(command.partition("@")[0].lower(), SHOWN["ask"])
            payload = await answered(tx, shelf, asked, hits, limit)
        else:
            payload = await _answered_in_group(services, tx, shelf, asked, hits)
        await _reply(tx, update, source, payload)


async def find(services: Services, asked: str) -> list[Hit]:
    """What fits, off the event loop; read before a transaction is opened."""
    if not asked.strip():
        return []
    hits = await asyncio.to_thread(services.catalogue.search, asked[:LONGEST], LOOKED_AT)
    if services.catalogue.search_trouble is not None:
        log.error("search_by_words_only", error=services.catalogue.search_trouble)
    return hits


async def answered(
    tx: Transaction, shelf: Shelf, asked: str, hits: list[Hit], limit: int
) -> dict[str, Any]:
    """The best passage with its page and others near; or that there is none."""
    found = shelf.among(hits, limit)
    if not found:
        return await _nothing(tx, asked)
    return found_payload(found, listing=limit > SHOWN["ask"])


def found_payload(found: list[Hit], *, listing: bool = False) -> dict[str, Any]:
    """Pages found, best first, with the passage that fits best."""
    best = found[0]
    head = reading.FOUND_PERHAPS if not best.sure else reading.FOUND
    text = f"{reading.FOUND_LIST if listing and best.sure else head}\n\n{_passage(best)}"
    rows: Rows = [[page_button(hit.page)] for hit in found]
    if not best.sure:
        rows.append([{"text": reading.BUTTON_MENU, "callback_data": "s:home"}])
    return message(text, rows)


def prompted(text: str | None) -> bool:
    """Whether a message replies to our question what she wants to know."""
    return text is not None and to_simplified(text.strip()) == reading.ASK_PROMPT


async def _nothing(tx: Transaction, asked: str) -> dict[str, Any]:
    key = await pages.note_unanswered(tx, PERSONAL.sub("□", asked[:LONGEST]))
    rows = [
        [{"text": words.BUTTON_HUMAN, "callback_data": "h:0"}],
        [{"text": reading.BUTTON_MENU, "callback_data": "s:home"}],
        [{"text": reading.BUTTON_DROP_QUESTION, "callback_data": f"q:{key}"}],
    ]
    return message(f"{reading.FOUND_NOTHING}\n\n{reading.QUESTION_KEPT}", rows)


def _passage(hit: Hit) -> str:
    short = hit.passage if len(hit.passage) <= PASSAGE else f"{hit.passage[:PASSAGE]}…"
    return f"<b>{escape(hit.page.title)}</b>\n{escape(short, quote=False)}"


async def _answered_in_group(
    services: Services, tx: Transaction, shelf: Shelf, asked: str, hits: list[Hit]
) -> dict[str, Any]:
    """In a group only a title, and a way to read on alone."""
    found = [hit for hit in shelf.among(hits, 1) if hit.sure]
    if not found:
        return way_in(services.bot_username, reading.IN_GROUP_NOTHING, "ask")
    page = found[0].page
    return way_in(
        services.bot_username, reading.IN_GROUP_FOUND.format(title=page.title), f"page_{page.id}"
    )


def prompt() -> dict[str, Any]:
    """Asks her what she wants to know."""
    return {"text": reading.ASK_PROMPT, "reply_markup": {"force_reply": True}}


async def _reply(
    tx: Transaction, update: Update, source: telegram.Message, payload: dict[str, Any]
) -> None:
    if source.chat.type != "private":
        reply = {"message_id": source.message_id, "allow_sending_without_reply": True}
        payload = {**payload, "reply_parameters": reply}
    await answer(tx, source.chat.id, thread_of(source), payload, f"command:{update.update_id}")
