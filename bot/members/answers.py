"""Answers to commands: in a group the newest replaces the one before, in the same topic."""

from __future__ import annotations

from typing import Any

from bot import words
from bot.readers import ours
from moderation.storage import Transaction, outbox
from moderation.storage.outbox import Lane, Outgoing, State


async def answer(
    tx: Transaction,
    chat_id: int,
    thread_id: int | None,
    payload: dict[str, Any],
    dedupe: str,
    lane: Lane = Lane.ANSWER,
    purpose: str | None = None,
    case_id: int | None = None,
) -> None:
    """Store an answer; what answered earlier in this place is taken away, save for a /sos."""
    if purpose is None and lane is not Lane.CRISIS:
        purpose = f"answer:{thread_id or 0}"
    if chat_id < 0 and purpose is not None:
        await clear(tx, chat_id, purpose)
    if thread_id is not None:
        payload = {**payload, "message_thread_id": thread_id}
    await outbox.put(
        tx,
        Outgoing(
            dedupe=f"answer:{chat_id}:{dedupe}",
            lane=lane,
            chat_id=chat_id,
            method="sendMessage",
            payload=ours(payload),
            purpose=purpose,
            case_id=case_id,
        ),
    )


def way_in(bot_username: str, text: str, target: str) -> dict[str, Any]:
    """What stands in a group where the answer is for one person: a button into the private chat."""
    link = f"https://t.me/{bot_username}?start={target}"
    row = [{"text": words.BUTTON_PRIVATE, "url": link}]
    return {"text": text, "reply_markup": {"inline_keyboard": [row]}}


async def clear(tx: Transaction, chat_id: int, purpose: str, but: int | None = None) -> None:
    """Take away what stands in a chat with this purpose, one row perhaps excepted."""
    for row in await outbox.with_purpose(tx, chat_id, purpose):
        if row.id == but:
            continue
        if row.state is State.PENDING and not row.maybe_sent:
            await outbox.give_up(tx, row.id, "replaced")
            continue
        await outbox.retire(tx, row.id)
        await outbox.put(
            tx,
            Outgoing(
                dedupe=f"clear:{row.id}",
                lane=Lane.BULK,
                chat_id=chat_id,
                method="deleteMessage",
                payload={},
                follows=row.id,
            ),
        )
