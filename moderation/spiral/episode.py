"""A running spiral: who caught it from whom, whether it still runs, and what turned it."""

from __future__ import annotations

from typing import NamedTuple

from moderation.spiral.tuning import Tuning
from moderation.spiral.values import Beat, Catch, Ending

STRONG = 0.5
"""Strength from which a message keeps a spiral going."""
FEW = 0.4
"""What remains of the calm when a strong word falls into it."""
CAUGHT = 16
"""Members kept in the order in which they were caught."""


class Episode(NamedTuple):
    """The spiral that is running in a chat."""

    since: float
    """Epoch seconds of the first member's first strong word."""
    message: int | None
    """The message at which it was noticed."""
    caught: tuple[Catch, ...]
    steadying: tuple[str, ...] = ()
    calm: float = 0.0
    last: float = 0.0
    """Epoch seconds of the last strong word."""
    last_message: int | None = None
    steadied: float = 0.0
    """Since then: steadying words, words of a steward, danger spoken of."""
    stewarded: float = 0.0
    danger: float = 0.0


def went_on(
    episode: Episode, beat: Beat, at: float, strength: float, steady: float, source: str | None
) -> Episode:
    """The spiral after one more message."""
    steadying = episode.steadying
    if steady >= STRONG and beat.member not in steadying:
        steadying = (*steadying, beat.member)[-CAUGHT:]
    if strength >= STRONG:
        return episode._replace(
            caught=_joined(episode.caught, beat, source),
            steadying=steadying,
            calm=episode.calm * FEW,
            last=at,
            last_message=beat.message,
            steadied=0.0,
            stewarded=0.0,
            danger=beat.danger,
        )
    calm = (1 - strength) * (1 + 0.4 * steady + 0.6 * beat.steward)
    return episode._replace(
        steadying=steadying,
        calm=episode.calm + calm,
        steadied=episode.steadied + steady,
        stewarded=episode.stewarded + beat.steward,
        danger=episode.danger + beat.danger,
    )


def ending(episode: Episode, at: float, tuning: Tuning) -> Ending | None:
    """What ended it by now; None while it runs. `at` is epoch seconds of the moment looked at."""
    if at - episode.last >= tuning.silence:
        return Ending.SILENCE
    if episode.calm < tuning.calm:
        return None
    if episode.danger >= 1.5 and episode.steadied >= 1:
        return Ending.HELPING
    if episode.stewarded:
        return Ending.STEWARD
    return Ending.STEADIED if episode.steadied >= 1 else Ending.TOPIC


def _joined(caught: tuple[Catch, ...], beat: Beat, source: str | None) -> tuple[Catch, ...]:
    if len(caught) >= CAUGHT or any(c.member == beat.member for c in caught):
        return caught
    return (*caught, Catch(beat.member, beat.message, source))
