"""Tells moderators, once a week, which pages fall due and what members asked in vain."""

from __future__ import annotations

from datetime import timedelta

from bot.papers.entries import today_of
from bot.readers import ours
from bot.services import Services
from bot.words import reading
from moderation.storage import outbox, pages
from moderation.storage.outbox import Lane, Outgoing

AHEAD = timedelta(days=14)
SHOWN = 15


async def look_at_pages(services: Services) -> None:
    """Remind if something falls due within a fortnight, and of questions without a page."""
    async with services.database.transaction() as tx:
        today = today_of(services, tx)
        waiting = len(await pages.all_unanswered(tx))
        due = [page for page in services.catalogue if page.overdue(today + AHEAD)]
        chat_id = services.alerts.calls.moderator_chat
        if chat_id is None or not (due or waiting):
            return
        due.sort(key=lambda page: (page.recheck_after, page.id))
        lines = [
            reading.PAGE_DUE.format(title=page.title, page=page.id, day=page.recheck_after)
            for page in due[:SHOWN]
        ]
        if len(due) > SHOWN:
            lines.append(reading.PAGES_MORE.format(count=len(due) - SHOWN))
        parts = []
        if due:
            parts.append(reading.PAGES_DUE.format(count=len(due), pages="\n".join(lines)))
        if waiting:
            parts.append(reading.QUESTIONS_WAITING.format(count=waiting))
        week = today.isocalendar()
        row = Outgoing(
            dedupe=f"pages-due:{chat_id}:{week.year}-{week.week}",
            lane=Lane.BULK,
            chat_id=chat_id,
            method="sendMessage",
            payload=ours({"text": "\n\n".join(parts)}),
        )
        await outbox.put(tx, row)
    services.outbox.wake()
