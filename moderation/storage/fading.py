"""Lets the words of a crisis fade that nobody closes and nothing is heard of: the case itself stays, and is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, exists, select, update

from moderation.cases import CaseState
from moderation.storage.casebook import DETAIL, FADED, KEPT_AT, touch
from moderation.storage.database import Transaction
from moderation.storage.retention import rule_of
from moderation.storage.sealing import KeyGone
from moderation.storage.tables import acts, cases, signals

WORDS: dict[str, Any] = {
    "excerpt": "", "phrases": (), "reasons": (), "note": "", "media": [], "album": None,
}  # fmt: skip
"""What goes. When it was said, where, and by whom stays: a human can still find her."""


async def fade(tx: Transaction) -> list[int]:
    """Delete the words of live cases without a new message or a human's step for so long; which cases."""
    fades = rule_of(signals.name).fades
    assert fades is not None
    since = tx.now - fades
    changed = []
    for case_id, rows in groupby(await _quiet(tx, since), lambda row: int(row.case_id)):
        opened = list(_opened(tx, list(rows)))
        left = [(row, detail) for row, detail in opened if not detail.get(FADED)]
        if not left or any(_kept_at(row, detail) > since for row, detail in left):
            continue
        for row, detail in left:
            await _blank(tx, row, detail)
        await touch(tx, case_id)
        changed.append(case_id)
    return changed


async def _quiet(tx: Transaction, since: datetime) -> Sequence[Row[Any]]:
    """The messages of live cases of which all are older, and at which nobody did anything since."""
    newer = signals.alias()
    said = exists().where(newer.c.case_id == cases.c.id, newer.c.at > since)
    done = exists().where(acts.c.case_id == cases.c.id, acts.c.at > since)
    found = await tx.connection.execute(
        select(signals, cases.c.person)
        .join(cases, cases.c.id == signals.c.case_id)
        .where(
            cases.c.state.in_([state for state in CaseState if state.live]),
            cases.c.opened_at <= since,
            ~said,
            ~done,
        )
        .order_by(signals.c.case_id, signals.c.id)
    )
    return found.all()


def _opened(tx: Transaction, rows: Sequence[Row[Any]]) -> Iterator[tuple[Row[Any], dict[str, Any]]]:
    for row in rows:
        try:
            yield row, tx.sealer.open(DETAIL, row.detail_sealed)
        except KeyGone:
            continue  # its writer is erased: nobody can read it any more


def _kept_at(row: Row[Any], detail: dict[str, Any]) -> datetime:
    """When the words were last written: an edit brings new ones to an old message."""
    return datetime.fromisoformat(detail[KEPT_AT]) if KEPT_AT in detail else row.at


async def _blank(tx: Transaction, row: Row[Any], detail: dict[str, Any]) -> None:
    again = tx.sealer.seal(DETAIL, {**detail, **WORDS, FADED: True}, row.author or row.person)
    await tx.connection.execute(
        update(signals).where(signals.c.id == row.id).values(detail_sealed=again)
    )
