"""One fault after the other, with the talk going on; what each did to people is one row."""

from __future__ import annotations

import asyncio
import contextlib
import random
import shutil
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import quantiles

from rich.table import Table

from bot.simulator import Simulator, World
from tests.trials.chaos.faults import FAULTS, Scene
from tests.trials.chaos.process import QUICK, SHIPPED, Bot, Footprint
from tests.trials.chaos.town import Crisis, Town

NOBODY_ELSE = 300.0
"""Seconds without anybody new being heard of, after which those still missing count as lost."""
SETTLES = 6.0
"""Seconds after the last card in which a repetition would come."""


@dataclass(frozen=True)
class Options:
    """How hard, how long."""

    folder: Path = Path("build/chaos")
    faults: Sequence[str] = tuple(FAULTS)
    a_second: float = 50.0
    groups: int = 100
    crises_a_second: float = 0.5
    seconds: float = 20.0
    kills: int = 200
    outage: float = 3600.0
    seed: int = 1
    shipped: bool = False
    """The shipped model instead of plain words."""
    one_by_one: bool = True
    """Whether everybody must have been heard of before the next fault."""


@dataclass(frozen=True)
class Row:
    """What one fault did."""

    fault: str
    messages: int
    crises: list[Crisis]
    footprint: Footprint
    began: float
    ended: float
    """Monotonic seconds; whoever waits for a card later meets the next faults too."""

    @property
    def lost(self) -> int:
        """People of whom nobody heard."""
        return sum(one.heard is None for one in self.crises)

    @property
    def doubled(self) -> int:
        """People of whom the counselor heard twice without a mark."""
        return sum(one.plain > 1 for one in self.crises)

    @property
    def marked(self) -> int:
        """People of whom a second card came that said it may be one."""
        return sum(one.marked > 0 and one.cards > 1 for one in self.crises)

    @property
    def waits(self) -> list[float]:
        """Seconds from the word to the human, sorted."""
        return sorted(one.heard - one.said for one in self.crises if one.heard is not None)


@contextlib.asynccontextmanager
async def scene_of(options: Options) -> AsyncIterator[Scene]:
    """Telegram, the groups talking, the counselor listening, and the bot at work."""
    await asyncio.to_thread(_empty, options.folder)
    async with Simulator(World()) as telegram:
        town = Town(telegram.world, options.groups, random.Random(options.seed))
        settings = {**town.settings(), "QUNHU_API_BASE_URL": telegram.base_url}
        bot = Bot(options.folder, settings, SHIPPED if options.shipped else QUICK)
        await bot.start()
        await bot.running()
        try:
            async with _going_on(town, options):
                yield Scene(town, bot, options.seconds, options.kills, options.outage)
        finally:
            await bot.stop()


async def play(options: Options) -> AsyncIterator[Row]:
    """The faults in order; a row for each, at once or (not `one_by_one`) all at the end."""
    rows: list[Row] = []
    async with scene_of(options) as scene:
        for name in options.faults:
            row = await _one(name, scene, options)
            rows.append(row)
            if options.one_by_one:
                yield row
        await _all_heard(list(scene.town.crises.values()))
        await asyncio.sleep(SETTLES)
        if rows:
            rows[-1] = replace(rows[-1], footprint=await scene.bot.footprint())
    if not options.one_by_one:
        for row in rows:
            yield row


async def _one(name: str, scene: Scene, options: Options) -> Row:
    town = scene.town
    messages, before, began = town.messages, len(town.crises), time.monotonic()
    town.cry()
    await FAULTS[name].play(scene)
    ended = time.monotonic()
    town.cry()
    of_this = list(town.crises.values())[before:]
    if options.one_by_one:
        await _all_heard(of_this)
        await asyncio.sleep(SETTLES)
    used = await scene.bot.footprint()
    return Row(name, town.messages - messages, of_this, used, began, ended)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


async def _all_heard(crises: Sequence[Crisis]) -> None:
    """Wait while there is progress: after an hour's outage there is an hour's talk to read."""
    missing, since = len(crises), time.monotonic()
    while missing and time.monotonic() - since < NOBODY_ELSE:
        await asyncio.sleep(0.1)
        still = sum(one.heard is None for one in crises)
        if still < missing:
            missing, since = still, time.monotonic()


@contextlib.asynccontextmanager
async def _going_on(town: Town, options: Options) -> AsyncIterator[None]:
    """People talk and the counselor listens."""
    tasks = [
        asyncio.create_task(town.talk(options.a_second, options.crises_a_second)),
        asyncio.create_task(town.listen()),
    ]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for result in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(result, Exception):
                raise result


def table(rows: Sequence[Row], title: str) -> Table:
    """What people and the machine went through."""
    head = ("fault", "messages", "crises", "reached", "lost", "doubled", "«可能重复»")
    shown = Table(*head, "p50 s", "p95 s", "max s", "MB", "files", "tasks", title=title)
    for row in rows:
        waits = row.waits
        cuts = quantiles(waits, n=100, method="inclusive") if len(waits) > 1 else [0.0] * 99
        counts = (row.messages, len(row.crises), len(waits), row.lost, row.doubled, row.marked)
        times = (cuts[49], cuts[94], waits[-1] if waits else 0.0)
        used = row.footprint
        shown.add_row(
            row.fault,
            *(str(count) for count in counts),
            *(f"{seconds:.1f}" for seconds in times),
            *(str(number) for number in (used.memory, used.files, used.tasks)),
        )
    return shown
