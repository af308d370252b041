"""What must not happen to anybody, whatever goes wrong; a sentence for each time it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.trials.chaos.faults import FAULTS
from tests.trials.chaos.town import Crisis
from tests.trials.chaos.trials import Row

MOST_CARDS = 2
"""Of one person, where calls do not arrive unseen."""


def complaints(rows: Sequence[Row], kills: int) -> list[str]:
    """Everything that went wrong for people in all these faults; empty if nobody can complain."""
    found, marks = list[str](), Counter[str]()
    for row in rows:
        for one in row.crises:
            met = [other for other in rows if _met(one, other)]
            found += (f"{row.fault}: {trouble}" for trouble in _troubles(one, met, kills))
            if met:
                marks[max((other.fault for other in met), key=lambda f: doubts(f, kills))] += (
                    one.marked
                )
    found += (
        f"{fault}: {count} cards are marked, where {doubts(fault, kills):g} can be in doubt"
        for fault, count in marks.items()
        if count > doubts(fault, kills) > 0
    )
    return found


def doubts(fault: str, kills: int) -> float:
    """How many cards a fault may leave in doubt."""
    return FAULTS[fault].doubts + FAULTS[fault].each_kill * kills


def tries(seconds: float) -> int:
    """How often a card that never gets an answer goes out at most in that time, and once after it."""
    count, at, pause = 1, 0.0, 0.25
    while at <= seconds:
        count, at, pause = count + 1, at + pause, min(5.0, pause * 2)
    return count


def _met(one: Crisis, row: Row) -> bool:
    """Whether somebody still waited for a card in the time of a fault."""
    return one.said <= row.ended and (one.last is None or one.last >= row.began)


def _troubles(one: Crisis, met: Sequence[Row], kills: int) -> Iterator[str]:
    """What went wrong for one person, who met these faults."""
    unseen = sum(tries(row.ended - row.began) for row in met if FAULTS[row.fault].arrives)
    if one.heard is None:
        yield "nobody heard of somebody"
    if one.plain > 1:
        yield f"{one.plain} cards without a mark for one person"
    if one.cards > MOST_CARDS + unseen:
        yield f"{one.cards} cards for one person"
    if one.marked and not any(doubts(row.fault, kills) for row in met):
        yield "a card is marked without a reason"
