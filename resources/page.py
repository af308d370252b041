"""The vocabulary of a vetted page: what it says, where it comes from, whom it is for."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256


class Section(StrEnum):
    """The shelf a page stands on."""

    RIGHTS = "rights"
    CHECK = "check"
    HEALTH = "health"
    MIND = "mind"
    CRISIS = "crisis"
    GROUP = "group"

    @property
    def label(self) -> str:
        """The shelf's name as members read it."""
        return _SECTION_LABELS[self.value]


_SECTION_LABELS = {
    "rights": "维权",
    "check": "查证",
    "health": "身体",
    "mind": "心里",
    "crisis": "紧急",
    "group": "这个群",
}


class Jurisdiction(StrEnum):
    """Whose law or numbers a page speaks of."""

    CN = "CN"
    HK = "HK"
    MO = "MO"
    TW = "TW"
    ANY = "any"


class Audience(StrEnum):
    """Whom a page is written for."""

    MEMBER = "member"
    HELPER = "helper"
    MODERATOR = "moderator"


class Seen(StrEnum):
    """How close to the source the editor came."""

    ORIGINAL = "original"
    SUMMARY = "summary"
    SECONDHAND = "secondhand"
    PRACTICE = "practice"

    @property
    def label(self) -> str:
        """The same in words, as printed after a citation; empty for text read in full."""
        return {"summary": "摘要", "secondhand": "转引", "practice": "自拟建议"}.get(self.value, "")


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a page; `facts` are sections of the fact sheet it was checked against."""

    title: str
    is_law: bool
    articles: tuple[str, ...]
    number: str | None
    date: date | None
    page: str | None
    facts: tuple[str, ...]
    seen: Seen

    def cite(self) -> str:
        """One line for the foot of a page."""
        name = f"《{self.title}》" if self.is_law else self.title
        if self.number:
            name += f"（{self.number}）"
        if self.articles:
            name += f"第 {'、'.join(self.articles)} 条"
        if self.page:
            name += f"，{self.page}"
        return f"{name}〔{self.seen.label}〕" if self.seen.label else name


@dataclass(frozen=True, slots=True)
class Page:
    """One vetted topic: plain text of a screen or two, with its proof."""

    id: str
    title: str
    summary: str
    section: Section
    aliases: tuple[str, ...]
    questions: tuple[str, ...]
    jurisdiction: Jurisdiction
    sources: tuple[Source, ...]
    checked_on: date
    recheck_after: date
    audience: Audience
    crisis_safe: bool
    body: str
    file: str

    @property
    def fingerprint(self) -> str:
        """A hash of everything a reader or an approver relies on; changes with the text."""
        shown = (self.title, self.summary, self.body, *(source.cite() for source in self.sources))
        return sha256("\x00".join(shown).encode()).hexdigest()

    @property
    def text(self) -> str:
        """The body without its foot of sources."""
        return self.body.split("\n依据\n", 1)[0].rstrip()

    def overdue(self, on: date) -> bool:
        """Whether the page should have been looked at again by that day."""
        return on > self.recheck_after
