"""Work that comes again and again. It only ticks: what is due stands in rows."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import metrics
from bot.services import Services

log = structlog.get_logger()

Work = Callable[[Services], Awaitable[object]]

LATE = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
"""Late work is late, never left out; missed ones count as one; nothing runs twice at once."""
LOOK_EVERY = 2.0
STEP = 1.0
"""Seconds by which the wall clock may wander between two looks."""


def wall_ahead() -> float:
    """By how many seconds the clock on the wall is ahead of one that never jumps."""
    return time.time() - time.monotonic()


class Ticks:
    """APScheduler's intervals, which a wall clock that jumps cannot hold up.

    APScheduler plans by the wall clock: set back by a day, it would sleep for a day. Here a jump
    lets every work come at once.
    """

    def __init__(
        self,
        services: Services,
        ahead: Callable[[], float] = wall_ahead,
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._services = services
        self._ahead = ahead
        self._look_every = look_every
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=LATE)

    def every(self, seconds: float, work: Work, *, first: float | None = None) -> None:
        """Do this work every so many seconds, the first time after `first` (default: as many)."""
        soon = datetime.now(UTC) + timedelta(seconds=seconds if first is None else first)
        trigger = IntervalTrigger(seconds=seconds, timezone=UTC)
        self._scheduler.add_job(self._once, trigger, [work], name=_name(work), next_run_time=soon)

    async def run(self) -> None:
        """Tick until cancelled."""
        self._scheduler.start()
        try:
            ahead = self._ahead()
            while True:
                await asyncio.sleep(self._look_every)
                before, ahead = ahead, self._ahead()
                if abs(ahead - before) > STEP:
                    self._all_at_once()
        finally:
            self._scheduler.shutdown(wait=False)

    def _all_at_once(self) -> None:
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC))

    async def _once(self, work: Work) -> None:
        try:
            await work(self._services)
        except Exception as error:
            metrics.ERRORS.labels("ticks").inc()
            log.critical("tick_failed", what=_name(work), exc_info=error)


def _name(work: Work) -> str:
    return getattr(work, "__name__", type(work).__name__)
