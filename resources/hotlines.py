"""The hotlines we may name, with hours as known; and the numbers that must never appear."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from resources.errors import ResourceError
from resources.frontmatter import Fields, read_yaml_file
from resources.page import Jurisdiction

PACKAGED = Path(__file__).parent / "hotlines.yaml"
_FIELDS = (
    "number",
    "name",
    "region",
    "area",
    "kind",
    "hours",
    "always_open",
    "note",
    "checked_on",
    "recheck_after",
    "status",
    "fact",
)


class HotlineKind(StrEnum):
    """What a number is for."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    SUPPORT = "support"
    RIGHTS = "rights"


class HotlineStatus(StrEnum):
    """How far the number may be trusted."""

    FIRST = "first"
    USABLE = "usable"
    BACKUP = "backup"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True)
class Hotline:
    """One number; `hours` says what is known, `always_open` only what was confirmed."""

    number: str
    name: str
    region: Jurisdiction
    area: str
    kind: HotlineKind
    hours: str
    always_open: bool
    note: str
    checked_on: date
    recheck_after: date
    status: HotlineStatus
    facts: tuple[str, ...]

    @property
    def digits(self) -> str:
        """The number as digits only, for comparing."""
        return re.sub(r"\D", "", self.number)


@dataclass(frozen=True, slots=True)
class HotlineBook:
    """All numbers, and the ones that are stale, wrong or unproven and must not be shown."""

    lines: tuple[Hotline, ...]
    never: tuple[str, ...]


@cache
def load_hotlines(path: Path | None = None) -> HotlineBook:
    """Read the hotlines file (default: ours)."""
    fields = read_yaml_file(path or PACKAGED)
    fields.only(("hotlines", "never"))
    example = 'hotlines: [{number: "12356", name: …, region: CN, …}]'
    lines = tuple(_hotline(part) for part in fields.parts("hotlines", example))
    never = tuple(_forbidden(part) for part in fields.parts("never", "never: [{number: …}]"))
    return HotlineBook(lines, never)


def hotlines_for(
    region: Jurisdiction, kind: HotlineKind | None = None, book: HotlineBook | None = None
) -> tuple[Hotline, ...]:
    """The numbers of a region (any: all), in the order in which to offer them."""
    return tuple(
        line
        for line in (book or load_hotlines()).lines
        if region in (Jurisdiction.ANY, line.region) and kind in (None, line.kind)
    )


def _hotline(part: Fields) -> Hotline:
    part.only(_FIELDS)
    return Hotline(
        number=_number(part),
        name=part.text("name", "全国统一心理援助热线"),
        region=part.choice("region", Jurisdiction),
        area=part.text("area", "全国"),
        kind=part.choice("kind", HotlineKind),
        hours=part.text("hours", "各地不同"),
        always_open=part.flag("always_open"),
        note=part.text("note", "忙的话隔 5 分钟再拨"),
        checked_on=part.day("checked_on"),
        recheck_after=part.day("recheck_after"),
        status=part.choice("status", HotlineStatus),
        facts=part.texts("fact", "C"),
    )


def _forbidden(part: Fields) -> str:
    part.only(("number", "why"))
    part.text("why", "已停用")
    return re.sub(r"\D", "", _number(part))


def _number(part: Fields) -> str:
    given = part.text("number", '"12356"')
    if not re.fullmatch(r"[0-9][0-9 -]*[0-9]", given):
        raise ResourceError(part.where, "number", given, "电话号码", 'number: "12356"')
    return given
