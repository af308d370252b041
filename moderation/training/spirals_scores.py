"""What the detector hears of labelled conversations: the labels, the classifier's scores, noisy draws.

Scores are kept between runs by the model's version and weights. Messages are scored as in a group, each with the few
before it (`moderation.company.preceding`). A model that has learnt from a conversation is too sure
of it; `Channel` therefore draws scores for it from how the model errs on conversations it has not seen.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from moderation.classifier import load_model
from moderation.classifier.model import SHIPPED
from moderation.training.conversations import Conversation
from moderation.training.dataset import is_validation
from moderation.vocabulary import Crisis, Excerpt, Scores

CACHE = Path(os.environ.get("QUNHU_SCORES", "data/spiral-scores"))
THREADS = 1
WARM = 3
"""Messages back in which strong feeling makes a room warm: there a model errs differently."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the spiral detector is told of one message's words."""

    affect: float
    """Expected value, 0 to 3."""
    supportive: float
    """Probability."""
    danger: float
    """Probability of a wish to die or worse, whosever it is."""


Cell = tuple[int, bool, bool]
"""Labelled affect, supportive, and whether the room is warm."""


def labelled(conversation: Conversation) -> list[Heard]:
    """What a faultless classifier would say."""
    return [
        Heard(
            float(said.example.affect or 0),
            float(bool(said.example.supportive)),
            float(bool(said.example.crisis & {Crisis.IDEATION, Crisis.IMMINENT})),
        )
        for said in conversation.said
    ]


def scored(
    conversations: Sequence[Conversation], model: Path | None = None
) -> dict[str, list[Heard]]:
    """What the classifier says of each conversation, by its id; only what is new is computed."""
    classifier = load_model(model, THREADS)
    weights = ((model or SHIPPED) / "checksums.json").read_bytes()
    folder = CACHE / f"{classifier.version}-{hashlib.sha256(weights).hexdigest()[:8]}"
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for conversation in conversations:
        kept = folder / f"{_key(conversation)}.json"
        if not kept.exists():
            excerpts = [Excerpt(s.example.text, s.example.context) for s in conversation.said]
            rows = [_row(scores) for scores in classifier.classify(excerpts, explain=False)]
            kept.write_text(json.dumps(rows), "utf-8")
        found[conversation.id] = [Heard(*row) for row in json.loads(kept.read_text("utf-8"))]
    return found


def was_held_out(conversation: Conversation) -> bool:
    """Whether `moderation.training.train` kept the whole conversation for validation."""
    return is_validation(conversation.said[0].example)


def cells(affects: Sequence[int], supportive: Sequence[bool]) -> list[Cell]:
    """What a model's error on each message depends on."""
    return [
        (affect, held, max(affects[max(0, i - WARM) : i], default=0) >= 2)
        for i, (affect, held) in enumerate(zip(affects, supportive, strict=True))
    ]


class Channel:
    """How a model errs: real scores of unseen messages by label, drawn from again.

    A draw for a conversation takes its scores from a random half of the unseen conversations, so that
    errors that a conversation shares (its topic, its dialect) are shared in the draw too.
    """

    def __init__(
        self, conversations: Sequence[Conversation], heard: Mapping[str, list[Heard]]
    ) -> None:
        self._donors = [_by_cell(c, heard[c.id]) for c in conversations]

    def draw(self, cells_: Sequence[Cell], rng: random.Random) -> list[Heard]:
        """Scores as the model might have given."""
        chosen = rng.sample(self._donors, max(1, len(self._donors) // 2))
        pools: dict[Cell, list[Heard]] = {}
        return [rng.choice(self._pool(cell, chosen, pools)) for cell in cells_]

    def _pool(
        self,
        cell: Cell,
        chosen: Sequence[Mapping[Cell, list[Heard]]],
        pools: dict[Cell, list[Heard]],
    ) -> list[Heard]:
        if cell not in pools:
            affect, held, warm = cell
            likest = [
                cell,
                (affect, held, not warm),
                (affect, not held, warm),
                (affect, not held, not warm),
            ]
            options = [(donors, one) for one in likest for donors in (chosen, self._donors)]
            found = ([h for d in donors for h in d.get(one, ())] for donors, one in options)
            pools[cell] = next(
                (pool for pool in found if pool), [Heard(float(affect), float(held), 0.0)]
            )
        return pools[cell]  # fmt: skip


def cells_of(conversation: Conversation) -> list[Cell]:
    """The cells of a labelled conversation."""
    said = [one.example for one in conversation.said]
    return cells([e.affect or 0 for e in said], [bool(e.supportive) for e in said])


def _by_cell(conversation: Conversation, heard: Sequence[Heard]) -> dict[Cell, list[Heard]]:
    found: dict[Cell, list[Heard]] = defaultdict(list)
    for cell, what in zip(cells_of(conversation), heard, strict=True):
        found[cell].append(what)
    return found


def _row(scores: Scores) -> list[float]:
    return [round(value, 4) for value in (scores.affect, scores.supportive, scores.danger)]


def _key(conversation: Conversation) -> str:
    words = json.dumps([[s.example.text, s.example.context] for s in conversation.said])
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:24]
