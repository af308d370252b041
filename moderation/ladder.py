"""Whom a crisis is brought to, step by step, until a human says «我来». Pure.

    0 those on duty        (nobody on duty: everybody who is awake)
    1 the same again
    2 and the one whose turn is next
    3 all counselors, asleep or not
    4 and the moderators   (at once where minutes count)
    5 and the operator's phone, the owners, the group's admins

A step that would reach nobody new is left out, so that the phone rings the sooner. After the last
step the last is repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from moderation.rota import Rota


@dataclass(frozen=True, slots=True)
class Reach:
    """Who is called."""

    counselors: tuple[int, ...]
    moderators: bool
    operator: bool = False


def ladder(rota: Rota, at: datetime, moderators: bool) -> list[Reach]:
    """The steps at this moment; `moderators` says whether they are called from the start."""
    duty = tuple(rota.on_duty(at) or rota.awake(at))
    following = rota.following(at)
    wider = duty if following is None else _joined(duty, (following,))
    everybody = _joined(wider, tuple(rota.everybody(at)))
    first = Reach(duty, moderators or not duty)
    steps = [
        Reach(wider, first.moderators),
        Reach(everybody, first.moderators),
        Reach(everybody, True),
        Reach(everybody, True, True),
    ]
    climbed = [first, first]
    for step in steps:
        if step != climbed[-1]:
            climbed.append(step)
    return climbed


def reach(steps: list[Reach], unanswered: int) -> Reach:
    """Whom to call after so many calls that nobody answered."""
    return steps[min(unanswered, len(steps) - 1)]


def _joined(first: tuple[int, ...], more: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([*first, *more]))
