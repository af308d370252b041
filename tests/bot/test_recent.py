"""What was said in a group a moment ago, in memory alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.recent import GROUPS, MESSAGES, Recent
from moderation.vocabulary import Message, Sender, SenderKind

NOW = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)


def said(number: int, text: str, **details: object) -> Message:
    """One message of a group, a second after the one before."""
    message = Message(
        chat_id=-1,
        message_id=number,
        sender=Sender(7, "阿青", SenderKind.MEMBER),
        sent_at=NOW + timedelta(seconds=number),
        text=text,
    )
    return replace(message, **details)  # type: ignore[arg-type]


def after(*messages: Message, hours: float = 0.1) -> Recent:
    """A memory that heard these, some time ago."""
    recent = Recent(lambda: NOW + timedelta(hours=hours))
    for message in messages:
        recent.hear(message)
    return recent


def test_a_message_is_read_with_the_three_before_it() -> None:
    recent = after(*(said(n, text) for n, text in enumerate("一二三四五", 1)))
    assert recent.before(said(5, "五")) == ("二", "三", "四")


def test_what_it_answers_comes_first() -> None:
    recent = after(*(said(n, text) for n, text in enumerate("一二三四", 1)))
    assert recent.before(said(9, "九", reply_to=1)) == ("一", "三", "四")


def test_after_a_restart_only_what_it_answers_is_known() -> None:
    assert after().before(said(9, "嗯", reply_to=1, answered="你在哪")) == ("你在哪",)


def test_other_groups_topics_and_pictures_are_left_out() -> None:
    recent = after(
        said(1, "别的群", chat_id=-2), said(2, "别的话题", thread_id=5), said(3, ""), said(4, "这里"),
    )  # fmt: skip
    assert recent.before(said(6, "嗯")) == ("这里",)


def test_after_an_hour_it_is_forgotten() -> None:
    assert after(said(1, "一"), hours=1.1).before(said(2, "二")) == ()


def test_an_edit_takes_its_own_place() -> None:
    recent = after(said(1, "一"), said(2, "二"), said(1, "改了"))
    assert recent.before(said(3, "三")) == ("改了", "二")


def test_private_words_are_not_kept() -> None:
    recent = after(said(1, "悄悄话", private=True))
    assert recent.before(said(2, "二")) == ()


def test_it_never_grows_beyond_its_bounds() -> None:
    recent = after(*(said(n, "话", chat_id=-n % 500) for n in range(3000)))
    recent_many = after(*(said(n, "话") for n in range(3000)))
    assert len(recent._groups) <= GROUPS
    assert len(recent_many._groups[-1]) <= MESSAGES
