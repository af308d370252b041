"""The Bot API's JSON shapes."""

from bot.simulator.records import JSON, CallbackQuery, Chat, Member, Message, Origin, User
from bot.simulator.rights import ADMIN_RIGHTS, BOSSES, PERMISSIONS

LEGACY_ORIGIN = {
    "user": ("forward_from", "sender_user"),
    "hidden_user": ("forward_sender_name", "sender_user_name"),
    "chat": ("forward_from_chat", "sender_chat"),
    "channel": ("forward_from_chat", "chat"),
}


def _set(**fields: object) -> JSON:
    """The fields that have something to say."""
    return {name: value for name, value in fields.items() if value not in (None, False, "", [], {})}


def user_json(user: User) -> JSON:
    """A User as it stands in messages."""
    shape: JSON = {"id": user.id, "is_bot": user.is_bot, "first_name": user.name}
    code = None if user.is_bot else user.language_code
    return shape | _set(last_name=user.last_name, username=user.username, language_code=code)


def chat_json(chat: Chat) -> JSON:
    """A Chat as it stands in messages."""
    shape: JSON = {"id": chat.id, "type": chat.kind}
    if chat.user:
        peer = chat.user
        return shape | _set(first_name=peer.name, last_name=peer.last_name, username=peer.username)
    return shape | _set(title=chat.title, username=chat.username, is_forum=chat.is_forum)


def chat_full_json(chat: Chat, linked: int | None = None) -> JSON:
    """A ChatFullInfo, getChat's answer."""
    gifts = (
        "unlimited_gifts",
        "limited_gifts",
        "unique_gifts",
        "premium_subscription",
        "gifts_from_channels",
    )
    shape = chat_json(chat) | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
    if chat.shared:
        shape |= {"permissions": permissions_json(chat.permissions), "has_visible_history": True}
    pinned = chat.messages.get(chat.pinned[-1]) if chat.pinned else None
    return shape | _set(
        description=chat.description,
        linked_chat_id=linked,
        pinned_message=pinned and message_json(pinned, nested=True),
    )


def permissions_json(permissions: dict[str, bool]) -> JSON:
    """A ChatPermissions with every field."""
    return {name: bool(permissions.get(name)) for name in PERMISSIONS}


def member_json(member: Member, editable: bool = False) -> JSON:
    """A ChatMember of whatever status."""
    shape: JSON = {"user": user_json(member.user), "status": member.status}
    if member.status in BOSSES:
        shape |= {"is_anonymous": member.anonymous} | _set(custom_title=member.custom_title)
    if member.status == "administrator":
        shape |= {name: bool(member.rights.get(name)) for name in ADMIN_RIGHTS}
        shape |= {"can_be_edited": editable}
    elif member.status == "restricted":
        shape |= permissions_json(member.rights)
        shape |= {"is_member": member.present, "until_date": member.until}
    elif member.status == "kicked":
        shape |= {"until_date": member.until}
    return shape


def message_json(message: Message, nested: bool = False) -> JSON:
    """A Message; a nested one carries no reply of its own."""
    shape: JSON = {"message_id": message.id, "date": message.date, "chat": chat_json(message.chat)}
    if message.sender:
        shape["from"] = user_json(message.sender)
    if message.sender_chat:
        shape["sender_chat"] = chat_json(message.sender_chat)
    shape |= _set(
        author_signature=message.signature,
        edit_date=message.edit_date,
        message_thread_id=message.thread,
        is_topic_message=message.topic,
        media_group_id=message.media_group,
        is_automatic_forward=message.automatic_forward,
        via_bot=message.via_bot and user_json(message.via_bot),
    )
    shape |= _origin_fields(message.origin) | _words(message) | message.content | message.extras
    if not nested:
        shape |= _reply_fields(message)
    if message.buttons:
        shape["reply_markup"] = message.reply_markup
    return shape


def _words(message: Message) -> JSON:
    if message.text is not None:
        return {"text": message.text} | _set(entities=message.entities)
    return _set(caption=message.caption, caption_entities=message.entities)


def _reply_fields(message: Message) -> JSON:
    target = message.reply_to
    if target is None and message.topic and message.thread:
        target = message.chat.messages.get(message.thread)
    if target is None or target.deleted:
        return {}
    if target.chat is not message.chat:
        return {"external_reply": _external(target)} | _set(quote=message.quote)
    return {"reply_to_message": message_json(target, nested=True)} | _set(quote=message.quote)


def _external(target: Message) -> JSON:
    origin = origin_json(origin_of(target))
    media = {key: value for key, value in target.content.items() if not target.service}
    return {"origin": origin, "chat": chat_json(target.chat), "message_id": target.id} | media


def origin_of(message: Message) -> Origin:
    """Whose words a message is when it is passed on."""
    if message.origin:
        return message.origin
    if message.sender_chat:
        channel = message.sender_chat.kind == "channel"
        return Origin(
            message.date, chat=message.sender_chat, message_id=message.id if channel else None
        )
    return Origin(message.date, user=message.sender)


def origin_json(origin: Origin) -> JSON:
    """A MessageOrigin of one of its four kinds."""
    shape: JSON = {"date": origin.date}
    if origin.user:
        return shape | {"type": "user", "sender_user": user_json(origin.user)}
    if origin.hidden_name:
        return shape | {"type": "hidden_user", "sender_user_name": origin.hidden_name}
    if origin.chat and origin.chat.kind == "channel":
        number = origin.message_id or 1
        return shape | {"type": "channel", "chat": chat_json(origin.chat), "message_id": number}
    return shape | {"type": "chat", "sender_chat": chat_json(origin.chat) if origin.chat else {}}


def _origin_fields(origin: Origin | None) -> JSON:
    """The origin, with the older fields that Telegram still sends beside it."""
    if origin is None:
        return {}
    shape = origin_json(origin)
    name, key = LEGACY_ORIGIN[shape["type"]]
    fields: JSON = {"forward_origin": shape, "forward_date": origin.date, name: shape[key]}
    if shape["type"] == "channel":
        fields["forward_from_message_id"] = shape["message_id"]
    return fields


def callback_json(query: CallbackQuery) -> JSON:
    """A CallbackQuery; of a deleted message only the place remains."""
    message = query.message
    place: JSON = {"chat": chat_json(message.chat), "message_id": message.id, "date": 0}
    return {
        "id": query.id,
        "from": user_json(query.user),
        "message": place if message.deleted else message_json(message),
        "chat_instance": str(-abs(message.chat.id) * 7919),
        "data": query.data,
    }


def reactions_json(emojis: list[str]) -> list[JSON]:
    """A list of ReactionType."""
    return [{"type": "emoji", "emoji": emoji} for emoji in emojis]
