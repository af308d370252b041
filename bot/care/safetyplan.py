"""/safetyplan: six steps in the private chat, at the member's pace. The chat itself is where it is kept.

No draft is stored: every question holds the plan so far, and the answer comes as a reply to it. What is
remembered is only the number of the message that holds the plan, and the plan itself if she asks.
"""

from __future__ import annotations

from typing import Any

import telegram
from telegram import Update
from telegram.ext import ContextTypes, filters

from bot.care import plancards, plantext
from bot.care.plantext import SafetyPlan
from bot.door.incoming import from_update, thread_of
from bot.hearing.messages import handle, score
from bot.members.answers import answer, way_in
from bot.members.kindness import INSTEAD
from bot.services import Services, services_of
from bot.words import care
from moderation.policy import judge
from moderation.storage import Transaction, outbox, people, safetyplans
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.safetyplans import PURPOSE
from moderation.vocabulary import Crisis, Scores, Sensitivity

TARGET = "safetyplan"
LINK = f"^/start(@\\w+)? {TARGET}$"


class _Answering(filters.MessageFilter):
    """A reply to a question of the plan, or a whole plan that somebody pasted."""

    def filter(self, message: telegram.Message) -> bool:
        if message.chat.type != "private" or not message.text:
            return False
        return question_of(message) is not None or plantext.read(message.text) is not None


ANSWERING = _Answering()


def question_of(message: telegram.Message) -> str | None:
    """The question that a message replies to, with the plan so far; None if it replies to none."""
    asked = message.reply_to_message
    if asked is None or asked.from_user is None or not asked.from_user.is_bot:
        return None
    text = asked.text or ""
    return text if plantext.read(text) is not None and plantext.asked(text) is not None else None


