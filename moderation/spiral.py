"""Sees strong feeling spread from one member to the next. Pure, a few numbers a message, no text.

A plain first rule after labels.md: at least three different members with strong negative feeling
within half an hour of each other, and steadying voices outnumbered.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=30)
STRONG = 1.6
"""Affect from which a message counts as strongly negative (0 to 3, a regression's mean)."""
MEMBERS = 3
HELD = 0.75
"""Steadying messages for each strong one from which the group is holding itself."""
COOL_DOWN = timedelta(minutes=45)
REMEMBERED = 40


@dataclass(frozen=True, slots=True)
class Beat:
    """What the detector keeps of one message."""

    at: datetime
    member: str
    affect: float
    supportive: bool

    @property
    def strong(self) -> bool:
        """Whether it can pull others along."""
        return self.affect >= STRONG and not self.supportive


@dataclass(frozen=True, slots=True)
class SpiralEvent:
    """A spiral has begun (`onset`) or ended."""

    onset: bool
    members: int
    minutes: int


@dataclass(frozen=True, slots=True)
class SpiralState:
    """What is known of one chat."""

    beats: tuple[Beat, ...] = field(default_factory=tuple)
    since: datetime | None = None
    """When the running spiral was noticed."""
    quiet_until: datetime | None = None
    """No new alert before this."""


def step(state: SpiralState, beat: Beat) -> tuple[SpiralState, SpiralEvent | None]:
    """The state after one message, and what it means. Messages older than the last are ignored."""
    if state.beats and beat.at < state.beats[-1].at - WINDOW:
        return state, None
    recent = [b for b in state.beats if beat.at - b.at <= WINDOW][-(REMEMBERED - 1) :]
    beats = (*recent, beat)
    strong = [b for b in beats if b.strong]
    if state.since is not None:
        return _running(state, beats, strong, beat)
    if _spreads(beats, strong, beat) and not _quiet(state, beat):
        begun = SpiralState(beats, since=beat.at, quiet_until=None)
        return begun, SpiralEvent(True, len({b.member for b in strong}), _minutes(strong))
    return SpiralState(beats, None, state.quiet_until), None


def dump(state: SpiralState) -> bytes:
    """The state as JSON, to be stored."""
    return json.dumps(
        {
            "beats": [
                [b.at.isoformat(), b.member, round(b.affect, 2), b.supportive] for b in state.beats
            ],
            "since": state.since.isoformat() if state.since else None,
            "quiet_until": state.quiet_until.isoformat() if state.quiet_until else None,
        }
    ).encode()


def load(stored: bytes | None) -> SpiralState:
    """A stored state; an empty one if there is none."""
    if not stored:
        return SpiralState()
    raw = json.loads(stored)
    return SpiralState(
        tuple(Beat(datetime.fromisoformat(b[0]), b[1], b[2], b[3]) for b in raw["beats"]),
        datetime.fromisoformat(raw["since"]) if raw["since"] else None,
        datetime.fromisoformat(raw["quiet_until"]) if raw["quiet_until"] else None,
    )


def _spreads(beats: Iterable[Beat], strong: list[Beat], beat: Beat) -> bool:
    holding = sum(b.supportive for b in beats)
    return (
        beat.strong and len({b.member for b in strong}) >= MEMBERS and holding < HELD * len(strong)
    )


def _running(
    state: SpiralState, beats: tuple[Beat, ...], strong: list[Beat], beat: Beat
) -> tuple[SpiralState, SpiralEvent | None]:
    last_five = beats[-5:]
    calm = sum(b.strong for b in last_five) <= 1 and len(last_five) == 5
    if not calm and strong:
        return SpiralState(beats, state.since, None), None
    event = SpiralEvent(False, len({b.member for b in strong}), _minutes(strong))
    return SpiralState((), None, beat.at + COOL_DOWN), event


def _quiet(state: SpiralState, beat: Beat) -> bool:
    return state.quiet_until is not None and beat.at < state.quiet_until


def _minutes(strong: list[Beat]) -> int:
    if not strong:
        return 0
    return max(1, round((strong[-1].at - strong[0].at).total_seconds() / 60))
