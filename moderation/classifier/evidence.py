"""Says in Chinese what a judgement rests on, and where in the message it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from moderation.classifier.clauses import Span, clauses_of, heaviest, shortened
from moderation.normalise import Normalised
from moderation.vocabulary import Allegation, Crisis, Evidence, Name, Scores, Subject

WORTH = 0.2
CANDIDATES = 5
_CRISIS = {
    Crisis.DISTRESS: "说自己快撑不住的话",
    Crisis.IDEATION: "疑似轻生念头的话",
    Crisis.IMMINENT: "说到时间、准备或告别",
}
_CRISIS_OTHER = {
    Crisis.DISTRESS: "说别人快撑不住的话",
    Crisis.IDEATION: "说别人有轻生念头",
    Crisis.IMMINENT: "说别人可能正有危险",
}
_ALLEGATION = {
    Allegation.INSULT: "指着人骂的话",
    Allegation.UNVERIFIED: "没有来源的指控",
    Allegation.SOURCED: "带出处的指控",
}


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the network looked: token spans in the normalised text and a weight each, by pool."""

    tokens: tuple[Span, ...]
    weights: dict[str, tuple[float, ...]]


Occluded = Callable[[Sequence[Span]], Sequence[Scores]]
"""Judges the message again with each of the spans left out; gives nothing where that is too long."""


def collect(
    original: str, text: Normalised, scores: Scores, focus: Focus, judge_without: Occluded
) -> tuple[Evidence, ...]:
    """The phrases that carried crisis, allegation or doxxing; empty for a harmless message."""
    found = []
    level = likely_crisis(scores)
    if level is not Crisis.NONE:
        words = (
            _CRISIS_OTHER
            if scores.subject[Subject.OTHER] > scores.subject[Subject.SELF]
            else _CRISIS
        )
        found += _phrases(words[level], _danger, "crisis", text, scores, focus, judge_without)
    blame = likely_allegation(scores)
    if blame is not Allegation.NONE:
        measure = _blamed(blame)
        found += _phrases(_ALLEGATION[blame], measure, "blame", text, scores, focus, judge_without)[
            :1
        ]
    if scores.doxxing >= WORTH:
        words_, measure = "要人私下信息或号召动手", (lambda s: s.doxxing)
        found += _phrases(words_, measure, "blame", text, scores, focus, judge_without)[:1]
    evidence = [Evidence(why, *text.span(*span)) for why, span in found]
    if blame is not Allegation.NONE or scores.doxxing >= WORTH:
        evidence += _named(scores.names)
    return tuple(e for e in evidence if original[e.start : e.end].strip())


def likely_crisis(scores: Scores) -> Crisis:
    """The highest level worth explaining."""
    for level in (Crisis.IMMINENT, Crisis.IDEATION, Crisis.DISTRESS):
        if sum(p for other, p in scores.crisis.items() if other.rank >= level.rank) >= 2 * WORTH:
            return level
    return Crisis.IDEATION if _danger(scores) >= WORTH else Crisis.NONE


def likely_allegation(scores: Scores) -> Allegation:
    """The accusation worth explaining, the likeliest first."""
    best = max(_ALLEGATION, key=lambda kind: scores.allegation[kind])
    return best if scores.allegation[best] >= WORTH else Allegation.NONE


def _danger(scores: Scores) -> float:
    return sum(p * level.rank for level, p in scores.crisis.items())


def _blamed(kind: Allegation) -> Callable[[Scores], float]:
    return lambda scores: scores.allegation[kind]


def _named(names: Sequence[Name]) -> list[Evidence]:
    seen: dict[str, Name] = {}
    for name in names:
        seen.setdefault(name.text, name)
    return [
        Evidence(f"点名：{name.text}", name.start, name.end) for name in list(seen.values())[:3]
    ]


def _phrases(
    why: str,
    measure: Callable[[Scores], float],
    pool: str,
    text: Normalised,
    scores: Scores,
    focus: Focus,
    judge_without: Occluded,
) -> list[tuple[str, Span]]:
    """Up to two clauses without which the measure falls most."""
    weights = focus.weights[pool]
    clauses = heaviest(clauses_of(text.text), focus.tokens, weights)[:CANDIDATES]
    if not clauses:
        return []
    chosen = clauses[:1]
    without = [measure(answer) for answer in judge_without(clauses)] if len(clauses) > 1 else []
    if without:
        falls = {
            clause: measure(scores) - left for clause, left in zip(clauses, without, strict=True)
        }
        ranked = sorted(clauses, key=lambda clause: -falls[clause])
        chosen = ranked[:1] + [c for c in ranked[1:2] if falls[c] > 0.5 * falls[ranked[0]] > 0.02]
    return [(why, shortened(clause, focus.tokens, weights)) for clause in sorted(chosen)]
