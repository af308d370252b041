"""What a card is made from: a case with all that is shown of it. Values, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from moderation.storage.acts import Act
from moderation.storage.casebook import Case, Signal
from moderation.vocabulary import CaseKind


class ActKind(StrEnum):
    """What staff can do towards a member, or for the group."""

    COMFORT = "comfort"
    PAGES = "pages"
    REMIND = "remind"
    COUNSELOR = "counselor"
    CALM = "calm"
    THANK = "thank"
    DELETE = "delete"
    MUTE = "mute"


ACT = "act:"
"""The purpose of a row that carries out an act is this and the act."""
OFFERED: Mapping[CaseKind, tuple[ActKind, ...]] = {
    CaseKind.CRISIS: (ActKind.COMFORT, ActKind.PAGES),
    CaseKind.ALLEGATION: (
        ActKind.REMIND,
        ActKind.DELETE,
        ActKind.MUTE,
        ActKind.COUNSELOR,
    ),
    CaseKind.DOXXING: (ActKind.REMIND, ActKind.DELETE, ActKind.MUTE, ActKind.COUNSELOR),
    CaseKind.REPORT: (
        ActKind.COMFORT,
        ActKind.PAGES,
        ActKind.DELETE,
        ActKind.MUTE,
        ActKind.COUNSELOR,
    ),
    CaseKind.SPIRAL: (ActKind.CALM, ActKind.THANK, ActKind.COUNSELOR),
}
"""A cry for help is never deleted or muted."""


@dataclass(frozen=True, slots=True)
class Done:
    """An act, and what became of it."""

    act: Act
    failed: bool = False
    in_seconds: int = 0

    @property
    def undoable(self) -> bool:
        """Whether it can be taken back by a button of its own."""
        return self.act.kind in set(ActKind) and self.act.row_id is not None and not self.act.undone


@dataclass(frozen=True, slots=True)
class Aside:
    """What the card of a spiral has beside the rest: lines of HTML, and what its picture is drawn from."""

    dangers: tuple[str, ...]
    who: tuple[str, ...]
    why: str
    steps: str
    picture: Mapping[str, Any]
    over: bool = False
    steadied: bool = False


@dataclass(frozen=True, slots=True)
class CardView:
    """All a card shows."""

    case: Case
    signals: Sequence[Signal]
    chat_title: str
    chat_username: str | None
    earlier: int
    zone: ZoneInfo
    can_delete: bool = False
    can_restrict: bool = False
    called: int = 0
    """How often humans have been called again."""
    held_minutes: int = 0
    """For how long somebody has had it without a word, when that is why humans are called."""
    word: str = ""
    """Whether the private word reached the member."""
    done: Sequence[Done] = ()
    days: int | None = None
    """For how many days the one concerned is known in the group; None if nobody knows."""
    since_before: bool = False
    """Whether she was there when the bot came."""
    rule: str = ""
    """What this group agreed to do about this kind of matter."""
    staff: Sequence[str] = ()
    """What those on duty are called: a member may call herself so too."""
    veiled: bool = False
    """Whether the reader wants members' words under a veil."""
    aside: Aside | None = None
    """Of a spiral: who, why, what to do, the picture."""
