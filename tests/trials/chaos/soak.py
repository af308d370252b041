"""`make soak`: hours of talk without a fault; does anything grow that should not?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from statistics import mean

from rich.table import Table

from tests.trials.chaos.process import Footprint
from tests.trials.chaos.trials import Options, scene_of

SAMPLES = 60
MEGABYTES = 15
FILES = 5
TASKS = 20
"""What the last third may use more than the second: caches that are bounded fill up in the first."""


async def soak(options: Options, seconds: float) -> AsyncIterator[Footprint]:
    """What the process uses, sampled evenly over that time."""
    async with scene_of(options) as scene:
        for _ in range(SAMPLES):
            await asyncio.sleep(seconds / SAMPLES)
            yield await scene.bot.footprint()


def growth(samples: Sequence[Footprint]) -> Footprint:
    """How much more the last third uses than the second."""
    third = len(samples) // 3
    earlier, later = samples[third : 2 * third], samples[2 * third :]
    return Footprint(
        round(mean(one.memory for one in later) - mean(one.memory for one in earlier)),
        round(mean(one.files for one in later) - mean(one.files for one in earlier)),
        round(mean(one.tasks for one in later) - mean(one.tasks for one in earlier)),
    )


def grew(samples: Sequence[Footprint]) -> bool:
    """Whether that is more than it may be."""
    more = growth(samples)
    return more.memory > MEGABYTES or more.files > FILES or more.tasks > TASKS


def table(samples: Sequence[Footprint], seconds: float) -> Table:
    """Every sixth sample, and the growth."""
    shown = Table("minute", "MB", "files", "tasks", title=f"{seconds / 60:.0f} minutes of talk")
    for number, one in enumerate(samples, 1):
        if number == 1 or number % 6 == 0:
            minute = f"{seconds / 60 / SAMPLES * number:.0f}"
            shown.add_row(minute, str(one.memory), str(one.files), str(one.tasks))
    more = growth(samples)
    shown.add_row("growth", f"{more.memory:+}", f"{more.files:+}", f"{more.tasks:+}")
    return shown
