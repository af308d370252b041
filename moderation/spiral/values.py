"""What goes into the spiral detector and what comes out: frozen values, no text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Beat:
    """What the detector is told of one message."""

    at: datetime
    member: str
    """Any stable id; a keyed hash in the bot."""
    affect: float
    """Expected negative feeling, 0 to 3."""
    supportive: float = 0.0
    """Probability that it comforts, steadies or helps."""
    danger: float = 0.0
    """Probability that somebody wishes to die or worse."""
    answers: int | None = None
    """Number of the message that it replies to."""
    steward: bool = False
    """Whether a moderator or administrator speaks as such."""
    message: int | None = None
    """The message's number in the chat: the same number twice is one message."""
    heard: datetime | None = None
    """When it arrived, where that may be long after `at` (an import, an outage)."""


class Ending(StrEnum):
    """What turned a spiral."""

    STEADIED = "steadied"
    """Members who comforted and were heard."""
    STEWARD = "steward"
    """A moderator or administrator stepped in."""
    HELPING = "helping"
    """The group turned to somebody in danger."""
    TOPIC = "topic"
    """Talk went on about something else."""
    SILENCE = "silence"
    """Nobody wrote any more."""


class Felt(NamedTuple):
    """One message as the detector reads it."""

    strength: float
    """How surely it is strongly negative, 0 to 1."""
    steady: float
    """How much it steadies, 0 to 1."""
    source: str | None
    """Whose feeling it takes up."""


class Catch(NamedTuple):
    """One member caught by the feeling, and from whom, as far as time and replies tell."""

    member: str
    message: int | None
    """The message by which it showed."""
    source: str | None
    """None for the one who started."""


@dataclass(frozen=True, slots=True)
class Ground:
    """One feature that an alert rests on."""

    feature: str
    value: float
    weight: float
    """Its share of the log-odds, against an ordinary moment; negative speaks against an alert."""


@dataclass(frozen=True, slots=True)
class SpiralEvent:
    """A spiral has begun (`onset`) or ended."""

    onset: bool
    members: int
    minutes: int
    chance: float = 1.0
    """Of an attentive moderator stepping in at this message."""
    grounds: tuple[Ground, ...] = ()
    """Heaviest first."""
    caught: tuple[Catch, ...] = ()
    """In order; the first is the one who started."""
    steadying: tuple[str, ...] = ()
    onset_message: int | None = None
    """The message at which it was noticed."""
    last_message: int | None = None
    """Of an end: the last message that was still strongly negative."""
    ending: Ending | None = None
