"""`make flood`: one group writes without pause; how long do the words of another wait to become a card?

The real process against the simulator. Somebody new in the quiet group (and, for comparison, in the
flooded one) is in danger, or accuses a named doctor, every few seconds; the table tells how long each
kind took from the message to the card before a human, first without the flood, then with it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import random
import shutil
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from bot.simulator import Chat, Simulator, World
from bot.simulator.records import Member
from tests.trials.chaos.process import QUICK, SHIPPED, Bot
from tests.trials.chaos.town import CARD, CHATTER, Town

KINDS = {"danger": "我真的不想活了", "accusation": "鼻整形的王强医生没有执照，骗了好多人的钱"}
LAST_CARDS = 60.0
"""Seconds that are waited for the cards of a phase after its last message."""
TICK = 0.05


@dataclass(frozen=True)
class Options:
    """How much, how long."""

    folder: Path = Path("build/flood")
    a_second: float = 50.0
    seconds: float = 60.0
    every: float = 2.0
    """Seconds between those who are in danger or accuse."""
    shipped: bool = False
    """The shipped model instead of plain words."""


@dataclass
class Probe:
    """One message that is to become a card; moments are monotonic seconds."""

    name: str
    kind: str
    place: str
    said: float
    shown: float | None = None


@dataclass
class Phase:
    """What one phase showed."""

    name: str
    probes: list[Probe] = field(default_factory=list)
    messages: int = 0

    def waits(self, place: str, kind: str) -> list[float]:
        """Seconds from message to card, of those that came."""
        return [
            one.shown - one.said
            for one in self.probes
            if (one.place, one.kind) == (place, kind) and one.shown is not None
        ]

    def missing(self, place: str, kind: str) -> int:
        """How many never came."""
        mine = [one for one in self.probes if (one.place, one.kind) == (place, kind)]
        return sum(one.shown is None for one in mine)


class Flood:
    """A flooded group, a quiet one, and the cards that humans get."""

    def __init__(self, world: World) -> None:
        self.town = Town(world, 2, random.Random(1))
        flooded, quiet = self.town.groups
        self.places: dict[str, Chat] = {"quiet": quiet, "flooded": flooded}
        self._numbers = itertools.count()

    async def phase(self, name: str, a_second: float, options: Options) -> Phase:
        """Talk for so long at this rate; then wait for the cards."""
        phase = Phase(name)
        watching = asyncio.create_task(self._watch(phase))
        began = time.monotonic()
        turns = itertools.cycle(itertools.product(self.places, KINDS))
        while (passed := time.monotonic() - began) < options.seconds:
            while phase.messages < passed * a_second:
                self._chat(phase)
            if len(phase.probes) <= passed / options.every:
                phase.probes.append(self._probe(*next(turns)))
            await asyncio.sleep(TICK)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_CARDS):
                while any(one.shown is None for one in phase.probes):  # noqa: ASYNC110
                    await asyncio.sleep(TICK)
        watching.cancel()
        return phase

    def _chat(self, phase: Phase) -> None:
        town, number = self.town, phase.messages
        talker = town.talkers[number % len(town.talkers)]
        town.world.say(self.places["flooded"], talker, CHATTER[number % len(CHATTER)])
        phase.messages += 1

    def _probe(self, place: str, kind: str) -> Probe:
        name = f"成员{next(self._numbers):06d}"
        user, group = self.town.world.add_user(name), self.places[place]
        group.members[user.id] = Member(user)
        self.town.world.say(group, user, KINDS[kind])
        return Probe(name, kind, place, time.monotonic())

    async def _watch(self, phase: Phase) -> None:
        """Note when the first card with a name appears."""
        chats = (self.town.world.private(self.town.counselor), self.town.moderators)
        while True:
            waiting = [one for one in phase.probes if one.shown is None]
            cards = [
                message.text or ""
                for chat in chats
                for message in list(chat.messages.values())[-50:]
                if message.sender is self.town.world.bot and CARD in (message.text or "")
            ]
            for one in waiting:
                if any(one.name in card for card in cards):
                    one.shown = time.monotonic()
            await asyncio.sleep(TICK)


async def play(options: Options) -> AsyncIterator[Phase]:
    """First without the flood, then with it."""
    await asyncio.to_thread(shutil.rmtree, options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    async with Simulator(World()) as telegram:
        flood = Flood(telegram.world)
        settings = {**flood.town.settings(), "QUNHU_API_BASE_URL": telegram.base_url}
        bot = Bot(options.folder, settings, SHIPPED if options.shipped else QUICK)
        await bot.start()
        try:
            await bot.running()
            yield await flood.phase("no flood", 0.0, options)
            yield await flood.phase(f"{options.a_second:g}/s", options.a_second, options)
        finally:
            await bot.kill()


def table(phases: Sequence[Phase]) -> Table:
    """From message to card, in seconds."""
    shown = Table(
        "phase", "group", "kind", "messages", "cards", "missing", "p50 s", "p95 s", "max s"
    )
    for phase in phases:
        for place, kind in itertools.product(("quiet", "flooded"), KINDS):
            waits = sorted(phase.waits(place, kind))
            counts = (phase.messages, len(waits), phase.missing(place, kind))
            shown.add_row(phase.name, place, kind, *map(str, counts), *_times(waits))
    return shown


def _times(waits: list[float]) -> tuple[str, ...]:
    """p50, p95 and the longest of sorted seconds; dashes where there are none."""
    if not waits:
        return ("–",) * 3
    cuts = quantiles(waits, n=100, method="inclusive") if len(waits) > 1 else waits * 99
    return tuple(f"{seconds:.2f}" for seconds in (cuts[49], cuts[94], waits[-1]))


async def main(options: Options) -> int:
    """Play and print; 1 if a card never came."""
    phases = [phase async for phase in play(options)]
    Console(width=110).print(table(phases))
    return 1 if any(one.shown is None for phase in phases for one in phase.probes) else 0


def _options() -> Options:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long each phase lasts")
    parser.add_argument("--shipped", action="store_true", help="the shipped model, not plain words")
    found = parser.parse_args()
    return Options(a_second=found.rate, seconds=found.seconds, shipped=found.shipped)


if __name__ == "__main__":
    sys.exit(asyncio.run(main(_options())))
