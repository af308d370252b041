"""What an alert can rest on, computed from the state at one strongly negative message."""

from __future__ import annotations

import math

from moderation.spiral.levels import Levels, mood
from moderation.spiral.members import TAKEN, Members
from moderation.spiral.rhythm import Rhythm, pace

FEATURES = {
    "third": "heat of the third most upset member: are there three?",
    "crowd": "summed heat of all upset members beyond three, log",
    "strength": "strength of this message",
    "general": "words that condemn everything for everybody",
    "fast": "share of strong words among the last few messages",
    "rise": "fast average against slow average of strength",
    "surprise": "fast average against the group's usual level, log",
    "pace": "rate against the usual of this hour and weekday, log",
    "echo": "members who speak strongly under the pull of others",
    "replies": "strong words that answer strong words",
    "joining": "members newly caught in the last minutes",
    "dominance": "share of the loudest member in all strong words",
    "steady": "distinct steadying members",
    "held": "steadying words against strong ones",
    "alone": "strong words since the last steadying one",
    "unheeded": "strong words in spite of steadying ones",
}
"""Name to meaning, in the order of the vector."""


def measure(strength: float, levels: Levels, members: Members, rhythm: Rhythm) -> list[float]:
    """The features of this moment; the message of this strength is already counted."""
    heat, echo, support, volume, loudest = [], 0.0, 0.0, 0.0, 0.0
    for trace in members.values():
        now = math.exp(trace.seen - levels.clock)
        heat.append(trace.heat * now)
        echo += trace.echo * now
        support += trace.support * now
        volume += trace.volume * now
        loudest = max(loudest, trace.volume * now)
    heat.sort(reverse=True)
    warm = sum(heat)
    fast, slow = mood(levels, rhythm.usual)
    return [
        heat[2] if len(heat) > 2 else 0.0,
        math.log1p(max(0.0, warm - sum(heat[:3]))),
        strength,
        math.log1p(levels.general),
        fast,
        fast - slow,
        math.log((fast + 0.02) / (rhythm.usual + 0.02)),
        pace(rhythm, levels.at),
        math.log1p(echo),
        math.log1p(levels.replies),
        levels.joining,
        loudest / (volume + 0.3),
        support,
        support / (support + warm + 0.3),
        math.log1p(levels.alone),
        math.log1p(levels.unheeded),
    ]


def caught(members: Members, clock: float) -> list[str]:
    """The members who are upset now, in the order in which it showed."""
    upset = [
        (trace.order, member)
        for member, trace in members.items()
        if trace.heat >= TAKEN and trace.heat * math.exp(trace.seen - clock) >= TAKEN
    ]
    return [member for _, member in sorted(upset)]
