"""A member's papers as a document for a lawyer: as plain text, and as PDF. Pure."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any

from bot.papers.folder import Folder
from bot.papers.pdf import make_pdf
from bot.papers.views import caution
from bot.words import papers as words


def lines_of(folder: Folder, today: date) -> list[str]:
    """The document line by line."""
    return [
        words.FILE_TITLE,
        words.FILE_LEAD.format(day=today.isoformat()),
        "",
        words.FILE_EVIDENCE,
        *_evidence(folder),
        "",
        words.FILE_STORY,
        *(_story(folder) or [words.FILE_NONE]),
        "",
        words.FILE_DATES,
        *(_dates(folder, today) or [words.FILE_NONE]),
    ]


def text_file(folder: Folder, today: date) -> dict[str, Any]:
    """The payload of sendDocument: UTF-8 with a mark, so that every editor reads it."""
    data = "\r\n".join(lines_of(folder, today)).encode("utf-8-sig")
    return _document(f"{words.FILE_NAME.format(day=today)}.txt", data)


def pdf_file(folder: Folder, today: date) -> dict[str, Any]:
    """The payload of sendDocument."""
    data = make_pdf(lines_of(folder, today), words.FILE_PAGE)
    return _document(f"{words.FILE_NAME.format(day=today)}.pdf", data)


def _document(name: str, data: bytes) -> dict[str, Any]:
    return {"document": {"name": name, "base64": base64.b64encode(data).decode()}}


def _evidence(folder: Folder) -> list[str]:
    lines = []
    for number, (name, slot) in enumerate(words.SLOTS.items(), 1):
        gathered = folder.slots[name]
        mark = words.FILE_HAVE if gathered.done else words.FILE_LACK
        lines.append(f"{number}. {mark}{slot.label}")
        lines += [f"　　· {note}" for note in gathered.notes]
    return lines


def _story(folder: Folder) -> list[str]:
    lines = []
    for entry in folder.story:
        first, *more = entry.text.splitlines()
        lines.append(f"{entry.day or words.FILE_NO_DAY}　{first}")
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
