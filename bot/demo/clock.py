"""The demo's clock: the real time, moved forward by hand, so that a night passes at a tap."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.wallclock import utc_now
from moderation.ports import Clock


@dataclass
class MovedClock:
    """Moved on purpose it does not count as a clock that jumped: `steady` moves along."""

    real: Clock = utc_now
    ahead: timedelta = field(default=timedelta())

    def __call__(self) -> datetime:
        """The real time and what it was moved by, with time zone UTC."""
        return self.real() + self.ahead

    def steady(self) -> float:
        """Seconds on a clock that never jumps, as far on as this one."""
        return time.monotonic() + self.ahead.total_seconds()

    def forward(self, by: timedelta) -> None:
        """Let so much time pass at once."""
        self.ahead += by
