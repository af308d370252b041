"""The bot's own standing in groups: added, promoted, muted, removed; groups that move."""

from __future__ import annotations

import telegram
from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.hearing.messages import known_chat
from bot.members.kindness import INSTEAD
from bot.members.unwatched import GONE, serves_staff, tell_of_loss
from bot.services import Services, services_of
from bot.showing import safe_text
from moderation.storage import Transaction, audit, chats, notes, outbox, people
from moderation.storage.chats import Chat
from moderation.storage.outbox import Lane, Outgoing


async def on_my_status(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """The bot was added, promoted, muted, removed, or a user opened or blocked it."""
    services = services_of(context)
    change = update.my_chat_member
    if change is None:
        return
    async with services.work(update) as tx:
        if change.chat.type == "private":
            writable = change.new_chat_member.status not in GONE
            await people.note_writable(tx, change.chat.id, writable=writable)
        elif change.chat.type in {"group", "supergroup"}:
            await _in_group(services, tx, update, change)


async def on_migrate(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A group became a supergroup: all that is known of it follows to the new id."""
    services = services_of(context)
    source = update.effective_message
    if source is None:
        return
    old, new = source.chat.id, source.migrate_to_chat_id
    if source.migrate_from_chat_id:
        old, new = source.migrate_from_chat_id, source.chat.id
    async with services.work(update) as tx:
        if new is not None and old == services.alerts.calls.moderator_chat:
            await notes.write(tx, moved_note(services.settings.moderator_chat), str(new))
            services.alerts.calls.moderator_chat = new
        if new is not None and await chats.get(tx, old) is not None:
            await chats.move(tx, old, new)
            await outbox.move_chat(tx, old, new)
            await audit.record(tx, "bot", "chat_moved", detail={"from": old, "to": new})


def moved_note(chat_id: int) -> str:
    """Under which name it is noted that the moderators' chat of the settings has a new id."""
    return f"moderators:{chat_id}"


async def _in_group(
    services: Services, tx: Transaction, update: Update, change: telegram.ChatMemberUpdated
) -> None:
    before, after = change.old_chat_member, change.new_chat_member
    chat = await known_chat(services, tx, update)
    admin = after if isinstance(after, telegram.ChatMemberAdministrator) else None
    await chats.change(
        tx,
        chat.chat_id,
        bot_status=str(after.status),
        can_delete=bool(admin and admin.can_delete_messages),
        can_restrict=bool(admin and admin.can_restrict_members),
    )
    await audit.record(
        tx, "bot", "standing", detail={"chat": chat.chat_id, "status": str(after.status)}
    )
    await tell_of_loss(services, tx, chat, change, update.update_id)
    if after.status in GONE:
        await chats.note_left(tx, chat.chat_id)
        services.recent.forget_group(chat.chat_id)
        return
    arrived = before.status in GONE
    if arrived:
        await chats.change(
            tx, chat.chat_id, added_by=change.from_user.id, told_missing=False, left_at=None
        )
    if await serves_staff(services, tx, chat.chat_id):
        return
    if arrived:
        await _say(tx, chat.chat_id, words.NOTICE, f"notice:{update.update_id}")
    missing = _missing(after)
    if missing is not None:
        await _tell_once(tx, chat, change.from_user.id, missing, arrived)
    elif chat.told_missing:
        await chats.change(tx, chat.chat_id, told_missing=False)


def _missing(standing: telegram.ChatMember) -> str | None:
    """What the bot cannot do, in plain words; None if nothing is missing."""
    if isinstance(standing, telegram.ChatMemberRestricted) and not standing.can_send_messages:
        return words.MUTED
    if not isinstance(standing, telegram.ChatMemberAdministrator):
        return words.RIGHTS_MISSING
    return None if standing.can_delete_messages else words.RIGHT_DELETE_MISSING


async def _tell_once(
    tx: Transaction, chat: Chat, admin_id: int, missing: str, arrived: bool
) -> None:
    """Tell the admin who caused it, in private; until the right is there, only once."""
    if chat.told_missing and not arrived:
        return
    await chats.change(tx, chat.chat_id, told_missing=True)
    said = {"text": missing.format(chat=safe_text(chat.title)), "parse_mode": "HTML"}
    group = {"chat_id": chat.chat_id, "payload": said}
    await outbox.put(
        tx,
        Outgoing(
            dedupe=f"missing:{chat.chat_id}:{tx.now.isoformat()}",
            lane=Lane.ALERT,
            chat_id=admin_id,
            method="sendMessage",
            payload={**said, INSTEAD: group},
        ),
    )


async def _say(tx: Transaction, chat_id: int, text: str, dedupe: str) -> None:
    await outbox.put(
        tx,
        Outgoing(
            dedupe=dedupe,
            lane=Lane.ANSWER,
            chat_id=chat_id,
            method="sendMessage",
            payload={"text": text},
        ),
    )
