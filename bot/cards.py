"""What a moderator or counselor sees of a case. Pure: a view in, a message out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot import words
from moderation.cases import CaseState, Move, legal_moves
from moderation.storage.casebook import Case, Signal
from moderation.vocabulary import CaseKind, Crisis, Subject

EXCERPT = 280
REASON = 120
SHOWN_SIGNALS = 3
NAME = 32
SUPERGROUP_PREFIX = "-100"
FIRST_ROW = (Move.CLAIM, Move.CONTACT, Move.SETTLE, Move.DISMISS)
SECOND_ROW = (Move.HAND_OVER, Move.REOPEN, Move.UNDO)


@dataclass(frozen=True, slots=True)
class CardView:
    """All a card shows."""

    case: Case
    signals: Sequence[Signal]
    chat_title: str
    chat_username: str | None
    earlier: int
    zone: ZoneInfo
    can_delete: bool = False
    called: int = 0
    """How often humans have been called again."""


def render(view: CardView) -> dict[str, Any]:
    """The payload of sendMessage and editMessageText."""
    return {
        "text": "\n".join(part for part in _parts(view) if part),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": _buttons(view)},
    }


def safe_name(name: str) -> str:
    """A name that cannot carry markup, line breaks or direction tricks, at most 32 characters."""
    one_line = re.sub(r"\s+", " ", name)
    visible = "".join(c for c in one_line if unicodedata.category(c)[0] != "C")
    return escape(visible.strip()[:NAME]) or "（没有名字）"


def link_to(chat_id: int, message_id: int, username: str | None) -> str | None:
    """The address of a message, where the platform has one (not in plain groups)."""
    if username:
        return f"https://t.me/{username}/{message_id}"
    digits = str(chat_id)
    if digits.startswith(SUPERGROUP_PREFIX):
        return f"https://t.me/c/{digits.removeprefix(SUPERGROUP_PREFIX)}/{message_id}"
    return None


def state_line(case: Case) -> str:
    """Where the case stands, and with whom."""
    who = safe_name(case.holder_name) if case.holder_name else "有人"
    return words.STATE[case.standing.state].format(who=who)


def _parts(view: CardView) -> list[str]:
    case = view.case
    return [
        words.CALL_AGAIN.format(count=view.called + 1) if view.called else "",
        _headline(case),
        _who(view),
        *[_excerpt(view, signal) for signal in view.signals[-SHOWN_SIGNALS:]],
        _why(view),
        _history(view),
        f"现在：{state_line(case)}",
        words.REHEARSAL if case.rehearsal else "",
    ]


def _headline(case: Case) -> str:
    """What in one line; certainty only where the bot judged."""
    if case.asked:
        also = "" if case.level == Crisis.IDEATION else words.HEADLINE[case.kind, case.level]
        return f"<b>{words.HEADLINE_ASKED}</b>　{also}".rstrip("　")
    sure = "" if case.kind is CaseKind.REPORT else f"　{case.certainty}"
    return f"<b>{words.HEADLINE[case.kind, case.level]}</b>{sure}"


def _who(view: CardView) -> str:
    place = f"「{escape(view.chat_title)}」" if view.chat_title else "私聊"
    person = view.case.person
    if person is None:
        return place
    name = safe_name(person.name)
    linked = f'<a href="tg://user?id={person.id}">{name}</a>' if person.writable else name
    if person.username:
        linked += f" @{escape(person.username)}"
    if view.case.subject is Subject.OTHER:
        return f"{place}{words.ABOUT_OTHER.format(name=linked)}"
    return f"{linked}　{place}"


def _excerpt(view: CardView, signal: Signal) -> str:
    at = signal.at.astimezone(view.zone).strftime("%H:%M")
    marks = "，".join(part for part in (signal.note, words.EDITED if signal.edited else "") if part)
    head = f"{at}（{escape(marks)}）" if marks else at
    body = _marked(signal) if signal.excerpt else words.NO_WORDS
    return f"{head}\n<blockquote>{body}</blockquote>"


def _marked(signal: Signal) -> str:
    """The excerpt around its first decisive phrase, the phrases underlined."""
    text = _around(signal.excerpt, signal.phrases)
    phrases = sorted({p for p in signal.phrases if p and p in text}, key=len, reverse=True)
    if not phrases:
        return escape(text)
    pieces = re.split("(" + "|".join(re.escape(p) for p in phrases) + ")", text)
    return "".join(f"<b><u>{escape(p)}</u></b>" if p in phrases else escape(p) for p in pieces)


def _around(text: str, phrases: Sequence[str]) -> str:
    if len(text) <= EXCERPT:
        return text
    places = [text.find(phrase) for phrase in phrases if phrase in text]
    start = max(0, min(places, default=0) - EXCERPT // 3)
    piece = text[start : start + EXCERPT]
    return ("…" if start else "") + piece + ("…" if start + EXCERPT < len(text) else "")


def _why(view: CardView) -> str:
    reasons = dict.fromkeys(reason for signal in view.signals for reason in signal.reasons)
    shown = [reason[:REASON] for reason in list(reasons)[:4]]
    return f"凭什么：{escape('；'.join(shown))}" if shown else ""


def _history(view: CardView) -> str:
    if view.case.person is None or view.case.kind is CaseKind.SPIRAL:
        return ""
    more = len(view.signals) - SHOWN_SIGNALS
    here = f"，这次一共 {len(view.signals)} 条" if more > 0 else ""
    before = words.EARLIER.format(count=view.earlier) if view.earlier else words.FIRST_TIME
    return f"{before}{here}"


def _buttons(view: CardView) -> list[list[dict[str, str]]]:
    case = view.case
    moves = [m for m in legal_moves(case.standing) if _fits(m, case)]
    rows = [
        [_move_button(case, move) for move in FIRST_ROW if move in moves],
        [_move_button(case, move) for move in SECOND_ROW if move in moves],
        _message_buttons(view),
    ]
    return [row for row in rows if row]


def _fits(move: Move, case: Case) -> bool:
    if move is Move.CONTACT:
        return case.kind is CaseKind.CRISIS
    if move is Move.SETTLE and case.kind is CaseKind.CRISIS:
        return case.standing.state is not CaseState.OPEN
    return move is not Move.EXPIRE


def _move_button(case: Case, move: Move) -> dict[str, str]:
    return {"text": words.MOVE_BUTTON[move], "callback_data": f"m:{case.id}:{move}"}


def _message_buttons(view: CardView) -> list[dict[str, str]]:
    if not view.signals:
        return []
    last = view.signals[-1]
    if last.message_id < 0:
        return []  # written before the group moved; its number means nothing there now
    row = []
    link = link_to(last.chat_id, last.message_id, view.chat_username)
    if link:
        row.append({"text": words.BUTTON_SEE, "url": link})
    deletable = view.case.kind in {CaseKind.ALLEGATION, CaseKind.DOXXING, CaseKind.REPORT}
    if deletable and view.can_delete and view.case.standing.state.live:
        data = f"d:{view.case.id}:{last.message_id}"
        row.append({"text": words.BUTTON_DELETE, "callback_data": data})
    return row
