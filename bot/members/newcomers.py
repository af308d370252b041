"""Who comes into a group reads once what the bot does there; who leaves is dropped from its memory."""

from __future__ import annotations

from datetime import timedelta

import telegram
from telegram import Update
from telegram.ext import ContextTypes

from bot.hearing.messages import is_moderators, known_chat
from bot.members.answers import clear
from bot.readers import ours
from bot.services import Services, services_of
from bot.words import privacy as words
from moderation.storage import Transaction, chats, outbox, sightings
from moderation.storage.outbox import Lane, Outgoing

EVERY = timedelta(hours=6)
"""One notice serves all who come within this time; it takes the place of the one before."""
PURPOSE = "welcome"
STAYS = timedelta(hours=1)
"""A notice that could not be said for so long is not said."""


async def on_member(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Somebody joined or left, in a group where the bot is an admin."""
    services, change = services_of(context), update.chat_member
    if change is None or await is_moderators(services, change.chat.id):
        return
    before, after = _inside(change.old_chat_member), _inside(change.new_chat_member)
    user = change.new_chat_member.user
    async with services.work(update) as tx:
        if after and not before and not user.is_bot:
            await _welcome(services, tx, update)
            await sightings.note(tx, change.chat.id, user.id)
        elif before and not after:
            await _farewell(services, tx, change.chat.id, user.id)


async def on_service_message(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The same where the bot is a plain member: Telegram's own line in the group."""
    services, source = services_of(context), update.effective_message
    if source is None or await is_moderators(services, source.chat.id):
        return
    async with services.work(update) as tx:
        if any(not user.is_bot for user in source.new_chat_members):
            await _welcome(services, tx, update)
            for user in source.new_chat_members:
                await sightings.note(tx, source.chat.id, user.id)
        elif source.left_chat_member is not None and not source.left_chat_member.is_bot:
            await _farewell(services, tx, source.chat.id, source.left_chat_member.id)


async def _welcome(services: Services, tx: Transaction, update: Update) -> None:
    chat = await known_chat(services, tx, update)
    turn = int(tx.now.timestamp() // EVERY.total_seconds())
    said = await outbox.put(
        tx,
        Outgoing(
            dedupe=f"{PURPOSE}:{chat.chat_id}:{turn}",
            lane=Lane.BULK,
            chat_id=chat.chat_id,
            method="sendMessage",
            payload=ours({"text": words.WELCOME, "disable_notification": True}),
            purpose=PURPOSE,
            expires_in=STAYS,
        ),
    )
    if said is not None:
        await clear(tx, chat.chat_id, PURPOSE, but=said)


async def _farewell(services: Services, tx: Transaction, chat_id: int, user_id: int) -> None:
    """Her last sentences and her mood there are forgotten; what humans look after goes by its rules."""
    services.recent.forget(user_id, chat_id)
    await chats.forget_in_moods(tx, user_id, chat_id)
    await sightings.forget(tx, chat_id, user_id)


def _inside(member: telegram.ChatMember) -> bool:
    if isinstance(member, telegram.ChatMemberRestricted):
        return member.is_member
    return member.status not in {telegram.ChatMember.LEFT, telegram.ChatMember.BANNED}
