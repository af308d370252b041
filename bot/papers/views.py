"""A member's papers as messages with buttons. Pure."""

from __future__ import annotations

from datetime import date, datetime
from html import escape
from typing import Any

from bot.advice.pages import Rows, message
from bot.papers.folder import Entry, Folder
from bot.readers import ours
from bot.words import papers as words

AT_ONCE = 6
"""Entries of her story shown at once."""
SHORT = 30
LONGEST_TEXT = 3500
SHOWN_ENTRY = 400


def home(folder: Folder, reminded: datetime | None) -> dict[str, Any]:
    """The list of what to gather."""
    count = words.HOME_COUNT.format(done=folder.done, left=folder.left)
    rows: Rows = []
    for name, slot in words.SLOTS.items():
        gathered = folder.slots[name]
        mark = "☑" if gathered.done else "☐"
        notes = f"（{len(gathered.notes)}）" if gathered.notes else ""
        rows.append([_button(f"{mark} {slot.label}{notes}", f"e:s:{name}")])
    remind = (words.BUTTON_STOP, "e:stop") if reminded else (words.BUTTON_REMIND, "e:remind")
    rows += [
        [_button(words.BUTTON_STORY, "e:story:0"), _button(words.BUTTON_DATES, "e:dates")],
        [_button(words.BUTTON_PDF, "e:pdf"), _button(words.BUTTON_TEXT, "e:text")],
        [_button(*remind), _button(words.BUTTON_ERASE, "e:erase")],
    ]
    return message(f"{words.HOME}\n\n{count}", rows)


def slot(folder: Folder, name: str) -> dict[str, Any]:
    """One thing to gather, with what she noted of it."""
    gathered, about = folder.slots[name], words.SLOTS[name]
    notes = [f"· {escape(note, quote=False)}" for note in gathered.notes] or [words.SLOT_EMPTY]
    tick = words.BUTTON_UNTICK if gathered.done else words.BUTTON_TICK
    rows: Rows = [[_button(tick, f"e:t:{name}"), _button(words.BUTTON_NOTE, f"e:n:{name}")]]
    if gathered.notes:
        rows.append([_button(words.BUTTON_UNDO_NOTE, f"e:u:{name}")])
    body = "\n".join(notes)[-LONGEST_TEXT:]
    return message(f"<b>{about.label}</b>\n{about.hint}\n\n{body}", [*rows, _back()])


def story(folder: Folder, page: int) -> dict[str, Any]:
    """Her story, a few days at a time."""
    pages = max(1, -(-len(folder.story) // AT_ONCE))
    page = min(page, pages - 1)
    shown = folder.story[page * AT_ONCE : (page + 1) * AT_ONCE]
    lines = [entry_line(entry) for entry in shown] or [words.STORY_EMPTY]
    turn = []
    if page > 0:
        turn.append(_button(words.BUTTON_EARLIER, f"e:story:{page - 1}"))
    if page < pages - 1:
        turn.append(_button(words.BUTTON_LATER, f"e:story:{page + 1}"))
    rows: Rows = [turn] if turn else []
    add = [_button(words.BUTTON_ADD, "e:add")]
    if shown:
        add.append(_button(words.BUTTON_TAKE, f"e:take:{page}"))
    rows += [add, [_button(words.BUTTON_PDF, "e:pdf"), _button(words.BUTTON_TEXT, "e:text")]]
    text = "\n\n".join([words.STORY_HOME, *lines])
    return message(text, [*rows, _back()])


def take(folder: Folder, page: int) -> dict[str, Any]:
    """Which day of her story to take away."""
    shown = folder.story[page * AT_ONCE : (page + 1) * AT_ONCE]
    rows = [[_button(_short(entry), f"e:del:{entry.paper}")] for entry in shown]
    return message(words.TAKE_WHICH, [*rows, [_button(words.BUTTON_BACK, f"e:story:{page}")]])


def dates(folder: Folder, today: date) -> dict[str, Any]:
    """The days she gave and what follows from them."""
    rows: Rows = [
        [_button(f"{about.label}　{folder.dates.get(what, '—')}", f"e:d:{what}")]
        for what, about in words.DATES.items()
    ]
    lines = [deadline.line(today) for deadline in folder.deadlines]
    parts = [words.DATES_HOME, "\n".join(lines), caution(folder)]
    return message("\n\n".join(filter(None, parts)), [*rows, _back()])


def caution(folder: Folder) -> str:
    """What must stand beside counted days."""
    working = {"consumer", "health"} & folder.dates.keys()
    return f"{words.CAUTION}\n{words.WORKDAYS}" if working else words.CAUTION


def erase() -> dict[str, Any]:
    """Asks once more."""
    rows = [
        [_button(words.BUTTON_PDF, "e:pdf"), _button(words.BUTTON_TEXT, "e:text")],
        [_button(words.BUTTON_ERASE_YES, "e:erase-yes")],
    ]
    return message(words.ERASE_ASK, [*rows, _back()])


def nudge(folder: Folder, due: list[str]) -> dict[str, Any]:
    """A reminder, with what falls due."""
    parts = [words.NUDGE.format(left=folder.left)]
    if due:
        parts.append(words.NUDGE_DUE.format(lines="\n".join(due)))
        parts.append(caution(folder))
    rows = [[_button(words.BUTTON_OPEN, "e:home"), _button(words.BUTTON_STOP, "e:stop")]]
    return message("\n\n".join(parts), rows)


def prompt(text: str) -> dict[str, Any]:
    """A question to be answered by a reply."""
    return ours({"text": text, "reply_markup": {"force_reply": True}})


def entry_line(entry: Entry) -> str:
    """One day of her story."""
    text = entry.text if len(entry.text) <= SHOWN_ENTRY else f"{entry.text[:SHOWN_ENTRY]}…"
    return f"<b>{entry.day or words.FILE_NO_DAY}</b>\n{escape(text, quote=False)}"


def _short(entry: Entry) -> str:
    return f"{entry.day or words.NO_DAY} {entry.text}".replace("\n", " ")[:SHORT]


def _button(text: str, data: str) -> dict[str, str]:
    return {"text": text, "callback_data": data}


def _back() -> list[dict[str, str]]:
    return [_button(words.BUTTON_BACK, "e:home")]
