"""Says in Chinese what a judgement rests on, and where in the message it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from moderation.classifier.clauses import Span, clauses_of, heaviest, shortened
from moderation.normalise import Normalised
from moderation.vocabulary import NAMED, Allegation, Crisis, Evidence, Name, Scores, Subject

WORTH = 0.2
"""A probability from which on a reason is given; below every operating point that matters."""
CANDIDATES = 5
_CRISIS = {
    Crisis.DISTRESS: "说自己快撑不住的话",
    Crisis.IDEATION: "疑似轻生念头的话",
    Crisis.IMMINENT: "说到方法、时间、告别，或者正在发生",
}
_CRISIS_OTHER = {
    Crisis.DISTRESS: "说别人快撑不住的话",
    Crisis.IDEATION: "说别人有轻生念头",
    Crisis.IMMINENT: "说别人可能正有危险",
}
_ALLEGATION = {
    Allegation.INSULT: "指着人骂的话",
    Allegation.UNVERIFIED: "说了一件能查证的坏事，却没有出处",
    Allegation.SOURCED: "带出处的指控",
}


@dataclass(frozen=True, slots=True)
class Focus:
    """Where the network looked: token spans in the normalised text and a weight each, by pool."""

    tokens: tuple[Span, ...]
    weights: dict[str, tuple[float, ...]]


Measure = Callable[[Scores], float]
Without = Mapping[Span, Scores]
"""What the model says of the message with a clause left out; empty where it is too long to ask."""


def candidates(text: Normalised, scores: Scores, focus: Focus) -> list[Span]:
    """Clauses that may carry the judgement, to be left out in turn; none if there is no choice."""
    pools = [pool for pool, _, _ in _matters(scores)]
    clauses = clauses_of(text.text) if pools else []
    if len(clauses) < 2:
        return []
    chosen: dict[Span, None] = {}
    for pool in pools:
        chosen.update(
            dict.fromkeys(heaviest(clauses, focus.tokens, focus.weights[pool])[:CANDIDATES])
        )
    return list(chosen)


def collect(
    original: str, text: Normalised, scores: Scores, focus: Focus, without: Without
) -> tuple[Evidence, ...]:
    """The phrases that carried crisis, allegation or doxxing; empty for a harmless message."""
    found = [
        Evidence(why, *text.span(*span))
        for pool, why, measure in _matters(scores)
        for span in _phrases(measure, pool, text, scores, focus, without)
    ]
    if likely_allegation(scores) is not Allegation.NONE or scores.doxxing >= WORTH:
        found += _named(scores.names)
    return tuple(e for e in found if original[e.start : e.end].strip())


def worth_explaining(scores: Scores) -> bool:
    """Whether anything in the scores could lead to a flag."""
    return bool(_matters(scores))


def _matters(scores: Scores) -> list[tuple[str, str, Measure]]:
    """What there is to explain: the pool it was read with, why in words, and its measure."""
    found: list[tuple[str, str, Measure]] = []
    level, blame = likely_crisis(scores), likely_allegation(scores)
    if level is not Crisis.NONE:
        other = scores.subject[Subject.OTHER] > scores.subject[Subject.SELF]
        found.append(("crisis", (_CRISIS_OTHER if other else _CRISIS)[level], _danger))
    if blame is not Allegation.NONE:
        found.append(("blame", _ALLEGATION[blame], _blamed(blame)))
    if scores.doxxing >= WORTH:
        found.append(("blame", "要人私下信息或号召动手", lambda answer: answer.doxxing))
    return found


def likely_crisis(scores: Scores) -> Crisis:
    """The level worth explaining, the worst first."""
    chances = scores.crisis
    if chances[Crisis.IMMINENT] >= 2 * WORTH:
        return Crisis.IMMINENT
    if chances[Crisis.IMMINENT] + chances[Crisis.IDEATION] >= WORTH:
        return Crisis.IDEATION
    return Crisis.DISTRESS if 1 - chances[Crisis.NONE] >= 3 * WORTH else Crisis.NONE


def likely_allegation(scores: Scores) -> Allegation:
    """The accusation worth explaining, the likeliest first."""
    best = max(_ALLEGATION, key=lambda kind: scores.allegation[kind])
    return best if scores.allegation[best] >= WORTH else Allegation.NONE


def _danger(scores: Scores) -> float:
    return sum(p * level.rank for level, p in scores.crisis.items())


def _blamed(kind: Allegation) -> Measure:
    return lambda scores: scores.allegation[kind]


def _named(names: Sequence[Name]) -> list[Evidence]:
    seen: dict[str, Name] = {}
    for name in names:
        seen.setdefault(name.text, name)
    return [
        Evidence(NAMED.format(name=name.text), name.start, name.end)
        for name in list(seen.values())[:3]
    ]


def _phrases(
    measure: Measure, pool: str, text: Normalised, scores: Scores, focus: Focus, without: Without
) -> list[Span]:
    """The clause without which the measure falls most, and a second that matters half as much."""
    weights = focus.weights[pool]
    chosen = heaviest(clauses_of(text.text), focus.tokens, weights)[:1]
    if without:
        falls = {span: measure(scores) - measure(left) for span, left in without.items()}
        ranked = sorted(falls, key=lambda span: -falls[span])
        enough = max(0.02, 0.5 * falls[ranked[0]])
        chosen = ranked[:1] + [span for span in ranked[1:2] if falls[span] > enough]
    return [shortened(span, focus.tokens, weights) for span in sorted(chosen)]
