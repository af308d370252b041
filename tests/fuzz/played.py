"""Taps and commands as targets: played through the real bot, looked at, and taken back."""

from __future__ import annotations

import asyncio
import itertools
import logging
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.logs import set_up
from tests.bot.access.rehearsal import Outcome, Rehearsal, rehearsing
from tests.bot.access.scene import (
    COUNSELOR,
    GROUP,
    HER,
    OWNER,
    ROLED,
    STRANGER,
    command_update,
    set_scene,
    tap_update,
)  # fmt: skip
from tests.bot.standstill import standing_still
from tests.bot.town import a_town
from tests.fuzz.targets import Target
from tests.trials.storm import faults
from tests.trials.updates import COMMANDS, KINDS, PARTS

PEOPLE = (HER, STRANGER, ROLED, COUNSELOR, OWNER)
LONGEST_DATA = 64
LONGEST_TEXT = 2000
MEMBERS = (HER, STRANGER)


@dataclass(frozen=True)
class Play:
    """How bytes become an update: the first says who and where, the rest is what she sends."""

    make: Callable[[int, int, int, str], dict[str, Any]]
    seeds: tuple[str, ...]
    longest: int


def _tap(number: int, who: int, place: int, text: str) -> dict[str, Any]:
    return tap_update(number, who, place, text)


def _command(number: int, who: int, place: int, text: str) -> dict[str, Any]:
    return command_update(number, who, place, f"/{text.strip() or 'help'}")


def _seeds(names: Sequence[str], between: str) -> tuple[str, ...]:
    """One for each button or command with some part behind it, from various people."""
    pairs = zip(names, itertools.cycle(PARTS), strict=False)
    return tuple(f"{n % 10}{name}{between}{part}" for n, (name, part) in enumerate(pairs))


SAID = ("8oncall 班 周一到周五 20:00-08:00", "8oncall 假 12-01 12-03", "9ask 病历怎么复印")
PLAYED = {
    "taps": Play(_tap, (*_seeds(KINDS, ":1:"), *_seeds(KINDS, ":")), LONGEST_DATA),
    "commands": Play(_command, (*_seeds(COMMANDS, " "), *SAID), LONGEST_TEXT),
}


def played(name: str) -> Target:
    """The target of this name, with a bot of its own that stays up as long as the process."""
    set_up("text", level=logging.CRITICAL)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    rehearsal = loop.run_until_complete(_built())
    play = PLAYED[name]
    number = 0

    def target(data: bytes) -> None:
        nonlocal number
        number += 1
        text = data[1:].decode("utf-8", "replace")[: play.longest]
        seat = data[0] % (2 * len(PEOPLE)) if data else 0
        who = PEOPLE[seat % len(PEOPLE)]
        place = who if seat < len(PEOPLE) else GROUP
        outcome = loop.run_until_complete(rehearsal.play(play.make(number, who, place, text)))
        _look(outcome, who, name)

    return target


def _look(outcome: Outcome, who: int, name: str) -> None:
    assert not outcome.errors, outcome.errors
    if name == "taps":
        assert any(row.method == "answerCallbackQuery" for row in outcome.sent)
    own = {who} & set(MEMBERS)
    wrong = [why for row in outcome.sent for why in faults(row, own=row.chat_id in own)]
    assert not wrong, wrong


async def _built() -> Rehearsal:
    """A town, a bot and its scene that nobody takes down; the process ends with the hunt."""
    stack = AsyncExitStack()
    folder = tempfile.mkdtemp(prefix="qunhu-fuzz-")
    town = await stack.enter_async_context(a_town(Path(folder) / "data"))
    still = await stack.enter_async_context(standing_still(town))
    scene = await stack.enter_async_context(set_scene(still))
    rehearsal = await stack.enter_async_context(rehearsing(scene))
    _KEPT.append(stack)
    return rehearsal


_KEPT: list[AsyncExitStack] = []
"""Held, so that nothing is closed under the hunt."""
