"""/evidence, /timeline, and what a member writes in reply to a question about them."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import telegram
from telegram import Update
from telegram.ext import ContextTypes, filters

from bot.door.incoming import from_update, thread_of
from bot.hearing.messages import handle, score
from bot.members.answers import answer, way_in
from bot.papers import folder, views
from bot.papers.days import read_day, read_story
from bot.services import Services, services_of
from bot.words import papers as words
from moderation.storage import Transaction, papers
from resources import to_simplified

TARGETS = ("evidence", "timeline")
LINK = f"^/start(@\\w+)? ({'|'.join(TARGETS)})$"
ASKED = re.compile("^【(.+?)】(记一句|写一条|哪天)")
LONGEST_NOTE = 500
LONGEST_STORY = 3000
SLOT_OF = {slot.label: name for name, slot in words.SLOTS.items()}
DATE_OF = {about.label: what for what, about in words.DATES.items()}


class _Answering(filters.MessageFilter):
    """A reply in private to one of our questions."""

    def filter(self, message: telegram.Message) -> bool:
        return message.chat.type == "private" and asked_in(message) is not None


ANSWERING = _Answering()


def asked_in(message: telegram.Message) -> tuple[str, str] | None:
    """What the message replies to: the label and what was asked of it."""
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or not asked.from_user.is_bot:
        return None
    found = ASKED.match(to_simplified(asked.text or ""))
    return (found[1], found[2]) if found else None


def today_of(services: Services, tx: Transaction) -> date:
    """The day as members here count it."""
    return tx.now.astimezone(ZoneInfo(services.settings.timezone)).date()


async def on_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/evidence and /timeline; in a group only a way to the private chat."""
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    said = (source.text or "").split()
    target = next((t for t in TARGETS if any(word.startswith((t, f"/{t}")) for word in said)), "")
    async with services.work(update) as tx:
        if source.chat.type == "private":
            payload = await opened(tx, source.from_user.id, target)
        else:
            reply = {"message_id": source.message_id, "allow_sending_without_reply": True}
            payload = way_in(services.bot_username, words.IN_GROUP, target)
            payload["reply_parameters"] = reply
        dedupe = f"command:{update.update_id}"
        await answer(tx, source.chat.id, thread_of(source), payload, dedupe)


async def opened(tx: Transaction, user_id: int, target: str) -> dict[str, Any]:
    """The list of evidence, or the story."""
    kept = await folder.folder_of(tx, user_id)
    if target == "timeline":
        return views.story(kept, len(kept.story))
    return views.home(kept, await papers.reminded_at(tx, user_id))


async def on_answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A note, days of her story, or a date. Danger in it is danger first; then it is kept."""
    services = services_of(context)
    message, source = from_update(update), update.effective_message
    asked = asked_in(source) if source is not None else None
    if message is None or source is None or asked is None:
        return
    text = (source.text or source.caption or "").strip()
    scores = await score(services, message) if message.text else None
    async with services.work(update) as tx:
        if scores is not None:
            await handle(services, tx, update, message, scores)
        replies = [{"text": words.EDITED if message.edited else words.ONLY_WORDS}]
        if text and not message.edited:
            replies = await _keep(services, tx, message.sender.id, asked, text)
        for number, payload in enumerate(replies):
            dedupe = f"papers:{update.update_id}:{number}"
            await answer(tx, source.chat.id, None, payload, dedupe)


async def _keep(
    services: Services, tx: Transaction, user_id: int, asked: tuple[str, str], text: str
) -> list[dict[str, Any]]:
    label, what = asked
    match what:
        case "记一句" if label in SLOT_OF:
            return await _keep_note(tx, user_id, SLOT_OF[label], text)
        case "写一条":
            return await _keep_story(services, tx, user_id, text)
        case "哪天" if label in DATE_OF:
            return await _keep_date(services, tx, user_id, DATE_OF[label], text)
    return [{"text": words.NOT_YOURS}]


async def _keep_note(tx: Transaction, user_id: int, name: str, text: str) -> list[dict[str, Any]]:
    if len(text) > LONGEST_NOTE:
        return [{"text": words.TOO_LONG.format(most=LONGEST_NOTE)}]
    kept = await folder.folder_of(tx, user_id)
    gathered = kept.slots[name]
    gathered.notes.append(text)
    gathered.done = True
    if len(gathered.notes) > papers.MOST or not await folder.put_slot(tx, user_id, name, gathered):
        return [{"text": words.FULL.format(most=papers.MOST)}]
    return [{"text": words.NOTE_KEPT}, views.slot(kept, name)]


async def _keep_story(
    services: Services, tx: Transaction, user_id: int, text: str
) -> list[dict[str, Any]]:
    if len(text) > LONGEST_STORY:
        return [{"text": words.TOO_LONG.format(most=LONGEST_STORY)}]
    first = text.splitlines()[0][:20]
    entries = read_story(text)
    if entries is None:
        return [{"text": words.NOT_A_DAY.format(text=first)}]
    today = today_of(services, tx).isoformat()
    late = next((day for day, _ in entries if day > today), None)
    if late is not None:
        return [{"text": words.FUTURE_DAY.format(text=late)}]
    if not await folder.add_entries(tx, user_id, entries):
        return [{"text": words.FULL.format(most=papers.MOST)}]
    kept = await folder.folder_of(tx, user_id)
    done = words.STORY_KEPT.format(count=len(entries))
    return [{"text": done}, views.story(kept, len(kept.story))]


async def _keep_date(
    services: Services, tx: Transaction, user_id: int, what: str, text: str
) -> list[dict[str, Any]]:
    today = today_of(services, tx)
    day = read_day(text)
    if day is None and to_simplified(text) not in words.REMOVE:
        return [{"text": words.NOT_A_DAY.format(text=text[:20])}]
    if day is not None and day > today:
        return [{"text": words.FUTURE_DAY.format(text=text[:20])}]
    if not await folder.put_date(tx, user_id, what, day):
        return [{"text": words.FULL.format(most=papers.MOST)}]
    return [views.dates(await folder.folder_of(tx, user_id), today)]
