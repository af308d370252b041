"""What a scene is made of: somebody speaks, somebody taps, time passes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Literal, TypeAlias

Place: TypeAlias = Literal["group", "moderators", "private"]


@dataclass(frozen=True, slots=True)
class Say:
    """Somebody writes; with `answering` it answers the bot's last message there."""

    who: str
    text: str
    place: Place = "group"
    answering: bool = False


@dataclass(frozen=True, slots=True)
class Tap:
    """Somebody taps the newest button there with these words; the last one of all where none are given."""

    who: str
    button: str
    place: Place = "private"


@dataclass(frozen=True, slots=True)
class Pass:
    """Time passes at once: so many minutes, then on to this hour of the day where one is given.

    `by_day`: only if it is night, so that those are at work who must be.
    """

    minutes: int = 0
    until: time | None = None
    by_day: bool = False


@dataclass(frozen=True, slots=True)
class Verify:
    """The chain of the audit is looked over, as by `qunhu audit verify`."""


Step: TypeAlias = Say | Tap | Pass | Verify


@dataclass(frozen=True, slots=True)
class Scene:
    """A feature to walk through: what to look at, and what everybody does."""

    name: str
    title: str
    look: str
    steps: tuple[tuple[str, Step], ...]
    """Each with a line that tells the visitor what happens now."""
