"""How conversations are heard while learning: by their labels, or by a model, honestly."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.training.conversations import Conversation
from moderation.training.groups import Group, Life, Marks, live
from moderation.training.spirals_fit import Talk
from moderation.training.spirals_rows import beats_of
from moderation.training.spirals_scores import (
    Channel,
    Heard,
    cells_of,
    labelled,
    scored,
    was_held_out,
)

DRAWS = 3
"""Noisy draws of each conversation that the model has learnt from."""


@dataclass(frozen=True, slots=True)
class Ears:
    """How conversations are heard: by their labels, or by a model that has learnt from some of them."""

    heard: dict[str, list[Heard]]
    channel: Channel
    learnt: frozenset[str]
    """Conversations that the model has learnt from: its scores of them are too sure."""

    def once(self, conversation: Conversation, seed: int = 0) -> Talk:
        """As the model would hear it, had it not seen it."""
        if conversation.id not in self.learnt:
            return Talk(conversation, beats_of(conversation, self.heard[conversation.id]))
        rng = random.Random(f"{conversation.id}/{seed}")
        return Talk(
            conversation, beats_of(conversation, self.channel.draw(cells_of(conversation), rng))
        )

    def often(self, conversations: Sequence[Conversation]) -> list[Talk]:
        """The same, several times where it has to be drawn."""
        return [
            self.once(c, n)
            for c in conversations
            for n in range(DRAWS if c.id in self.learnt else 1)
        ]


def by_labels(conversations: Sequence[Conversation]) -> Ears:
    """The ears of a faultless classifier."""
    exact = {c.id: labelled(c) for c in conversations}
    return Ears(exact, Channel(conversations, exact), frozenset())


def by_model(
    conversations: Sequence[Conversation], model: Path | None, seen: frozenset[str] | None
) -> Ears:
    """The ears of a model that has learnt from the conversations of these writers; None means all."""
    heard = scored(conversations, model)
    unseen = [
        c for c in conversations if (seen is not None and c.writer not in seen) or was_held_out(c)
    ]
    learnt = frozenset(c.id for c in conversations) - {c.id for c in unseen}
    return Ears(heard, Channel(unseen, heard), learnt)  # fmt: skip


def lives(groups: Sequence[Group], ears_: Ears, marks: Marks) -> list[Life]:
    """Simulated weeks as these ears hear them."""
    return [live(group, marks, ears_.channel) for group in groups]
