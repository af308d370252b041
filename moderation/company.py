"""Which earlier words a message is read with. Pure.

Measured on the 3,660 messages of the test conversations: read with the three messages before, the model
finds more danger and flags half as many harmless messages as when it reads each alone (`evaluate --alone`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

MOST = 3
"""Messages that a message is read with, as in the labelled conversations."""
KEPT = timedelta(hours=1)
"""After that what was said no longer belongs to the talk."""


def preceding(earlier: Sequence[str], answered: int | None) -> tuple[str, ...]:
    """The context of a message after `earlier` (oldest first); it may answer `earlier[answered]`.

    These are the last three; what it answers comes first when that stands further back.
    """
    last = tuple(earlier[-MOST:])
    if answered is None or answered >= len(earlier) - MOST:
        return last
    return (earlier[answered], *last[1:])
