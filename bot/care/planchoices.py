"""Taps under a safety plan. Only its owner sees them: they work in her private chat alone."""

from __future__ import annotations

from html import escape
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.care import plancards, plantext
from bot.care.plantext import SafetyPlan
from bot.care.safetyplan import ask_step, say
from bot.members.kindness import INSTEAD
from bot.posing import member_name
from bot.services import Services, services_of
from bot.taps import Tap, acknowledge, show, tap_of
from bot.words import care
from moderation.storage import Transaction, audit, duty, followups, outbox, people, safetyplans
from moderation.storage.erasure import SHARED
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role

PATTERN = "^sp:"
LOUD = frozenset({"share", "erase"})
"""Taps that are asked about first, in a box that must be read."""


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button of the safety plan."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    async with services.work(update) as tx:
        said = await _react(services, tx, tap)
        await acknowledge(tx, tap, said, alert=bool(LOUD & set(tap.args)))


async def _react(services: Services, tx: Transaction, tap: Tap) -> str:
    if not tap.private or len(tap.args) != 1:
        return words.OLD_BUTTON
    what = tap.args[0]
    if what == "begin":
        await ask_step(tx, tap.user.id, SafetyPlan(), 0, tap.id)
        return ""
    if what == "later":
        await show(tx, tap, {"text": care.SAFETY_LATER})
        return ""
    plan = plantext.read(tap.text)
    if plan is None:
        return await _unreadable(tx, tap, what)
    return await _with_plan(services, tx, tap, plan, what)


async def _unreadable(tx: Transaction, tap: Tap, what: str) -> str:
    """Telegram kept the words back, or it was erased: what needs no words still works."""
    if what == "erase-yes":
        return await _erase(tx, tap)
    kept = await safetyplans.kept_for(tx, tap.user.id)
    if kept is None:
        return words.OLD_BUTTON
    await say(tx, tap.user.id, care.SAFETY_UNREADABLE, tap.id)
    return ""


async def _with_plan(
    services: Services, tx: Transaction, tap: Tap, plan: SafetyPlan, what: str
) -> str:
    match what:
        case "go":
            step = plan.next_empty()
            await _ask_or_pick(tx, tap, plan, step)
            return ""
        case "pick":
            await _buttons(tx, tap, plancards.steps_menu())
            return ""
        case "back":
            await _buttons(tx, tap, plancards.menu())
            return ""
        case "pin":
            return await _pin(tx, tap)
        case "keep":
            return await _keep(tx, tap, plan)
        case "share":
            _, name = await _holder(services, tx, tap)
            yes, no = care.SAFETY_SHARE_YES, care.SAFETY_SHARE_NO
            await _buttons(tx, tap, plancards.sure(yes, no, "share"))
            return care.SAFETY_SHARE_ASK.format(holder=name)
        case "share-yes":
            await _buttons(tx, tap, plancards.menu())
            return await _share(services, tx, tap, plan)
        case "erase":
            yes, no = care.SAFETY_ERASE_YES, care.SAFETY_ERASE_NO
            await _buttons(tx, tap, plancards.sure(yes, no, "erase"))
            return care.SAFETY_ERASE_ASK
        case "erase-yes":
            return await _erase(tx, tap)
        case _ if what[:1] == "s" and what[1:] in {str(n) for n in range(plantext.STEPS)}:
            await _buttons(tx, tap, plancards.menu())
            await ask_step(tx, tap.user.id, plan, int(what[1:]), tap.id)
            return ""
    return words.OLD_BUTTON


async def _ask_or_pick(tx: Transaction, tap: Tap, plan: SafetyPlan, step: int | None) -> None:
    """Go on where nothing stands yet; when all is filled in, which step shall be changed?"""
    if step is None:
        await _buttons(tx, tap, plancards.steps_menu())
    else:
        await ask_step(tx, tap.user.id, plan, step, tap.id)


async def _pin(tx: Transaction, tap: Tap) -> str:
    await safetyplans.note_place(tx, tap.user.id, tap.message_id)
    payload = {"message_id": tap.message_id, "disable_notification": True}
    await _call(tx, tap, "pinChatMessage", payload, "pin")
    return care.SAFETY_PINNED


async def _keep(tx: Transaction, tap: Tap, plan: SafetyPlan) -> str:
    await safetyplans.keep(tx, tap.user.id, plantext.write(plan))
    await safetyplans.note_place(tx, tap.user.id, tap.message_id)
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), "safety_plan_kept")
    return care.SAFETY_KEPT


async def _share(services: Services, tx: Transaction, tap: Tap, plan: SafetyPlan) -> str:
    """To the one who has been with her, else to the counselors; never to a group."""
    recipients, _ = await _holder(services, tx, tap)
    text = care.SAFETY_FROM.format(
        who=member_name(tap.user.full_name, await duty.names(tx)),
        text=escape(plantext.write(plan), quote=False),
    )
    lost = {"chat_id": tap.user.id, "payload": {"text": care.SAFETY_NOT_DELIVERED}}
    for recipient in recipients:
        row = Outgoing(
            dedupe=f"safety:share:{tap.id}:{recipient}",
            lane=Lane.ALERT,
            chat_id=recipient,
            method="sendMessage",
            payload={"text": text, "parse_mode": "HTML", INSTEAD: lost},
            purpose=SHARED.format(tx.sealer.hash_id(tap.user.id)),
        )
        await outbox.put(tx, row)
    if not recipients:
        return care.SAFETY_NOBODY
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, "safety_plan_shared", detail={"with": len(recipients)})
    return care.SAFETY_SHARED


async def _holder(services: Services, tx: Transaction, tap: Tap) -> tuple[list[int], str]:
    """Who would see it, and how they are called."""
    known = await followups.last_holder(tx, tap.user.id)
    staff = await people.holders(tx, Role.COUNSELOR)
    if known is not None and await people.roles_of(tx, known[0]):
        return [known[0]], known[1]
    return [one for one in staff if one != tap.user.id], words.THIS_COUNSELOR


async def _erase(tx: Transaction, tap: Tap) -> str:
    """Nothing is left here; every copy in the chat that is still known turns empty."""
    places = await safetyplans.erase(tx, tap.user.id)
    for place in sorted({*places, tap.message_id}):
        payload = {"text": care.SAFETY_ERASED, "message_id": place}
        await _call(tx, tap, "editMessageText", payload, f"erase:{place}")
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), "safety_plan_erased")
    await say(tx, tap.user.id, care.SAFETY_ERASED_TOLD, tap.id)
    return ""


async def _buttons(tx: Transaction, tap: Tap, markup: dict[str, Any]) -> None:
    payload = {"message_id": tap.message_id, "reply_markup": markup}
    await _call(tx, tap, "editMessageReplyMarkup", payload, "buttons")


async def _call(tx: Transaction, tap: Tap, method: str, payload: dict[str, Any], what: str) -> None:
    row = Outgoing(
        dedupe=f"safety:{what}:{tap.id}",
        lane=Lane.TAP,
        chat_id=tap.chat_id,
        method=method,
        payload=payload,
    )
    await outbox.put(tx, row)
