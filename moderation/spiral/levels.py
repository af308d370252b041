"""The group's mood as a few fading averages on the chat's own clock.

A fast average against a slow one tells whether the level rises (EWMA control chart, Roberts 1959);
here each member's repeated messages weigh less, so that one flood is not a mood.
"""

from __future__ import annotations

import math
from typing import NamedTuple

MINUTES = 30.0
"""Time over which the memory fades to 1/e: labels.md's half hour of activity."""
MESSAGES = 40.0
"""Messages (weighed) over which it fades as much, for groups where half an hour is a flood."""
FAST, SLOW, JOINING = 7.0, 0.25, 4.0
"""How much faster or slower than that some of it fades."""
GENERAL_AT, GENERAL_WIDTH = 2.4, 0.2


class Levels(NamedTuple):
    """Numbers as of the last message."""

    clock: float = 0.0
    """The chat's own time: 1 is half an hour, or forty messages, of fading."""
    at: float = 0.0
    """Epoch seconds of the newest message."""
    fast: float = 0.0
    fast_of: float = 0.0
    slow: float = 0.0
    slow_of: float = 0.0
    general: float = 0.0
    """Fading sum of words that condemn everything for everybody."""
    replies: float = 0.0
    """Fading sum of strong words that answer strong words of others."""
    joining: float = 0.0
    """Fading sum of members newly caught."""
    unheeded: float = 0.0
    """Fading sum of strong words spoken just after steadying ones."""
    comfort: float = 0.0
    """Steadying words of the last few messages."""
    alone: float = 0.0
    """Strong words since the last steadying one."""
    room: float = 0.0
    """Affect of the last few messages, as scored, with its weight in `room_of`."""
    room_of: float = 0.0


class Fading(NamedTuple):
    """What remains of each kind of memory when the next message comes."""

    step: float
    """By which the chat's own clock moves."""
    kept: float
    fast: float
    slow: float
    room: float


class Mark(NamedTuple):
    """What one message adds."""

    at: float
    weight: float
    """Less than 1 for one who has just spoken a lot."""
    affect: float
    strength: float
    support: float
    steady: float
    replied: float
    joined: float


def fading(levels: Levels, at: float, weight: float) -> Fading:
    """The fading until a message at `at`; the clock moves by time and by the message's weight."""
    step = (at - levels.at) / (60 * MINUTES) if levels.at else 0.0
    step += weight / MESSAGES
    kept = math.exp(-step)
    fast = kept**FAST
    return Fading(step, kept, fast, kept**SLOW, fast * fast)


def marked(levels: Levels, fade: Fading, mark: Mark) -> Levels:
    """The levels after a message."""
    step, kept, fast, slow, near = fade
    at, weight, affect, strength, support, steady, replied, joined = mark
    told = weight * strength
    comfort = levels.comfort * fast
    return Levels(
        levels.clock + step,
        at,
        levels.fast * fast + told,
        levels.fast_of * fast + weight,
        levels.slow * slow + told,
        levels.slow_of * slow + weight,
        levels.general * kept + (weight * general(affect) * (1 - support) if affect > 1 else 0.0),
        levels.replies * kept + weight * replied,
        levels.joining * kept**JOINING + joined,
        levels.unheeded * kept + (told * (1 - math.exp(-comfort)) if comfort > 0.01 else 0.0),
        comfort + weight * steady,
        (levels.alone * kept + told) * (1 - 0.7 * steady),
        levels.room * near + weight * affect,
        levels.room_of * near + weight,
    )


def general(affect: float) -> float:
    """How surely a message condemns everything (affect 3), 0 to 1."""
    return 1 / (1 + math.exp((GENERAL_AT - affect) / GENERAL_WIDTH))


def room(levels: Levels, fade: Fading) -> float:
    """Average affect of the last few messages, 0 to 3; nothing is said for certain of an empty room."""
    return levels.room * fade.room / (levels.room_of * fade.room + 0.5)


def mood(levels: Levels, usual: float) -> tuple[float, float]:
    """The fast and the slow average of strength; a chat just met is taken to be as usual."""
    fast = (levels.fast + 1.0 * usual) / (levels.fast_of + 1.0)
    slow = (levels.slow + 10.0 * usual) / (levels.slow_of + 10.0)
    return fast, slow
