"""Bringing an alert to a group's own admins, when nobody else is set up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import telegram

from moderation.storage.outbox import Delivery, Outgoing

CALL_ADMINS = "qunhu.callAdmins"
"""An internal method: payload {group, message}; becomes one row for each human admin."""


def rows_to_admins(
    row: Delivery, payload: dict[str, Any], admins: Iterable[telegram.ChatMember]
) -> Iterator[Outgoing]:
    """One private message for each admin who is human."""
    for admin in admins:
        if not admin.user.is_bot:
            yield Outgoing(
                dedupe=f"admin:{row.id}:{admin.user.id}",
                lane=row.lane,
                chat_id=admin.user.id,
                method="sendMessage",
                payload=payload["message"],
                purpose="card",
                case_id=row.case_id,
            )
