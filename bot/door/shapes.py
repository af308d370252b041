"""What Telegram's fields hold, by their name: a field of another shape breaks whoever reads it. Pure.

PTB takes whatever stands in a field; only its reader falls. The names below mean the same everywhere
in an update. Fields that are not named here are nobody's business.
"""

from __future__ import annotations

from typing import Any

JSON = dict[str, Any]
LARGEST = 2**53
WORDS = frozenset(
    {
        "address", "author_signature", "caption", "chat_instance", "data", "emoji", "file_id",
        "file_name", "file_unique_id", "first_name", "language_code", "last_name", "media_group_id",
        "mime_type", "new_chat_title", "phone_number", "poll_id", "question", "sender_user_name",
        "status", "text", "title", "type", "url", "username",
    }
)  # fmt: skip
NUMBERS = frozenset(
    {
        "date", "duration", "edit_date", "height", "length", "message_id", "message_thread_id",
        "migrate_from_chat_id", "migrate_to_chat_id", "offset", "position", "update_id", "value",
        "width",
    }
)  # fmt: skip
THINGS = frozenset(
    {
        "animation", "audio", "callback_query", "chat", "chat_member", "contact", "dice", "document",
        "edited_message", "external_reply", "forward_origin", "from", "left_chat_member", "location",
        "message", "my_chat_member", "new_chat_member", "old_chat_member", "poll", "quote",
        "reply_to_message", "sender_chat", "sender_user", "sticker", "user", "venue", "via_bot",
        "video", "video_note", "voice",
    }
)  # fmt: skip
LISTS = frozenset({"caption_entities", "entities", "new_chat_members", "options", "photo"})
ANSWERS = frozenset({"is_bot", "is_forum", "is_topic_message"})
SOMEBODY = frozenset({"chat", "from", "sender_chat", "sender_user", "user", "via_bot"})
"""What is told apart by a number of its own."""
CHANGE = ("chat", "from", "date", "old_chat_member", "new_chat_member")
WRITTEN = ("message_id", "date", "chat")
NEEDED: dict[str, tuple[str, ...]] = {
    "message": WRITTEN,
    "edited_message": WRITTEN,
    "my_chat_member": CHANGE,
    "chat_member": CHANGE,
    "chat": ("type",),
    "from": ("first_name",),
    "callback_query": ("from",),
}
"""What a thing of this name cannot do without."""


def fits(item: JSON) -> bool:
    """Whether every field that is known by its name is what Telegram says it is, however deep."""
    waiting: list[JSON] = [item]
    while waiting:
        at = waiting.pop()
        for name, value in at.items():
            if not _fits(name, value):
                return False
            inner = value if isinstance(value, list) else [value]
            waiting += [one for one in inner if isinstance(one, dict)]
    return True


def is_id(value: Any) -> bool:
    """Whether it is a whole number that Telegram could give out."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST


def _fits(name: str, value: Any) -> bool:
    if name in WORDS:
        return isinstance(value, str)
    if name in NUMBERS:
        return is_id(value)
    if name in ANSWERS:
        return isinstance(value, bool)
    if name in LISTS:
        return isinstance(value, list) and all(isinstance(one, dict) for one in value)
    return name not in THINGS or (isinstance(value, dict) and _is_whole(name, value))


def _is_whole(name: str, thing: JSON) -> bool:
    number = thing.get("id")
    if name in SOMEBODY and not is_id(number):
        return False
    if name == "callback_query" and not (isinstance(number, str) and number):
        return False
    return all(thing.get(key) is not None for key in NEEDED.get(name, ()))
