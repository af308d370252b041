"""Taps on a member's papers. Only she sees them: they work in her private chat alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot import words as common
from bot.papers import document, folder, views
from bot.papers.entries import LONGEST_NOTE, today_of
from bot.services import Services, services_of
from bot.taps import Tap, acknowledge, is_number, show, tap_of
from bot.words import papers as words
from moderation.storage import Transaction, audit, outbox, papers, scripts
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.scripts import Script
from resources import to_traditional

PATTERN = "^e:"
EVERY = timedelta(days=7)


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button under the list, the story or the dates."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    async with services.work(update) as tx:
        said = await _react(services, tx, tap) if tap.private else common.OLD_BUTTON
        await acknowledge(tx, tap, said)


async def _react(services: Services, tx: Transaction, tap: Tap) -> str:
    match tap.args:
        case ("s" | "t" | "n" | "u", name) if name in words.SLOTS:
            return await _slot(tx, tap, tap.args[0], name)
        case ("story" | "take", page) if is_number(page):
            kept = await folder.folder_of(tx, tap.user.id)
            view = views.story if tap.args[0] == "story" else views.take
            return await _shown(tx, tap, view(kept, int(page)))
        case ("del", number) if is_number(number):
            return await _take(tx, tap, int(number))
        case ("d", what) if what in words.DATES:
            about = words.DATES[what]
            return await _ask(tx, tap, words.DATE_ASK.format(label=about.label, hint=about.hint))
        case ("add",):
            return await _ask(tx, tap, words.STORY_ASK)
        case ("pdf" | "text",):
            return await _export(services, tx, tap)
        case (what,):
            return await _plain(services, tx, tap, what)
    return common.OLD_BUTTON


async def _plain(services: Services, tx: Transaction, tap: Tap, what: str) -> str:
    user_id = tap.user.id
    match what:
        case "home":
            return await _home(tx, tap)
        case "dates":
            kept = await folder.folder_of(tx, user_id)
            return await _shown(tx, tap, views.dates(kept, today_of(services, tx)))
        case "remind":
            await papers.remind(tx, user_id, tx.now + EVERY)
            await _home(tx, tap)
            return words.REMIND_ON
        case "stop":
            await papers.stop_reminding(tx, user_id)
            await _home(tx, tap)
            return words.REMIND_OFF
        case "erase":
            return await _shown(tx, tap, views.erase())
        case "erase-yes":
            await papers.erase(tx, user_id)
            await audit.record(tx, tx.sealer.hash_id(user_id), "papers_erased")
            return await _shown(tx, tap, {"text": words.ERASED})
    return common.OLD_BUTTON


async def _slot(tx: Transaction, tap: Tap, what: str, name: str) -> str:
    kept = await folder.folder_of(tx, tap.user.id)
    gathered = kept.slots[name]
    said = ""
    if what == "n":
        label = words.SLOTS[name].label
        return await _ask(tx, tap, words.NOTE_ASK.format(label=label, most=LONGEST_NOTE))
    if what == "t":
        gathered.done = not gathered.done
        said = words.TICKED if gathered.done else words.UNTICKED
    if what == "u" and gathered.notes:
        gathered.notes.pop()
        said = words.NOTE_GONE
    if said and not await folder.put_slot(tx, tap.user.id, name, gathered):
        return words.FULL.format(most=papers.MOST)
    await show(tx, tap, views.slot(kept, name))
    return said


async def _take(tx: Transaction, tap: Tap, number: int) -> str:
    story = (await folder.folder_of(tx, tap.user.id)).story
    if number not in {entry.paper for entry in story}:
        return words.NOT_YOURS
    await papers.remove(tx, tap.user.id, number)
    await show(tx, tap, views.story(await folder.folder_of(tx, tap.user.id), 0))
    return words.NOTE_GONE


async def _home(tx: Transaction, tap: Tap) -> str:
    kept = await folder.folder_of(tx, tap.user.id)
    return await _shown(tx, tap, views.home(kept, await papers.reminded_at(tx, tap.user.id)))


async def _shown(tx: Transaction, tap: Tap, payload: dict[str, Any]) -> str:
    await show(tx, tap, payload)
    return ""


async def _ask(tx: Transaction, tap: Tap, text: str) -> str:
    await _send(tx, tap, "sendMessage", views.prompt(text), "ask")
    return ""


async def _export(services: Services, tx: Transaction, tap: Tap) -> str:
    make = document.pdf_file if tap.args[0] == "pdf" else document.text_file
    kept = await folder.folder_of(tx, tap.user.id)
    script = await scripts.chosen(tx, tap.user.id) or services.settings.script
    say = to_traditional if script is Script.TRADITIONAL else str
    await _send(tx, tap, "sendDocument", make(kept, today_of(services, tx), say), "file")
    return words.EXPORTED


async def _send(tx: Transaction, tap: Tap, method: str, payload: dict[str, Any], what: str) -> None:
    row = Outgoing(
        dedupe=f"papers:{what}:{tap.id}",
        lane=Lane.ANSWER,
        chat_id=tap.chat_id,
        method=method,
        payload=payload,
    )
    await outbox.put(tx, row)
