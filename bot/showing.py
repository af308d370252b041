"""Text of strangers, made safe to show: no markup, no mention, no command, no tricks of direction. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from html import escape

NAME = 32
JOINER = "\u2060"
"""Seen by nobody; breaks what Telegram would make a mention, a command or a link by itself."""
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows, beyond the text they stand in."""
COMMAND = re.compile(r"(?<![\w/<>])/(?=[A-Za-z0-9_]|$)", re.ASCII)
ADDRESS = re.compile(r"([.:])(?=[A-Za-z0-9/-])")
STAFF_WORDS = (
    "管理员",
    "管理員",
    "咨询师",
    "諮詢師",
    "群主",
    "客服",
    "官方",
    "群护",
    "群護",
    "qunhu",
    "admin",
)


def safe_text(text: str) -> str:
    """What somebody wrote, as HTML: its words as they are, nothing in it that acts."""
    return escape(COMMAND.sub(f"/{JOINER}", TURNING.sub("", text)).replace("@", f"@{JOINER}"))


def safe_name(name: str) -> str:
    """A name as HTML: one line of at most 32 characters, which leads nowhere."""
    one_line = re.sub(r"\s+", " ", name)
    visible = "".join(c for c in one_line if unicodedata.category(c)[0] != "C")
    return ADDRESS.sub(rf"{JOINER}\1", safe_text(visible.strip()[:NAME])) or "（没有名字）"


def looks_like_staff(name: str, staff: Iterable[str]) -> bool:
    """Whether a member's name could be taken for that of somebody on duty, or of the bot."""
    plain = _plain(name)
    if any(word in plain for word in STAFF_WORDS):
        return True
    return any(len(_plain(one)) > 1 and _plain(one) in plain for one in staff)


def _plain(name: str) -> str:
    """A name without what only looks different: width, case, spaces, marks, unseen characters."""
    letters = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in letters if unicodedata.category(c)[0] in "LN")
