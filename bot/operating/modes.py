"""The ways in which the bot can be less than whole: named, told once when they begin and once when they end.

They stand in /readyz and in the metrics, and in the database, so that a restart tells nothing twice.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

import structlog

from bot import metrics
from bot.services import Services
from bot.words import modes as said
from moderation.errors import StorageError
from moderation.storage import Transaction, notes, outbox, people
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role

log = structlog.get_logger()

LOOK_SECONDS = 5
LOOKS = 3
"""A mode has begun, or ended, when so many looks in a row say so."""
SLOW_MODEL = 0.5
"""Seconds a message."""
SILENT = 60.0
"""Seconds since Telegram was last heard."""
FREE_BYTES = 500_000_000
SLOW_DATABASE = 2.0
"""Seconds for one small transaction."""
LATE = timedelta(minutes=1)
"""Age from which on a crisis call that waits is behind."""
NOTE = "modes"


class Mode(StrEnum):
    """What does not work as it should."""

    NO_MODEL = "no_model"
    SLOW_MODEL = "slow_model"
    TELEGRAM = "telegram"
    DISK = "disk"
    DATABASE = "database"
    CLOCK = "clock"
    NOBODY = "nobody"
    BEHIND = "behind"


@dataclass
class Watch:
    """Looks, remembers how often in a row it saw what, and tells of changes."""

    services: Services
    silence: Callable[[], float]
    """Seconds since Telegram was last heard."""
    unsettled: Callable[[], bool]
    """Whether the clock on the wall jumped not long ago."""
    _streaks: Counter[Mode] = field(default_factory=Counter)
    """Looks in a row that contradict what stands."""

    async def look(self) -> None:
        """See what is the matter; tell and keep what has changed."""
        found = await self._found()
        standing = self.services.modes
        for mode in Mode:
            differs = (mode in found) is not (mode in standing)
            self._streaks[mode] = self._streaks[mode] + 1 if differs else 0
        changed = {mode for mode in Mode if self._streaks[mode] >= LOOKS}
        if changed:
            await self._change(standing ^ changed, changed)
        for mode in Mode:
            metrics.MODE.labels(mode).set(mode in self.services.modes)

    async def recall(self) -> None:
        """What stood when the bot was stopped stands still, until looks say otherwise."""
        async with self.services.database.reading() as tx:
            kept = await notes.read(tx, NOTE)
        names = json.loads(kept) if kept else []
        self.services.modes = frozenset(mode for mode in Mode if mode in names)

    async def _change(self, standing: frozenset[str], changed: set[Mode]) -> None:
        """Tell in the same transaction in which it is kept: once each, over any restart."""
        try:
            async with self.services.database.transaction() as tx:
                await notes.write(tx, NOTE, json.dumps(sorted(standing)))
                for mode in sorted(changed):
                    await self._tell(tx, mode, mode in standing)
        except StorageError as error:
            log.error("mode_not_kept", modes=sorted(changed), error=type(error).__name__)
            if Mode.DATABASE in changed:
                self.services.modes = self.services.modes | {Mode.DATABASE}
            return
        self.services.modes = standing
        for mode in changed:
            self._streaks[mode] = 0
            log.warning("mode", mode=mode, entered=mode in standing)
        self.services.outbox.wake()

    async def _tell(self, tx: Transaction, mode: Mode, entered: bool) -> None:
        """Owners and the moderators' chat hear it."""
        text = (said.ENTERED if entered else said.LEFT)[mode]
        chat = self.services.alerts.calls.moderator_chat
        to = [*await people.holders(tx, Role.OWNER), *([chat] if chat is not None else [])]
        for recipient in dict.fromkeys(to):
            dedupe = f"mode:{mode}:{entered}:{recipient}:{tx.now.isoformat()}"
            row = Outgoing(dedupe, Lane.ALERT, recipient, "sendMessage", {"text": text})
            await outbox.put(tx, row)

    async def _found(self) -> set[Mode]:
        services = self.services
        scorer = services.scorer
        found = {
            Mode.NO_MODEL: services.degraded is not None,
            Mode.SLOW_MODEL: scorer.waiting > 0 and scorer.pace > SLOW_MODEL,
            Mode.TELEGRAM: self.silence() > SILENT,
            Mode.DISK: self._disk_is_nearly_full(),
            Mode.CLOCK: self.unsettled(),
        }
        return {mode for mode, here in found.items() if here} | await self._found_in_database()

    async def _found_in_database(self) -> set[Mode]:
        found = set()
        began = time.monotonic()
        try:
            async with asyncio.timeout(4 * SLOW_DATABASE):
                async with self.services.database.transaction() as tx:
                    oldest = await outbox.oldest_waiting(tx, Lane.CRISIS)
                    if oldest is not None and tx.now - oldest > LATE:
                        found.add(Mode.BEHIND)
                    counselors = await people.holders(tx, Role.COUNSELOR)
                    deaf = [await people.is_writable(tx, one) is False for one in counselors]
                    if counselors and all(deaf):
                        found.add(Mode.NOBODY)
        except (StorageError, TimeoutError):
            unseen = {Mode.BEHIND, Mode.NOBODY}
            return {Mode.DATABASE, *(mode for mode in unseen if mode in self.services.modes)}
        if time.monotonic() - began > SLOW_DATABASE:
            found.add(Mode.DATABASE)
        return found

    def _disk_is_nearly_full(self) -> bool:
        try:
            return shutil.disk_usage(self.services.settings.data).free < FREE_BYTES
        except OSError:
            return False
