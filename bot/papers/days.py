"""Days as people write them. Pure."""

from __future__ import annotations

import re
from datetime import date

from bot.words import papers

DAY = re.compile(
    r"^\s*(?P<y>\d{4})\s*[-./年]\s*(?P<m>\d{1,2})(?:\s*[-./月]\s*(?P<d>\d{1,2}))?\s*[日号月]?[\s,，:：、]*"
)


def read_day(text: str) -> date | None:
    """A whole day and nothing else; None if it is not one."""
    day, rest = split_day(text)
    return None if rest or day is None else date.fromisoformat(day) if len(day) > 7 else None


def split_day(text: str) -> tuple[str | None, str]:
    """A leading day (or month) as ISO and the rest; None if the text starts with none."""
    found = DAY.match(text)
    if found is None:
        return None, text.strip()
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"] or 1)
    try:
        written = date(year, month, day).isoformat()
    except ValueError:
        return None, text.strip()
    return (written if found["d"] else written[:7]), text[found.end() :].strip()


def read_story(text: str) -> list[tuple[str, str]] | None:
    """Entries of day and text; '' where she does not remember. None if the first line has no day."""
    entries: list[tuple[str, str]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        day, rest = split_day(line)
        if day is None and line.startswith(papers.NO_DAY):
            day, rest = "", line.removeprefix(papers.NO_DAY).strip(" ，,：:、")
        if day is not None:
            entries.append((day, rest))
        elif not entries:
            return None
        else:
            before, said = entries[-1]
            entries[-1] = before, f"{said}\n{rest}".strip()
    return [entry for entry in entries if entry[1]] or None
