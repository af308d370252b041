from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import telegram

from bot.door.incoming import from_update, is_service
from moderation.vocabulary import Message, Sender, SenderKind

WHEN = 1_795_352_400
LAN = {"id": 501, "is_bot": False, "first_name": "小", "last_name": "岚"}
GROUP = {"id": -1001, "type": "supergroup", "title": "互助群"}
CHANNEL = {"id": -1009, "type": "channel", "title": "鼻子日记"}
FILE = {"file_id": "f", "file_unique_id": "u"}
BRIDGE = {"latitude": 1.0, "longitude": 2.0}
PHOTO = [{**FILE, "width": 9, "height": 9}]
OPTIONS = [
    {"text": text, "voter_count": 0, "persistent_id": text} for text in ("今晚就走", "再等等")
]
POLL = {
    "id": "1",
    "question": "我该怎么办",
    "options": OPTIONS,
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": True,
    "members_only": False,
}
STICKER = {
    **FILE,
    "type": "regular",
    "width": 9,
    "height": 9,
    "is_animated": False,
    "is_video": False,
    "emoji": "😭",
}


def update(kind: str = "message", **content: Any) -> telegram.Update:
    """An update as Telegram sends it."""
    message = {"message_id": 9, "date": WHEN, "chat": GROUP, "from": LAN, **content}
    found = telegram.Update.de_json({"update_id": 1, kind: message}, None)
    assert found is not None
    return found


def read(**content: Any) -> Message:
    """The message of an update that has one."""
    message = from_update(update(**content))
    assert message is not None
    return message


def test_a_plain_message_is_taken_over_whole() -> None:
    assert read(text="大家好") == Message(
        chat_id=-1001,
        message_id=9,
        sender=Sender(501, "小 岚"),
        text="大家好",
        sent_at=datetime.fromtimestamp(WHEN, UTC),
    )


@pytest.mark.parametrize(
    ("content", "text", "attachment"),
    [
        ({"text": "你好"}, "你好", None),
        ({"photo": PHOTO, "caption": "今晚就走"}, "今晚就走", "photo"),
        ({"photo": PHOTO}, "", "photo"),
        ({"voice": {**FILE, "duration": 3}}, "", "voice"),
        ({"document": FILE, "caption": "病历"}, "病历", "document"),
        ({"poll": POLL}, "我该怎么办\n今晚就走\n再等等", "poll"),
        ({"sticker": STICKER}, "😭", "sticker"),
        ({"dice": {"value": 3, "emoji": "🎲"}}, "", "dice"),
        (
            {"contact": {"first_name": "贺", "last_name": "明", "phone_number": "138"}},
            "贺 明 138",
            "contact",
        ),
        pytest.param(
            {"venue": {"location": BRIDGE, "title": "桥", "address": "江边"}, "location": BRIDGE},
            "桥 江边",
            "venue",
        ),
        ({"location": BRIDGE}, "", "location"),
    ],
    ids=[
        "text",
        "caption",
        "photo alone",
        "voice",
        "document",
        "poll",
        "sticker",
        "dice",
        "contact",
        "venue",
        "location",
    ],
)
def test_words_and_attachments_are_found_where_telegram_keeps_them(
    content: dict[str, Any], text: str, attachment: str | None
) -> None:
    message = read(**content)
    assert (message.text, message.attachment) == (text, attachment)


@pytest.mark.parametrize(
    ("content", "kind", "name", "writable"),
    [
        ({}, SenderKind.MEMBER, "小 岚", True),
        ({"from": {**LAN, "is_bot": True}}, SenderKind.BOT, "小 岚", False),
        (
            {"sender_chat": GROUP, "from": {"id": 1087968824, "is_bot": True, "first_name": "G"}},
            SenderKind.ANONYMOUS_ADMIN,
            "匿名管理员",
            False,
        ),
        (
            {"sender_chat": CHANNEL, "from": {"id": 136817688, "is_bot": True, "first_name": "C"}},
            SenderKind.CHANNEL,
            "鼻子日记",
            False,
        ),
        (
            {"sender_chat": CHANNEL, "from": {"id": 777000, "is_bot": False, "first_name": "T"}},
            SenderKind.CHANNEL,
            "鼻子日记",
            False,
        ),
    ],
    ids=["member", "bot", "anonymous admin", "channel identity", "linked channel"],
)
def test_it_is_known_under_which_identity_somebody_speaks(
    content: dict[str, Any], kind: SenderKind, name: str, writable: bool
) -> None:
    sender = read(text="你好", **content).sender
    assert (sender.kind, sender.name, sender.can_be_written_to) == (kind, name, writable)


