"""Notices when the clock on the wall jumps, and keeps the jump from making anybody wait."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import structlog

from bot.services import Services
from moderation.ports import Clock
from moderation.storage import clockstep
from moderation.storage.clockstep import SLACK

log = structlog.get_logger()

LOOK_EVERY = 2.0


class WallClock:
    """Compares the wall clock with one that never jumps."""

    def __init__(self, clock: Clock, steady: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._steady = steady
        self._offset: float | None = None

    async def look(self, services: Services) -> None:
        """Act on a jump since the last look; the first look is for one while nothing ran."""
        offset = self._clock().timestamp() - self._steady()
        if self._offset is None:
            async with services.database.reading() as tx:
                step = -await clockstep.written_ahead(tx)
        else:
            step = timedelta(seconds=offset - self._offset)
        if abs(step) > SLACK:
            log.warning("clock_stepped", seconds=round(step.total_seconds()))
        if step < -SLACK:
            await self._went_back(services, -step)
        self._offset = offset

    async def _went_back(self, services: Services, by: timedelta) -> None:
        async with services.database.transaction() as tx:
            moved = await clockstep.bring_forward(tx, by)
        log.warning("brought_forward", rows=moved)
        services.outbox.wake()
