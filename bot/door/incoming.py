"""The one place where a Telegram update becomes a Message. Pure."""

from __future__ import annotations

import telegram
import telegram.ext
from telegram.constants import ChatType

from moderation.vocabulary import Media, Message, Sender, SenderKind

TELEGRAM_SERVICE = 777000
"""The account under which a linked channel's posts appear in its discussion group."""
ANONYMOUS_ADMIN_BOT = 1087968824
CHANNEL_BOT = 136817688
STAND_INS = {TELEGRAM_SERVICE, ANONYMOUS_ADMIN_BOT, CHANNEL_BOT}


def from_update(update: telegram.Update) -> Message | None:
    """The message of an update with its sender's own words; None if there is none to judge."""
    source = update.effective_message
    return message_of(source) if isinstance(source, telegram.Message) else None


def message_of(source: telegram.Message) -> Message | None:
    """A Telegram message with its sender's own words; None if Telegram wrote it itself."""
    sender = sender_of(source)
    if sender is None or is_service(source):
        return None
    return Message(
        chat_id=source.chat.id,
        message_id=source.message_id,
        sender=sender,
        text=words_of(source),
        sent_at=source.edit_date or source.date,
        private=source.chat.type == ChatType.PRIVATE,
        thread_id=thread_of(source),
        reply_to=source.reply_to_message.message_id if source.reply_to_message else None,
        quote=source.quote.text if source.quote else None,
        answered=_answered(source),
        forwarded_from=forwarded_from(source),
        points_at=_points_at(source),
        edited=source.edit_date is not None,
        album_id=source.media_group_id,
        attachment=attachment_of(source),
        media=media_of(source),
    )


def sender_of(source: telegram.Message) -> Sender | None:
    """Who speaks: a member, the group's anonymous admin, a channel, or a bot."""
    identity = source.sender_chat
    if identity is not None:
        own = identity.id == source.chat.id
        kind = SenderKind.ANONYMOUS_ADMIN if own else SenderKind.CHANNEL
        name = "匿名管理员" if own else identity.title or identity.effective_name or "频道"
        return Sender(identity.id, name, kind)
    user = source.from_user
    if user is None:
        return None
    is_bot = user.is_bot and user.id not in STAND_INS
    kind = SenderKind.BOT if is_bot else SenderKind.MEMBER
    return Sender(user.id, user.full_name, kind, user.username)


def words_of(source: telegram.Message) -> str:
    """The sender's own words, wherever Telegram keeps them."""
    if source.text or source.caption:
        return str(source.text or source.caption)
    if source.poll:
        return "\n".join([source.poll.question, *(option.text for option in source.poll.options)])
    if source.sticker:
        return source.sticker.emoji or ""
    if source.document:
        return source.document.file_name or ""
    if source.contact:
        contact = source.contact
        return f"{contact.first_name} {contact.last_name or ''} {contact.phone_number}".strip()
    if source.venue:
        return f"{source.venue.title} {source.venue.address}"
    return ""


def _answered(source: telegram.Message) -> str | None:
    if source.quote:
        return source.quote.text
    target = source.reply_to_message
    return words_of(target) or None if target is not None and not is_service(target) else None


def forwarded_from(source: telegram.Message) -> str | None:
    """Whose words these are, if they are not the sender's own."""
    origin = source.forward_origin
    match origin:
        case telegram.MessageOriginUser():
            own = source.from_user is not None and origin.sender_user.id == source.from_user.id
            return None if own else origin.sender_user.full_name
        case telegram.MessageOriginHiddenUser():
            return origin.sender_user_name
        case telegram.MessageOriginChat():
            return origin.sender_chat.effective_name
        case telegram.MessageOriginChannel():
            return origin.chat.effective_name
    return None


def _points_at(source: telegram.Message) -> Sender | None:
    """The member whose words are forwarded, or the only one tagged by account."""
    origin = source.forward_origin
    if isinstance(origin, telegram.MessageOriginUser):
        users = [origin.sender_user]
    else:
        tagged = (*source.entities, *source.caption_entities)
        users = [entity.user for entity in tagged if entity.user is not None]
    own = source.from_user.id if source.from_user else 0
    found = {user.id: user for user in users if not user.is_bot and user.id != own}
    if len(found) != 1:
        return None
    user = next(iter(found.values()))
    return Sender(user.id, user.full_name, username=user.username)


def thread_of(source: telegram.Message) -> int | None:
    """The forum topic, where the group has topics."""
    return source.message_thread_id if source.is_topic_message else None


def attachment_of(source: telegram.Message) -> str | None:
    """What kind of thing is attached."""
    if source.dice:
        return "dice"
    if source.venue:
        return "venue"
    attached = source.effective_attachment
    if attached is None:
        return None
    if isinstance(attached, list | tuple):
        return "photo"
    return type(attached).__name__.lower()


def media_of(source: telegram.Message) -> Media | None:
    """The picture or film of a message, the largest size of it."""
    film = source.video or source.animation
    if source.photo:
        return Media("photo", source.photo[-1].file_id, source.message_id)
    if film is None:
        return None
    return Media("video" if source.video else "animation", film.file_id, source.message_id)


def is_service(source: telegram.Message) -> bool:
    """Whether Telegram wrote this itself: joins, pins, titles…"""
    as_update = telegram.Update(0, message=source)
    return bool(telegram.ext.filters.StatusUpdate.ALL.check_update(as_update))
