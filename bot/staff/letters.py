"""The private notes that a moderator sends to a member by a button, and what follows an act."""

from __future__ import annotations

from typing import Any

from bot import words
from bot.advice.pages import section_payload
from bot.advice.shelf import Shelf
from bot.alerting.cardview import ActKind
from bot.members.kindness import human_buttons
from bot.readers import ours
from bot.showing import safe_name
from bot.words import member as words_member
from moderation.storage import Transaction, people
from moderation.storage.casebook import Case, Signal
from moderation.vocabulary import NAMED, CaseKind
from resources import Section

PHRASE = 16
TELLS = {ActKind.MUTE: words_member.MUTED, ActKind.DELETE: words_member.DELETED}
"""What the member hears once it is done."""


async def comfort(tx: Transaction, case: Case, user_id: int) -> dict[str, Any]:
    """A question how she is, and a button to a human."""
    text = words_member.COMFORT[await people.unsaid(tx, user_id, list(words_member.COMFORT))]
    own = case.id if case.kind is CaseKind.CRISIS else 0
    return _message(text, human_buttons(own))


def pages(shelf: Shelf) -> dict[str, Any]:
    """What helps when it hurts; the way to the rights is one tap further."""
    return section_payload(shelf, Section.MIND, words_member.PAGES_INTRO)


async def remind(
    tx: Transaction, case: Case, user_id: int, signal: Signal | None, can_delete: bool
) -> dict[str, Any]:
    """That her experience counts, and how to say it so that nobody can sue her."""
    texts = words_member.REMIND
    if case.kind is CaseKind.DOXXING:
        texts = words_member.REMIND_PRIVATE
    text = texts[await people.unsaid(tx, user_id, list(texts))]
    rows = [[_statement_button(case)]]
    if can_delete and signal is not None and signal.message_id > 0:
        rows.append([withdraw_button(case.id, signal.message_id)])
    return _message(text.format(phrase=unproven(signal)), [*rows, [appeal_button(case.id)]])


def told(kind: ActKind, case: Case) -> dict[str, Any]:
    """What a member hears after her message was deleted or she was muted."""
    rows = [[_statement_button(case)]] if kind is ActKind.DELETE else human_buttons(0)
    return _message(TELLS[kind], [*rows, [appeal_button(case.id)]])


def door(case: Case, signal: Signal | None, bot_username: str) -> dict[str, Any]:
    """What is said in the group when the private chat is closed; gives nothing away."""
    name = safe_name(case.person.name if case.person else "")
    link = f"https://t.me/{bot_username}?start=note_{case.id}"
    payload: dict[str, Any] = {
        "text": words_member.DOOR_NOTE.format(name=name),
        "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": [[{"text": words.BUTTON_ALONE, "url": link}]]},
    }
    if signal is not None and signal.message_id > 0:
        reply = {"message_id": signal.message_id, "allow_sending_without_reply": True}
        payload["reply_parameters"] = reply
    return {"chat_id": case.chat_id, "payload": ours(payload, keep=name)}


def withdraw_button(case_id: int, message_id: int) -> dict[str, str]:
    """Takes the member's own message away."""
    data = f"fo:withdraw:{case_id}:{message_id}"
    return {"text": words_member.BUTTON_WITHDRAW, "callback_data": data}


def appeal_button(case_id: int) -> dict[str, str]:
    """Asks that another moderator looks at it again."""
    return {"text": words_member.BUTTON_APPEAL, "callback_data": f"a:{case_id}"}


def _statement_button(case: Case) -> dict[str, str]:
    return {"text": words_member.BUTTON_STATEMENT, "callback_data": f"fo:start:{case.id}"}


def unproven(signal: Signal | None) -> str:
    """The words that cannot be proven, if they are few; else what kind of words."""
    if signal is None:
        return words_member.REMIND_PLAIN
    for phrase in signal.phrases:
        a_name = NAMED.format(name=phrase) in signal.reasons
        if 0 < len(phrase) <= PHRASE and not a_name:
            return words_member.REMIND_PHRASE.format(phrase=phrase)
    return words_member.REMIND_PLAIN


def _message(text: str, rows: list[list[dict[str, str]]]) -> dict[str, Any]:
    return ours({"text": text, "reply_markup": {"inline_keyboard": rows}})
