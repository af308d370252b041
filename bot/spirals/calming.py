"""A calming word to the group: seen by the moderator before it goes out, and never the same twice running."""

from __future__ import annotations

from html import escape
from typing import Any

from bot import words
from bot.alerting.cardview import ACT, ActKind
from bot.readers import ours
from bot.services import Services
from bot.showing import safe_name, safe_text
from bot.spirals.dangers import dangers_of
from bot.staff.acting import Acting, Doer
from bot.taps import Tap, show
from bot.words import spirals as said
from moderation.spiral.story import Story
from moderation.storage import Transaction, acts, audit, casebook, chats, notes, outbox, spirals
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, Outgoing

KEYS = tuple(said.CALMING)


async def preview(services: Services, tx: Transaction, tap: Tap, case: Case) -> str:
    """Show what would be said, with buttons to say it, another, or nothing."""
    story = await spirals.story_of(tx, case.id)
    refusal = await _refusal(services.acting, tx, case, story)
    if refusal is not None or story is None:
        return refusal or words.OLD_BUTTON
    key = await next_key(tx, case.chat_id)
    row = Outgoing(
        dedupe=f"preview:{tap.id}",
        lane=Lane.TAP,
        chat_id=tap.chat_id,
        method="sendMessage",
        payload=_below(services, tap, await _preview(tx, case, story, key)),
    )
    await outbox.put(tx, row)
    return ""


async def react(services: Services, tx: Transaction, tap: Tap, case: Case, args: list[str]) -> str:
    """A button of the preview."""
    match args:
        case ["drop"]:
            await show(tx, tap, {"text": said.PREVIEW_DROPPED})
            return ""
        case ["next", key] if key in said.CALMING:
            return await _another(services, tx, tap, case, key)
        case ["send", key] if key in said.CALMING:
            return await _send(services, tx, tap, case, key)
    return words.OLD_BUTTON


async def put_calm(
    acting: Acting, tx: Transaction, case: Case, story: Story, key: str, doer: Doer
) -> None:
    """Store the word to the group, as an act that can be taken back; the caller refreshes cards."""
    count = len(await acts.of_case(tx, case.id))
    row = Outgoing(
        dedupe=f"act:{case.id}:{ActKind.CALM}:{count}",
        lane=Lane.TAP,
        chat_id=case.chat_id,
        method="sendMessage",
        payload=_word(acting, story, key),
        purpose=f"{ACT}{ActKind.CALM}",
        case_id=case.id,
        not_before=tx.now + acting.take_back,
    )
    row_id = await outbox.put(tx, row)
    await acts.note(tx, case.id, ActKind.CALM, doer.id, doer.name, row_id)
    await notes.write(tx, _note(case.chat_id), key)


async def next_key(tx: Transaction, chat_id: int) -> str:
    """The word that comes after the one last said in this group."""
    return _after(await notes.read(tx, _note(chat_id)))


async def _another(services: Services, tx: Transaction, tap: Tap, case: Case, key: str) -> str:
    story = await spirals.story_of(tx, case.id)
    refusal = await _refusal(services.acting, tx, case, story)
    if refusal is not None or story is None:
        return refusal or words.OLD_BUTTON
    await show(tx, tap, await _preview(tx, case, story, _after(key)))
    return ""


async def _send(services: Services, tx: Transaction, tap: Tap, case: Case, key: str) -> str:
    acting = services.acting
    story = await spirals.story_of(tx, case.id)
    refusal = await _refusal(acting, tx, case, story)
    if refusal is not None or story is None:
        return refusal or words.OLD_BUTTON
    doer = Doer(tap.user.id, tap.user.full_name)
    await put_calm(acting, tx, case, story, key, doer)
    await audit.record(tx, tx.sealer.hash_id(doer.id), f"act:{ActKind.CALM}", case.id, {"key": key})
    await casebook.touch(tx, case.id)
    await acting.calls.refresh(tx, case.id)
    head = said.PREVIEW_SENT.format(who=safe_name(doer.name))
    await show(tx, tap, {"text": _quoted(head, key), "parse_mode": "HTML"})
    return acting.said(ActKind.CALM)


async def _refusal(acting: Acting, tx: Transaction, case: Case, story: Story | None) -> str | None:
    refusal = await acting.refusal(tx, case, ActKind.CALM, None)
    if refusal is None and story is not None and story.ending is not None:
        return said.CALM_OVER
    return refusal


async def _preview(tx: Transaction, case: Case, story: Story, key: str) -> dict[str, Any]:
    chat = await chats.get(tx, case.chat_id)
    head = said.PREVIEW.format(place=safe_text(chat.title) if chat else "")
    if await dangers_of(tx, case.chat_id, story):
        head = f"{said.PREVIEW_DANGER}\n{head}"
    rows = [
        [_button(said.BUTTON_SEND, f"calm:{case.id}:send:{key}")],
        [
            _button(said.BUTTON_OTHER, f"calm:{case.id}:next:{key}"),
            _button(said.BUTTON_DROP, f"calm:{case.id}:drop"),
        ],
    ]
    markup = {"inline_keyboard": rows}
    return {"text": _quoted(head, key), "parse_mode": "HTML", "reply_markup": markup}


def _below(services: Services, tap: Tap, payload: dict[str, Any]) -> dict[str, Any]:
    """The same as an answer to the card, in its topic."""
    topic = services.alerts.calls.topic_of(tap.chat_id)
    if topic is not None:
        payload = {**payload, "message_thread_id": topic}
    if not tap.message_id:
        return payload
    reply = {"message_id": tap.message_id, "allow_sending_without_reply": True}
    return {**payload, "reply_parameters": reply}


def _word(acting: Acting, story: Story, key: str) -> dict[str, Any]:
    """What the group reads, in the topic where it sinks, with a way to the private chat."""
    link = f"https://t.me/{acting.bot_username}?start=sos"
    payload: dict[str, Any] = {
        "text": said.CALMING[key],
        "reply_markup": {"inline_keyboard": [[{"text": said.BUTTON_ALONE, "url": link}]]},
    }
    if story.thread_id is not None:
        payload["message_thread_id"] = story.thread_id
    return ours(payload)


def _quoted(head: str, key: str) -> str:
    return f"{head}\n<blockquote>{escape(said.CALMING[key])}</blockquote>"


def _after(key: str | None) -> str:
    place = KEYS.index(key) + 1 if key in KEYS else 0
    return KEYS[place % len(KEYS)]


def _note(chat_id: int) -> str:
    return f"calm:{chat_id}"


def _button(text: str, data: str) -> dict[str, str]:
    return {"text": text, "callback_data": data}
