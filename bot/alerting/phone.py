"""The last resort: a signed call to the operator's phone-shaped channel. It carries no member's text.

The body is JSON: `event`, `case`, `level`, `minutes`, `calls`, `at` (ISO 8601, UTC) and `text`, one
ready sentence. `X-Qunhu-Signature` is `sha256=` and the HMAC-SHA-256 of the body with
QUNHU_PHONE_SECRET, in hexadecimal. `X-Qunhu-Delivery` is the same when a call is repeated.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from telegram.error import BadRequest, NetworkError

from bot.words import duty as words_duty
from moderation.storage import Transaction, outbox
from moderation.storage.casebook import Case
from moderation.storage.outbox import Delivery, Lane, Outgoing

PHONE = "qunhu.phone"
"""An internal method: its payload is the body."""
NOBODY = 0
TIMEOUT = 10.0
USELESS_AFTER = timedelta(hours=1)
TOO_MANY = 429
PASSING = {408, 425, TOO_MANY}


async def ring(tx: Transaction, case: Case, occasion: str) -> None:
    """Store a call to the operator's phone; sent, repeated and given up as everything is."""
    minutes = int((tx.now - case.opened_at).total_seconds() // 60)
    row = Outgoing(
        dedupe=f"phone:{case.id}:{occasion}",
        lane=Lane.CRISIS,
        chat_id=NOBODY,
        method=PHONE,
        payload={
            "event": "crisis_unanswered",
            "case": case.id,
            "level": case.level,
            "minutes": minutes,
            "calls": case.unanswered,
            "at": tx.now.isoformat(),
            "text": words_duty.PHONE.format(minutes=minutes, case=case.id),
        },
        case_id=case.id,
        expires_in=USELESS_AFTER,
    )
    await outbox.put(tx, row)


@dataclass(frozen=True)
class Phone:
    """The operator's address, and the secret by which it knows us."""

    url: str
    secret: str

    async def post(self, row: Delivery, payload: dict[str, Any]) -> None:
        """Make one call; NetworkError if it may be tried again, BadRequest if it was refused."""
        body = json.dumps(payload, ensure_ascii=False, sort_keys=True).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Qunhu-Delivery": str(row.id),
            "X-Qunhu-Signature": signature(self.secret, body),
        }
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT) as client:
                answer = await client.post(self.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            raise NetworkError(type(error).__name__) from error
        if answer.status_code in PASSING or answer.status_code >= 500:
            raise NetworkError(f"phone channel answered {answer.status_code}")
        if not answer.is_success:
            raise BadRequest(f"phone channel answered {answer.status_code}")


def signature(secret: str, body: bytes) -> str:
    """What proves that a body is ours."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
