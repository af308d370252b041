"""Telegram's HTML as people see it."""

from __future__ import annotations

import html
import re
import unicodedata

TAG = re.compile(r"""</?[a-z][a-z0-9-]*(?:\s+[a-z-]+(?:=(?:"[^"<>]*"|'[^'<>]*'))?)*\s*>""")


def plain_text(text: str) -> str:
    """The text without its markup."""
    return html.unescape(TAG.sub("", text))


def units(text: str) -> int:
    """Its length as the platform counts: UTF-16 units."""
    return len(text.encode("utf-16-le", errors="replace")) // 2


def visible(text: str) -> str:
    """The text without control characters and what else cannot be seen; its lines stay lines."""
    return "".join(char for char in text if char == "\n" or unicodedata.category(char)[0] != "C")
