"""Tells those who answer for a group that the bot does not watch it any more: once, in a line."""

from __future__ import annotations

import telegram
from telegram.constants import ChatMemberStatus

from bot.alerting.loudness import place_of
from bot.services import Services
from bot.showing import safe_text
from bot.words import duty as words_duty
from moderation.storage import Transaction, casebook, group_settings, outbox, people
from moderation.storage.chats import Chat
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role

GONE = {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}


async def tell_of_loss(
    services: Services, tx: Transaction, chat: Chat, change: telegram.ChatMemberUpdated, key: int
) -> None:
    """The bot was removed, or cannot see messages any more; `chat` is as it was known before."""
    text = await _lost(services, tx, chat, change)
    if not text:
        return
    for recipient in await _who_answers(services, tx, chat.chat_id, change):
        payload: dict[str, object] = {"text": text, "parse_mode": "HTML"}
        topic = services.alerts.calls.topic_of(recipient)
        if topic is not None:
            payload["message_thread_id"] = topic
        dedupe = f"unwatched:{key}:{recipient}"
        await outbox.put(tx, Outgoing(dedupe, Lane.ALERT, recipient, "sendMessage", payload))


async def serves_staff(services: Services, tx: Transaction, chat_id: int) -> bool:
    """Whether staff work in this chat: it is not watched itself."""
    if chat_id == services.alerts.calls.moderator_chat:
        return True
    return await group_settings.is_moderators(tx, chat_id)


async def _lost(
    services: Services, tx: Transaction, chat: Chat, change: telegram.ChatMemberUpdated
) -> str:
    """What is lost by a change, in words; empty if nothing is that was not lost before."""
    before, after = change.old_chat_member, change.new_chat_member
    staff = await serves_staff(services, tx, chat.chat_id)
    if after.status in GONE:
        if not chat.present:
            return ""
        said = words_duty.GONE_FROM_STAFF if staff else words_duty.GONE_FROM_GROUP
    else:
        was_admin = chat.bot_status == ChatMemberStatus.ADMINISTRATOR
        saw = was_admin or _sees(before, services.reads_all)
        if staff or not saw or _sees(after, services.reads_all):
            return ""
        said = words_duty.BLIND_IN_GROUP
    text = said.format(chat=safe_text(chat.title) or chat.chat_id)
    waiting = await casebook.count_live_crises(tx, chat.chat_id)
    return text + words_duty.CRISES_LEFT.format(count=waiting) if waiting else text


def _sees(standing: telegram.ChatMember, reads_all: bool) -> bool:
    """Whether the bot sees what members say: as an admin, or in the group without privacy mode."""
    if isinstance(standing, telegram.ChatMemberRestricted):
        return reads_all and standing.is_member
    if standing.status == ChatMemberStatus.MEMBER:
        return reads_all
    return standing.status == ChatMemberStatus.ADMINISTRATOR


async def _who_answers(
    services: Services, tx: Transaction, chat_id: int, change: telegram.ChatMemberUpdated
) -> list[int]:
    """The place of the group's moderators and the owners; with neither, the counselors.

    Whoever took a right while the bot stays hears what is missing already: not twice, where others hear.
    """
    place = await place_of(tx, chat_id, services.alerts.calls.moderator_chat)
    places = [place] if place is not None and place != chat_id else []
    found = [*places, *await people.holders(tx, Role.OWNER)]
    found = list(dict.fromkeys(found or await people.holders(tx, Role.COUNSELOR)))
    if change.new_chat_member.status in GONE:
        return found
    return [one for one in found if one != change.from_user.id] or found
