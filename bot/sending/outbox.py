"""Delivers what is stored in the outbox: crisis first, once, within Telegram's limits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog

from bot.sending.courier import Courier, OnRefused, OnSent
from bot.sending.pacer import Pacer
from bot.sending.performers import Performer
from moderation.errors import StorageError
from moderation.ports import Clock
from moderation.storage import Database, outbox
from moderation.storage.outbox import QUICK, Delivery, Lane
from moderation.storage.scripts import Script

log = structlog.get_logger()

AT_ONCE = 12
KEPT_FOR_CRISES = 4
IDLE = 1.0
DRAIN_SECONDS = 5.0


class OutboxRunner:
    """Takes rows and lets their calls be made, several at once, never two at once for one chat and lane."""

    def __init__(
        self,
        database: Database,
        performer: Performer,
        on_refused: OnRefused,
        clock: Clock,
        script: Script = Script.SIMPLIFIED,
        on_sent: OnSent | None = None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._steady = steady
        self._pacer = Pacer()
        self._courier = Courier(
            database, performer, on_refused, clock, steady, self._pacer, script, on_sent
        )
        self._running: dict[asyncio.Task[None], Delivery] = {}
        self._wake = asyncio.Event()
        self._stranded = True
        """Whether rows may be marked as being sent that nobody is sending."""
        self._closing = False

    def wake(self) -> None:
        """There may be new rows."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until cancelled; what was in flight is then marked as maybe sent at next start."""
        try:
            while True:
                self._wake.clear()
                pause = await self._round()
                await self._sleep(pause)
        finally:
            await self._stop()

    async def drain(self) -> None:
        """Start no call any more and wait for those in flight, so that an orderly stop leaves none in doubt."""
        self._closing = True
        if self._running:
            await asyncio.wait(self._running, timeout=DRAIN_SECONDS)

    async def _stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _round(self) -> float:
        """Start every call that may start now; seconds until another look is worth it."""
        try:
            await self._recover()
            async with self._database.reading() as tx:
                rows = await outbox.due(tx, skip=[row.id for row in self._running.values()])
                later = await outbox.next_time(tx)
        except StorageError as error:
            log.error("outbox_unusable", error=str(error))
            return IDLE
        pauses = [IDLE]
        if later is not None and later > self._clock():
            pauses.append((later - self._clock()).total_seconds())
        rows.sort(key=self._turn)
        pauses.extend(self._start(row) for row in rows)
        return max(0.01, min(pauses))

    async def _recover(self) -> None:
        if self._stranded:
            async with self._database.transaction() as tx:
                await outbox.recover(tx, skip=[row.id for row in self._running.values()])
            self._stranded = False

    def _turn(self, row: Delivery) -> tuple[Lane, float, int]:
        """Within a lane chats take turns: first who was written to longest ago."""
        return row.lane, self._pacer.last_call(row.chat_id), row.id

    def _start(self, row: Delivery) -> float:
        """Start one call if it may; else seconds it has to wait."""
        if self._closing or not self._has_place(row):
            return IDLE
        now = self._steady()
        wait = self._pacer.wait(row.chat_id, row.lane, row.method, now)
        if wait > 0:
            return wait
        self._pacer.note(row.chat_id, row.method, now)
        task = asyncio.create_task(self._courier.deliver(row), name=f"deliver-{row.id}")
        self._running[task] = row
        task.add_done_callback(self._finished)
        return IDLE

    def _has_place(self, row: Delivery) -> bool:
        places = AT_ONCE if row.lane is Lane.CRISIS else AT_ONCE - KEPT_FOR_CRISES
        busy = {_line(r) for r in self._running.values()}
        return len(self._running) < places and _line(row) not in busy

    def _finished(self, task: asyncio.Task[None]) -> None:
        row = self._running.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("delivery_crashed", row=row.id, error=type(error).__name__)
            self._stranded = True
        self._wake.set()


def _line(row: Delivery) -> tuple[int, Lane, bool]:
    """Rows of one line go out one after the other."""
    return row.chat_id, row.lane, row.method in QUICK
