"""Rules that never sleep: a short reviewed list of the plainest words of danger. See `safewords.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import yaml

from moderation.errors import ConfigError
from moderation.normalise import normalise
from moderation.vocabulary import Allegation, Crisis, Evidence, Excerpt, Scores, Subject

FILE = Path(__file__).with_name("safewords.yaml")
NEAR = 16
SURE = 0.97
"""Probability of a level that a safe word stands for."""
Kind = TypeVar("Kind", Crisis, Subject)
_WHY = {
    (Crisis.IMMINENT, Subject.SELF): "安全词：说到方法、时间、告别或正在发生",
    (Crisis.IMMINENT, Subject.OTHER): "安全词：说别人可能正有生命危险",
    (Crisis.IDEATION, Subject.SELF): "安全词：直接说了不想活",
    (Crisis.IDEATION, Subject.OTHER): "安全词：说别人不想活了",
}


@dataclass(frozen=True, slots=True)
class Hit:
    """A safe word found; offsets are code points of the text as given, end exclusive."""

    id: str
    level: Crisis
    subject: Subject
    start: int
    end: int

    @property
    def why(self) -> str:
        """A short phrase for a moderator."""
        return _WHY[self.level, self.subject]


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule with the lines that test it."""

    id: str
    level: Crisis
    pattern: re.Pattern[str]
    unless: tuple[re.Pattern[str], ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What makes any match harmless, and who is meant by one."""

    before: tuple[re.Pattern[str], ...]
    after: tuple[re.Pattern[str], ...]
    near: tuple[re.Pattern[str], ...]
    other: re.Pattern[str]
    told: re.Pattern[str]
    own: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class SafeWords:
    """Finds safe words, and judges by them alone as a `Classifier`."""

    version: int
    entries: tuple[Entry, ...]
    around: Surroundings

    @classmethod
    def load(cls, path: Path | None = None) -> SafeWords:
        """Reads the shipped list or another; `SafeWordsError` names entry and field that are wrong."""
        return _Reader(path or FILE).read()

    def find(self, text: str) -> list[Hit]:
        """Every safe word in the text, the gravest first."""
        plain = normalise(text)
        hits = [
            Hit(entry.id, entry.level, self._subject(plain.text, match), *plain.span(*match.span()))
            for entry in self.entries
            for match in entry.pattern.finditer(plain.text)
            if not self._harmless(entry, plain.text, match)
        ]
        return sorted(hits, key=lambda hit: (-hit.level.rank, hit.start))

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """Scores by safe words alone, marked `by_rules_only`."""
        return [scores_of(self.find(excerpt.text)) for excerpt in excerpts]

    def _harmless(self, entry: Entry, text: str, match: re.Match[str]) -> bool:
        start, end = match.span()
        before, after = text[max(0, start - NEAR) : start], text[end : end + NEAR]
        near = before + match[0] + after
        return (
            any(pattern.search(before) for pattern in self.around.before)
            or any(pattern.search(after) for pattern in self.around.after)
            or any(pattern.search(near) for pattern in (*self.around.near, *entry.unless))
        )

    def _subject(self, text: str, match: re.Match[str]) -> Subject:
        """The last person named before or in the match, unless somebody is quoted."""
        said = text[max(0, match.start() - NEAR) : match.end()]
        others = list(self.around.other.finditer(said))
        own = [m.start() for m in self.around.own.finditer(said)]
        if not others:
            return Subject.SELF
        last = others[-1]
        if not own or own[-1] < last.start():
            return Subject.OTHER
        quoted = self.around.told.search(said[last.end() : own[-1]])
        return Subject.OTHER if quoted else Subject.SELF


def scores_of(hits: Sequence[Hit]) -> Scores:
    """What the hits say on their own; certain `none` without a hit."""
    level = hits[0].level if hits else Crisis.NONE
    subject = hits[0].subject if hits else Subject.NONE
    return Scores(
        crisis=_mostly(level, Crisis) if hits else {kind: float(kind is level) for kind in Crisis},
        subject=_mostly(subject, Subject) if hits else {who: float(who is subject) for who in Subject},
        allegation={one: float(one is Allegation.NONE) for one in Allegation},
        affect=2.0 if hits else 0.0,
        evidence=evidence_of(hits),
        by_rules_only=True,
    )


def evidence_of(hits: Sequence[Hit]) -> tuple[Evidence, ...]:
    """The hits as evidence, without those that lie over a graver one."""
    kept: list[Hit] = []
    for hit in hits:
        if all(hit.end <= other.start or other.end <= hit.start for other in kept):
            kept.append(hit)
    return tuple(Evidence(hit.why, hit.start, hit.end) for hit in kept)


def _mostly(likely: Kind, kinds: Iterable[Kind]) -> dict[Kind, float]:
    others = [one for one in kinds if one is not likely]
    return {likely: SURE, **dict.fromkeys(others, (1 - SURE) / len(others))}
