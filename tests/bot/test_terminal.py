"""What strangers wrote does nothing to the terminal of whoever reads it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from bot.terminal import as_written

EVIL = "\x1b]0;rm\x07\x1b[2J\x9b31m[red]小\u202e岚\u200b\r\x08:smile:[/]"
SEEN = "]0;rm[2J31m[red]小岚:smile:[/]"


def printed(what: object) -> str:
    """What reaches a terminal."""
    page = io.StringIO()
    Console(file=page, width=200, force_terminal=True, color_system=None).print(what)
    return page.getvalue()


@pytest.mark.parametrize(
    ("text", "seen"),
    [(EVIL, SEEN), ("一\n二", "一\n二"), ("一\t二", "一 二"), ("安静", "安静"), ("", "")],
    ids=ascii,
)
def test_text_is_seen_as_it_is_and_nothing_of_it_acts(text: str, seen: str) -> None:
    assert as_written(text).plain == seen
    assert printed(as_written(text)) == f"{seen}\n"
