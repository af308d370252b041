"""Whether a writer says of herself, here and now, that she is under eighteen. Pure; nobody is profiled.

Only the plain first person counts: an age, a class of school, «未成年». What is told of others or of
earlier years does not. Linear time.
"""

from __future__ import annotations

import re

from moderation.normalise import normalise

ADULT = 18
SELF = "(?:我|本人|俺)(?:今年|现在|其实|真的|目前|才|刚|还|就|只有|不到|不满|快|是|在|上|读|念|个|个上|的){0,4}"
AGE = re.compile(f"{SELF}([0-9]{{1,2}}|十[一二三四五六七八九]?)(?:周)?岁(.{{0,2}})")
CLASS = re.compile(
    f"{SELF}(?:小学|初中|高中|中学|初一|初二|初三|高一|高二|高三|[一二三四五六]年级)(?!.{{0,3}}(?:同学|时候|毕业|那|老师|的时))"
)
MINOR = re.compile(f"{SELF}(?:未成年|没成年|(?:没|未)满(?:18|十八))")
OF_THEN = re.compile("^(?:那|时|的时|起|就|开|前)")
TENS = {"十": 10} | {f"十{char}": 11 + place for place, char in enumerate("一二三四五六七八九")}


def says_minor(text: str) -> bool:
    """Whether the text says so of its writer."""
    plain = normalise(text).text
    if MINOR.search(plain) or CLASS.search(plain):
        return True
    return any(
        _number(found[1]) < ADULT and not OF_THEN.match(found[2]) for found in AGE.finditer(plain)
    )


def _number(written: str) -> int:
    return TENS[written] if written in TENS else int(written)
