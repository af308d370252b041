"""What normalising gives: comparable text that knows where each character came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Decoded:
    """A disguise that was read: `written` at [start, end) of the original means `plain`."""

    start: int
    end: int
    written: str
    plain: str


@dataclass(frozen=True, slots=True)
class Normalised:
    """Comparable text; the i-th character came from `[offsets[i], ends[i])` of the original."""

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...] = ()
    decoded: tuple[Decoded, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that `text[start:end]` came from, end exclusive."""
        if not self.offsets or start >= min(end, len(self.offsets)):
            return (0, 0)
        last = min(end, len(self.offsets)) - 1
        return self.offsets[start], self.ends[last] if self.ends else self.offsets[last] + 1


@dataclass(frozen=True, slots=True)
class Traced:
    """Comparable text; the i-th character came from `[starts[i], ends[i])` of the original."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


class Builder:
    """Puts a new traced text together from stretches of an old one and words in their place."""

    def __init__(self, old: Traced) -> None:
        self._old = old
        self._at = 0
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._ends: list[int] = []

    def keep(self, until: int) -> None:
        """Takes over the old text up to `until`."""
        old = self._old
        self._texts.append(old.text[self._at : until])
        self._starts += old.starts[self._at : until]
        self._ends += old.ends[self._at : until]
        self._at = until

    def skip(self, until: int) -> None:
        """Leaves the old text out up to `until`."""
        self._at = until

    def put(self, char: str, start: int, end: int) -> None:
        """Writes one character for `[start, end)` of the old text."""
        self._texts.append(char)
        self._starts.append(self._old.starts[start])
        self._ends.append(self._old.ends[end - 1])
        self._at = end

    def build(self) -> Traced:
        """The new text, with what is left of the old one."""
        self.keep(len(self._old.text))
        return Traced("".join(self._texts), self._starts, self._ends)
