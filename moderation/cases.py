"""The life of a case. Pure.

             claim             contact               settle
    open ─────────▶ claimed ─────────▶ contacted ─────────▶ safe
     │ ▲             │   │              │   │
     │ └──hand_over──┘   └──pass_on─────┴───┼─────────────▶ passed_on
     │ └──hand_over─────────────────────────┘
     ├── dismiss (claimed, contacted too) ────────────────▶ false_alarm
     ├── settle  (claimed too) ───────────────────────────▶ safe
     └── expire ──────────────────────────────────────────▶ expired

take_over   claimed, contacted: another becomes its holder, the state stays
reopen      safe, passed_on, false_alarm, expired ──▶ open
undo        takes the last move back, once
passed_on   handed over to those outside who hold her now: ambulance, police, family, a hospital
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CaseState(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    CONTACTED = "contacted"
    SAFE = "safe"
    PASSED_ON = "passed_on"
    FALSE_ALARM = "false_alarm"
    EXPIRED = "expired"

    @property
    def live(self) -> bool:
        """Whether somebody may still have to act."""
        return self in {CaseState.OPEN, CaseState.CLAIMED, CaseState.CONTACTED}


class Move(StrEnum):
    """What a human (or time) can do with a case."""

    CLAIM = "claim"
    CONTACT = "contact"
    SETTLE = "settle"
    DISMISS = "dismiss"
    HAND_OVER = "hand_over"
    TAKE_OVER = "take_over"
    PASS_ON = "pass_on"
    EXPIRE = "expire"
    REOPEN = "reopen"
    UNDO = "undo"


LEGAL: dict[tuple[CaseState, Move], CaseState] = {
    (CaseState.OPEN, Move.CLAIM): CaseState.CLAIMED,
    (CaseState.OPEN, Move.SETTLE): CaseState.SAFE,
    (CaseState.OPEN, Move.DISMISS): CaseState.FALSE_ALARM,
    (CaseState.OPEN, Move.EXPIRE): CaseState.EXPIRED,
    (CaseState.CLAIMED, Move.CONTACT): CaseState.CONTACTED,
    (CaseState.CLAIMED, Move.SETTLE): CaseState.SAFE,
    (CaseState.CLAIMED, Move.DISMISS): CaseState.FALSE_ALARM,
    (CaseState.CLAIMED, Move.HAND_OVER): CaseState.OPEN,
    (CaseState.CLAIMED, Move.TAKE_OVER): CaseState.CLAIMED,
    (CaseState.CLAIMED, Move.PASS_ON): CaseState.PASSED_ON,
    (CaseState.CONTACTED, Move.SETTLE): CaseState.SAFE,
    (CaseState.CONTACTED, Move.DISMISS): CaseState.FALSE_ALARM,
    (CaseState.CONTACTED, Move.HAND_OVER): CaseState.OPEN,
    (CaseState.CONTACTED, Move.TAKE_OVER): CaseState.CONTACTED,
    (CaseState.CONTACTED, Move.PASS_ON): CaseState.PASSED_ON,
    (CaseState.SAFE, Move.REOPEN): CaseState.OPEN,
    (CaseState.PASSED_ON, Move.REOPEN): CaseState.OPEN,
    (CaseState.FALSE_ALARM, Move.REOPEN): CaseState.OPEN,
    (CaseState.EXPIRED, Move.REOPEN): CaseState.OPEN,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The part of a case that moves change."""

    state: CaseState
    holder: int | None = None
    """Platform id of the member of staff who has it."""
    before: CaseState | None = None
    """State before the last move, while that move can be taken back."""
    holder_before: int | None = None


class IllegalMove(Exception):
    """The move does not fit the state: somebody was faster, or the button is old."""

    def __init__(self, standing: Standing, move: Move) -> None:
        super().__init__(f"{move} does not fit {standing.state}")
        self.standing = standing


def apply(standing: Standing, move: Move, actor: int | None) -> Standing:
    """The standing after a move; IllegalMove if it does not fit, or takes over what one has."""
    if move is Move.UNDO:
        return _undone(standing)
    target = LEGAL.get((standing.state, move))
    own = move is Move.TAKE_OVER and standing.holder == actor
    if target is None or own:
        raise IllegalMove(standing, move)
    holder = _holder_after(standing, move, actor)
    return Standing(target, holder, before=standing.state, holder_before=standing.holder)


def legal_moves(standing: Standing) -> list[Move]:
    """The moves that fit, in the order in which buttons show them."""
    moves = [move for move in Move if (standing.state, move) in LEGAL]
    return [*moves, Move.UNDO] if standing.before is not None else moves


def _undone(standing: Standing) -> Standing:
    if standing.before is None:
        raise IllegalMove(standing, Move.UNDO)
    return Standing(standing.before, standing.holder_before)


def _holder_after(standing: Standing, move: Move, actor: int | None) -> int | None:
    if move in {Move.HAND_OVER, Move.REOPEN}:
        return None
    if move is Move.TAKE_OVER:
        return actor
    return standing.holder if standing.holder is not None else actor
