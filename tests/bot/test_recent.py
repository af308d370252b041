from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from bot import words_duty
from bot.recent import AROUND, GROUPS, MESSAGES, Recent
from moderation.vocabulary import Message, Sender
from tests.fakes import FakeClock

GROUP = -100


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def recent(clock: FakeClock) -> Recent:
    return Recent(clock, ZoneInfo("Asia/Shanghai"))


def hear(recent: Recent, number: int, chat: int = GROUP, author: int = 7, text: str = "") -> None:
    """A message is said now."""
    recent.hear(
        Message(
            chat_id=chat,
            message_id=number,
            sender=Sender(author, f"人{author}"),
            text=text or f"第{number}句",
            sent_at=recent.clock(),
            private=chat > 0,
        )
    )


def numbers(recent: Recent, message_id: int) -> list[int]:
    return [heard.message_id for heard in recent.around(GROUP, message_id)]


@pytest.mark.parametrize(
    ("flagged", "shown"),
    [(10, [7, 8, 9, 10, 11, 12]), (20, [15, 16, 17, 18, 19, 20]), (1, [1, 2, 3, 4, 5, 6])],
    ids=["in the middle", "the last", "the first"],
)
def test_up_to_five_messages_around_one_are_shown(
    recent: Recent, flagged: int, shown: list[int]
) -> None:
    for number in range(1, 21):
        hear(recent, number)
    assert numbers(recent, flagged) == shown
    assert len(shown) == AROUND + 1


def test_the_flagged_one_is_marked_and_markup_is_harmless(recent: Recent) -> None:
    hear(recent, 1, text="<b>先喝水</b>")
    hear(recent, 2, text="今晚就走")
    lines = recent.shown(GROUP, 2).splitlines()
    assert lines[1].endswith("人7：&lt;b&gt;先喝水&lt;/b&gt;")
    assert lines[2].startswith(words_duty.CONTEXT_THIS)


def test_an_edit_takes_the_place_of_what_was_said(recent: Recent) -> None:
    for number, text in ((1, "早"), (2, "今晚就走"), (1, "晚安")):
        hear(recent, number, text=text)
    assert [heard.text for heard in recent.around(GROUP, 2)] == ["晚安", "今晚就走"]


def test_after_an_hour_it_is_forgotten_and_said_so(recent: Recent, clock: FakeClock) -> None:
    hear(recent, 1)
    hear(recent, 2)
    clock.forward(minutes=61)
    assert recent.shown(GROUP, 2) == words_duty.CONTEXT_GONE


def test_nothing_to_show_is_said_so(recent: Recent) -> None:
    hear(recent, 2)
    assert recent.shown(GROUP, 2) == words_duty.CONTEXT_GONE
    assert recent.shown(-1, 2) == words_duty.CONTEXT_GONE


def test_it_holds_only_so_much(recent: Recent) -> None:
    for number in range(MESSAGES + 20):
        hear(recent, number, text="长" * 999)
    for chat in range(GROUPS + 5):
        hear(recent, 1, chat=-1000 - chat)
    held = recent._groups
    assert len(held) == GROUPS
    assert all(len(group) <= MESSAGES for group in held.values())
    assert all(len(heard.text) <= 200 for group in held.values() for heard in group.values())


def test_private_chats_are_not_remembered(recent: Recent) -> None:
    hear(recent, 1, chat=7)
    assert not recent._groups


def test_one_persons_words_can_be_forgotten(recent: Recent) -> None:
    hear(recent, 1, author=7)
    hear(recent, 2, author=8)
    hear(recent, 3, author=7)
    recent.forget(7)
    assert numbers(recent, 2) == [2]
