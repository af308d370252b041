"""Text of strangers on a terminal: seen as it is, obeyed by nothing. Pure."""

from __future__ import annotations

from rich.text import Text

from bot.markup import visible


def as_written(text: str) -> Text:
    """The text with its lines, without markup, escape sequences and other control characters."""
    return Text(visible(text.replace("\t", " ")))
