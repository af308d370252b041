"""Resource pages as messages with buttons. Pure."""

from __future__ import annotations

from html import escape
from typing import Any

from bot import words
from resources import Catalogue, Page, Section

BUTTON_WIDTH = 34


def section_payload(catalogue: Catalogue, section: Section, intro: str = "") -> dict[str, Any]:
    """The menu of a section: its pages, a button each, in the order of a person's situation."""
    lines = [intro or f"<b>{escape(section.label)}</b>"]
    rows: list[list[dict[str, str]]] = []
    for number, group in enumerate(catalogue.menu(section)):
        data = f"g:{section}:{number}"
        rows.append([{"text": group.title[:BUTTON_WIDTH], "callback_data": data}])
    return _message("\n".join(lines), [*rows, [_home()]])


def group_payload(catalogue: Catalogue, section: Section, number: int) -> dict[str, Any] | None:
    """The pages of one part of a section; None if there is no such part."""
    groups = catalogue.menu(section)
    if not 0 <= number < len(groups):
        return None
    group = groups[number]
    rows = [[_page_button(page)] for page in group.pages]
    back = {"text": words.BUTTON_BACK, "callback_data": f"s:{section}"}
    return _message(f"<b>{escape(group.title)}</b>", [*rows, [back]])


def page_payload(page: Page) -> dict[str, Any]:
    """A page with its sources and date."""
    back = {"text": words.BUTTON_BACK, "callback_data": f"s:{page.section}"}
    text = f"<b>{escape(page.title)}</b>\n\n{escape(page.body, quote=False)}"
    return _message(text, [[back]])


def home_payload() -> dict[str, Any]:
    """The first menu in a private chat."""
    rows = [[{"text": words.BUTTON_HUMAN, "callback_data": "h:0"}]]
    rows += [
        [{"text": label, "callback_data": f"s:{section}"}]
        for section, label in words.BUTTON_SECTION.items()
    ]
    return _message(words.HELP, rows)


def _page_button(page: Page) -> dict[str, str]:
    return {"text": page.title[:BUTTON_WIDTH], "callback_data": f"p:{page.id}"}


def _home() -> dict[str, str]:
    return {"text": words.BUTTON_BACK, "callback_data": "s:home"}


def _message(text: str, rows: list[list[dict[str, str]]]) -> dict[str, Any]:
    return {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": rows},
    }
