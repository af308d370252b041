"""The clock on the wall: it notices when it jumps, and keeps the jump from making anybody wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from bot.services import Services
from moderation.ports import Clock
from moderation.storage import clockstep
from moderation.storage.clockstep import SLACK

log = structlog.get_logger()

LOOK_EVERY = 2.0
UNSETTLED = 600.0
"""Seconds for which a clock that jumped counts as unsettled."""


def utc_now() -> datetime:
    """Now."""
    return datetime.now(UTC)


class WallClock:
    """Tells the time to everybody, and compares it at each reading with a clock that never jumps.

    A look now and then would not do: whatever is written while the clock is wrong for a second may
    be planned for a day that is far away.
    """

    def __init__(
        self, clock: Clock = utc_now, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self._steady = steady
        self._offset: float | None = None
        self._jumped_at: float | None = None
        self._went_back = timedelta()
        """By how much, since what waits was last brought forward."""
        self._knows_the_past = False

    def __call__(self) -> datetime:
        """Now, with time zone UTC."""
        now, steady = self._clock(), self._steady()
        offset = now.timestamp() - steady
        step = timedelta(seconds=offset - self._offset) if self._offset is not None else timedelta()
        self._offset = offset
        if abs(step) > SLACK:
            log.warning("clock_stepped", seconds=round(step.total_seconds()))
            self._jumped_at = steady
            self._went_back += max(timedelta(), -step)
        return now

    def unsettled(self) -> bool:
        """Whether it jumped not long ago."""
        self()
        return self._jumped_at is not None and self._steady() - self._jumped_at < UNSETTLED

    async def look(self, services: Services) -> None:
        """Bring forward what waits if the clock went back; the first time, also while nothing ran."""
        self()
        back = self._went_back
        async with services.database.reading() as tx:
            before = timedelta() if self._knows_the_past else await clockstep.written_ahead(tx)
        if by := back + before:
            async with services.database.transaction() as tx:
                moved = await clockstep.bring_forward(tx, by)
            log.warning("brought_forward", rows=moved)
            services.outbox.wake()
        self._went_back -= back
        self._knows_the_past = True
