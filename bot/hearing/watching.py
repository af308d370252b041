"""Shows a group's messages to the spiral detector, and counts how the group felt that day."""

from __future__ import annotations

from bot.services import Services
from bot.spirals import stories
from bot.spirals.tuned import tuning_for
from moderation import spiral
from moderation.climate import counted
from moderation.drift import OwnDay
from moderation.spiral import Beat, SpiralEvent
from moderation.storage import (
    Transaction,
    chats,
    checkins,
    climate,
    people,
    spirals,
)
from moderation.storage.chats import Chat
from moderation.storage.group_settings import GroupSettings
from moderation.storage.people import Role
from moderation.vocabulary import Message, Scores, SenderKind

MORNING = 5
"""The hour until which it is night."""


async def watch(
    services: Services,
    tx: Transaction,
    chat: Chat,
    message: Message,
    scores: Scores,
    wanted: GroupSettings,
) -> SpiralEvent | None:
    """What this message means for the group; the detector's state, its trail and the day's counts are stored.

    A spiral that humans said this evening is none is not told again.
    """
    calls = services.alerts.calls
    before = spiral.load(await chats.spiral_state(tx, chat.chat_id))
    beat = await _beat(tx, message, scores)
    tuning = tuning_for(services.settings, wanted)
    when = wanted.spiral_when or chat.sensitivity
    after, event = spiral.step(before, beat, when, tuning=tuning)
    await chats.keep_spiral_state(tx, chat.chat_id, spiral.dump(after))
    felt = spiral.felt(before, beat)
    if felt is not None:
        sent = min(message.sent_at, tx.now).astimezone(calls.zone)
        await climate.count(tx, chat.chat_id, sent.date(), counted(felt, event))
        if message.sender.kind is SenderKind.MEMBER:
            own = OwnDay(1, scores.affect, int(sent.hour < MORNING))
            await checkins.note(tx, message.sender.id, sent.date(), own)
    begins = event is not None and event.onset
    if event is not None and not begins:
        await stories.close(calls, tx, chat.chat_id, event)
    if before.episode is not None or after.episode is not None:
        await spirals.plan_lapse(tx, chat.chat_id, stories.lapses_at(after, tuning))
    await stories.follow(calls, tx, message, beat, after, new=begins)
    if event is not None and begins:
        muted = await stories.said_to_be_none(tx, chat.chat_id, event, calls.zone)
        return None if muted else event
    return event


async def _beat(tx: Transaction, message: Message, scores: Scores) -> Beat:
    sender = message.sender
    roles = await people.roles_of(tx, sender.id)
    return Beat(
        message.sent_at,
        tx.sealer.hash_id(sender.id)[: chats.MEMBER],
        scores.affect,
        scores.supportive,
        scores.danger,
        answers=message.reply_to,
        steward=sender.kind is not SenderKind.MEMBER or Role.MODERATOR in roles,
        message=message.message_id,
        heard=tx.now,
    )
