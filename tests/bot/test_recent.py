from __future__ import annotations

import pytest

from bot.recent import CHATS, KEPT, LENGTH, Recent

GROUP = -100


def after(*texts: str) -> Recent:
    """The memory after these messages of one chat, numbered from 1."""
    recent = Recent()
    for number, text in enumerate(texts, 1):
        recent.add(GROUP, None, number, text)
    return recent


def test_nothing_is_known_of_a_new_chat() -> None:
    assert Recent().before(GROUP, None, 1) == ()


def test_the_last_three_come_oldest_first() -> None:
    assert after("一", "二", "三", "四", "五").before(GROUP, None, 6) == ("三", "四", "五")


def test_a_message_is_not_its_own_context() -> None:
    assert after("一", "二", "三", "四").before(GROUP, None, 4) == ("一", "二", "三")


def test_later_messages_are_no_context() -> None:
    assert after("一", "二", "三").before(GROUP, None, 2) == ("一",)


def test_an_edit_replaces_what_was_said() -> None:
    recent = after("一", "二", "三")
    recent.add(GROUP, None, 2, "改了")
    assert recent.before(GROUP, None, 4) == ("一", "改了", "三")


def test_an_edit_of_a_forgotten_message_does_not_become_the_newest() -> None:
    recent = after(*"一二三四五六七八")
    recent.add(GROUP, None, 1, "很久以前的")
    assert recent.before(GROUP, None, 9) == ("六", "七", "八")


def test_messages_without_words_take_no_place() -> None:
    assert after("一", "", "三").before(GROUP, None, 9) == ("一", "三")


@pytest.mark.parametrize(("chat", "thread"), [(GROUP - 1, None), (GROUP, 7)], ids=["chat", "topic"])
def test_what_is_said_elsewhere_is_no_context(chat: int, thread: int | None) -> None:
    recent = after("一")
    recent.add(chat, thread, 2, "别处")
    assert recent.before(GROUP, None, 9) == ("一",)
    assert recent.before(chat, thread, 9) == ("别处",)


def test_long_messages_are_kept_short() -> None:
    (kept,) = after("长" * 5000).before(GROUP, None, 2)
    assert kept == "长" * LENGTH


def test_the_chat_that_was_silent_longest_is_forgotten_first() -> None:
    recent = Recent()
    for chat in range(CHATS):
        recent.add(chat, None, 1, "早")
    recent.add(0, None, 2, "还在")
    recent.add(CHATS, None, 1, "新来的")
    assert recent.before(1, None, KEPT) == ()
    assert recent.before(0, None, KEPT) == ("早", "还在")
