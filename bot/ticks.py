"""Work that comes again and again. It only ticks: what is due stands in rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import metrics
from bot.services import Services
from bot.wallclock import utc_now
from moderation.ports import Clock

log = structlog.get_logger()

Work = Callable[[Services], Awaitable[object]]

LATE = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
"""Late work is late, never left out; missed ones count as one; nothing runs twice at once."""
LOOK_EVERY = 2.0
SLACK = timedelta(seconds=1)


class Ticks:
    """APScheduler's intervals, which a wall clock that jumps cannot hold up.

    APScheduler plans by the wall clock: set back by a day, it would sleep for a day. Here work that
    is planned for later than its interval allows comes at once.
    """

    def __init__(
        self,
        services: Services,
        clock: Clock = utc_now,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._services = services
        self._clock = clock
        self._look_every = look_every
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=LATE)

    def every(self, seconds: float, work: Work, *, first: float | None = None) -> None:
        """Do this work every so many seconds, the first time after `first` (default and most: as many)."""
        soon = self._clock() + timedelta(seconds=seconds if first is None else first)
        trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
        self._scheduler.add_job(self._once, trigger, [work], name=_name(work), next_run_time=soon)

    async def run(self) -> None:
        """Tick until cancelled."""
        self._scheduler.start()
        try:
            while True:
                await asyncio.sleep(self._look_every)
                self._let_come_what_is_held_up()
        finally:
            self._scheduler.shutdown(wait=False)

    def _let_come_what_is_held_up(self) -> None:
        now = self._clock()
        for job in self._scheduler.get_jobs():
            if job.next_run_time > now + job.trigger.interval + SLACK:
                job.modify(next_run_time=now)

    async def _once(self, work: Work) -> None:
        try:
            await work(self._services)
        except Exception as error:
            metrics.ERRORS.labels("ticks").inc()
            log.critical("tick_failed", what=_name(work), exc_info=error)


def _name(work: Work) -> str:
    return getattr(work, "__name__", type(work).__name__)
