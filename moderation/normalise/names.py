"""What a name looks like, so that two names that look alike are the same; not for reading what is said."""

from __future__ import annotations

from functools import cache

from moderation.normalise.characters import fold
from moderation.normalise.lexicon import lexicon

ALIKE = {
    "理": "埋里哩厘狸",
    "管": "菅涫琯",
    "员": "圆园贠",
    "咨": "资恣谘",
    "询": "洵徇",
    "师": "帅",
    "版": "扳",
    "班": "斑",
    "i": "1l",
    "o": "0",
    "a": "ɑ",
    "d": "ɗ",
    "n": "п",
    "m": "мⅿ",
}
"""Characters that stand for another in a name by their look, or by a sound as common."""
BOTH = {"rn": "m", "vv": "w"}


def skeleton(name: str) -> str:
    """A name without width, case, script, unseen marks, and look-alikes of whatever alphabet."""
    seen = fold(name).text.translate(_table())
    for written, meant in BOTH.items():
        seen = seen.replace(written, meant)
    return seen


@cache
def _table() -> dict[int, str]:
    own = {char: plain for plain, chars in ALIKE.items() for char in chars}
    other = {char: own.get(latin, latin) for char, latin in lexicon().lookalikes.items()}
    return {ord(char): plain for char, plain in (other | own).items()}
