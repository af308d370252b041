"""Of several messages that wait to tell somebody the same, one goes out: the newest words, once."""

from __future__ import annotations

from collections.abc import Iterable

from moderation.storage import outbox
from moderation.storage.database import Transaction
from moderation.storage.outbox import Delivery, Outgoing, State


async def put_instead(tx: Transaction, item: Outgoing, waiting: Delivery | None) -> int | None:
    """Let a row that waits say this instead of its own; without one, store a row.

    It keeps its place, its age, and the mark that it may be there already; the item is remembered by
    its dedupe key as settled. The id of the row that will go out, or None if the key was known.
    """
    number = await outbox.put(tx, item)
    if waiting is None or number is None:
        return number
    await outbox.rewrite(tx, waiting.id, item.payload, item.method)
    await outbox.retire(tx, number)
    await outbox.give_up_for(tx, number, waiting.id)
    return waiting.id


async def waiting_for(tx: Transaction, case_id: int, purpose: str, chat_id: int) -> Delivery | None:
    """The row of a case with a purpose that is still to be sent to one reader, perhaps again."""
    return waiting_among(await outbox.of_case(tx, case_id, purpose), chat_id)


def waiting_among(rows: Iterable[Delivery], chat_id: int) -> Delivery | None:
    """The newest of these that is still to be sent to one reader, perhaps again."""
    waiting = [row for row in rows if row.chat_id == chat_id and row.state is State.PENDING]
    return waiting[-1] if waiting else None


async def gives_way(tx: Transaction, row: Delivery) -> bool:
    """Whether a newer row tells the same reader the same; then this one ends.

    Nothing can take the place of a row that is on its way: it came back, and two wait.
    """
    if row.case_id is None or row.purpose is None:
        return False
    rows = await outbox.of_case(tx, row.case_id, row.purpose)
    newer = [one.id for one in rows if one.chat_id == row.chat_id and one.id > row.id]
    if newer:
        await outbox.give_up_for(tx, row.id, newer[-1])
    return bool(newer)
