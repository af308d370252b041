"""One call and what is stored of it: without a network, each answer of Telegram in turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
)

from bot import words
from bot.alerting.calls import CARD
from bot.sending.courier import LONGEST_BACK_OFF, LONGEST_BACK_OFF_ELSE, TRIES, WAIT_FOR_PARENT
from bot.sending.performers import Outcome
from moderation.storage import Transaction, outbox, people
from moderation.storage.outbox import Delivery, Lane, State
from tests.bot.post import GROUP, HELLO, MEI, MESSAGE, Post, post_in


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """A courier, and nothing to deliver."""
    async with post_in(tmp_path) as post:
        yield post


async def test_what_telegram_took_is_settled_and_its_reader_can_be_written_to(post: Post) -> None:
    row = await post.brings(await post.puts(HELLO))
    assert (row.state, row.message_id, row.payload) == (State.SENT, MESSAGE, {})
    assert await post.is_writable() is True


async def test_what_a_group_was_told_says_nothing_of_a_person(post: Post) -> None:
    await post.brings(await post.puts(replace(HELLO, chat_id=GROUP)))
    async with post.database.reading() as tx:
        assert await people.is_writable(tx, GROUP) is None


async def test_what_came_too_late_is_not_said(post: Post) -> None:
    number = await post.puts(replace(HELLO, expires_in=timedelta(minutes=1)))
    post.clock.forward(minutes=2)
    assert (await post.brings(number)).state is State.DEAD
    assert await post.why(number) == "expired"
    assert post.telegram.calls == []


async def test_what_was_settled_meanwhile_is_not_said_again(post: Post) -> None:
    number = await post.puts(HELLO)
    await post.brings(number)
    await post.brings(number)
    assert len(post.telegram.calls) == 1


async def test_after_an_error_nobody_thought_of_it_comes_again_and_may_have_arrived(
    post: Post,
) -> None:
    post.telegram.answers = [ZeroDivisionError()]
    row = await post.brings(await post.puts(HELLO))
    assert row.state is State.PENDING
    assert row.maybe_sent
    assert row.not_before > post.clock.now


@pytest.mark.parametrize(
    "wait", [7, timedelta(seconds=7)], ids=["a number of seconds", "a span of time"]
)
async def test_a_pause_that_telegram_asks_for_is_kept_for_the_whole_chat(
    post: Post, wait: int | timedelta
) -> None:
    post.telegram.answers = [RetryAfter(wait)]
    row = await post.brings(await post.puts(HELLO))
    assert row.state is State.PENDING
    assert not row.maybe_sent
    assert 7 <= (row.not_before - post.clock.now).total_seconds() <= 7.5
    now = post.clock.now.timestamp()
    assert post.pacer.wait(MEI, Lane.CRISIS, "sendMessage", now) == 7


async def test_a_group_that_moved_is_followed_at_once_with_all_that_waits_for_it(
    post: Post,
) -> None:
    number = await post.puts(replace(HELLO, chat_id=GROUP))
    other = await post.puts(replace(HELLO, dedupe="another", chat_id=GROUP))
    post.telegram.answers = [ChatMigrated(GROUP - 1)]
    row = await post.brings(number)
    assert (row.state, row.not_before) == (State.PENDING, post.clock.now)
    assert not row.maybe_sent
    await post.brings(number)
    await post.brings(other)
    assert [chat for chat, _ in post.telegram.calls] == [GROUP, GROUP - 1, GROUP - 1]


async def test_an_edit_that_changes_nothing_has_done_its_work(post: Post) -> None:
    post.telegram.answers = [BadRequest("Message is not modified")]
    row = await post.brings(await post.puts(HELLO))
    assert row.state is State.SENT
    assert post.refused == []


async def test_who_closed_the_door_is_known_and_another_way_is_looked_for(post: Post) -> None:
    post.telegram.answers = [Forbidden("bot was blocked by the user")]
    number = await post.puts(HELLO)
    row = await post.brings(number)
    assert (row.state, row.payload) == (State.DEAD, {})
    assert post.refused == ["bot was blocked by the user"]
    assert await post.is_writable() is False


async def test_an_edit_that_is_refused_says_nothing_of_whether_she_can_be_written_to(
    post: Post,
) -> None:
    post.telegram.answers = [BadRequest("message to edit not found")]
    await post.brings(await post.puts(replace(HELLO, method="editMessageText")))
    assert await post.is_writable() is None


async def test_another_answer_of_telegram_is_a_refusal(post: Post) -> None:
    post.telegram.answers = [Conflict("terminated by other getUpdates request")]
    row = await post.brings(await post.puts(HELLO))
    assert row.state is State.DEAD
    assert len(post.refused) == 1


async def test_while_the_token_is_refused_everything_waits_and_nothing_is_in_doubt(
    post: Post,
) -> None:
    post.telegram.answers = [InvalidToken()]
    row = await post.brings(await post.puts(replace(HELLO, lane=Lane.CRISIS)))
    assert row.state is State.PENDING
    assert not row.maybe_sent
    assert row.not_before == post.clock.now + timedelta(seconds=LONGEST_BACK_OFF_ELSE)


@pytest.mark.parametrize(
    ("lane", "ends", "longest"),
    [
        (Lane.ANSWER, State.DEAD, LONGEST_BACK_OFF_ELSE),
        (Lane.CRISIS, State.PENDING, LONGEST_BACK_OFF[Lane.CRISIS]),
    ],
    ids=["an answer is given up", "a crisis never"],
)
async def test_what_fails_again_and_again(
    post: Post, lane: Lane, ends: State, longest: float
) -> None:
    number = await post.puts(replace(HELLO, lane=lane))
    pauses = []
    for _ in range(TRIES + 2):
        post.telegram.answers = [NetworkError("Bad Gateway")]
        row = await post.brings(number)
        if row.state is State.PENDING:
            pauses.append((row.not_before - post.clock.now).total_seconds())
        post.clock.now = max(post.clock.now, row.not_before)
    assert row.state is ends
    assert max(pauses) <= longest
    assert pauses[0] <= 0.5 < longest / 2 <= pauses[-1]
    assert len(post.telegram.calls) == (TRIES if ends is State.DEAD else TRIES + 2)


async def test_what_follows_from_a_call_is_stored_with_it(post: Post) -> None:
    more = replace(HELLO, dedupe="admin", chat_id=MEI + 1, payload={"text": "请看一下"})
    post.telegram.answers = [Outcome(MESSAGE, (more,))]
    await post.brings(await post.puts(HELLO))
    async with post.database.reading() as tx:
        assert [row.payload for row in await outbox.due(tx)] == [more.payload]


async def test_trouble_in_what_follows_neither_repeats_the_message_nor_stays_half_done(
    post: Post,
) -> None:
    async def follow(tx: Transaction, _row: Delivery) -> None:
        await outbox.put(tx, replace(HELLO, dedupe="half", chat_id=MEI + 1))
        raise KeyError(HELLO.payload["text"])

    number = await post.puts(HELLO)
    row = await post.brings(number, on_sent=follow)
    assert (row.state, row.message_id) == (State.SENT, MESSAGE)
    async with post.database.reading() as tx:
        assert await outbox.due(tx) == []


async def test_what_follows_is_done_where_all_goes_well(post: Post) -> None:
    async def follow(tx: Transaction, row: Delivery) -> None:
        await outbox.put(tx, replace(HELLO, dedupe=f"after {row.id}", chat_id=MEI + 1))

    await post.brings(await post.puts(HELLO), on_sent=follow)
    async with post.database.reading() as tx:
        assert len(await outbox.due(tx)) == 1


async def test_an_edit_waits_while_its_message_is_not_there_yet(post: Post) -> None:
    card = await post.puts(HELLO)
    edit = await post.puts(replace(HELLO, dedupe="edit", method="editMessageText", follows=card))
    row = await post.brings(edit)
    assert row.state is State.PENDING
    assert row.not_before == post.clock.now + timedelta(seconds=WAIT_FOR_PARENT)
    assert post.telegram.calls == []


@pytest.mark.parametrize(
    ("method", "told"),
    [
        ("editMessageText", {"message_id": MESSAGE}),
        (
            "sendMessage",
            {"reply_parameters": {"message_id": MESSAGE, "allow_sending_without_reply": True}},
        ),
    ],
    ids=["an edit names its message", "an answer hangs on it"],
)
async def test_what_belongs_to_a_message_finds_it(
    post: Post, method: str, told: dict[str, Any]
) -> None:
    card = await post.puts(HELLO)
    await post.brings(card)
    await post.brings(await post.puts(replace(HELLO, dedupe="2", method=method, follows=card)))
    assert post.telegram.calls[-1] == (MEI, {**HELLO.payload, **told})


@pytest.mark.parametrize(
    "card", [Forbidden("bot was blocked by the user"), Outcome(None)], ids=["refused", "no message"]
)
async def test_an_edit_of_a_message_that_never_was_is_given_up(
    post: Post, card: Outcome | Exception
) -> None:
    number = await post.puts(HELLO)
    post.telegram.answers = [card]
    await post.brings(number)
    edit = await post.puts(replace(HELLO, dedupe="edit", method="editMessageText", follows=number))
    assert (await post.brings(edit)).state is State.DEAD
    assert await post.why(edit) == "its message never went out"
    assert len(post.telegram.calls) == 1


async def test_a_card_that_may_be_there_already_says_so_and_keeps_to_itself_what_is_ours(
    post: Post,
) -> None:
    payload = {"text": "请看一下", f"{outbox.PRIVATE}note": "不外传"}
    number = await post.puts(replace(HELLO, purpose=CARD, payload=payload))
    post.telegram.answers = [NetworkError("Bad Gateway")]
    await post.brings(number)
    post.clock.forward(minutes=1)
    await post.brings(number)
    (_, first), (_, second) = post.telegram.calls
    assert first == {"text": "请看一下"}
    assert second == {"text": f"{words.MAYBE_TWICE}请看一下"}
