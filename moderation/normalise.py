"""Turns a message into comparable text and remembers where every character came from. Pure."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache

import opencc


@dataclass(frozen=True, slots=True)
class Normalised:
    """Comparable text; `offsets[i]` is the index in the original of the i-th character."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `text[start:end]` came from, end exclusive."""
        if not self.offsets or start >= end:
            return (0, 0)
        return self.offsets[start], self.offsets[min(end, len(self.offsets)) - 1] + 1


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@cache
def _simplified(char: str) -> str:
    converted: str = _to_simplified().convert(char)
    return converted if len(converted) == 1 else char


def _plain(char: str) -> str:
    """One character without width, style, case or invisible marks; may be empty or several."""
    if unicodedata.category(char) in {"Cf", "Cc", "Cs", "Mn", "Me"} and char not in "\n\t":
        return ""
    folded = unicodedata.normalize("NFKC", char).lower()
    return "".join(_simplified(c) for c in folded)


def normalise(text: str) -> Normalised:
    """NFKC, lower case, no invisible marks, simplified characters; linear in the length."""
    chars: list[str] = []
    offsets: list[int] = []
    for index, char in enumerate(text):
        for plain in _plain(char):
            chars.append(plain)
            offsets.append(index)
    return Normalised("".join(chars), tuple(offsets))
