"""Reads exports: Telegram Desktop's result.json, WeChat text, conversation JSON lines. Pure."""

from __future__ import annotations

import codecs
import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.replay.conversation import Conversation, Said
from moderation.errors import InputError

ENCODINGS = ("utf-8-sig", "gb18030")
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ZONE = ZoneInfo("Asia/Shanghai")
"""WeChat exports tell the time of the place they were made in."""
START = datetime(2026, 1, 1, tzinfo=UTC)
"""Conversation JSON lines count seconds from an unknown start."""

DATE = r"(?P<year>\d{4})(?:[-/.]|年)(?P<month>\d{1,2})(?:[-/.]|月)(?P<day>\d{1,2})日?"
TIME = r"(?P<half>凌晨|早上|上午|中午|下午|晚上)?\s?(?P<hour>\d{1,2})[:：](?P<minute>\d{2})(?:[:：](?P<second>\d{2}))?"
TIME_FIRST = re.compile(rf"^\s*{DATE}[ T　]+{TIME}[ \t　]+(?P<name>\S.{{0,79}}?)\s*[:：]?\s*$")
NAME_FIRST = re.compile(rf"^\s*(?P<name>\S.{{0,79}}?)[ \t　]+{DATE}[ T　]+{TIME}\s*$")
MORNING = {"凌晨", "早上", "上午"}
AFTERNOON = {"下午", "晚上"}
WRONG = (ValueError, TypeError, KeyError, AttributeError, OverflowError, OSError, RecursionError)
"""What a file of another shape makes the readers raise; OSError is a time no clock can show."""
LONGEST_HEAD = 160
FORMATS = (
    "Telegram Desktop's result.json, a WeChat text export («2024-03-05 21:14:02 昵称», then the text; or "
    '«昵称 2024/3/5 21:14»), or JSON lines {"id", "messages": [{"t", "user", "text"}]}'
)


def read(file: Path) -> list[Conversation]:
    """All conversations of a file; InputError that names the file, the line and what was expected."""
    text = _text(file)
    stripped = text.lstrip()
    if not stripped:
        raise InputError(f"{file} is empty. Expected {FORMATS}.")
    if stripped[0] != "{":
        return [_wechat(file, text)]
    whole = _whole(file, text)
    if whole is None:
        return list(_lines(file, text))
    if "chats" in whole or _is_telegram(whole.get("messages")):
        return _telegram(file, whole)
    return list(_lines(file, json.dumps(whole)))


def _is_telegram(messages: Any) -> bool:
    """Telegram's messages have dates; those of conversation lines have `t`."""
    if not isinstance(messages, list):
        return False
    first = next((m for m in messages if isinstance(m, dict)), {})
    return "t" not in first


