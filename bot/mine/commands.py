"""/mydata and /forgetme, and the buttons under them. Only in the private chat of the one it is about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from telegram import Update
from telegram.ext import ContextTypes

from bot import words as common
from bot.door.incoming import thread_of
from bot.members.answers import answer, way_in
from bot.mine import forgetting, report
from bot.papers.entries import today_of
from bot.papers.folder import folder_of
from bot.services import Services, services_of
from bot.taps import Tap, acknowledge, show, tap_of
from bot.words import kept, privacy
from bot.words import mine as words
from moderation.storage import Transaction, audit, erasure, holdings, outbox, people, rates
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.retention import RULES

PATTERN = "^me:"
TARGETS = ("mydata", "forgetme")
LINK = f"^/start(@\\w+)? ({'|'.join(TARGETS)})$"
MOST, PER = 4, timedelta(hours=1)


def privacy_payload() -> dict[str, Any]:
    """What /privacy says, with the way to one's own data."""
    rows = [
        [_button(privacy.BUTTON_KEPT, "me:kept")],
        [_button(privacy.BUTTON_SHOW, "me:copy"), _button(words.BUTTON_FORGET, "me:ask")],
    ]
    return {"text": privacy.PRIVACY, "reply_markup": {"inline_keyboard": rows}}


async def on_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/mydata and /forgetme; in a group only a way to the private chat."""
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    target = next((t for t in TARGETS if t in (source.text or "")), TARGETS[0])
    dedupe = f"command:{update.update_id}"
    async with services.work(update) as tx:
        if source.chat.type != "private":
            payload = way_in(services.bot_username, words.IN_GROUP, target)
            reply = {"message_id": source.message_id, "allow_sending_without_reply": True}
            payload["reply_parameters"] = reply
        elif target == "forgetme":
            payload = await _question(tx, source.from_user.id)
        else:
            payload = await _shown(services, tx, source.from_user.id, dedupe)
        await answer(tx, source.chat.id, thread_of(source), payload, dedupe)


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """«全部擦掉», «先给我一份», «先不擦»."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    yes = tap.private and tap.args == ("yes",)
    async with services.work(update) as tx:
        told = await react(services, tx, tap)
        await acknowledge(tx, tap, told)
    if yes:
        forgetting.forget_in_memory(services, tap.user.id)


async def react(services: Services, tx: Transaction, tap: Tap) -> str:
    """Do what the button says; what the tapper is told."""
    if not tap.private:
        return common.OLD_BUTTON
    dedupe = f"mine:{tap.id}"
    match tap.args:
        case ("ask",):
            payload = await _question(tx, tap.user.id)
        case ("copy",):
            payload = await _shown(services, tx, tap.user.id, dedupe)
        case ("kept",):
            lines = "\n".join(kept.lines(RULES))
            payload = {"text": privacy.KEPT_LIST.format(lines=lines)}
        case ("no",):
            await show(tx, tap, {"text": words.KEPT})
            return ""
        case ("yes",):
            found = await forgetting.forget(services, tx, tap.user)
            await show(tx, tap, forgetting.said(found))
            return words.ERASED_NOTICE
        case _:
            return common.OLD_BUTTON
    await answer(tx, tap.user.id, None, payload, dedupe)
    return ""


async def _question(tx: Transaction, user_id: int) -> dict[str, Any]:
    """What would go and what would stay; asks once more."""
    text = words.FORGET
    if await erasure.at_work(tx, user_id):
        text += words.FORGET_HELD.format(days=erasure.HELD_AT_MOST.days)
    if await people.roles_of(tx, user_id):
        text += words.FORGET_STAFF
    rows = [
        [_button(words.BUTTON_YES, "me:yes")],
        [_button(words.BUTTON_COPY, "me:copy"), _button(words.BUTTON_NO, "me:no")],
    ]
    return {"text": text, "reply_markup": {"inline_keyboard": rows}}


async def _shown(services: Services, tx: Transaction, user_id: int, dedupe: str) -> dict[str, Any]:
    """The short list; the file with all of it follows."""
    if not await rates.allow(tx, "mydata", user_id, MOST, PER):
        return {"text": words.TOO_OFTEN}
    held = await holdings.held_of(tx, user_id)
    zone = ZoneInfo(services.settings.timezone)
    folder = await folder_of(tx, user_id)
    row = Outgoing(
        dedupe=f"mydata:{dedupe}",
        lane=Lane.ANSWER,
        chat_id=user_id,
        method="sendDocument",
        payload=report.text_file(held, folder, today_of(services, tx), zone),
    )
    await audit.record(tx, tx.sealer.hash_id(user_id), "read_own_data")
    rows = [[_button(words.BUTTON_FORGET, "me:ask")]]
    payload = {"text": report.summary(held), "reply_markup": {"inline_keyboard": rows}}
    await outbox.put(tx, row)
    return payload


def _button(text: str, data: str) -> dict[str, str]:
    return {"text": text, "callback_data": data}
