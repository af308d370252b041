from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from moderation.storage import Database, Transaction, casebook, outbox, retention
from moderation.storage.outbox import Delivery, Lane, Outgoing, State
from moderation.vocabulary import CaseKind, Certainty, Subject
from tests.fakes import FakeClock

HELLO = Outgoing("hello", Lane.ANSWER, 11, "sendMessage", {"text": "你好"})


def item(dedupe: str, **changed: Any) -> Outgoing:
    """A message like HELLO, but for what is said."""
    return replace(HELLO, dedupe=dedupe, **changed)


async def put(tx: Transaction, dedupe: str, **changed: Any) -> int:
    """Store a row that is new."""
    made = await outbox.put(tx, item(dedupe, **changed))
    assert made is not None
    return made


async def row(tx: Transaction, row_id: int) -> Delivery:
    """A row that is there."""
    found = await outbox.get(tx, row_id)
    assert found is not None
    return found


async def a_case(tx: Transaction) -> int:
    """A case to hang rows on."""
    case = await casebook.open_case(
        tx, CaseKind.CRISIS, -1, None, "imminent", Subject.SELF, Certainty.LIKELY
    )
    return case.id


async def test_a_row_comes_back_as_it_was_stored(database: Database, clock: FakeClock) -> None:
    async with database.transaction() as tx:
        made = await put(tx, "a", lane=Lane.CRISIS, expires_in=timedelta(hours=1))
    async with database.reading() as tx:
        stored = await row(tx, made)
    assert stored.payload == {"text": "你好"}
    assert (stored.lane, stored.state, stored.attempts) == (Lane.CRISIS, State.PENDING, 0)
    assert stored.not_before == stored.created_at == clock.now
    assert stored.expires_at == clock.now + timedelta(hours=1)


async def test_the_same_dedupe_key_is_stored_once_and_spoils_nothing(database: Database) -> None:
    async with database.transaction() as tx:
        await put(tx, "a")
        assert await outbox.put(tx, item("a", payload={"text": "又来"})) is None
        await put(tx, "b")
    async with database.reading() as tx:
        assert await outbox.counts(tx) == {State.PENDING: 2}


async def test_a_dedupe_key_stays_taken_after_the_message_went_out(database: Database) -> None:
    async with database.transaction() as tx:
        await outbox.sent(tx, await put(tx, "a"), 5)
        assert await outbox.put(tx, item("a")) is None


async def test_a_row_for_a_case_that_is_not_there_is_an_error_not_a_duplicate(
    database: Database,
) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        async with database.transaction() as tx:
            await outbox.put(tx, item("a", case_id=999))


async def test_crisis_comes_first_then_the_oldest_of_each_chat(database: Database) -> None:
    async with database.transaction() as tx:
        bulk = await put(tx, "bulk", lane=Lane.BULK)
        first = await put(tx, "first")
        await put(tx, "second")
        other = await put(tx, "other", chat_id=12)
        crisis = await put(tx, "crisis", lane=Lane.CRISIS)
        assert [found.id for found in await outbox.due(tx)] == [crisis, first, other, bulk]
        assert (await outbox.due(tx, skip=[crisis, first]))[0].id == first + 1


