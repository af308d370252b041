"""Whether a text has words at all, and whether they are in a language the model can judge."""

from __future__ import annotations

import re
import unicodedata

TELLING_EMOJI = frozenset("🔪🗡🩸💊🕊⚰⚱🪦🪢🔫🪒☠💀🚬🍷")
_SYLLABLE = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:a|o|e|i|u|v|ai|ei|ui|ao|ou|iu|ie|ve|ue|er|an|en|in|un|vn|ang|eng|ing|ong|ia|iao|ian|iang|iong|ua|uo|uai|uan|uang)"
)
_PINYIN = re.compile(f"(?:{_SYLLABLE.pattern})+")
_COMMON_ENGLISH = """
a about after again all am and any are as at be because been before but by bye can cannot
come could day did die do does done dont doctor down end ever every feel for from get go
goodbye going gone good had has hate have he hello help her here him his hospital how hurt i
if im in into is it just kill know last leave let life like live look lost love make me
money more much must my myself never nice night no nobody nose not nothing now of off ok on
one only or other our out over pain people pills please really right say see she should
sleep so some sorry still suicide surgery take than thank thanks that the their them then
there they think this time tired to today tomorrow tonight too up us very wake want was way
we were what when where which who why will with without world would wrong year yes you your
"""
_ENGLISH = frozenset(_COMMON_ENGLISH.split())


def _letters(text: str) -> list[str]:
    return [c for c in text if unicodedata.category(c) in {"Lu", "Ll", "Lt", "Lo", "Lm"}]


def has_words(text: str) -> bool:
    """Whether there is a letter or character, a number, or an emoji that can mean danger."""
    return any(c.isalnum() or c in TELLING_EMOJI for c in text)


def is_readable(text: str) -> bool:
    """Whether most of the letters are Chinese, English or pinyin; true where there are none."""
    letters = _letters(text)
    if not letters:
        return True
    han = sum("㐀" <= c <= "鿿" or c > "\U0001ffff" for c in letters)
    latin = sum(c.isascii() for c in letters)
    kana = sum("぀" <= c <= "ヿ" for c in letters)
    if kana > 0.2 * len(letters) and kana > 2:
        return False
    if han >= 0.3 * len(letters):
        return True
    return latin > 0.6 * len(letters) and _latin_is_readable(text.lower())


def _latin_is_readable(text: str) -> bool:
    words = re.findall(r"[^\W\d_]+", text.replace("'", "").replace("’", ""))
    if len(words) < 4:
        return True
    known = sum(word in _ENGLISH or bool(_PINYIN.fullmatch(word)) for word in words)
    strange = sum(not word.isascii() for word in words)
    english = sum(word in _ENGLISH for word in words)
    return strange <= 0.1 * len(words) and (
        known >= 0.6 * len(words) or english >= 0.3 * len(words)
    )
