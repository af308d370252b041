"""From character tags to names: joined, trimmed of particles, given back in original offsets."""

from __future__ import annotations

from collections.abc import Sequence

from moderation.normalise import Normalised
from moderation.vocabulary import Name, NameKind

Span = tuple[int, int, NameKind]
_EDGES = " \n\t,，.。!！?？、;；:：“”\"'‘’()（）[]【】「」『』《》<>~…—@#*"
_BEFORE = (
    "就是",
    "那个",
    "这个",
    "找的",
    "还是",
    "在",
    "的",
    "是",
    "找",
    "被",
    "和",
    "跟",
    "说",
    "问",
    "给",
    "去",
    "叫",
)
_AFTER = (
    "那边",
    "那儿",
    "那里",
    "这边",
    "的",
    "了",
    "吗",
    "呢",
    "吧",
    "啊",
    "呀",
    "是",
    "在",
    "说",
    "就",
    "都",
    "也",
)
_KINDS = {1: NameKind.DOCTOR, 2: NameKind.DOCTOR, 3: NameKind.INSTITUTION, 4: NameKind.INSTITUTION}


def spans_of(tags: Sequence[int]) -> list[Span]:
    """Runs of tags (indices into `network.TAGS`) as spans; a stray inside tag opens one too."""
    spans: list[Span] = []
    start: int | None = None
    kind = NameKind.DOCTOR
    for at, tag in enumerate([*tags, 0]):
        opens = tag in {1, 3} or (tag in {2, 4} and (start is None or _KINDS[tag] is not kind))
        if start is not None and (tag == 0 or opens):
            spans.append((start, at, kind))
            start = None
        if opens:
            start, kind = at, _KINDS[tag]
    return spans


def trimmed(text: str, span: Span) -> Span | None:
    """The span without punctuation and particles at its edges; None when too little is left."""
    start, end, kind = span
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES:
        end -= 1
    piece = text[start:end]
    if piece.count("(") > piece.count(")") and text[end : end + 1] == ")":
        return start, end + 1, kind
    if len(piece) > 3:
        before = next((p for p in _BEFORE if len(p) > 1 and piece.startswith(p)), "")
        after = next((p for p in _AFTER if piece.endswith(p)), "")
        start, end = start + len(before), end - len(after)
    return (start, end, kind) if end - start >= 2 else None


def joined(spans: Sequence[Span]) -> list[Span]:
    """Without overlaps (as windows share text): the longer span wins."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=lambda s: (s[0] - s[1], s[0])):
        if all(span[1] <= a or b <= span[0] for a, b, _ in kept):
            kept.append(span)
    return sorted(kept)


def to_names(original: str, normalised: Normalised, spans: Sequence[Span]) -> tuple[Name, ...]:
    """Names with code-point offsets of the original text."""
    names = []
    for span in joined(spans):
        cleaned = trimmed(normalised.text, span)
        if cleaned is None:
            continue
        start, end = normalised.span(cleaned[0], cleaned[1])
        names.append(Name(original[start:end], start, end, cleaned[2]))
    return tuple(names)
