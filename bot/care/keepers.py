"""Brings what concerns a follow-up to the one who keeps it; if that fails, to the moderators' chat."""

from __future__ import annotations

from typing import Any

from bot.members.kindness import INSTEAD
from bot.services import Services
from moderation.storage import Transaction, outbox
from moderation.storage.casebook import Case
from moderation.storage.followups import Plan
from moderation.storage.outbox import Lane, Outgoing


def keeper_of(services: Services, case: Case, plan: Plan) -> int | None:
    """Where the keeper is written to: whoever has the case now, else who had it, else moderators."""
    return case.standing.holder or plan.keeper or services.alerts.calls.moderator_chat


async def tell_keeper(
    services: Services,
    tx: Transaction,
    place: int | None,
    payload: dict[str, Any],
    dedupe: str,
    case_id: int | None = None,
    lane: Lane = Lane.ALERT,
) -> None:
    """Store a message to a keeper."""
    moderators = services.alerts.calls.moderator_chat
    if place is None:
        return
    if moderators is not None and place != moderators:
        payload = {**payload, INSTEAD: {"chat_id": moderators, "payload": payload}}
    row = Outgoing(
        dedupe=dedupe,
        lane=lane,
        chat_id=place,
        method="sendMessage",
        payload=payload,
        case_id=case_id,
    )
    await outbox.put(tx, row)
