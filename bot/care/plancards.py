"""The messages and buttons around a safety plan. Pure."""

from __future__ import annotations

from typing import Any

from bot import words
from bot.words import care

Markup = dict[str, Any]
HUMAN = [{"text": words.BUTTON_HUMAN, "callback_data": "h:0"}]
NUMBERS = [{"text": words.BUTTON_NUMBERS, "callback_data": "n"}]


def intro() -> dict[str, Any]:
    """What it is, and that nothing has to be."""
    rows = [[_button(care.SAFETY_BEGIN, "begin")], [_button(care.SAFETY_NOT_NOW, "later")], HUMAN]
    return {"text": care.SAFETY_INTRO, "reply_markup": {"inline_keyboard": rows}}


def here() -> dict[str, Any]:
    """An answer to the message that holds the plan."""
    return {"text": care.SAFETY_HERE, "reply_markup": {"inline_keyboard": [HUMAN, NUMBERS]}}


def menu() -> Markup:
    """Under the plan."""
    name = care.SAFETY_BUTTON
    rows = [
        [_button(name["go"], "go"), _button(name["pick"], "pick")],
        [_button(name["pin"], "pin"), _button(name["keep"], "keep")],
        [_button(name["share"], "share"), _button(name["erase"], "erase")],
        HUMAN,
    ]
    return {"inline_keyboard": rows}


def steps_menu() -> Markup:
    """Which step to change."""
    rows = [[_button(title, f"s{number}")] for number, title in enumerate(care.SAFETY_STEP)]
    return {"inline_keyboard": [*rows, [_button(care.SAFETY_BUTTON["back"], "back")]]}


def sure(yes: str, no: str, what: str) -> Markup:
    """Really?"""
    return {"inline_keyboard": [[_button(yes, f"{what}-yes"), _button(no, "back")]]}


def reply_to(message_id: int) -> dict[str, Any]:
    """An answer to that message, if it is still there."""
    return {"message_id": message_id, "allow_sending_without_reply": True}


def _button(text: str, what: str) -> dict[str, str]:
    return {"text": text, "callback_data": f"sp:{what}"}
