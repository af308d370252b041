"""Who goes first: where one at a time may work, the most urgent of those who wait, then who came first."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from enum import IntEnum
from heapq import heappop, heappush


class Urgency(IntEnum):
    """How much haste there is."""

    DANGER = 0
    LIKELY = 1
    REST = 2


URGENCY: ContextVar[Urgency] = ContextVar("urgency", default=Urgency.LIKELY)
"""How urgent the present task is; whoever starts a piece of work sets it. Clockwork goes before small talk."""


class Turns:
    """One at a time in each place: the most urgent of those who wait, then who came first."""

    def __init__(self) -> None:
        self._lines: dict[int, list[tuple[Urgency, int, asyncio.Future[None]]]] = {}
        """Of each place where somebody has the turn: who waits."""
        self._numbers = itertools.count()

    @asynccontextmanager
    async def turn(self, place: int, urgency: Urgency) -> AsyncIterator[None]:
        """Wait for one's turn, and have it."""
        await self._wait(place, urgency)
        try:
            yield
        finally:
            self._pass_on(place)

    async def _wait(self, place: int, urgency: Urgency) -> None:
        line = self._lines.get(place)
        if line is None:
            self._lines[place] = []
            return
        mine: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(line, (urgency, next(self._numbers), mine))
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self._pass_on(place)
            raise

    def _pass_on(self, place: int) -> None:
        line = self._lines[place]
        while line:
            following = heappop(line)[2]
            if not following.done():
                following.set_result(None)
                return
        del self._lines[place]
