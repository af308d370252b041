"""Work that comes again and again, by a clock that never jumps. It only ticks: what is due stands in rows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot import metrics
from bot.services import Services

log = structlog.get_logger()

Work = Callable[[Services], Awaitable[object]]


@dataclass
class Ticks:
    """Each work runs in turn with itself and beside the others; a late one is late, never left out."""

    services: Services
    _plans: list[tuple[Work, float, float]] = field(default_factory=list)

    def every(self, seconds: float, work: Work, *, first: float | None = None) -> None:
        """Do this work so many seconds after the last time, the first time after `first`."""
        self._plans.append((work, seconds, seconds if first is None else first))

    async def run(self) -> None:
        """Tick until cancelled."""
        async with asyncio.TaskGroup() as together:
            for work, seconds, first in self._plans:
                together.create_task(self._again_and_again(work, seconds, first))

    async def _again_and_again(self, work: Work, seconds: float, first: float) -> None:
        await asyncio.sleep(first)
        while True:
            try:
                await work(self.services)
            except Exception as error:
                metrics.ERRORS.labels("ticks").inc()
                log.critical("tick_failed", what=_name(work), exc_info=error)
            await asyncio.sleep(seconds)


def _name(work: Work) -> str:
    return getattr(work, "__name__", type(work).__name__)
