"""Labelled conversations as the detector hears them: beats, and rows to learn from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Protocol

from moderation.spiral import SpiralState, step
from moderation.spiral.detector import EFFECT, cooled, counted
from moderation.spiral.features import measure
from moderation.spiral.hazard import Hazard
from moderation.spiral.values import Beat
from moderation.training.conversations import Conversation
from moderation.training.spirals_scores import Heard

CHINA = timezone(timedelta(hours=8))
MONDAY = datetime(2026, 11, 16, tzinfo=CHINA)
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
STEWARDS = ("群主", "管理", "群管")
MACHINES = ("bot", "助手", "机器人")
"""Whom the writers named so; in a group Telegram says who is what."""
WITHIN = 3
"""Messages after onset at which an alert is learnt to be right; later it should long have come."""
NEAR = 3
"""Messages before onset that teach nothing: the writer might as well have put the onset there."""


class Stretch(Protocol):
    """A spiral, labelled or planted: numbers of messages, both inclusive."""

    @property
    def onset(self) -> int: ...
    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Row:
    """One moment at which the detector asks itself, and what the labels answer."""

    values: tuple[float, ...]
    alert: bool


def beats_of(conversation: Conversation, heard: Sequence[Heard]) -> list[Beat]:
    """The conversation as beats, numbered by index; machines are not heard, as in the bot."""
    day, clock = conversation.start.split()
    hour, minute = clock.split(":")
    start = MONDAY + timedelta(days=WEEKDAYS.index(day), hours=int(hour), minutes=int(minute))
    said = conversation.said
    return [
        Beat(
            start + timedelta(seconds=one.seconds),
            one.user,
            what.affect,
            what.supportive,
            what.danger,
            one.reply_to,
            any(word in one.user for word in STEWARDS),
            index,
        )
        for index, (one, what) in enumerate(zip(said, heard, strict=True))
        if not any(word in one.user for word in MACHINES)
    ]


def rows_of(beats: Sequence[Beat], spirals: Sequence[Stretch], hazard: Hazard) -> Iterator[Row]:
    """Every moment that an alert could have been raised, as if none had been before."""
    state = SpiralState()
    ends = {spiral.end for spiral in spirals}
    for beat in beats:
        index = beat.message or 0
        state, strength, _ = counted(state, beat, beat.at.timestamp(), hazard)
        answer = _answer(spirals, index) if strength >= EFFECT else None
        if answer is not None:
            values = measure(strength, state.levels, state.members, state.rhythm)
            yield Row(tuple(values), answer)
        if index in ends:
            state = cooled(state, 0.0)


def alerts_of(beats: Sequence[Beat], hazard: Hazard, sensitivity: str = "balanced") -> list[int]:
    """Numbers of the messages at which our detector tells of a spiral."""
    state, alerts = SpiralState(), []
    for beat in beats:
        state, event = step(state, beat, sensitivity, hazard)
        if event is not None and event.onset:
            alerts.append(beat.message or 0)
    return alerts


def _answer(spirals: Sequence[Stretch], index: int) -> bool | None:
    """Whether an alert belongs here; None where either would do or one has been raised long since."""
    for spiral in spirals:
        if spiral.onset - NEAR <= index < spiral.onset:
            return None
        if spiral.onset <= index <= spiral.end:
            return True if index <= spiral.onset + WITHIN else None
    return False
