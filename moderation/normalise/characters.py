"""One character at a time: width, style, case, script, look-alike letters, long runs."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import opencc

from moderation.normalise.lexicon import lexicon
from moderation.normalise.text import Builder, Traced

_DROPPED = frozenset({"Cf", "Cc", "Cs", "Mn", "Me"})
_SKIN = range(0x1F3FB, 0x1F400)
_RUN = re.compile(r"([^0-9])\1{2,}", re.DOTALL)
MOST = 3
"""How many of the same character in a row are kept."""


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(char: str) -> str:
    if char < "⺀":
        return char
    converted: str = _to_simplified().convert(char)
    return converted if len(converted) == 1 else char


def _invisible(char: str) -> bool:
    if char in "\n\t":
        return False
    return unicodedata.category(char) in _DROPPED or ord(char) in _SKIN


def _enclosed(char: str) -> str:
    """Letters and digits in circles, squares and brackets, which NFKC leaves or spells with brackets."""
    code = ord(char)
    for first, last, base in ((0x1F150, 0x1F169, "a"), (0x1F170, 0x1F189, "a"), (0x2776, 0x277E, "1"),
                              (0x2780, 0x2788, "1"), (0x278A, 0x2792, "1"), (0x2474, 0x247C, "1"),
                              (0x249C, 0x24B5, "a"), (0x1F110, 0x1F129, "a")):  # fmt: skip
        if first <= code <= last:
            return chr(ord(base) + code - first)
    return char


def _toneless(char: str) -> str:
    """«ǐ» is «i»; only Latin letters lose their accents."""
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() and base.isalpha() else char


@lru_cache(maxsize=32768)
def plain(char: str) -> str:
    """One character without width, style, case or invisible marks; may be empty or several."""
    if _invisible(char):
        return ""
    folded = unicodedata.normalize("NFKC", _enclosed(char)).lower()
    folded = "".join(_simplified(lexicon().radicals.get(c, _toneless(c))) for c in folded)
    return folded if folded == char else "".join(plain(c) for c in folded)


def fold(text: str) -> Traced:
    """Every character made plain."""
    pieces = [plain(char) for char in text]
    starts = [i for i, piece in enumerate(pieces) for _ in piece]
    return Traced("".join(pieces), starts, [i + 1 for i in starts])


@cache
def _words_of_letters() -> re.Pattern[str]:
    """Whole runs of Latin letters and look-alikes; nothing follows a run, so that it is read once."""
    return re.compile(f"[a-z{re.escape(''.join(lexicon().lookalikes))}]+")


def latinise(traced: Traced) -> Traced:
    """Greek and Cyrillic look-alikes become Latin in a word with Latin letters or beside Chinese."""
    text = traced.text
    if text.isascii() or lexicon().lookalikes.keys().isdisjoint(text):
        return traced
    latin = _words_of_letters().sub(_as_latin, text)
    return Traced(latin, traced.starts, traced.ends)


def _as_latin(run: re.Match[str]) -> str:
    """A run as it is meant; a letter at its edge that touches another alphabet is not looked at."""
    before = run.string[max(0, run.start() - 1) : run.start()]
    after = run.string[run.end() : run.end() + 1]
    start = 1 if _other(before) or before.isdecimal() else 0
    end = len(run[0]) - (1 if _other(after) else 0)
    word = run[0][start:end]
    meant = any("a" <= c <= "z" for c in word) or any("㐀" <= c <= "鿿" for c in before + after)
    return run[0][:start] + word.translate(_latin_table()) + run[0][end:] if meant else run[0]


def _other(char: str) -> bool:
    """Whether this is a letter of neither Latin nor Chinese."""
    return char.isalnum() and not char.isdecimal() and not "㐀" <= char <= "鿿"


@cache
def _latin_table() -> dict[int, str]:
    return {ord(letter): latin for letter, latin in lexicon().lookalikes.items()}


def squeeze(traced: Traced) -> Traced:
    """At most three of the same in a row, particles once; numbers stay."""
    new = Builder(traced)
    for run in _RUN.finditer(traced.text):
        new.keep(run.start() + (1 if run[1] in lexicon().once else MOST))
        new.skip(run.end())
    return new.build()
