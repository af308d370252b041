"""Positions in UTF-16 units and the entities that Telegram finds by itself."""

import re
from collections.abc import Iterator

from bot.simulator.records import JSON

_TLDS = "com|org|net|cn|me|io|info|gov|edu|hk|tw|app|dev|top|xyz|cc|co|ai"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("url", re.compile(r"https?://[^\s<>\"'，。；！？、）】」]+", re.IGNORECASE)),
    ("email", re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)),
    ("mention", re.compile(r"(?<![\w/@.])@[A-Za-z0-9_]{3,32}(?![\w@])", re.ASCII)),
    (
        "bot_command",
        re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/])", re.ASCII),
    ),
    ("hashtag", re.compile(r"(?<![\w#])#(?!\d+\b)[^\W·]{1,256}")),
    (
        "url",
        re.compile(
            rf"(?<![\w@./-])(?:[a-z0-9-]+\.)+(?:{_TLDS})(?![\w-])(?:/[^\s，。；！？、）]*)?",
            re.I | re.A,
        ),
    ),
)


def units(text: str) -> int:
    """The text's length in UTF-16 code units, Telegram's measure."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str, offset: int, length: int) -> str:
    """The piece of text an entity covers."""
    raw = text.encode("utf-16-le")[offset * 2 : (offset + length) * 2]
    return raw.decode("utf-16-le", "replace")


def detect(text: str) -> list[JSON]:
    """The entities that need no markup: commands, mentions, links, addresses, hashtags."""
    taken: list[tuple[int, int]] = []
    found: list[JSON] = []
    for kind, start, end in _matches(text):
        if all(end <= left or start >= right for left, right in taken):
            taken.append((start, end))
            found.append(_entity(kind, text, start, end))
    return sorted(found, key=_place)


def merge(given: list[JSON], text: str) -> list[JSON]:
    """Entities given by hand or markup, with detected ones where they do not overlap."""
    closed = [e for e in given if e["type"] in ("code", "pre", "text_link", "text_mention")]
    extra = [e for e in detect(text) if not any(_overlap(e, other) for other in closed)]
    return sorted(given + extra, key=_place)


def trim(text: str, entities: list[JSON]) -> tuple[str, list[JSON]]:
    """Strip the text's ends as Telegram does and move the entities along."""
    body = text.rstrip()
    lead = units(body) - units(body.lstrip())
    body = body.lstrip()
    moved = [_clip(entity, lead, units(body)) for entity in entities]
    return body, [entity for entity in moved if entity["length"] > 0]


def _clip(entity: JSON, lead: int, size: int) -> JSON:
    start = max(0, entity["offset"] - lead)
    end = min(size, entity["offset"] + entity["length"] - lead)
    return {**entity, "offset": start, "length": max(0, end - start)}


def _matches(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            yield kind, match.start(), match.end()


def _entity(kind: str, text: str, start: int, end: int) -> JSON:
    return {"type": kind, "offset": units(text[:start]), "length": units(text[start:end])}


def _place(entity: JSON) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _overlap(one: JSON, other: JSON) -> bool:
    return bool(
        one["offset"] < other["offset"] + other["length"]
        and other["offset"] < one["offset"] + one["length"]
    )
