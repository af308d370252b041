"""Waking whoever waits for the world to change."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
GLANCE = 0.05  # seconds between looks at things that are not the world's own


class Changes:
    """A counter of changes that coroutines, in whatever loop, can wait on."""

    def __init__(self) -> None:
        self.version = 0
        self._waiters: set[asyncio.Future[None]] = set()

    def mark(self) -> None:
        """Note a change and wake all waiters; safe from another thread."""
        self.version += 1
        for waiter in list(self._waiters):
            with suppress(RuntimeError):  # its loop has closed: nobody waits any more
                waiter.get_loop().call_soon_threadsafe(_wake, waiter)

    async def wait(self, seconds: float) -> bool:
        """True after the next change, False when that many seconds pass without one."""
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await asyncio.wait_for(waiter, seconds)
        except TimeoutError:
            return False
        finally:
            self._waiters.discard(waiter)
        return True

    async def until(self, predicate: Callable[[], T], seconds: float) -> T:
        """The predicate's first true value; TimeoutError when it stays false that long."""
        deadline = time.monotonic() + seconds
        while not (value := predicate()):
            left = deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"not true within {seconds} s")
            await self.wait(min(left, GLANCE))
        return value


def _wake(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