async def test_the_answer_to_a_tap_does_not_wait_behind_cards_to_the_same_reader(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        cards = [await put(tx, f"card{n}", lane=Lane.CRISIS) for n in range(3)]
        answers = [
            await put(tx, f"tap{n}", lane=Lane.CRISIS, method="answerCallbackQuery")
            for n in range(2)
        ]
    async with database.reading() as tx:
        assert [one.id for one in await outbox.due(tx)] == [cards[0], answers[0]]


async def test_a_row_is_due_from_its_time_on(database: Database, clock: FakeClock) -> None:
    later = clock.now + timedelta(minutes=5)
    async with database.transaction() as tx:
        made = await put(tx, "later", not_before=later)
        assert await outbox.due(tx) == []
        assert await outbox.next_time(tx) == later
    clock.forward(minutes=5)
    async with database.reading() as tx:
        assert [found.id for found in await outbox.due(tx)] == [made]


async def test_a_row_that_waits_for_its_time_does_not_hold_up_the_next(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        await put(tx, "later", not_before=clock.now + timedelta(minutes=5))
        now = await put(tx, "now")
        assert [found.id for found in await outbox.due(tx)] == [now]


async def test_an_empty_outbox_has_no_next_time(database: Database) -> None:
    async with database.reading() as tx:
        assert await outbox.next_time(tx) is None
        assert await outbox.oldest_waiting(tx, Lane.CRISIS) is None


async def test_what_was_sent_forgets_its_text_and_keeps_its_message(database: Database) -> None:
    async with database.transaction() as tx:
        made = await put(tx, "a")
        await outbox.start(tx, made)
        assert await outbox.due(tx) == []
        await outbox.sent(tx, made, 77)
        stored = await row(tx, made)
    assert (stored.state, stored.payload, stored.message_id) == (State.SENT, {}, 77)
    assert stored.attempts == 1


async def test_what_will_never_be_taken_forgets_its_text_too(database: Database) -> None:
    async with database.transaction() as tx:
        made = await put(tx, "a")
        await outbox.give_up(tx, made, "x" * 500)
        stored = await row(tx, made)
    assert (stored.state, stored.payload) == (State.DEAD, {})


async def test_a_retry_waits_and_a_doubt_is_never_forgotten(
    database: Database, clock: FakeClock
) -> None:
    later = clock.now + timedelta(seconds=30)
    async with database.transaction() as tx:
        made = await put(tx, "a")
        await outbox.start(tx, made)
        await outbox.retry(tx, made, later, "TimedOut", maybe_sent=True)
        await outbox.start(tx, made)
        await outbox.retry(tx, made, later, "RetryAfter", maybe_sent=False)
        stored = await row(tx, made)
    assert (stored.state, stored.attempts, stored.not_before) == (State.PENDING, 2, later)
    assert stored.maybe_sent
    assert stored.payload


async def test_after_a_restart_what_was_on_its_way_is_sent_again_marked(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        caught, skipped, waiting = [await put(tx, name) for name in "abc"]
        await outbox.start(tx, caught)
        await outbox.start(tx, skipped)
        assert await outbox.recover(tx, skip=[skipped]) == 1
        assert (await row(tx, caught)).maybe_sent
        assert (await row(tx, caught)).state is State.PENDING
        assert (await row(tx, skipped)).state is State.SENDING
        assert not (await row(tx, waiting)).maybe_sent


async def test_a_row_is_taken_up_by_one_sender_only(database: Database) -> None:
    async with database.transaction() as tx:
        made = await put(tx, "a")
        first = await outbox.start(tx, made)
        assert first is not None
        assert (first.state, first.payload) == (State.SENDING, {"text": "你好"})
        assert await outbox.start(tx, made) is None


async def test_what_was_settled_meanwhile_is_not_tried_again(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        made = await put(tx, "a")
        await outbox.give_up(tx, made, "replaced")
        await outbox.retry(tx, made, clock.now, "TimedOut", maybe_sent=True)
        assert (await row(tx, made)).state is State.DEAD


async def test_a_waiting_row_can_be_rewritten(database: Database) -> None:
    async with database.transaction() as tx:
        made = await put(tx, "a")
        await outbox.rewrite(tx, made, {"text": "新的"})
        assert (await row(tx, made)).payload == {"text": "新的"}


async def test_a_newer_edit_replaces_only_edits_that_still_wait(database: Database) -> None:
    async with database.transaction() as tx:
        card = await put(tx, "card")
        old = await put(tx, "old", method="editMessageText", follows=card)
        on_its_way = await put(tx, "going", method="editMessageText", follows=card)
        delete = await put(tx, "delete", method="deleteMessage", follows=card)
        await outbox.start(tx, on_its_way)
        await outbox.drop_pending_edits(tx, card, "editMessageText")
        assert await outbox.get(tx, old) is None
        assert await outbox.get(tx, on_its_way) is not None
        assert await outbox.get(tx, delete) is not None


async def test_rows_are_found_by_case_and_purpose_unless_dead_or_retired(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        sent, dead, retired = [
            await put(tx, name, case_id=case, purpose="card") for name in ("x", "y", "z")
        ]
        await put(tx, "word", case_id=case, purpose="word")
        await outbox.sent(tx, sent, 1)
        await outbox.give_up(tx, dead, "no")
        await outbox.retire(tx, retired)
        assert [found.id for found in await outbox.of_case(tx, case, "card")] == [sent]
        assert [found.id for found in await outbox.with_purpose(tx, 11, "card")] == [sent]
        assert await outbox.with_purpose(tx, 12, "card") == []


async def test_rows_follow_a_group_to_its_new_id(database: Database) -> None:
    async with database.transaction() as tx:
        moved, other = await put(tx, "a", chat_id=-5), await put(tx, "b", chat_id=-6)
        await outbox.move_chat(tx, -5, -1005)
        assert (await row(tx, moved)).chat_id == -1005
        assert (await row(tx, other)).chat_id == -6


async def test_the_age_of_a_lane_is_that_of_its_oldest_unsent_row(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        done = await put(tx, "done", lane=Lane.CRISIS)
        await outbox.sent(tx, done, 1)
    clock.forward(minutes=1)
    async with database.transaction() as tx:
        await outbox.start(tx, await put(tx, "going", lane=Lane.CRISIS))
        assert await outbox.oldest_waiting(tx, Lane.CRISIS) == clock.now
        assert await outbox.oldest_waiting(tx, Lane.BULK) is None


async def test_settled_rows_are_dropped_after_a_week_and_waiting_ones_never(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        await outbox.sent(tx, await put(tx, "sent"), 1)
        await outbox.give_up(tx, await put(tx, "dead"), "no")
        waiting = await put(tx, "waiting")
    clock.forward(days=6)
    async with database.transaction() as tx:
        await retention.purge(tx)
        assert sum((await outbox.counts(tx)).values()) == 3
    clock.forward(days=2)
    async with database.transaction() as tx:
        await retention.purge(tx)
        assert await outbox.counts(tx) == {State.PENDING: 1}
        assert (await row(tx, waiting)).payload


async def test_after_a_restore_all_that_waits_may_have_gone_out_since_the_backup(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        waiting, going, done = [await put(tx, name) for name in ("waiting", "going", "done")]
        await outbox.start(tx, going)
        await outbox.sent(tx, done, 1)
        assert await outbox.doubt(tx) == 2
        found = [await row(tx, number) for number in (waiting, going, done)]
    assert [one.state for one in found] == [State.PENDING, State.PENDING, State.SENT]
    assert [one.maybe_sent for one in found] == [True, True, False]


async def test_what_stands_in_a_chat_is_known_by_its_message(database: Database) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        card = await put(tx, "card", case_id=case, purpose="card")
        await outbox.sent(tx, card, 41)
        await put(tx, "still waiting", case_id=case, purpose="card")
        assert await outbox.card_at(tx, 11, 41, "card") == case
        assert await outbox.card_at(tx, 11, 41, "word") is None
        assert await outbox.card_at(tx, 12, 41, "card") is None
        assert await outbox.purpose_at(tx, 11, 41) == "card"
        assert await outbox.purpose_at(tx, 11, 42) == ""


async def test_the_newest_row_of_a_case_is_found_whatever_became_of_it(database: Database) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        assert await outbox.last_of_case(tx, case, "card") is None
        await put(tx, "first", case_id=case, purpose="card")
        second = await put(tx, "second", case_id=case, purpose="card")
        await outbox.give_up(tx, second, "no")
        newest = await outbox.last_of_case(tx, case, "card")
    assert newest is not None
    assert (newest.id, newest.state) == (second, State.DEAD)


async def test_an_admin_of_the_group_was_sent_a_case_only_if_it_went_out_as_such(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        for dedupe, reader in (("admin:1:11", 11), ("admin:1:12", 12), ("card:1:13", 13)):
            number = await put(tx, dedupe, case_id=case, chat_id=reader)
            if reader != 12:
                await outbox.sent(tx, number, 1)
        found = [await outbox.was_sent_as_admin(tx, case, reader) for reader in (11, 12, 13)]
        other = await outbox.was_sent_as_admin(tx, await a_case(tx), 11)
    assert found == [True, False, False]
    assert not other
