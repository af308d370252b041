"""Rules that never sleep: a short reviewed list of the plainest words of danger. See `safewords.yaml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml

from moderation.errors import ConfigError
from moderation.normalise import normalise
from moderation.vocabulary import Allegation, Crisis, Evidence, Excerpt, Scores, Subject
from moderation.yamls import read_yaml

FILE = Path(__file__).with_name("safewords.yaml")
NEAR = 16
SURE = 0.97
"""Probability of a level that a safe word stands for."""
_PART = re.compile(r"<([a-z]+)>")
Kind = TypeVar("Kind", Crisis, Subject)
T = TypeVar("T")
_WHY = {
    (Crisis.IMMINENT, Subject.SELF): "说到方法、时间、告别，或者正在发生",
    (Crisis.IMMINENT, Subject.OTHER): "说别人可能正有危险",
    (Crisis.IDEATION, Subject.SELF): "直接说了不想活",
    (Crisis.IDEATION, Subject.OTHER): "说别人有轻生念头",
}


class SafeWordsError(ConfigError):
    """The operator: the list of safe words is damaged; the text names entry and field."""

    def __init__(self, where: Path, entry: str, field: str, why: str) -> None:
        super().__init__(
            f"The safe words in {where} cannot be used: entry «{entry}», field «{field}»: {why}. "
            "Put the shipped file back, or correct that line."
        )


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
    danger: tuple[str, ...]
    harmless: tuple[str, ...]


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
        return _read(path or FILE)

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
        subject=_mostly(subject, Subject)
        if hits
        else {who: float(who is subject) for who in Subject},
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


def _read(path: Path) -> SafeWords:
    try:
        data = read_yaml(path)
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SafeWordsError(path, "the whole file", "", str(error)) from error
    if not isinstance(data, dict):
        raise SafeWordsError(path, "the whole file", "", "it is not a mapping")
    parts = _Fields(path, "the whole file", data, {}).get("parts", dict)
    top = _Fields(path, "the whole file", data, parts)
    entries = [_entry(path, fields, parts) for fields in top.get("entries", list)]
    repeated = [
        e.id for i, e in enumerate(entries) if e.id in {earlier.id for earlier in entries[:i]}
    ]
    if repeated:
        raise SafeWordsError(path, repeated[0], "id", "it stands there twice")
    return SafeWords(top.get("version", int), tuple(entries), _surroundings(path, top, parts))


def _surroundings(path: Path, top: _Fields, parts: dict[str, str]) -> Surroundings:
    never = _Fields(path, "never", top.get("never", dict), parts)
    near, before, after = (never.patterns(name) for name in ("near", "before", "after"))
    other, told, own = (top.pattern(name) for name in ("other", "told", "own"))
    return Surroundings(before, after, near, other, told, own)


def _entry(path: Path, fields: Any, parts: dict[str, str]) -> Entry:
    name = str(fields.get("id", "?")) if isinstance(fields, dict) else "?"
    one = _Fields(path, name, fields, parts)
    level = one.get("level", str)
    if level not in {Crisis.IMMINENT, Crisis.IDEATION}:
        raise SafeWordsError(path, name, "level", f"«{level}» is neither imminent nor ideation")
    lines = {key: tuple(one.get(key, list)) for key in ("danger", "harmless")}
    for key, values in lines.items():
        if len(values) < 2:
            raise SafeWordsError(path, name, key, "at least two lines are needed")
    unless = one.patterns("not") if "not" in fields else ()
    return Entry(one.get("id", str), Crisis(level), one.pattern("pattern"), unless, **lines)


@dataclass(frozen=True, slots=True)
class _Fields:
    """One mapping of the file, whose complaints name where they come from."""

    path: Path
    entry: str
    values: Any
    parts: dict[str, str]

    def get(self, field: str, kind: type[T]) -> T:
        value = self.values.get(field) if isinstance(self.values, dict) else None
        if not isinstance(value, kind):
            raise SafeWordsError(self.path, self.entry, field, f"it must be a {kind.__name__}")
        return value

    def pattern(self, field: str) -> re.Pattern[str]:
        return self._compiled(field, self.get(field, str))

    def patterns(self, field: str) -> tuple[re.Pattern[str], ...]:
        return tuple(self._compiled(field, str(one)) for one in self.get(field, list))

    def _compiled(self, field: str, pattern: str) -> re.Pattern[str]:
        try:
            return re.compile(_PART.sub(lambda part: self.parts[part[1]], pattern))
        except (re.error, KeyError) as error:
            raise SafeWordsError(self.path, self.entry, field, f"{error}") from error
