"""A quick look at a message: is danger likely enough to be judged before the rest?

It decides nothing. It only says who goes first when messages wait: safe words find the plainest danger,
a linear rule over runs of one to three characters (`weights.npz`, made by `moderation.look.fit`) the
likely. About 0.3 ms a message, without torch.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.errors import ConfigError
from moderation.normalise import normalise
from moderation.safewords import SafeWords
from moderation.turns import Urgency

FILE = Path(__file__).with_name("weights.npz")
PLACES = 2**15
"""Runs of characters share so many weights, by their CRC-32."""
LONGEST_RUN = 3
READ = 400
"""Characters at each end of a long message that are looked at."""


@dataclass(frozen=True, slots=True)
class Look:
    """Tells how urgent a text is."""

    safewords: SafeWords
    weights: NDArray[np.float32]
    """One weight for each place."""
    bias: float
    threshold: float

    @classmethod
    def load(cls, safewords: SafeWords) -> Look:
        """The shipped rule; ConfigError if its file is missing or damaged."""
        try:
            with np.load(FILE, allow_pickle=False) as stored:
                weights = stored["weights"].astype(np.float32) * float(stored["scale"])
                return cls(safewords, weights, float(stored["bias"]), float(stored["threshold"]))
        except (OSError, ValueError, KeyError) as error:
            raise ConfigError(f"{FILE} cannot be read ({error}). Reinstall Qunhu.") from error

    def urgency(self, text: str) -> Urgency:
        """How urgent a text is, as somebody wrote it."""
        if self.safewords.find(text):
            return Urgency.DANGER
        return Urgency.LIKELY if self.leaning(text) >= self.threshold else Urgency.REST

    def leaning(self, text: str) -> float:
        """How much a text leans towards danger, as log-odds."""
        places = places_of(text)
        if not places.size:
            return self.bias
        found, counts = np.unique(places, return_counts=True)
        length = float(np.sqrt((counts.astype(np.float64) ** 2).sum()))
        return self.bias + float((self.weights[found] * counts).sum()) / length


def places_of(text: str) -> NDArray[np.int64]:
    """The places of the runs of characters in the comparable text."""
    plain = normalise(text).text
    if len(plain) > 2 * READ:
        plain = plain[:READ] + plain[-READ:]
    return np.fromiter(
        (zlib.crc32(run.encode("utf-8", "replace")) % PLACES for run in _runs(plain)), np.int64
    )


def _runs(plain: str) -> Iterator[str]:
    for length in range(1, LONGEST_RUN + 1):
        for start in range(len(plain) - length + 1):
            yield plain[start : start + length]
