"""Resource pages as messages with buttons. Pure."""

from __future__ import annotations

from html import escape
from typing import Any

from bot import words
from bot.advice.shelf import Shelf
from bot.readers import ours
from bot.words import reading
from resources import Page, Section, cards_of

BUTTON_WIDTH = 34
IN_ROW = 3
"""Short buttons side by side on a phone."""
Rows = list[list[dict[str, str]]]


def section_payload(shelf: Shelf, section: Section, intro: str = "") -> dict[str, Any]:
    """The menu of a section, by a person's situation; below it the ways to the other sections.

    So every page is three taps away from here: section, situation, page.
    """
    rows = [
        [_button(group.title, f"g:{section}:{number}")]
        for number, group in enumerate(shelf.menu(section))
    ]
    others = [
        _button(f"› {other.label}", f"s:{other}") for other in Section if other is not section
    ]
    rows += [others[:IN_ROW], others[IN_ROW:]]
    return message(intro or f"<b>{escape(section.label)}</b>", [*rows, [_back("home")]])


def group_payload(shelf: Shelf, section: Section, number: int) -> dict[str, Any] | None:
    """The pages of one part of a section; None if there is no such part."""
    groups = shelf.menu(section)
    if not 0 <= number < len(groups):
        return None
    rows = [[page_button(page)] for page in groups[number].pages]
    return message(f"<b>{escape(groups[number].title)}</b>", [*rows, [_back(section)]])


def page_payload(shelf: Shelf, page: Page, number: int = 0) -> dict[str, Any] | None:
    """One card of a page, with ways on and back; None if there is no such card."""
    cards = cards_of(page)
    if not 0 <= number < len(cards):
        return None
    count = f"（{number + 1}/{len(cards)}）" if len(cards) > 2 else ""
    note = shelf.note(page)
    parts = [
        f"<b>{escape(page.title)}</b>{count}",
        escape(cards[number], quote=False),
        f"<i>{escape(note)}</i>" if note else "",
    ]
    return message("\n\n".join(filter(None, parts)), _page_rows(page, number, len(cards)))


def plain_payload(shelf: Shelf, page: Page) -> dict[str, Any]:
    """The whole page without markup or buttons: for screen readers, to copy, to keep."""
    return ours({"text": "\n\n".join(filter(None, (page.title, page.body, shelf.note(page))))})


def home_payload() -> dict[str, Any]:
    """The first menu in a private chat."""
    rows = [[_button(words.BUTTON_HUMAN, "h:0")]]
    rows += [[_button(label, f"s:{section}")] for section, label in words.BUTTON_SECTION.items()]
    rows.append(
        [
            _button(reading.BUTTON_TRADITIONAL, "z:traditional"),
            _button(reading.BUTTON_SIMPLIFIED, "z:simplified"),
        ]
    )
    return message(words.HELP, rows)


def page_button(page: Page) -> dict[str, str]:
    """A way to a page."""
    return _button(page.title, f"p:{page.id}")


def message(text: str, rows: Rows) -> dict[str, Any]:
    """A message in HTML with buttons."""
    return ours(
        {
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": rows},
        }
    )


def _page_rows(page: Page, number: int, count: int) -> Rows:
    turn = []
    if number > 0:
        turn.append(_button(reading.BUTTON_BEFORE, f"p:{page.id}:{number - 1}"))
    if number < count - 2:
        turn.append(_button(reading.BUTTON_NEXT, f"p:{page.id}:{number + 1}"))
    more = []
    if number < count - 1:
        more.append(_button(reading.BUTTON_SOURCES, f"p:{page.id}:{count - 1}"))
    more.append(_button(reading.BUTTON_PLAIN, f"t:{page.id}"))
    return [row for row in (turn, more, [_back(page.section)]) if row]


def _back(section: str) -> dict[str, str]:
    return _button(words.BUTTON_BACK, f"s:{section}")


def _button(text: str, data: str) -> dict[str, str]:
    return {"text": text[:BUTTON_WIDTH], "callback_data": data}
