"""Reminds members of their papers, weekly, as long as they want it."""

from __future__ import annotations

from datetime import timedelta

import structlog

from bot import metrics
from bot.papers.deadlines import soon
from bot.papers.entries import today_of
from bot.papers.folder import folder_of
from bot.papers.taps import EVERY
from bot.papers.views import nudge
from bot.services import Services
from moderation.storage import Transaction, outbox, papers, people
from moderation.storage.outbox import Lane, Outgoing

log = structlog.get_logger()

LOOK_AHEAD = 30
"""Days of deadlines named in a reminder."""


async def remind(services: Services) -> None:
    """Remind everybody whose time has come; after downtime once, not once a week missed."""
    async with services.database.reading() as tx:
        due = await papers.due(tx)
    for user_id in due:
        try:
            async with services.database.transaction() as tx:
                await _remind(services, tx, user_id)
        except Exception as error:
            metrics.ERRORS.labels("nudges").inc()
            log.error("not_reminded", error=type(error).__name__, exc_info=error)
    if due:
        services.outbox.wake()


async def _remind(services: Services, tx: Transaction, user_id: int) -> None:
    if await people.is_writable(tx, user_id) is False:
        await papers.stop_reminding(tx, user_id)
        return
    await papers.remind(tx, user_id, tx.now + EVERY)
    folder, today = await folder_of(tx, user_id), today_of(services, tx)
    lines = [one.line(today) for one in soon(folder.deadlines, today, LOOK_AHEAD)]
    row = Outgoing(
        dedupe=f"nudge:{tx.sealer.hash_id(user_id)}:{tx.now.date().isoformat()}",
        lane=Lane.BULK,
        chat_id=user_id,
        method="sendMessage",
        payload=nudge(folder, lines),
        expires_in=timedelta(days=2),
    )
    await outbox.put(tx, row)
