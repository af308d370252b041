"""Telegram's limits, kept by arithmetic."""

from __future__ import annotations

import math

from bot.sending.pacer import (
    ALL_A_SECOND,
    GROUP_A_MINUTE,
    GROUP_KEPT_FOR_CRISES,
    KEPT_FOR_CRISES,
    MINUTE,
    Pacer,
)
from moderation.storage.outbox import Lane

SEND = "sendMessage"


def test_a_first_call_goes_at_once() -> None:
    assert Pacer().wait(1, Lane.BULK, SEND, 0.0) == 0


def test_a_chat_gets_one_message_a_second() -> None:
    pacer = Pacer()
    pacer.note(1, SEND, 10.0)
    assert pacer.wait(1, Lane.CRISIS, SEND, 10.5) == 0.5
    assert pacer.wait(2, Lane.BULK, SEND, 10.5) == 0


def test_a_group_gets_few_a_minute_and_some_places_are_kept_for_crises() -> None:
    pacer = Pacer()
    for n in range(GROUP_A_MINUTE - GROUP_KEPT_FOR_CRISES):
        pacer.note(-1, SEND, n * 1.0)
    now = 20.0
    assert pacer.wait(-1, Lane.ANSWER, SEND, now) == 40.0
    assert pacer.wait(-1, Lane.CRISIS, SEND, now) == 0


def test_all_chats_together_stay_under_the_limit_with_places_for_crises() -> None:
    pacer = Pacer()
    for chat in range(1, ALL_A_SECOND - KEPT_FOR_CRISES + 1):
        pacer.note(chat, SEND, 5.0)
    assert pacer.wait(99, Lane.ALERT, SEND, 5.5) == 0.5
    assert pacer.wait(99, Lane.CRISIS, SEND, 5.5) == 0


def test_a_pause_telegram_asked_for_holds_that_chat_only() -> None:
    pacer = Pacer()
    pacer.block(1, 7.0, 100.0)
    assert pacer.wait(1, Lane.CRISIS, SEND, 101.0) == 6.0
    assert pacer.wait(2, Lane.CRISIS, SEND, 101.0) == 0


def test_answering_a_tap_does_not_wait_for_the_chat() -> None:
    pacer = Pacer()
    pacer.note(1, SEND, 1.0)
    assert pacer.wait(1, Lane.TAP, "answerCallbackQuery", 1.1) == 0


def test_who_was_written_to_last_is_known_for_a_minute() -> None:
    pacer = Pacer()
    assert pacer.last_call(1) == -math.inf
    pacer.note(1, SEND, 5.0)
    assert pacer.last_call(1) == 5.0
    pacer.wait(1, Lane.BULK, SEND, 70.0)
    assert pacer.last_call(1) == -math.inf


def test_who_is_not_written_to_any_more_is_not_remembered() -> None:
    pacer = Pacer()
    for chat in range(1, 5_001):
        pacer.wait(chat, Lane.CRISIS, SEND, chat * 0.1)
        pacer.note(chat, SEND, chat * 0.1)
    within_two_minutes = 2 * MINUTE / 0.1
    assert len(pacer._chats) <= within_two_minutes
    pacer.wait(1, Lane.CRISIS, SEND, 5_000 * 0.1 + 2 * MINUTE)
    assert not pacer._chats


def test_who_only_waits_is_not_remembered() -> None:
    pacer = Pacer()
    pacer.wait(1, Lane.CRISIS, SEND, 1.0)
    pacer.leaves(1, SEND, 1.0)
    assert not pacer._chats


def test_forgetting_others_forgets_no_limit_that_still_holds() -> None:
    pacer = Pacer()
    for second in range(GROUP_A_MINUTE - GROUP_KEPT_FOR_CRISES):
        pacer.note(-1, SEND, 50.0 + second)
    pacer.wait(2, Lane.BULK, SEND, 70.0)
    assert pacer.wait(-1, Lane.ANSWER, SEND, 70.0) == 40.0
