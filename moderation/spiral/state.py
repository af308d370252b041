"""All that is known of one chat, bounded and without text; stored as compact JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from moderation.spiral.episode import Episode
from moderation.spiral.levels import Levels
from moderation.spiral.members import Members, Trace
from moderation.spiral.rhythm import Rhythm
from moderation.spiral.values import Catch

FORMAT = 2


class SpiralState(NamedTuple):
    """The detector's memory of one chat; the default is a chat never seen."""

    levels: Levels = Levels()
    members: Members = {}  # noqa: RUF012  never changed in place
    rhythm: Rhythm = Rhythm()
    episode: Episode | None = None
    quiet_until: float = 0.0
    """Epoch seconds before which there is no new alert."""
    recent: Mapping[int, str] = {}
    """Who sent the last messages, by number: to know a duplicate and whom a reply is to."""
    late: int = 0
    """Messages in a row that were older than the memory reaches."""


def dump(state: SpiralState) -> bytes:
    """The state as it is stored."""
    return json.dumps(
        {
            "format": FORMAT,
            "levels": state.levels,
            "members": dict(state.members),
            "rhythm": state.rhythm,
            "episode": state.episode,
            "quiet_until": state.quiet_until,
            "recent": list(state.recent.items()),
            "late": state.late,
        },
        separators=(",", ":"),
    ).encode()  # fmt: skip


def load(stored: bytes | None) -> SpiralState:
    """A stored state; an empty one where there is none, or one of an earlier format."""
    if not stored:
        return SpiralState()
    raw = json.loads(stored)
    if raw.get("format") != FORMAT:
        return SpiralState()
    hours, days, *rest = raw["rhythm"]
    return SpiralState(
        Levels(*raw["levels"]),
        {member: Trace(*trace) for member, trace in raw["members"].items()},
        Rhythm(tuple(hours), tuple(days), *rest),
        _episode(raw["episode"]),
        raw["quiet_until"],
        {int(number): member for number, member in raw["recent"]},
        raw["late"],
    )


def _episode(raw: list[Any] | None) -> Episode | None:
    if raw is None:
        return None
    since, message, caught, steadying, *rest = raw
    return Episode(since, message, tuple(Catch(*c) for c in caught), tuple(steadying), *rest)
