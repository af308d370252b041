"""The reviewed data on disguises, read once from `disguises.yaml` and checked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pypinyin.constants import PINYIN_DICT

from moderation.errors import ConfigError
from moderation.yamls import read_yaml

FILE = Path(__file__).parent.parent / "disguises.yaml"
_NEVER = re.compile(r"(?!)")


class Kind(Enum):
    """In which way one character of a danger word is written."""

    SAME = "same"
    STAND_IN = "stand-in"
    SOUND = "sound"
    PINYIN = "pinyin"
    INITIAL = "initial"
    PARTS = "parts"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write one character."""

    written: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Word:
    """A danger word, the ways to write it, and where it is none; see the YAML file for the fields."""

    plain: str
    forms: tuple[Mapping[str, tuple[Form, ...]], ...]
    """For each character of the word the ways to write it, longest first, by their first character."""
    sounds: tuple[str, ...]
    sound: bool = False
    initial: str = "last"
    letters: str = "mixed"
    marks: str = "some"
    short: bool = False
    known: frozenset[str] = frozenset()
    hinted: frozenset[str] = frozenset()
    harmless: frozenset[str] = frozenset()
    hint_before: re.Pattern[str] = _NEVER
    hint_after: re.Pattern[str] = _NEVER
    not_before: re.Pattern[str] = _NEVER
    not_after: re.Pattern[str] = _NEVER
    not_near: re.Pattern[str] = _NEVER


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All that is known of disguises, indexed by how a disguise can begin."""

    version: int
    once: frozenset[str]
    radicals: Mapping[str, str]
    lookalikes: Mapping[str, str]
    follows: frozenset[str]
    pictures: Mapping[str, str]
    picture_starts: frozenset[str]
    by_char: Mapping[str, tuple[Word, ...]]
    by_sound: Mapping[str, tuple[Word, ...]]
    spellings: Mapping[str, tuple[tuple[str, Word], ...]]
    beginnings: frozenset[str]
    """Every character with which a disguise can begin."""


@cache
def sounds() -> dict[str, str]:
    """Each Chinese character's most usual reading, without tone."""
    return {
        chr(code): _toneless(readings.partition(",")[0])
        for code, readings in PINYIN_DICT.items()
        if 0x3400 <= code <= 0x9FFF
    }


def _toneless(reading: str) -> str:
    decomposed = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@cache
def lexicon() -> Lexicon:
    """The shipped lexicon."""
    return load(FILE)


def load(path: Path) -> Lexicon:
    """Reads a lexicon; `ConfigError` names what is wrong in it."""
    try:
        data = read_yaml(path)
        return _lexicon(data, [_word(entry, data) for entry in data["words"]])
    except (OSError, yaml.YAMLError, KeyError, TypeError, ValueError, re.error) as error:
        raise ConfigError(
            f"The disguises in {path} cannot be read: {error!r}. Reinstall Qunhu."
        ) from error


def _lexicon(data: Mapping[str, Any], words: list[Word]) -> Lexicon:
    pictures = {row: plain for plain, rows in data["pictures"].items() for row in rows}
    by_char = _grouped((first, word) for word in words for first in word.forms[0])
    by_sound = _grouped((word.sounds[0], word) for word in words if word.sound)
    spellings = _spellings(words)
    heard = (char for char, sound in sounds().items() if sound in by_sound)
    return Lexicon(
        version=int(data["version"]),
        once=frozenset(data["once"]),
        radicals=data["radicals"],
        lookalikes=data["lookalikes"],
        follows=frozenset(data["follows"]),
        pictures=pictures,
        picture_starts=frozenset(row[0] for row in pictures),
        by_char=by_char,
        by_sound=by_sound,
        spellings=spellings,
        beginnings=frozenset([*by_char, *spellings, *(row[0] for row in pictures), *heard]),
    )


def _grouped(pairs: Any) -> dict[str, tuple[Word, ...]]:
    groups: dict[str, dict[str, Word]] = {}
    for key, word in pairs:
        groups.setdefault(key, {})[word.plain] = word
    longest_first = {k: sorted(v.values(), key=lambda w: -len(w.plain)) for k, v in groups.items()}
    return {key: tuple(words) for key, words in longest_first.items()}


def _spellings(words: list[Word]) -> dict[str, tuple[tuple[str, Word], ...]]:
    found: dict[str, list[tuple[str, Word]]] = {}
    for word in words:
        for spelling in sorted((word.known | word.hinted), key=lambda s: (-len(s), s)):
            if len(spelling) == len(word.plain):
                found.setdefault(spelling[0], []).append((spelling, word))
    return {char: tuple(entries) for char, entries in found.items()}


def _word(entry: Mapping[str, Any], data: Mapping[str, Any]) -> Word:
    plain = entry["plain"]
    options = dict(entry)
    for name in ("known", "hinted", "harmless"):
        options[name] = frozenset(entry.get(name, ()))
    for name in ("hint_before", "hint_after", "not_before", "not_after", "not_near"):
        options[name] = re.compile(entry[name]) if name in entry else _NEVER
    readings = tuple(sounds()[char] for char in plain)
    forms = tuple(_forms(plain, at, readings[at], entry, data) for at in range(len(plain)))
    return Word(**options, forms=forms, sounds=readings)


def _forms(
    plain: str, at: int, sound: str, entry: Mapping[str, Any], data: Mapping[str, Any]
) -> dict[str, tuple[Form, ...]]:
    char = plain[at]
    found = [Form(char, Kind.SAME)]
    found += [Form(c, Kind.STAND_IN) for c in data["stand_ins"].get(char, "")]
    found += [Form(parts, Kind.PARTS) for parts in data["parts"].get(char, ())]
    if entry.get("letters", "mixed") != "none":
        found.append(Form(sound, Kind.PINYIN))
    initial = entry.get("initial", "last")
    if initial == "any" or (initial == "last" and at == len(plain) - 1):
        found.append(Form(sound[0], Kind.INITIAL))
    by_first: dict[str, tuple[Form, ...]] = {}
    for form in sorted(found, key=lambda form: -len(form.written)):
        by_first[form.written[0]] = (*by_first.get(form.written[0], ()), form)
    return by_first
