"""A page filled in as a form in a chat becomes the text of a page file. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import yaml

from bot.words import reading
from resources import Section

FIELDS = reading.FORM_FIELDS
HEAD = re.compile(rf"^({'|'.join(FIELDS.values())})[:：]\s*(.*)$")
LAW = re.compile(r"《([^《》]+)》(?:（([^（）]+)）)?(?:第\s*([0-9][0-9、，,\s]*)条)?")
SECTIONS = {section.label: section for section in Section}
FIRST = "你现在能做的第一步"
ONE_LINE = ("id", "title", "summary", "section", "recheck")
HERE = "本群"
"""What stands for the fact sheet where a community vouches itself."""


class FormError(Exception):
    """What is missing or wrong, a line each, for whoever filled the form in."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def is_form(text: str) -> bool:
    """Whether this is the form, filled in."""
    return text.lstrip().startswith(FIELDS["id"]) and f"\n{FIELDS['title']}" in text


def empty_form() -> str:
    """The form to copy."""
    return "\n".join(f"{label}：{reading.FORM_HINTS[key]}" for key, label in FIELDS.items())


def read_form(text: str, today: date) -> tuple[str, str]:
    """The page's id and its text as in a file; FormError that lists all mistakes."""
    given = _split(text)
    problems = [
        reading.FORM_MISSING.format(field=label) for key, label in FIELDS.items() if not given[key]
    ]
    if given["section"] and given["section"] not in SECTIONS:
        problems.append(reading.FORM_SECTION.format(choices="、".join(SECTIONS)))
    recheck = _day(given["recheck"])
    if given["recheck"] and recheck is None:
        problems.append(reading.FORM_DAY.format(text=given["recheck"]))
    if problems or recheck is None:
        raise FormError(problems)
    front = {
        "id": given["id"],
        "title": given["title"],
        "summary": given["summary"],
        "section": SECTIONS[given["section"]].value,
        "aliases": [part for part in re.split(r"[、,，\n]", given["aliases"]) if part.strip()],
        "questions": given["questions"].splitlines(),
        "jurisdiction": "CN",
        "sources": [_source(line, today) for line in given["sources"].splitlines()],
        "checked_on": today,
        "recheck_after": recheck,
        "audience": "member",
        "crisis_safe": False,
    }
    header = yaml.safe_dump(front, allow_unicode=True, sort_keys=False)
    return given["id"], f"---\n{header}---\n{_body(given, today, recheck)}\n"


def _split(text: str) -> dict[str, str]:
    found: dict[str, list[str]] = {key: [] for key in FIELDS}
    names = {label: key for key, label in FIELDS.items()}
    current: list[str] = []
    for line in text.strip().splitlines():
        head = HEAD.match(line.strip())
        if head is not None:
            current = found[names[head[1]]]
            current.append(head[2])
        else:
            current.append(line.rstrip())
    joined = {key: "\n".join(lines).strip() for key, lines in found.items()}
    return {key: "" if joined[key] == reading.FORM_HINTS[key] else joined[key] for key in FIELDS}


def _source(line: str, today: date) -> dict[str, Any]:
    law = LAW.search(line)
    basis: dict[str, Any] = {"date": today, "fact": HERE, "seen": "secondhand"}
    if law is None or not (law[2] or law[3]):
        return {"title": line.strip("· "), "page": HERE, **basis, "seen": "practice"}
    source: dict[str, Any] = {"law": law[1], **basis}
    if law[2]:
        source["number"] = law[2]
    if law[3]:
        source["article"] = [part for part in re.split(r"[、，,\s]+", law[3]) if part]
    return source


def _body(given: dict[str, str], today: date, recheck: date) -> str:
    sources = "\n".join(f"· {line.strip('· ')}" for line in given["sources"].splitlines())
    foot = f"核对日期：{today.isoformat()}，最迟 {recheck.isoformat()} 再核一次"
    return f"{FIRST}\n{given['first']}\n\n{given['body']}\n\n依据\n{sources}\n\n{foot}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
