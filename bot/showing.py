"""Text of strangers, made safe to show: no markup, no mention, no command, no tricks of direction. Pure."""

from __future__ import annotations

import re
from html import escape

from bot.markup import visible

NAME = 32
JOINER = "\u2060"
"""Seen by nobody; breaks what Telegram would make a mention, a command or a link by itself."""
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows, beyond the text they stand in."""
COMMAND = re.compile(r"(?<![\w/<>])/(?=[A-Za-z0-9_]|$)", re.ASCII)
ADDRESS = re.compile(r"([.:])(?=[A-Za-z0-9/-])")


def safe_text(text: str) -> str:
    """What somebody wrote, as HTML: its words as they are, nothing in it that acts."""
    return escape(COMMAND.sub(f"/{JOINER}", TURNING.sub("", text)).replace("@", f"@{JOINER}"))


def safe_name(name: str) -> str:
    """A name as HTML: one line of at most 32 characters, which leads nowhere."""
    one_line = re.sub(r"\s+", " ", name)
    return (
        ADDRESS.sub(rf"{JOINER}\1", safe_text(visible(one_line).strip()[:NAME])) or "（没有名字）"
    )