async def on_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/safetyplan: the plan if there is one, else how it goes; in a group only a way to the private chat."""
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    async with services.work(update) as tx:
        if source.chat.type == "private":
            await people.note_writable(tx, source.from_user.id, writable=True)
            await _open(tx, source.from_user.id, f"{update.update_id}")
            return
        payload = {
            **way_in(services.bot_username, care.SAFETY_IN_GROUP, TARGET),
            "reply_parameters": plancards.reply_to(source.message_id),
        }
        dedupe = f"command:{update.update_id}"
        await answer(tx, source.chat.id, thread_of(source), payload, dedupe)


async def on_answer(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """One step was answered, skipped, or the writing stopped. Danger in an answer is danger."""
    services = services_of(context)
    message, source = from_update(update), update.effective_message
    if message is None or source is None or not source.text:
        return
    scores = await score(services, message)
    async with services.work(update) as tx:
        if _in_danger(services, scores):
            await handle(services, tx, update, message, scores)
        question = question_of(source)
        if message.edited:
            await say(tx, message.sender.id, care.SAFETY_EDITED, f"{update.update_id}")
        elif question is None:
            pasted = plantext.read(source.text)
            assert pasted is not None
            await finish(tx, message.sender.id, pasted, f"{update.update_id}")
        else:
            await _take(tx, message.sender.id, question, source, f"{update.update_id}")


async def ask_step(tx: Transaction, user_id: int, plan: SafetyPlan, step: int, dedupe: str) -> None:
    """Put the question of one step, with the plan so far above it."""
    payload = {
        "text": plantext.ask(plan, step),
        "reply_markup": {
            "force_reply": True,
            "input_field_placeholder": care.SAFETY_REPLY_HINT,
        },
    }
    await _send(tx, user_id, payload, f"ask:{dedupe}")


async def finish(tx: Transaction, user_id: int, plan: SafetyPlan, dedupe: str) -> None:
    """Show the plan: in the message that held it before, so that a pinned one stays right."""
    text = plantext.write(plan)
    kept = await safetyplans.kept_for(tx, user_id)
    if kept is not None and kept.text is not None:
        await safetyplans.keep(tx, user_id, text)
    payload = {"text": text, "reply_markup": plancards.menu()}
    if kept is None or kept.place is None:
        await _send(tx, user_id, payload, f"plan:{dedupe}", purpose=PURPOSE)
        return
    instead = {"chat_id": user_id, "payload": payload, "purpose": PURPOSE}
    row = Outgoing(
        dedupe=f"safety:plan:{dedupe}",
        lane=Lane.ANSWER,
        chat_id=user_id,
        method="editMessageText",
        payload={**payload, "message_id": kept.place, INSTEAD: instead},
    )
    await outbox.put(tx, row)
    done = {"text": care.SAFETY_UPDATED, "reply_parameters": plancards.reply_to(kept.place)}
    await _send(tx, user_id, done, f"done:{dedupe}")


async def say(tx: Transaction, user_id: int, text: str, dedupe: str) -> None:
    """A line in the private chat."""
    await _send(tx, user_id, {"text": text}, f"say:{dedupe}")


async def _open(tx: Transaction, user_id: int, dedupe: str) -> None:
    kept = await safetyplans.kept_for(tx, user_id)
    if kept is None:
        await _send(tx, user_id, plancards.intro(), f"intro:{dedupe}")
        return
    whole = {"text": kept.text, "reply_markup": plancards.menu()} if kept.text else None
    if kept.place is None:
        await _send(tx, user_id, whole or plancards.intro(), f"kept:{dedupe}", purpose=PURPOSE)
        return
    lost = {**plancards.intro(), "text": care.SAFETY_GONE}
    instead = {"chat_id": user_id, "payload": whole or lost}
    here: dict[str, Any] = {
        **plancards.here(),
        "reply_parameters": {"message_id": kept.place},
        INSTEAD: {**instead, "purpose": PURPOSE} if whole else instead,
    }
    await _send(tx, user_id, here, f"here:{dedupe}", Lane.CRISIS)


async def _take(
    tx: Transaction, user_id: int, question: str, source: telegram.Message, dedupe: str
) -> None:
    """Put an answer into its step and go on to the next empty one."""
    plan, step = plantext.read(question), plantext.asked(question)
    assert plan is not None
    assert step is not None
    text = (source.text or "").strip()
    word = text.strip(" 。.！!").lower()
    if word in care.SAFETY_STOP:
        await finish(tx, user_id, plan, dedupe)
    elif word not in care.SAFETY_SKIP and not plantext.fits(text):
        await say(tx, user_id, care.SAFETY_TOO_LONG.format(most=plantext.MOST), dedupe)
        return
    else:
        plan = plan if word in care.SAFETY_SKIP else plan.with_answer(step, text)
        following = plan.next_empty(after=step)
        if following is None:
            await finish(tx, user_id, plan, dedupe)
        else:
            await ask_step(tx, user_id, plan, following, dedupe)
    assert source.reply_to_message is not None
    await _take_away(tx, user_id, source.reply_to_message.message_id)


async def _take_away(tx: Transaction, user_id: int, message_id: int) -> None:
    """The question that was answered; the next one holds all of it."""
    row = Outgoing(
        dedupe=f"safety:away:{user_id}:{message_id}",
        lane=Lane.BULK,
        chat_id=user_id,
        method="deleteMessage",
        payload={"message_id": message_id},
    )
    await outbox.put(tx, row)


def _in_danger(services: Services, scores: Scores) -> bool:
    """Whether an answer says that it is happening now. Wishes to be dead belong into step one."""
    points = services.points[Sensitivity.QUIET]
    return judge(scores, points).crisis is Crisis.IMMINENT


async def _send(
    tx: Transaction,
    user_id: int,
    payload: dict[str, Any],
    dedupe: str,
    lane: Lane = Lane.ANSWER,
    purpose: str | None = None,
) -> None:
    row = Outgoing(
        dedupe=f"safety:{dedupe}",
        lane=lane,
        chat_id=user_id,
        method="sendMessage",
        payload=payload,
        purpose=purpose,
    )
    await outbox.put(tx, row)
