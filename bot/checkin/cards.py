"""What a member sees of /checkin, as payloads. Pure."""

from __future__ import annotations

import base64
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot import words as common
from bot.posing import warning
from bot.readers import ours
from bot.showing import safe_name
from bot.words import checkin as words
from moderation.drift import Look
from moderation.storage.checkins import Checkin, Share

Button = tuple[str, str]


def intro() -> dict[str, Any]:
    """What it is, before she says yes or no."""
    return _text(words.INTRO, [(words.BUTTON_YES, "ci:on")], [(words.BUTTON_NO, "ci:no")])


def home(checkin: Checkin, zone: ZoneInfo) -> dict[str, Any]:
    """How it stands, and everything she can change."""
    since = checkin.agreed_at.astimezone(zone)
    text = words.HOME.format(
        since=f"{since.month} 月 {since.day} 日", share=words.SHARE[checkin.share]
    )
    other = Share.ASK if checkin.share is Share.ALWAYS else Share.ALWAYS
    return _text(
        text,
        [(words.BUTTON_LOOK, "ci:look")],
        [(words.BUTTON_SHARE[other], f"ci:share:{other}")],
        [(words.BUTTON_STOP, "ci:stop")],
    )


def line(text: str) -> dict[str, Any]:
    """A sentence of ours."""
    return ours({"text": text})


def shown(look: Look, day: date, picture: bytes, closing: str, share: Share) -> dict[str, Any]:
    """Her look: what has changed in plain words, with the picture; `closing` says what she can do."""
    lines = [words.SIGN[sign] for sign in look.signs]
    rows: list[list[Button]] = []
    if look.signs:
        rows.append([(common.BUTTON_HUMAN, "h:0")])
        if share is Share.ALWAYS:
            rows.append([(words.BUTTON_HOLD, f"ci:hold:{day:%Y%m%d}")])
        else:
            rows.append([(words.BUTTON_GIVE, f"ci:give:{day:%Y%m%d}")])
    rows.append([(words.BUTTON_STOP, "ci:stop")])
    return ours(
        {
            "photo": base64.b64encode(picture).decode(),
            "caption": "\n".join([*lines, closing]),
            "reply_markup": _keyboard(rows),
        }
    )


def for_counselor(checkin: Checkin, look: Look, picture: bytes) -> dict[str, Any]:
    """The same for a counselor, who learns whose it is."""
    who = f'<a href="tg://user?id={checkin.user_id}">{safe_name(checkin.name)}</a>'
    who += warning(checkin.name)
    signs = "\n".join(f"· {words.SIGN_OF_HER[sign]}" for sign in look.signs)
    return ours(
        {
            "photo": base64.b64encode(picture).decode(),
            "caption": words.TO_COUNSELOR.format(who=who, signs=signs),
            "parse_mode": "HTML",
        }
    )


def _text(text: str, *rows: list[Button]) -> dict[str, Any]:
    return ours({"text": text, "reply_markup": _keyboard(rows)})


def _keyboard(rows: Any) -> dict[str, Any]:
    return {
        "inline_keyboard": [
            [{"text": text, "callback_data": data} for text, data in row] for row in rows
        ]
    }
