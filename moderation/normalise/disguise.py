"""Finds danger words in disguise and writes them plainly, where nothing speaks for a harmless reading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from moderation.normalise.belief import is_disguise
from moderation.normalise.lexicon import Kind, Word, lexicon
from moderation.normalise.reading import LONGEST_GAP, SOUNDS, STROKES, Part, Parts, goes_on, read
from moderation.normalise.text import Builder, Traced


@dataclass(frozen=True, slots=True)
class Find:
    """A danger word and where its characters stand."""

    plain: str
    parts: Parts


def reveal(traced: Traced) -> tuple[Traced, list[tuple[int, int, str]]]:
    """The text with disguised danger words written plainly, and where in the original they stood."""
    finds = list(_finds(traced.text))
    if not finds:
        return traced, []
    new = Builder(traced)
    for find in finds:
        new.keep(find.parts[0].start)
        for char, part in zip(find.plain, find.parts, strict=True):
            new.put(char, part.start, part.end)
    spots = [(find.parts[0].start, find.parts[-1].end - 1, find.plain) for find in finds]
    return new.build(), [(traced.starts[a], traced.ends[b], plain) for a, b, plain in spots]


def _finds(text: str) -> Iterator[Find]:
    beginnings = lexicon().beginnings
    free = 0
    for at, char in enumerate(text):
        if char in beginnings and at >= free and _promising(text, at):
            find = _at(text, at)
            if find:
                yield find
                free = find.parts[-1].end


def _promising(text: str, at: int) -> bool:
    """A quick look ahead that spares most characters the full reading."""
    for char in text[at + 1 : at + 2 + LONGEST_GAP]:
        if _may_go_on(text[at], char):
            return True
        if char == "\n" or (char.isalnum() and char not in STROKES and char != text[at]):
            return False
    return False


@lru_cache(maxsize=65536)
def _may_go_on(char: str, following: str) -> bool:
    """Whether a disguise that begins with `char` can go on with `following`."""
    words = _words_from(char)
    return (
        any(goes_on(word, following, 1) for word in words)
        or any(
            w.written.startswith(char + following)
            for word in words
            for w in word.forms[0].get(char, ())
        )
        or any(spelling[1] == following for spelling, _ in lexicon().spellings.get(char, ()))
        or char in lexicon().picture_starts
    )


@lru_cache(maxsize=32768)
def _words_from(char: str) -> tuple[Word, ...]:
    words = lexicon().by_char.get(char, ()) + lexicon().by_sound.get(SOUNDS.get(char, ""), ())
    return tuple({word.plain: word for word in words}.values())


def _at(text: str, at: int) -> Find | None:
    known, char = lexicon(), text[at]
    if char in known.picture_starts and (find := _picture(text, at)):
        return find
    for word in _words_from(char):
        parts = read(word, text, at, 0)
        if parts and is_disguise(word, text, parts):
            return Find(word.plain, parts)
    for spelling, word in known.spellings.get(char, ()):
        if text.startswith(spelling, at):
            parts = tuple(Part(Kind.SOUND, i, i + 1) for i in range(at, at + len(spelling)))
            if is_disguise(word, text, parts):
                return Find(word.plain, parts)
    return None


def _picture(text: str, at: int) -> Find | None:
    for row in sorted(lexicon().pictures, key=len, reverse=True):
        if text.startswith(row, at):
            plain, middle = lexicon().pictures[row], at + 1
            parts = Part(Kind.STAND_IN, at, middle), Part(Kind.STAND_IN, middle, at + len(row))
            return Find(plain, parts)
    return None
