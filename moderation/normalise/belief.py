"""Decides whether an oddly written danger word is a disguise or a harmless accident."""

from __future__ import annotations

from moderation.normalise.lexicon import Kind, Word, lexicon
from moderation.normalise.reading import CLAUSE_MARKS, Parts

_LATIN = frozenset({Kind.PINYIN, Kind.INITIAL})


def is_disguise(word: Word, text: str, parts: Parts) -> bool:
    """Whether `parts` write the word in disguise, and nothing around speaks against it."""
    kinds = {part.kind for part in parts}
    if _plainly_written(kinds, parts) or not _stands_free(text, parts):
        return False
    start, end = parts[0].start, parts[-1].end
    before, after = text[max(0, start - 6) : start], text[end : end + 6]
    if word.not_before.search(before) or word.not_after.search(after):
        return False
    if word.not_near.search(text[max(0, start - 12) : end + 12]):
        return False
    if word.short and not _may_follow(after):
        return False
    alone = end - start + 4 > len(text) and len(text.strip()) == end - start
    hinted = alone or bool(word.hint_before.search(before) or word.hint_after.search(after))
    return _believable(word, text, parts, hinted)


def _plainly_written(kinds: set[Kind], parts: Parts) -> bool:
    return kinds == {Kind.SAME} and parts[-1].end - parts[0].start == len(parts)


def _stands_free(text: str, parts: Parts) -> bool:
    """Latin letters and numbers of the disguise are not the edge of a longer word or number."""
    first, last = parts[0], parts[-1]
    if text[first.start].isascii() and first.start and _alnum(text[first.start - 1]):
        return False
    return not (text[last.end - 1].isascii() and _alnum(text[last.end : last.end + 1]))


def _alnum(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _may_follow(after: str) -> bool:
    if after[:1] == " " and _alnum(after[1:2]):
        return False
    return not after or not after[0].isalnum() or after[0] in lexicon().follows


def _believable(word: Word, text: str, parts: Parts, hinted: bool) -> bool:
    """Whether the ways of writing, taken together, are a disguise rather than chance."""
    kinds = [part.kind for part in parts]
    written = "".join(text[part.start : part.end] for part in parts)
    if written in word.known or (written in word.hinted and hinted):
        return True
    if written in word.harmless or written in word.hinted:
        return False
    if _LATIN.issuperset(kinds):
        return _letters_alone(word, text, parts, hinted)
    if (
        Kind.SAME not in kinds
        and not _LATIN.intersection(kinds)
        and CLAUSE_MARKS.intersection(text[parts[0].start : parts[-1].end])
    ):
        return False
    if Kind.SOUND in kinds:
        return Kind.SAME in kinds or (hinted and len(kinds) > 1)
    return True


def _letters_alone(word: Word, text: str, parts: Parts, hinted: bool) -> bool:
    """All in pinyin or initials: only whole words, near Chinese text, initials only with a hint."""
    kinds = {part.kind for part in parts}
    if Kind.INITIAL in kinds and Kind.PINYIN not in kinds:
        return hinted and len(parts) == 2
    if word.letters != "alone" or (Kind.INITIAL in kinds and len(parts) < 4):
        return False
    start, end = parts[0].start, parts[-1].end
    around = text[max(0, start - 20) : start] + text[end : end + 20]
    return len(parts) > 2 or not around.strip() or any("㐀" <= c <= "鿿" for c in around)
