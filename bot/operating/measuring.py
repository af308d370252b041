"""Brings the gauges up to date from what is stored, so that a restart loses none."""

from __future__ import annotations

import asyncio
import shutil
from datetime import datetime

from bot import metrics
from bot.services import Services
from moderation.cases import CaseState
from moderation.storage import Transaction, casebook, inbox, outbox
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, State
from moderation.vocabulary import CaseKind, Crisis

ANSWERED_FOR = (Crisis.IMMINENT, Crisis.IDEATION)


async def measure(services: Services) -> None:
    """Bring the gauges up to date."""
    async with services.database.reading() as tx:
        await _queues(tx)
        await _cases(tx)
    metrics.DEGRADED.set(1 if services.degraded else 0)
    metrics.TASKS.set(len(asyncio.all_tasks()))
    disk = await asyncio.to_thread(shutil.disk_usage, services.settings.data)
    metrics.DISK_FREE.set(disk.free)


async def _queues(tx: Transaction) -> None:
    metrics.INBOX_WAITING.set(await inbox.waiting(tx))
    metrics.INBOX_AGE.set(_age(tx, await inbox.oldest_waiting(tx)))
    rows = await outbox.counts(tx)
    for state in State:
        metrics.OUTBOX_ROWS.labels(state).set(rows.get(state, 0))
    for lane in Lane:
        age = _age(tx, await outbox.oldest_waiting(tx, lane))
        metrics.OUTBOX_AGE.labels(lane.word).set(age)


async def _cases(tx: Transaction) -> None:
    live = await casebook.live_counts(tx)
    for kind in CaseKind:
        metrics.LIVE_CASES.labels(kind).set(live.get(kind, 0))
    for level in ANSWERED_FOR:
        age = _age(tx, await casebook.oldest_unanswered(tx, level))
        metrics.UNANSWERED.labels(level).set(age)


def note_answer(case: Case, at: datetime) -> None:
    """Count how long a case waited for its first human; later hands and reopened cases do not count."""
    if case.standing.state is CaseState.OPEN and case.standing.before is None:
        waited = (at - case.opened_at).total_seconds()
        metrics.TO_HUMAN.labels(case.kind, case.level).observe(max(0.0, waited))


def _age(tx: Transaction, since: datetime | None) -> float:
    return max(0.0, (tx.now - since).total_seconds()) if since is not None else 0.0
