"""A member's papers as a document for a lawyer: as plain text, and as PDF. Pure."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date
from typing import Any

from bot.papers.folder import Folder
from bot.papers.pdf import make_pdf
from bot.papers.views import caution
from bot.words import papers as words

Say = Callable[[str], str]
"""How our words are written; hers stay as she wrote them."""


def lines_of(folder: Folder, today: date, say: Say = str) -> list[str]:
    """The document line by line."""
    return [
        say(words.FILE_TITLE),
        say(words.FILE_LEAD.format(day=today.isoformat())),
        "",
        say(words.FILE_EVIDENCE),
        *_evidence(folder, say),
        "",
        say(words.FILE_STORY),
        *(_story(folder, say) or [say(words.FILE_NONE)]),
        "",
        say(words.FILE_DATES),
        *map(say, _dates(folder, today) or [words.FILE_NONE]),
    ]


def text_file(folder: Folder, today: date, say: Say = str) -> dict[str, Any]:
    """The payload of sendDocument: UTF-8 with a mark, so that every editor reads it."""
    data = "\r\n".join(lines_of(folder, today, say)).encode("utf-8-sig")
    return _document(say(f"{words.FILE_NAME.format(day=today)}.txt"), data)


def pdf_file(folder: Folder, today: date, say: Say = str) -> dict[str, Any]:
    """The payload of sendDocument."""
    data = make_pdf(lines_of(folder, today, say), say(words.FILE_PAGE))
    return _document(say(f"{words.FILE_NAME.format(day=today)}.pdf"), data)


def _document(name: str, data: bytes) -> dict[str, Any]:
    return {"document": {"name": name, "base64": base64.b64encode(data).decode()}}


def _evidence(folder: Folder, say: Say) -> list[str]:
    lines = []
    for number, (name, slot) in enumerate(words.SLOTS.items(), 1):
        gathered = folder.slots[name]
        mark = words.FILE_HAVE if gathered.done else words.FILE_LACK
        lines.append(say(f"{number}. {mark}{slot.label}"))
        lines += [f"　　· {note}" for note in gathered.notes]
    return lines


def _story(folder: Folder, say: Say) -> list[str]:
    lines = []
    for entry in folder.story:
        first, *more = entry.text.splitlines()
        lines.append(f"{entry.day or say(words.FILE_NO_DAY)}　{first}")
        lines += [f"　　{line}" for line in more]
    return lines


def _dates(folder: Folder, today: date) -> list[str]:
    if not folder.dates:
        return []
    given = [
        f"{about.label}：{folder.dates[what]}"
        for what, about in words.DATES.items()
        if what in folder.dates
    ]
    return [*given, *(one.line(today) for one in folder.deadlines), *caution(folder).split("\n")]
