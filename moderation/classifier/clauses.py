"""Cuts a text into clauses, so that evidence begins and ends where a reader would."""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int]
_BREAK = re.compile(r"[\n。！？!?；;，,、…~～]+|\.{2,}| {1,}(?=[^\x00-\x7f])")
LONGEST = 40


def clauses_of(text: str) -> list[Span]:
    """Spans between punctuation marks (or spaces before Chinese), without blank edges."""
    found, start = [], 0
    for mark in [*_BREAK.finditer(text), None]:
        end = mark.start() if mark else len(text)
        span = _tight(text, start, end)
        if span:
            found.append(span)
        start = mark.end() if mark else end
    return _joined(found)


def _tight(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Crumbs of one or two characters («自 杀») join the clause before them."""
    kept: list[Span] = []
    for start, end in spans:
        if (
            kept
            and (end - start <= 2 or kept[-1][1] - kept[-1][0] <= 1)
            and end - kept[-1][0] <= LONGEST
        ):
            kept[-1] = (kept[-1][0], end)
        else:
            kept.append((start, end))
    return kept


def heaviest(
    clauses: Sequence[Span], tokens: Sequence[Span], weights: Sequence[float]
) -> list[Span]:
    """Clauses by the attention that fell on them, the heaviest first."""
    totals = {
        clause: sum(
            w for (a, b), w in zip(tokens, weights, strict=True) if a < clause[1] and clause[0] < b
        )
        for clause in clauses
    }
    return sorted(clauses, key=lambda clause: -totals[clause])


def shortened(span: Span, tokens: Sequence[Span], weights: Sequence[float]) -> Span:
    """A clause that never ends is cut to a stretch around its heaviest token."""
    start, end = span
    if end - start <= LONGEST:
        return span
    inside = [(w, a) for (a, b), w in zip(tokens, weights, strict=True) if start <= a < end]
    peak = max(inside)[1] if inside else start
    first = max(start, min(peak - LONGEST // 2, end - LONGEST))
    return first, min(end, first + LONGEST)
