"""`python -m moderation.look.fit` makes `weights.npz` from the labelled text and prints how well it looks."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import normalize

from moderation.look import FILE, PLACES, Look, places_of
from moderation.safewords import SafeWords
from moderation.turns import Urgency

DATA = Path(__file__).parents[1] / "training" / "data"
DANGER = {"ideation", "imminent"}
FOUND = 0.95
"""Part of the danger in the training text that the threshold must find."""


def main() -> None:
    """Fit, choose the threshold on the training text, write, and say how it does on the other."""
    train, test = _rows("train"), _rows("test")
    features = _features([text for text, _ in train])
    danger = np.array([label in DANGER for _, label in train])
    rule = LogisticRegression(C=10, max_iter=500, class_weight="balanced")
    odds = cross_val_predict(rule, features, danger, cv=5, method="decision_function")
    threshold = float(np.quantile(odds[danger], 1 - FOUND))
    rule.fit(features, danger)
    weights = rule.coef_[0]
    scale = float(np.abs(weights).max()) / 127
    np.savez_compressed(
        FILE,
        weights=np.round(weights / scale).astype(np.int8),
        scale=np.float64(scale),
        bias=np.float64(rule.intercept_[0]),
        threshold=np.float64(threshold),
    )
    look = Look.load(SafeWords.load())
    for label in ("imminent", "ideation", "distress", "none"):
        texts = [text for text, own in test if own == label]
        first = sum(look.urgency(text) is not Urgency.REST for text in texts)
        print(f"{label:<10}{first:>5} of {len(texts):>5} go first ({first / len(texts):.3f})")


def _rows(part: str) -> list[tuple[str, str]]:
    lines = [
        json.loads(line)
        for file in sorted((DATA / part).glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    return [(line["text"], line["crisis"]) for line in lines]


def _features(texts: Sequence[str]) -> csr_matrix:
    """Counts of the runs of characters, each message scaled to length 1."""
    places: list[NDArray[np.int64]] = [places_of(text) for text in texts]
    ends = np.cumsum([0, *(len(one) for one in places)])
    together = np.concatenate(places)
    counts = csr_matrix((np.ones(len(together)), together, ends), shape=(len(texts), PLACES))
    counts.sum_duplicates()
    return normalize(counts)


if __name__ == "__main__":
    main()
