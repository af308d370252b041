"""A model of plain words; little is imported, so that it starts quickly in a process of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from moderation.vocabulary import Allegation, Crisis, Evidence, Excerpt, Name, Scores, Subject

E = TypeVar("E", bound=StrEnum)


def scores(
    crisis: Crisis = Crisis.NONE,
    subject: Subject | None = None,
    allegation: Allegation = Allegation.NONE,
    *,
    names: tuple[Name, ...] = (),
    doxxing: float = 0.0,
    affect: float = 0.0,
    supportive: float = 0.0,
    evidence: tuple[Evidence, ...] = (),
) -> Scores:
    """Scores of somebody who is quite sure."""
    who = subject or (Subject.NONE if crisis is Crisis.NONE else Subject.SELF)
    return Scores(
        crisis=_sure(Crisis, crisis),
        subject=_sure(Subject, who),
        allegation=_sure(Allegation, allegation),
        names=names,
        doxxing=doxxing,
        affect=affect,
        supportive=supportive,
        evidence=evidence,
    )


def _sure(values: type[E], chosen: E) -> dict[E, float]:
    others = [value for value in values if value is not chosen]
    return {chosen: 0.94, **dict.fromkeys(others, 0.06 / len(others))}


WORDS: Mapping[str, Scores] = {
    "今晚就走": scores(Crisis.IMMINENT, evidence=(Evidence("说到时间或准备", 0, 4),), affect=3),
    "不想活": scores(Crisis.IDEATION, affect=3),
    "小雨电话不接": scores(Crisis.IMMINENT, Subject.OTHER, affect=2),
    "没有执照": scores(allegation=Allegation.UNVERIFIED),
    "他家住哪": scores(doxxing=0.95),
    "撑得好辛苦": scores(Crisis.DISTRESS, affect=2.6),
    "都毁了": scores(affect=2.8),
    "抱抱": scores(supportive=0.95),
}


@dataclass
class KeywordClassifier:
    """Finds what a text holds by plain words; remembers what it was asked."""

    words: Mapping[str, Scores] = field(default_factory=lambda: WORDS)
    asked: list[Excerpt] = field(default_factory=list)
    degraded: str | None = None

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """The scores of the first word found, else nothing."""
        self.asked.extend(excerpts)
        return [self._one(excerpt.text) for excerpt in excerpts]

    def _one(self, text: str) -> Scores:
        return next((found for word, found in self.words.items() if word in text), scores())
