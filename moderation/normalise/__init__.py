"""Turns a message into comparable text and remembers where every character came from. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from moderation.normalise.characters import fold, latinise, squeeze
from moderation.normalise.disguise import reveal
from moderation.normalise.names import skeleton
from moderation.normalise.text import Decoded, Normalised

__all__ = ["Decoded", "Normalised", "forget", "normalise", "skeleton"]

ROUNDS = 6
SHORT = 300
"""Characters of a text that is remembered: it is asked for again by the safe words and as context."""


def normalise(text: str) -> Normalised:
    """Plain width, case, marks and script; danger words in disguise written plainly; linear time."""
    return _remembered(text) if len(text) <= SHORT else _normalised(text)


def forget() -> None:
    """Let go of the texts that are remembered."""
    _remembered.cache_clear()


def _normalised(text: str) -> Normalised:
    traced = fold(text)
    decoded: list[Decoded] = []
    for _ in range(ROUNDS):
        before = traced.text
        traced, found = reveal(squeeze(latinise(traced)))
        decoded += [Decoded(at, to, text[at:to], plain) for at, to, plain in found]
        if traced.text == before:
            break
    return Normalised(traced.text, tuple(traced.starts), tuple(traced.ends), _widest(decoded))


_remembered = lru_cache(maxsize=256)(_normalised)


def _widest(decoded: Sequence[Decoded]) -> tuple[Decoded, ...]:
    """In order of the text, without those that lie inside a later or wider one."""
    kept: list[Decoded] = []
    for one in sorted(decoded, key=lambda d: (d.start, -d.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)