@pytest.mark.parametrize(
    ("origin", "whose"),
    [
        ({"type": "user", "sender_user": {**LAN, "id": 7}}, "小 岚"),
        ({"type": "user", "sender_user": LAN}, None),
        ({"type": "hidden_user", "sender_user_name": "小雨"}, "小雨"),
        ({"type": "chat", "sender_chat": GROUP}, "互助群"),
        ({"type": "channel", "chat": CHANNEL, "message_id": 1}, "鼻子日记"),
    ],
    ids=["another", "her own words", "a hidden user", "a group", "a channel"],
)
def test_it_is_known_whose_words_are_forwarded(origin: dict[str, Any], whose: str | None) -> None:
    assert read(text="你好", forward_origin={"date": WHEN, **origin}).forwarded_from == whose


def test_an_edit_has_the_time_of_the_edit() -> None:
    message = read(kind="edited_message", text="改了", edit_date=WHEN + 60)
    assert message.edited
    assert message.sent_at == datetime.fromtimestamp(WHEN + 60, UTC)


def test_a_reply_a_quote_and_an_album_are_kept() -> None:
    earlier = {"message_id": 5, "date": WHEN, "chat": GROUP, "from": LAN, "text": "什么时候走"}
    message = read(
        text="就今晚",
        reply_to_message=earlier,
        quote={"text": "什么时候", "position": 0},
        media_group_id="77",
    )
    assert (message.reply_to, message.quote, message.album_id) == (5, "什么时候", "77")


@pytest.mark.parametrize(
    ("content", "thread"),
    [
        ({"message_thread_id": 3, "is_topic_message": True}, 3),
        ({"message_thread_id": 3}, None),
        ({}, None),
    ],
    ids=["in a topic", "in a thread of replies", "neither"],
)
def test_only_topics_are_threads(content: dict[str, Any], thread: int | None) -> None:
    assert read(text="你好", **content).thread_id == thread


def test_a_private_chat_is_known_as_such() -> None:
    assert read(text="你好", chat={"id": 501, "type": "private", "first_name": "小岚"}).private


@pytest.mark.parametrize(
    "content",
    [
        {"new_chat_title": "今晚就走自驾群"},
        {"new_chat_members": [LAN]},
        {"left_chat_member": LAN},
        {"migrate_to_chat_id": -1005},
        {"group_chat_created": True},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 60}},
        {"forum_topic_created": {"name": "今晚就走", "icon_color": 1}},
    ],
    ids=lambda content: next(iter(content)),
)
def test_what_telegram_writes_itself_is_no_message(content: dict[str, Any]) -> None:
    assert from_update(update(**content)) is None
    found = update(**content).message
    assert found is not None
    assert is_service(found)


def test_a_message_that_can_no_longer_be_seen_is_none() -> None:
    query = {
        "id": "1",
        "from": LAN,
        "chat_instance": "1",
        "message": {"chat": GROUP, "message_id": 9, "date": 0},
    }
    assert (
        from_update(telegram.Update.de_json({"update_id": 1, "callback_query": query}, None))
        is None
    )


def test_an_update_without_a_message_is_none() -> None:
    assert from_update(telegram.Update(1)) is None


def test_nobody_at_all_is_no_sender() -> None:
    content = {"message_id": 9, "date": WHEN, "chat": GROUP, "text": "你好"}
    assert from_update(telegram.Update.de_json({"update_id": 1, "message": content}, None)) is None
