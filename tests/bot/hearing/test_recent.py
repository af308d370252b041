"""What was said in a group a moment ago, in memory alone: read with a message, shown around one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.hearing.recent import AROUND, GROUPS, MESSAGES, TEXT, Recent
from bot.words import duty as words_duty
from moderation.vocabulary import Message, Sender, SenderKind
from tests.fakes import FakeClock

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
GROUP = -1


def said(number: int, text: str, **details: object) -> Message:
    """One message of a group, a second after the one before."""
    message = Message(
        chat_id=GROUP,
        message_id=number,
        sender=Sender(7, "阿青", SenderKind.MEMBER),
        sent_at=NOW + timedelta(seconds=number),
        text=text,
    )
    return replace(message, **details)  # type: ignore[arg-type]


def by_another(number: int, text: str, **details: object) -> Message:
    """One message of somebody else."""
    return said(number, text, sender=Sender(8, "石头", SenderKind.MEMBER), **details)


def after(*messages: Message, hours: float = 0.1) -> Recent:
    """A memory that heard these, some time ago."""
    recent = Recent(lambda: NOW + timedelta(hours=hours), ZONE)
    for message in messages:
        recent.hear(message)
    return recent


def test_a_message_is_read_with_the_three_before_it() -> None:
    recent = after(*(said(n, text) for n, text in enumerate("一二三四五", 1)))
    assert recent.before(by_another(5, "五")) == ("二", "三", "四")


def test_what_it_answers_comes_first() -> None:
    recent = after(*(said(n, text) for n, text in enumerate("一二三四", 1)))
    assert recent.before(by_another(9, "九", reply_to=1)) == ("一", "三", "四")


def test_after_a_restart_only_what_it_answers_is_known() -> None:
    assert after().before(by_another(9, "嗯", reply_to=1, answered="你在哪")) == ("你在哪",)


def test_other_groups_topics_and_pictures_are_left_out() -> None:
    recent = after(
        said(1, "别的群", chat_id=-2), said(2, "别的话题", thread_id=5), said(3, ""), said(4, "这里"),
    )  # fmt: skip
    assert recent.before(by_another(6, "嗯")) == ("这里",)


def test_her_own_words_are_marked_and_remembered_further_back() -> None:
    recent = after(said(1, "钥匙放前台了"), *(by_another(n, "好") for n in (2, 3, 4)))
    assert recent.before(said(5, "都交代好了")) == ("我：钥匙放前台了", "好", "好")


def test_a_quote_of_her_own_words_is_marked_too() -> None:
    recent = after(said(1, "钥匙放前台了 猫也送了"), *(by_another(n, "好") for n in (2, 3, 4)))
    answer = said(5, "说的就是今晚", reply_to=1, quote="猫也送了", answered="猫也送了")
    assert recent.before(answer)[0] == "我：猫也送了"


def test_after_an_hour_it_is_forgotten() -> None:
    assert after(said(1, "一"), hours=1.1).before(said(2, "二")) == ()


def test_an_edit_takes_its_own_place() -> None:
    recent = after(said(1, "一"), said(2, "二"), said(1, "改了"))
    assert recent.before(by_another(3, "三")) == ("改了", "二")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def recent(clock: FakeClock) -> Recent:
    return Recent(clock, ZONE)


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


def test_another_topic_is_not_shown_around_it() -> None:
    recent = after(said(1, "这里"), said(2, "别的话题", thread_id=5), said(3, "今晚就走"))
    assert numbers(recent, 3) == [1, 3]


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
    assert recent.shown(GROUP - 1, 2) == words_duty.CONTEXT_GONE


def test_it_holds_only_so_much(recent: Recent) -> None:
    for number in range(MESSAGES + 20):
        hear(recent, number, text="长" * 999)
    for chat in range(GROUPS + 5):
        hear(recent, 1, chat=-1000 - chat)
    held = recent._groups
    assert len(held) == GROUPS
    assert all(len(group) <= MESSAGES for group in held.values())
    assert all(len(heard.text) <= TEXT for group in held.values() for heard in group.values())


def test_private_chats_are_not_remembered(recent: Recent) -> None:
    hear(recent, 1, chat=7)
    assert not recent._groups


def test_one_persons_words_can_be_forgotten(recent: Recent) -> None:
    hear(recent, 1, author=7)
    hear(recent, 2, author=8)
    hear(recent, 3, author=7)
    recent.forget(7)
    assert numbers(recent, 2) == [2]
