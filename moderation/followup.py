"""When somebody is asked after, once a crisis is over. Pure.

Contact that is kept up is what is known to help (brief intervention and contact, facts D6): after one
day, three days, one week, two weeks and a month, at hours at which a message does not wake anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

STEPS: tuple[timedelta, ...] = (
    timedelta(hours=24),
    timedelta(hours=72),
    timedelta(days=7),
    timedelta(days=14),
    timedelta(days=30),
)
MORNING = time(9)
EVENING = time(20, 30)
"""Nobody is asked after before or later than this, in the bot's time zone."""

T = TypeVar("T")


class PlanState(StrEnum):
    """Where the plan of a case stands."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    STOPPED = "stopped"


class Consent(StrEnum):
    """Whether the member wants to hear from the bot itself."""

    UNASKED = "unasked"
    ASKED = "asked"
    YES = "yes"
    NO = "no"


class ContactState(StrEnum):
    """Where one contact of a plan stands."""

    PLANNED = "planned"
    OFF = "off"
    REMINDED = "reminded"
    ASKED = "asked"
    ANSWERED = "answered"
    MADE = "made"
    SKIPPED = "skipped"
    MISSED = "missed"

    @property
    def open(self) -> bool:
        """Whether somebody may still have to do something about it."""
        return self in {ContactState.PLANNED, ContactState.REMINDED, ContactState.ASKED}


def due_times(start: datetime, zone: ZoneInfo) -> list[datetime]:
    """The moment of each step after `start`, moved to a decent hour."""
    return [decent(start + step, zone) for step in STEPS]


def decent(moment: datetime, zone: ZoneInfo) -> datetime:
    """The nearest hour of the same day at which one may ask after somebody."""
    local = moment.astimezone(zone)
    if local.time() < MORNING:
        local = datetime.combine(local.date(), MORNING, zone)
    elif local.time() > EVENING:
        local = datetime.combine(local.date(), EVENING, zone)
    return local.astimezone(moment.tzinfo)


def awake(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether this is an hour at which one may ask after somebody."""
    return MORNING <= moment.astimezone(zone).time() <= EVENING


def tomorrow(moment: datetime, zone: ZoneInfo) -> datetime:
    """About a day later, at a decent hour."""
    return decent(moment + timedelta(days=1), zone)


def made_up(overdue: Mapping[int, Sequence[T]]) -> tuple[list[T], list[T]]:
    """After downtime: of each case only the last overdue contact is made up, the others are let go."""
    kept = [contacts[-1] for contacts in overdue.values() if contacts]
    missed = [contact for contacts in overdue.values() for contact in contacts[:-1]]
    return kept, missed
