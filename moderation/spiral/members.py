"""What each member has lately given to the mood: marks of a self-exciting process, saturating.

After Hawkes (1971): every message excites the next ones, the more the stronger it is, fading with time.
Two things are ours: one member's marks saturate, so that nobody is a crowd alone, and excitation from
*others* is kept apart from one's own, so that pouring out is not taken for catching.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

MEMBERS = 24
"""Members remembered in a chat; the faintest is forgotten first."""
PULL_RATE = 4.0
"""How much faster the pull on others fades than the memory that somebody was upset."""
TAKEN = 0.3
"""Heat from which a member counts as caught, support from which as steadying."""
CROWDING = 0.35
"""How much each further message of a member adds to the memory's clock, against the first."""


class Trace(NamedTuple):
    """One member, all quantities as of `seen` on the chat's own clock (see `Levels.clock`)."""

    seen: float = 0.0
    heat: float = 0.0
    """Saturating sum of strength: the most this member can count is 1."""
    pull: float = 0.0
    """The same, fading faster: what now draws others."""
    echo: float = 0.0
    """Saturating sum of strength spoken under the pull of others."""
    support: float = 0.0
    """Saturating sum of steadying words."""
    volume: float = 0.0
    """Plain sum of strength: one may pour out a lot."""
    spoken: float = 0.0
    """Messages, fading fast: a flood counts little more than a word."""
    mood: float = 0.0
    """Average affect of the last few messages as scored, fading."""
    since: int | None = None
    """Number of the message that first showed the feeling."""
    order: float = 0.0
    """When that was, on the chat's clock."""
    source: str | None = None
    """Whose pull or message it answered."""


Members = Mapping[str, Trace]
NOBODY = Trace()


def faded(trace: Trace, clock: float) -> Trace:
    """The trace as of now."""
    gap = clock - trace.seen
    slow = math.exp(-gap)
    fast = slow**PULL_RATE
    return Trace(
        clock,
        trace.heat * slow,
        trace.pull * fast,
        trace.echo * slow,
        trace.support * slow,
        trace.volume * slow,
        trace.spoken * fast,
        trace.mood * slow,
        trace.since,
        trace.order,
        trace.source,
    )


def saturated(level: float, more: float) -> float:
    """A level in [0, 1] after some more of it."""
    return level + more * (1 - level)


def pull_of_others(members: Members, member: str, clock: float) -> tuple[float, str | None]:
    """How strongly the others draw this member, and who the most."""
    total, most, source = 0.0, 0.05, None
    for other, trace in members.items():
        if other == member or trace.pull < 0.01:
            continue
        pull = trace.pull * math.exp(-PULL_RATE * (clock - trace.seen))
        total += pull
        if pull > most:
            most, source = pull, other
    return total, source


def remember(members: Members, member: str, trace: Trace) -> Members:
    """The members with this one brought up to date, the faintest let go."""
    kept = dict(members)
    kept.pop(member, None)
    if len(kept) >= MEMBERS:
        del kept[_faintest(kept, trace.seen)]
    kept[member] = trace
    return kept


def _faintest(members: Members, clock: float) -> str:
    for member, trace in members.items():
        if trace.heat < 0.1 and trace.support < 0.1:
            return member
    return min(
        members,
        key=lambda m: (members[m].heat + members[m].support) * math.exp(members[m].seen - clock),
    )
