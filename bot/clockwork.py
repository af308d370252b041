"""What time brings beside the calls: follow-ups, the weekly digest, a look at the audit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.care.followup import follow_up
from bot.checkin.weekly import look_after
from bot.learning.digest import weekly
from bot.learning.ledger import look
from bot.mine.forgetting import go_on
from bot.pageduty import look_at_pages
from bot.papers.nudges import remind
from bot.services import Services
from bot.spirals.clock import lapse
from moderation import normalise
from moderation.storage import safetyplans

TICK_SECONDS = 5
FORGET_SECONDS = 15
SOON = timedelta(minutes=10)
"""After a start: a bot that is restarted daily must look at its pages too."""


def wind(scheduler: AsyncIOScheduler, services: Services) -> None:
    """Add the jobs; like the others they only tick, what is due stands in rows."""
    scheduler.add_job(follow_up, "interval", [services], seconds=TICK_SECONDS, max_instances=1)
    scheduler.add_job(note_places, "interval", [services], seconds=TICK_SECONDS, max_instances=1)
    scheduler.add_job(go_on, "interval", [services], seconds=FORGET_SECONDS, max_instances=1)
    scheduler.add_job(forget_texts, "interval", [services], minutes=1, max_instances=1)
    scheduler.add_job(lapse, "interval", [services], seconds=TICK_SECONDS, max_instances=1)
    scheduler.add_job(weekly, "interval", [services], minutes=10, max_instances=1)
    soon = datetime.now(UTC) + timedelta(minutes=1)
    scheduler.add_job(look, "interval", [services], hours=24, max_instances=1, next_run_time=soon)
    scheduler.add_job(remind, "interval", [services], minutes=1, max_instances=1)
    scheduler.add_job(look_after, "interval", [services], minutes=1, max_instances=1)
    scheduler.add_job(
        look_at_pages,
        "interval",
        [services],
        hours=6,
        max_instances=1,
        next_run_time=datetime.now(UTC) + SOON,
    )


async def forget_texts(services: Services) -> None:
    """Texts are in memory for an hour at most, in a silent group too."""
    services.recent.forget_old()
    normalise.forget()


async def note_places(services: Services) -> None:
    """Remember in which messages safety plans stand."""
    async with services.database.transaction() as tx:
        await safetyplans.note_places(tx)
