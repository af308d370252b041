"""One odd update does not hold up the others, and what can be saved of it is judged."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from telegram import Update

from bot.door.incoming import from_update
from bot.door.reception import _is_plain, all_readable, readable
from bot.door.shapes import fits
from tests.bot.town import Town
from tests.trials.updates import Storm

GOODBYE = "谢谢大家，今晚就走"
PLAIN: dict[str, Any] = {
    "update_id": 7,
    "message": {
        "message_id": 3,
        "date": 1_700_000_000,
        "chat": {"id": -1001, "type": "supergroup", "title": "群"},
        "from": {"id": 11, "is_bot": False, "first_name": "小岚"},
        "text": GOODBYE,
    },
}


def bent(**changed: Any) -> dict[str, Any]:
    """The plain update with something else in its message."""
    return {**PLAIN, "message": {**PLAIN["message"], **changed}}


@pytest.mark.parametrize(
    "odd",
    [
        bent(entities=[{"offset": 0, "length": 1}]),
        bent(poll={"id": "1", "question": "?"}),
        bent(date=10**14),
        bent(reply_to_message={"message_id": 1}),
        bent(forward_origin={"type": "user"}),
        bent(entities=[{"type": "bot_command", "offset": 0, "length": ""}]),
        bent(media_group_id=2**70),
        bent(sticker={"file_id": [], "file_unique_id": "u", "emoji": "x"}),
    ],
    ids=["entity", "poll", "far date", "reply", "origin", "length", "album", "file"],
)
def test_of_an_odd_update_the_words_are_saved(odd: dict[str, Any]) -> None:
    assert readable(odd) != odd
    update = Update.de_json(readable(odd) or {}, None)
    message = from_update(update)
    assert message is not None
    assert (message.text, message.chat_id, message.sender.id) == (GOODBYE, -1001, 11)


def test_a_message_without_a_date_is_of_now() -> None:
    message = from_update(Update.de_json(readable(bent(date=None)) or {}, None))
    assert message is not None
    assert message.sent_at.year > 2000


def test_a_good_update_stays_as_it_is() -> None:
    assert readable(PLAIN) == PLAIN


@pytest.mark.parametrize(
    "odd",
    [
        bent(chat=5),
        bent(text=5, chat=None),
        bent(chat={"id": -1001, "type": []}),
        {"update_id": 7, "message": []},
        {"update_id": 7, "my_chat_member": {}},
        {"update_id": 7, "callback_query": {"id": "", "from": {"id": 1, "first_name": "x"}}},
    ],
)
def test_what_cannot_be_saved_is_only_counted(odd: dict[str, Any]) -> None:
    assert readable(odd) == {"update_id": 7}


@pytest.mark.parametrize("odd", [None, [], "x", {}, {"update_id": "7"}, {"update_id": True}])
def test_what_is_no_update_is_left_out(odd: Any) -> None:
    assert readable(odd) is None


def parts() -> dict[str, Any]:
    """Everything that a message of words alone may have, in every part of it."""
    who = {"id": 11, "is_bot": False, "first_name": "小岚", "last_name": "", "username": "lan"}
    place = {"id": -1001, "type": "group", "title": "群", "username": "q", "is_forum": True}
    whole = {
        "message_id": 3,
        "date": 0,
        "chat": {**place, "first_name": "a", "last_name": "b"},
        "from": {**who, "language_code": "zh", "is_premium": True},
        "text": "",
        "message_thread_id": 2**53 - 1,
        "is_topic_message": True,
    }
    return {**whole, "reply_to_message": {**whole, "date": 2**32 - 1}}


ODD: tuple[Any, ...] = (None, 5, -1, 2**40, 2**70, 0.5, "x", "", True, [], {}, {"id": 1})


def bends(thing: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A thing without each of its fields, and with each of them odd, however deep."""
    for name, value in thing.items():
        yield {key: kept for key, kept in thing.items() if key != name}
        yield from ({**thing, name: odd} for odd in ODD)
        if isinstance(value, dict):
            yield from ({**thing, name: inner} for inner in bends(value))


def test_what_is_taken_for_plain_words_can_be_read_and_again_after_it_was_at_rest() -> None:
    tried = [parts(), *bends(parts()), *bends(PLAIN["message"])]
    plain = [said for said in tried if _fits_and_is_plain(said)]
    assert len(plain) > 20
    for said in plain:
        update = Update.de_json({"update_id": 7, "message": said}, None)
        again = Update.de_json(json.loads(json.dumps(update.to_dict())), None)
        assert again == update
        found = from_update(again)
        assert found is not None
        assert found == from_update(update)


def test_words_alone_are_plain_and_what_carries_more_is_not() -> None:
    assert _fits_and_is_plain(PLAIN["message"])
    assert _fits_and_is_plain(parts())
    for more in ("entities", "photo", "forward_origin", "sender_chat", "poll", "new_title"):
        assert not _fits_and_is_plain({**PLAIN["message"], more: []})


def _fits_and_is_plain(said: dict[str, Any]) -> bool:
    return fits({"update_id": 7, "message": said}) and _is_plain(said)


def test_halves_of_characters_can_be_stored() -> None:
    found = readable(bent(text=f"{GOODBYE}\ud83d"))
    assert found is not None
    assert found["message"]["text"] == f"{GOODBYE}\ufffd"


def test_a_batch_with_an_odd_update_in_it_is_read() -> None:
    batch = [bent(date=None), PLAIN, {"update_id": 9, "message": "?"}, "?"]
    updates = Update.de_list(all_readable(batch), None)
    assert [update.update_id for update in updates] == [7, 7, 9]


def test_two_thousand_bent_updates_are_all_readable() -> None:
    made = Storm(2)
    for _ in range(2_000):
        item = made.next()
        found = readable(item)
        assert found is not None
        update = Update.de_json(found, None)
        assert update.update_id == item["update_id"]
        from_update(update)


async def test_danger_in_an_odd_update_reaches_a_human(town: Town) -> None:
    async with town.bot_running():
        said = bent(
            chat={"id": town.group.id, "type": "supergroup", "title": "群"},
            **{"from": {"id": town.lan.id, "is_bot": False, "first_name": "小岚"}},
        )
        town.world.emit("message", said["message"] | {"entities": [{"offset": 0}]})
        await town.settled()
        assert GOODBYE in (town.cards(town.counselor)[0].text or "")
