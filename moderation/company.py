"""Which earlier words a message is read with. Pure.

Measured on the 3,660 messages of the test conversations: read with the three messages before, the model
finds more danger and flags half as many harmless messages as when it reads each alone (`evaluate --alone`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

MOST = 3
"""Messages that a message is read with, as in the labelled conversations."""
KEPT = timedelta(hours=1)
"""After that what was said no longer belongs to the talk."""
REACH = 40
"""Messages after which what was said no longer belongs to the talk, however recent."""
OWN = "我："
"""Stands before earlier words of whoever wrote the message, so that they are told from what others said."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A message said before."""

    text: str
    own: bool = False
    """Whether it is of the same writer as the message that is read with it."""

    def marked(self) -> str:
        """The words as the classifier reads them."""
        return OWN + self.text if self.own else self.text


def preceding(earlier: Sequence[Earlier], answered: int | None) -> tuple[str, ...]:
    """The context of a message after `earlier` (oldest first); it may answer `earlier[answered]`.

    These are the last three. What it answers, and the writer's own last words, take the place of the
    oldest of them when they stand further back.
    """
    near = len(earlier) - MOST
    own = next((i for i in reversed(range(len(earlier))) if earlier[i].own), None)
    further = sorted({i for i in (answered, own) if i is not None and i < near})
    last = range(max(0, near) + len(further), len(earlier))
    return tuple(earlier[i].marked() for i in (*further, *last))


@dataclass(frozen=True, slots=True)
class Past:
    """A message of a past conversation."""

    since: timedelta
    """From the start of the conversation."""
    writer: str
    text: str
    answers: int | None
    """Index of the message that it answers."""


def context_of(said: Sequence[Past], index: int) -> tuple[str, ...]:
    """What the running bot would have read `said[index]` with: the words of the last hour, and what it answers."""
    this = said[index]
    near = range(max(0, index - REACH), index)
    known = {at for at in near if this.since - said[at].since <= KEPT}
    if this.answers is not None:
        known.add(this.answers)
    told = [at for at in sorted(known) if said[at].text]
    earlier = [Earlier(said[at].text, said[at].writer == this.writer) for at in told]
    return preceding(earlier, told.index(this.answers) if this.answers in told else None)
