"""All a member keeps, read into one object; and the few changes to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.papers.deadlines import Deadline, deadlines
from bot.words import papers as words
from moderation.storage import Transaction, papers
from moderation.storage.papers import Paper, PaperKind


@dataclass
class Gathered:
    """What she has of one kind."""

    done: bool = False
    notes: list[str] = field(default_factory=list)
    paper: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One day of her story; `day` is ISO, a month, or empty."""

    paper: int
    day: str
    text: str


@dataclass(frozen=True)
class Folder:
    """Everything, in the order in which it is shown."""

    slots: dict[str, Gathered]
    story: list[Entry]
    dates: dict[str, date]

    @property
    def done(self) -> int:
        """How many things she has."""
        return sum(slot.done for slot in self.slots.values())

    @property
    def left(self) -> int:
        """How many she has not."""
        return len(self.slots) - self.done

    @property
    def deadlines(self) -> list[Deadline]:
        """By when to act."""
        return deadlines(self.dates)


async def folder_of(tx: Transaction, user_id: int) -> Folder:
    """What she keeps."""
    kept = await papers.of(tx, user_id)
    slots = {name: Gathered() for name in words.SLOTS}
    for paper in _of(kept, PaperKind.EVIDENCE):
        if paper.content["slot"] in slots:
            content = paper.content
            slots[content["slot"]] = Gathered(content["done"], content["notes"], paper.id)
    story = [
        Entry(paper.id, paper.content["day"], paper.content["text"])
        for paper in _of(kept, PaperKind.STORY)
    ]
    dates = {
        paper.content["what"]: date.fromisoformat(paper.content["day"])
        for paper in _of(kept, PaperKind.DATE)
        if paper.content["what"] in words.DATES
    }
    return Folder(slots, sorted(story, key=lambda entry: (entry.day or "9", entry.paper)), dates)


async def put_slot(tx: Transaction, user_id: int, slot: str, gathered: Gathered) -> bool:
    """Keep what she has of one kind; False if there is no room."""
    content = {"slot": slot, "done": gathered.done, "notes": gathered.notes}
    if gathered.paper is not None:
        return await papers.change(tx, user_id, gathered.paper, content)
    return await papers.add(tx, user_id, PaperKind.EVIDENCE, content) is not None


async def add_entries(tx: Transaction, user_id: int, entries: list[tuple[str, str]]) -> bool:
    """Add to her story; False, and nothing added, if there is no room for all."""
    if len(await papers.of(tx, user_id)) + len(entries) > papers.MOST:
        return False
    for day, text in entries:
        await papers.add(tx, user_id, PaperKind.STORY, {"day": day, "text": text})
    return True


async def put_date(tx: Transaction, user_id: int, what: str, day: date | None) -> bool:
    """Keep a date, or with None take it away; False if there is no room."""
    for paper in await papers.of(tx, user_id, PaperKind.DATE):
        if paper.content["what"] == what:
            await papers.remove(tx, user_id, paper.id)
    content: dict[str, Any] = {"what": what, "day": day.isoformat() if day else ""}
    return day is None or await papers.add(tx, user_id, PaperKind.DATE, content) is not None


def _of(kept: list[Paper], kind: PaperKind) -> list[Paper]:
    return [paper for paper in kept if paper.kind is kind]