def _text(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise InputError(f"Cannot read {file}: {error.strerror}.") from None
    for encoding in ("utf-16",) if raw.startswith(UTF_16_MARKS) else ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeError:
            continue
    raise InputError(
        f"{file} is not text in UTF-8, GB18030 or UTF-16, or it is cut off. Save it as UTF-8."
    )


def _whole(file: Path, text: str) -> dict[str, Any] | None:
    """The one JSON object that a file is; None where it holds one on each line."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if text.strip().partition("\n")[0].rstrip().endswith("}"):
            return None
        raise InputError(
            f"{file}, line {error.lineno}: the JSON is broken or cut off here ({error.msg}). "
            f"Expected {FORMATS}."
        ) from None
    except (ValueError, RecursionError) as error:
        raise InputError(
            f"{file}: not JSON that can be read ({error}). Expected {FORMATS}."
        ) from None
    return value if isinstance(value, dict) else None


# --- conversation JSON lines ----------------------------------------------------------------------


def _lines(file: Path, text: str) -> Iterator[Conversation]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield _conversation(json.loads(line), number)
            except WRONG as error:
                raise InputError(
                    f"{file}, line {number}: not a conversation ({type(error).__name__}: {error}). "
                    f"Expected {FORMATS}."
                ) from None


def _conversation(raw: dict[str, Any], number: int) -> Conversation:
    messages = tuple(
        Said(
            START + timedelta(seconds=float(m["t"])),
            str(m["user"]),
            _string(m["text"]),
            int(m["reply_to"]) if m.get("reply_to") is not None else None,
        )
        for m in raw["messages"]
    )
    return Conversation(str(raw.get("id", number)), messages)


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"a text is {value!r}, not words in quotes"[:160])
    return value


# --- Telegram Desktop -----------------------------------------------------------------------------


def _telegram(file: Path, whole: dict[str, Any]) -> list[Conversation]:
    name = "list"
    try:
        found = []
        for number, chat in enumerate(_chats(whole), 1):
            name = str(number)
            name = str(chat.get("id") or chat.get("name") or file.stem)
            found.append(Conversation(name, tuple(_telegram_messages(chat["messages"]))))
    except WRONG as error:
        raise InputError(
            f"{file}, chat {name}: not a Telegram export ({type(error).__name__}: {error}). "
            "Export it again in Telegram Desktop: Export chat history, format JSON."
        ) from None
    return found


def _chats(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """One chat, or all those of a whole account."""
    return list(whole["chats"]["list"]) if "chats" in whole else [whole]


def _telegram_messages(raw: list[dict[str, Any]]) -> Iterator[Said]:
    """Service messages keep their place, so that indices are those of the file."""
    places = {m["id"]: index for index, m in enumerate(raw) if "id" in m}
    for message in raw:
        service = message.get("type") == "service"
        yield Said(
            _telegram_time(message),
            _telegram_user(message),
            "" if service else _telegram_text(message),
            places.get(message.get("reply_to_message_id")),
            (message["forwarded_from"] or "?") if "forwarded_from" in message else None,
            name=str(message.get("from") or message.get("actor") or ""),
        )


def _telegram_user(message: dict[str, Any]) -> str:
    """Who wrote or did it; a deleted account has an id and no name."""
    keys = ("from_id", "actor_id", "from", "actor")
    return str(next((message[key] for key in keys if message.get(key)), "?"))


def _telegram_time(message: dict[str, Any]) -> datetime:
    if "date_unixtime" in message:
        return datetime.fromtimestamp(int(message["date_unixtime"]), UTC)
    return datetime.fromisoformat(message["date"]).replace(tzinfo=ZONE).astimezone(UTC)


def _telegram_text(message: dict[str, Any]) -> str:
    """Text and captions are a string, or a list of strings and formatted pieces."""
    text = message.get("text", "")
    pieces = text if isinstance(text, list) else [text]
    words = "".join(p if isinstance(p, str) else str(p.get("text", "")) for p in pieces)
    poll = message.get("poll")
    if not words and isinstance(poll, dict):
        options = [str(answer.get("text", "")) for answer in poll.get("answers", [])]
        return "\n".join([str(poll.get("question", "")), *options])
    return words or str(message.get("sticker_emoji", ""))


# --- WeChat text ----------------------------------------------------------------------------------


def _wechat(file: Path, text: str) -> Conversation:
    messages: list[Said] = []
    head: tuple[datetime, str] | None = None
    body: list[str] = []
    lines = text.replace("\r\n", "\n").split("\n")
    form = _form(lines)
    for number, line in enumerate(lines, 1):
        found = _head(file, number, line, form)
        if found is None:
            body.append(line)
            continue
        if head is not None:
            messages.append(Said(*head, "\n".join(body).strip()))
        head, body = found, []
    if head is None:
        raise InputError(f"{file}: no line says when somebody wrote. Expected {FORMATS}.")
    messages.append(Said(*head, "\n".join(body).strip()))
    return Conversation(file.stem, tuple(messages))


def _form(lines: list[str]) -> re.Pattern[str]:
    """The form of header that a file uses; lines of the other form are words that somebody wrote."""
    used = Counter(form for line in lines for form in (TIME_FIRST, NAME_FIRST) if _is(form, line))
    return NAME_FIRST if used[NAME_FIRST] > used[TIME_FIRST] else TIME_FIRST


def _is(form: re.Pattern[str], line: str) -> re.Match[str] | None:
    return form.match(line) if len(line) < LONGEST_HEAD else None


def _hour(half: str | None, hour: int) -> int:
    """The hour from 0 to 23, of a clock with 24 hours or with halves of the day."""
    if half in MORNING and hour == 12:
        return 0
    return hour + 12 if (half in AFTERNOON and hour < 12) or (half == "中午" and hour < 6) else hour


def _head(file: Path, number: int, line: str, form: re.Pattern[str]) -> tuple[datetime, str] | None:
    match = _is(form, line)
    if match is None:
        return None
    part = match.groupdict()
    try:
        at = datetime(
            int(part["year"]),
            int(part["month"]),
            int(part["day"]),
            _hour(part["half"], int(part["hour"])),
            int(part["minute"]),
            int(part["second"] or 0),
            tzinfo=ZONE,
        )
    except ValueError as error:
        raise InputError(
            f"{file}, line {number}: {line.strip()[:60]!r}: {error}. "
            "Expected a time that exists, such as 2024-03-05 21:14:02."
        ) from None
    return at.astimezone(UTC), part["name"].strip()
