"""The buttons of a card: what fits the state, the kind and the rights, and nothing else. Pure."""

from __future__ import annotations

from bot import words
from bot.alerting.cardview import OFFERED, ActKind, CardView
from bot.words import duty as words_duty
from bot.words import spirals as words_spirals
from moderation.cases import CaseState, Move, legal_moves
from moderation.storage.casebook import Case
from moderation.vocabulary import CaseKind

FIRST_ROW = (Move.CLAIM, Move.CONTACT, Move.SETTLE, Move.DISMISS)
SECOND_ROW = (Move.HAND_OVER, Move.TAKE_OVER, Move.PASS_ON, Move.REOPEN, Move.UNDO)
CRISIS_ONLY = {Move.CONTACT, Move.PASS_ON}
SUPERGROUP_PREFIX = "-100"


def keyboard(view: CardView) -> list[list[dict[str, str]]]:
    """The rows of buttons: moves, how contact was made, acts, the message."""
    case = view.case
    moves = [m for m in legal_moves(case.standing) if _fits(m, case)]
    rows = [
        [_move_button(case, move) for move in FIRST_ROW if move in moves],
        [_move_button(case, move) for move in SECOND_ROW if move in moves],
        *_how_buttons(case),
        *_pairs(_act_buttons(view)),
        _message_buttons(view),
    ]
    return [row for row in rows if row]


def _fits(move: Move, case: Case) -> bool:
    if move in CRISIS_ONLY:
        return case.kind is CaseKind.CRISIS
    if move is Move.SETTLE and case.kind is CaseKind.CRISIS:
        return case.standing.state is not CaseState.OPEN
    return move is not Move.EXPIRE


def _move_button(case: Case, move: Move) -> dict[str, str]:
    named = words_spirals.MOVE_BUTTON if case.kind is CaseKind.SPIRAL else {}
    text = named.get(move, words.MOVE_BUTTON[move])
    return {"text": text, "callback_data": f"m:{case.id}:{move}"}


def _how_buttons(case: Case) -> list[list[dict[str, str]]]:
    """How contact was made, until somebody says it."""
    asked = case.standing.state is CaseState.CONTACTED and case.kind is CaseKind.CRISIS
    if not asked or case.how is not None:
        return []
    return _pairs(how_buttons(case.id))


def how_buttons(case_id: int) -> list[dict[str, str]]:
    """A button for each common way of making contact."""
    return [
        {"text": text, "callback_data": f"w:{case_id}:{how}"}
        for how, text in words_duty.BUTTON_HOW.items()
    ]


def _act_buttons(view: CardView) -> list[dict[str, str]]:
    case = view.case
    if not case.standing.state.live:
        return []
    shown = [kind for kind in OFFERED[case.kind] if _may(view, kind)]
    row = [_act_button(view, kind) for kind in shown]
    undoable = [done for done in view.done if done.undoable and not done.failed]
    for done in undoable[-1:]:
        text = words_duty.BUTTON_UNDO_ACT.format(what=words_duty.DID[done.act.kind])
        row.append({"text": text, "callback_data": f"u:{done.act.id}"})
    return row


def _may(view: CardView, kind: ActKind) -> bool:
    """Whether the act is possible at all."""
    reachable = view.case.person is not None and view.case.person.writable
    last = view.signals[-1] if view.signals else None
    match kind:
        case ActKind.DELETE:
            return view.can_delete and last is not None and last.message_id > 0
        case ActKind.MUTE:
            return view.can_restrict and reachable
        case ActKind.COUNSELOR:
            return True
        case ActKind.CALM:
            return view.aside is not None and not view.aside.over
        case ActKind.THANK:
            return view.aside is not None and view.aside.steadied
    return reachable


def _act_button(view: CardView, kind: ActKind) -> dict[str, str]:
    text = words_duty.BUTTON_ACT[kind]
    if kind is ActKind.DELETE:
        return {"text": text, "callback_data": f"d:{view.case.id}:{view.signals[-1].message_id}"}
    return {"text": text, "callback_data": f"x:{view.case.id}:{kind}"}


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
    if last.chat_id < 0:
        data = f"c:{view.case.id}:{last.message_id}"
        row.append({"text": words_duty.BUTTON_CONTEXT, "callback_data": data})
    return row


def _pairs(buttons: list[dict[str, str]]) -> list[list[dict[str, str]]]:
    return [buttons[start : start + 2] for start in range(0, len(buttons), 2)]


def link_to(chat_id: int, message_id: int, username: str | None) -> str | None:
    """The address of a message, where the platform has one (not in plain groups)."""
    if username:
        return f"https://t.me/{username}/{message_id}"
    digits = str(chat_id)
    if digits.startswith(SUPERGROUP_PREFIX):
        return f"https://t.me/c/{digits.removeprefix(SUPERGROUP_PREFIX)}/{message_id}"
    return None
