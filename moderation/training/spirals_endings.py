"""Whether the detector sees the end of a spiral, and what turned it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from moderation.spiral import SpiralState, step
from moderation.spiral.hazard import Hazard
from moderation.training.spirals_fit import Talk


def endings(talks: Sequence[Talk], hazard: Hazard) -> str:
    """One line: how far from the labelled end the end was told, how often too early, and why."""
    gaps: list[int] = []
    why: Counter[str] = Counter()
    for talk in talks:
        state, running = SpiralState(), None
        for beat in talk.beats:
            at = beat.message or 0
            state, event = step(state, beat, "balanced", hazard)
            if event is None:
                continue
            right = [s for s in talk.conversation.spirals if s.onset - 5 <= at <= s.end]
            if event.onset:
                running = right[0] if right else None
            elif running is not None and event.ending is not None:
                gaps.append(at - running.end)
                why[event.ending] += 1
    if not gaps:
        return "no spiral was seen to end"
    early = sum(gap <= 0 for gap in gaps) / len(gaps)
    return (
        f"{len(gaps)} ends told, {np.median(gaps):.0f} messages (median) after the last of the spiral, "
        f"{early:.0%} before it was over; turned by {dict(why.most_common())}"
    )
