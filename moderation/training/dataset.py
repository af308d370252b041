"""Reads labelled messages, ours and public ones, and turns them into training targets."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from moderation.errors import InputError
from moderation.vocabulary import Allegation, Crisis, NameKind

HERE = Path(__file__).parent / "data"
PUBLIC = Path(os.environ.get("QUNHU_PUBLIC_DATA", "../shared/data"))
CRISIS = tuple(Crisis)
ALLEGATION = tuple(Allegation)
EVERY_CRISIS = frozenset(Crisis)
EVERY_ALLEGATION = frozenset(Allegation)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as labelled; offsets are code points of the text."""

    start: int
    end: int
    kind: NameKind


@dataclass(frozen=True, slots=True)
class Example:
    """A labelled message. A set of several values means that any of them is right; None is unknown."""

    id: str
    text: str
    context: tuple[str, ...] = ()
    crisis: frozenset[Crisis] = EVERY_CRISIS
    other: bool | None = None
    """Whether it is somebody else who is in danger; None when nobody is or nobody knows."""
    allegation: frozenset[Allegation] = EVERY_ALLEGATION
    names: tuple[Mention, ...] | None = None
    doxxing: bool | None = None
    affect: int | None = None
    strong: bool | None = None
    """Whether affect is 2 or more, where only that is known."""
    supportive: bool | None = None
    writer: str = ""
    mark: str = ""
    talk: str = ""
    """The conversation that it belongs to, where it was written as part of one."""
    weight: float = field(default=1.0)


def read_own(part: str, folder: Path = HERE) -> list[Example]:
    """Our single labelled messages of `train` or `test`; `InputError` names a line that cannot be read."""
    examples = []
    for path in sorted((folder / part).glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                examples.append(example_of(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(f"{path}:{number} is not a labelled message: {error!r}") from error
    return examples


def example_of(row: dict[str, object]) -> Example:
    """One labelled message; `KeyError`, `TypeError` or `ValueError` when the row is not one."""
    names = row["names"]
    context = row.get("context") or []
    if not isinstance(names, list) or not isinstance(context, list | tuple):
        raise TypeError("names and context must be lists")
    return Example(
        id=str(row["id"]),
        text=str(row["text"]),
        context=tuple(map(str, context)),
        crisis=frozenset({Crisis(str(row["crisis"]))}),
        other={"self": False, "other": True}.get(str(row["subject"])),
        allegation=frozenset({Allegation(str(row["allegation"]))}),
        names=tuple(Mention(n["start"], n["end"], NameKind(n["kind"])) for n in names),
        doxxing=bool(row["doxxing"]),
        affect=int(str(row["affect"])),
        supportive=bool(row["supportive"]),
        writer=str(row.get("writer", "")),
        mark=str(row.get("mark", "")),
        talk=str(row.get("talk", "")),
    )


def is_validation(example: Example) -> bool:
    """A fixed tenth of each writer, by hash, so that it never moves; conversations stay whole."""
    return hashlib.sha256((example.talk or example.text).encode("utf-8")).digest()[0] < 26


def read_public(folder: Path = PUBLIC, each: int = 1200, seed: int = 7) -> list[Example]:
    """A sample of the public sets that shipped weights may learn from; empty where they are absent."""
    rng = random.Random(seed)
    sources = (_psysuicide, _cped, _cold, _swsr, _medical)
    examples: list[Example] = []
    for source in sources:
        rows = list(source(folder))
        rng.shuffle(rows)
        examples += [replace(row, text=row.text[:100]) for row in rows[:each]]
    return examples


def read_lines(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a public set, gzipped or not; none where it is absent."""
    if not path.exists():
        return
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    yield from map(json.loads, text.splitlines())


_PSYSUICIDE = {
    "被动自杀意图": frozenset({Crisis.IDEATION}),
    "主动自杀意图": frozenset({Crisis.IDEATION, Crisis.IMMINENT}),
    "自杀计划": frozenset({Crisis.IDEATION, Crisis.IMMINENT}),
    "自杀准备行为": frozenset({Crisis.IMMINENT}),
    "自杀未遂": frozenset({Crisis.DISTRESS, Crisis.IDEATION, Crisis.IMMINENT}),
    "自伤行为": frozenset({Crisis.DISTRESS, Crisis.IDEATION, Crisis.IMMINENT}),
    "自伤意图": frozenset({Crisis.IDEATION}),
    "与自杀/自伤/攻击行为无关": frozenset({Crisis.NONE, Crisis.DISTRESS}),
}


def _psysuicide(folder: Path) -> Iterator[Example]:
    for row in read_lines(folder / "crisis/psysuicide-valid.jsonl"):
        meanings = [_PSYSUICIDE[label] for label in row["labels"] if label in _PSYSUICIDE]
        if meanings:
            crisis = max(meanings, key=lambda values: min(value.rank for value in values))
            yield Example(row["id"], row["text"], crisis=crisis, weight=0.6)


def _cped(folder: Path) -> Iterator[Example]:
    calm = {"neutral", "relaxed", "happy", "grateful", "positive-other"}
    for row in read_lines(folder / "emotion/cped-valid.jsonl"):
        if row["emotion"] in calm:
            mild = frozenset({Crisis.NONE, Crisis.DISTRESS})
            yield Example(row["id"], row["text"], crisis=mild, strong=False, weight=0.3)


def _cold(folder: Path) -> Iterator[Example]:
    for row in read_lines(folder / "abuse/cold-train.jsonl.gz"):
        blame = frozenset({Allegation.NONE, Allegation.INSULT})
        crisis = frozenset({Crisis.NONE, Crisis.DISTRESS})
        yield Example(row["id"], row["text"], crisis=crisis, allegation=blame, weight=0.3)


def _swsr(folder: Path) -> Iterator[Example]:
    for row in read_lines(folder / "abuse/swsr.jsonl.gz"):
        blame = frozenset({Allegation.NONE, Allegation.INSULT})
        crisis = frozenset({Crisis.NONE, Crisis.DISTRESS})
        yield Example(row["id"], row["text"], crisis=crisis, allegation=blame, weight=0.3)


def _medical(folder: Path) -> Iterator[Example]:
    for index, row in enumerate(read_lines(folder / "everyday/medical-questions.jsonl.gz")):
        text = (row["title"] if index % 2 else row["ask"])[:180]
        if "自杀" in text or "死" in text or not text:
            continue
        yield Example(
            row["id"],
            text,
            crisis=frozenset({Crisis.NONE, Crisis.DISTRESS}),
            allegation=frozenset({Allegation.NONE}),
            doxxing=False,
            weight=0.3,
        )
