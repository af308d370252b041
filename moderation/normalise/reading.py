"""Reads one danger word at one place of a text, in whatever ways its characters are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.normalise.lexicon import Kind, Word, sounds

CLAUSE_MARKS = frozenset(",.。、，;；:：!！?？…")
STROKES = frozenset("丨丶丿|")
LONGEST_GAP = 4
SOUNDS = sounds()


@dataclass(frozen=True, slots=True)
class Part:
    """How one character of a danger word stands in the text."""

    kind: Kind
    start: int
    end: int


Parts = tuple[Part, ...]


def read(word: Word, text: str, at: int, place: int) -> Parts | None:
    """The word's characters from `place` on, as they stand from `at` on; None where they do not."""
    for kind, end in _ways(word, text, at, place):
        part = Part(kind, at, end)
        if place == len(word.plain) - 1:
            return (part,)
        for following in _after_gap(word, text, end):
            if not goes_on(word, text[following : following + 1], place + 1):
                continue
            rest = read(word, text, following, place + 1)
            if rest:
                return (part, *rest)
    return None


def goes_on(word: Word, char: str, place: int) -> bool:
    """Whether `char` can begin the word's character number `place`."""
    return char in word.forms[place] or (word.sound and SOUNDS.get(char) == word.sounds[place])


def _ways(word: Word, text: str, at: int, place: int) -> Iterator[tuple[Kind, int]]:
    char = text[at] if at < len(text) else ""
    for form in word.forms[place].get(char, ()):
        if text.startswith(form.written, at):
            yield form.kind, at + len(form.written)
    if word.sound and SOUNDS.get(char) == word.sounds[place]:
        yield Kind.SOUND, at + 1


def _after_gap(word: Word, text: str, at: int) -> Iterator[int]:
    """Where the next character may begin: at once, or after separators that the word allows."""
    yield at
    for end in range(at, min(at + LONGEST_GAP, len(text) - 1)):
        if not _separates(word, text, end):
            return
        yield end + 1


def _separates(word: Word, text: str, at: int) -> bool:
    char = text[at]
    if char == "\n" or word.marks == "none":
        return False
    if at and char == text[at - 1] and char.isalpha() and not char.isascii():
        return not word.short
    if char in CLAUSE_MARKS:
        return word.marks == "any" or char == "."
    return char in STROKES or (not char.isalnum() and unicodedata.category(char)[0] in "PSZC")
