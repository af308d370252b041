from __future__ import annotations

import pytest

from moderation.storage import Database, Transaction, casebook, outbox
from moderation.storage.outbox import Delivery, Lane, Outgoing, State
from moderation.storage.superseding import gives_way, put_instead, waiting_for
from moderation.vocabulary import CaseKind, Certainty, Subject

READER = 11


async def a_case(tx: Transaction) -> int:
    """A case to hang cards on."""
    case = await casebook.open_case(
        tx, CaseKind.CRISIS, -1, None, "imminent", Subject.SELF, Certainty.LIKELY
    )
    return case.id


def card(case: int, text: str, reader: int = READER) -> Outgoing:
    """A card that says this."""
    dedupe = f"card:{case}:{text}:{reader}"
    payload = {"text": text}
    return Outgoing(
        dedupe, Lane.CRISIS, reader, "sendMessage", payload, purpose="card", case_id=case
    )


async def call(tx: Transaction, case: int, text: str, reader: int = READER) -> Delivery:
    """Put a card as a call does; the row that will go out."""
    waiting = await waiting_for(tx, case, "card", reader)
    number = await put_instead(tx, card(case, text, reader), waiting)
    assert number is not None
    return await row(tx, number)


async def row(tx: Transaction, number: int) -> Delivery:
    """A row that is there."""
    found = await outbox.get(tx, number)
    assert found is not None
    return found


async def waiting(tx: Transaction, case: int) -> list[str]:
    """What will still be said."""
    return [r.payload["text"] for r in await outbox.of_case(tx, case, "card") if r.payload]


async def test_a_card_that_waits_says_the_newer_words_in_its_place(database: Database) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        first = await call(tx, case, "第一次")
        second = await call(tx, case, "第二次")
        assert (second.id, second.created_at) == (first.id, first.created_at)
        assert await waiting(tx, case) == ["第二次"]


async def test_what_was_said_in_place_of_another_is_remembered_as_done(database: Database) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        await call(tx, case, "第一次")
        await call(tx, case, "第二次")
        again = await put_instead(tx, card(case, "第二次"), None)
        assert again is None
        assert await waiting(tx, case) == ["第二次"]


async def test_another_reader_and_another_case_have_cards_of_their_own(database: Database) -> None:
    async with database.transaction() as tx:
        case, other = await a_case(tx), await a_case(tx)
        await call(tx, case, "甲")
        await call(tx, case, "乙", reader=12)
        await call(tx, other, "丙")
        assert await waiting(tx, case) == ["甲", "乙"]
        assert await waiting(tx, other) == ["丙"]


async def test_a_card_on_its_way_is_left_alone_and_gives_way_when_it_comes_back(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        first = await call(tx, case, "第一次")
        below = Outgoing("p", Lane.ALERT, READER, "sendPhoto", {}, follows=first.id)
        picture = await outbox.put(tx, below)
        assert picture is not None
        await outbox.start(tx, first.id)
        second = await call(tx, case, "第二次")
        assert second.id != first.id
        await outbox.retry(tx, first.id, tx.now, "nobody there", maybe_sent=False)
        assert await gives_way(tx, await row(tx, first.id))
        assert not await gives_way(tx, second)
        assert (await row(tx, first.id)).state is State.DEAD
        assert (await row(tx, picture)).follows == second.id
        assert not (await row(tx, second.id)).maybe_sent


@pytest.mark.parametrize("on_its_way", [True, False])
async def test_the_doubt_whether_one_arrived_stays(database: Database, on_its_way: bool) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        first = await call(tx, case, "第一次")
        await outbox.start(tx, first.id)
        if not on_its_way:
            await outbox.retry(tx, first.id, tx.now, "cut", maybe_sent=True)
        second = await call(tx, case, "第二次")
        await outbox.recover(tx)  # as after a kill
        if on_its_way:
            assert await gives_way(tx, await row(tx, first.id))
        assert await waiting(tx, case) == ["第二次"]
        assert (await row(tx, second.id)).maybe_sent


async def test_one_that_arrived_is_not_rewritten(database: Database) -> None:
    async with database.transaction() as tx:
        case = await a_case(tx)
        first = await call(tx, case, "第一次")
        await outbox.sent(tx, first.id, 5)
        second = await call(tx, case, "第二次")
        assert second.id != first.id
        assert not await gives_way(tx, second)
