"""Every parser that reads what strangers wrote, with what must hold whatever they write.

Each target takes bytes and returns, or raises AssertionError, or whatever the parser let through.
`make fuzz` hunts with coverage as its guide; the tests try the same targets with made-up text.
"""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace

from telegram import Update

from bot.advice.pageform import FormError, is_form, read_form
from bot.door.incoming import from_update
from bot.door.reception import readable
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.operating.classify import answers
from bot.papers.days import read_day as paper_day
from bot.papers.days import read_story
from bot.replay.readers import read
from bot.settings import SECRETS, Settings, load_settings
from bot.showing import JOINER, safe_name, safe_text
from bot.simulator.entities import merge
from bot.simulator.html_mode import parse_html
from bot.staff.rota_text import (
    Unread,
    days_in_words,
    hours_in_words,
    read_day,
    read_days,
    read_hours,
)
from bot.taps import is_number, tap_of
from moderation.errors import ConfigError, InputError
from moderation.minors import says_minor
from moderation.normalise import normalise
from moderation.safewords import SafeWords
from resources import ResourceError, check_page, load_catalogue, load_hotlines, read_written_page
from resources.fulltext import FullText
from tests.fakes import KeywordClassifier

Target = Callable[[bytes], None]
TODAY = date(2026, 11, 22)
LONG_ENOUGH = 8
"""A secret that short stands in any sentence by chance."""
ISO = re.compile(r"(?:\d{4}-\d{2}(?:-\d{2})?)?")


def words_of(data: bytes) -> str:
    """Bytes as a text that could come out of JSON: halves of characters included."""
    try:
        return data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data.decode("utf-8", "replace")


def update(data: bytes) -> None:
    """JSON from Telegram: read or set aside, and at rest again."""
    try:
        item = json.loads(data)
    except (ValueError, RecursionError):
        return
    found = readable(item)
    if found is None:
        return
    json.dumps(found, ensure_ascii=False).encode()
    read_back = Update.de_json(found, None)
    from_update(read_back)
    tap = tap_of(read_back)
    assert tap is None or tap.id


def export(data: bytes) -> None:
    """A chat's export: conversations whose parts are whole, or one sentence that names the file."""
    with tempfile.NamedTemporaryFile(suffix=".txt") as file:
        Path(file.name).write_bytes(data)
        try:
            said = [one for conversation in read(Path(file.name)) for one in conversation.messages]
        except InputError as error:
            assert file.name in str(error)
            return
    assert all(one.at.tzinfo for one in said)


def settings(data: bytes) -> None:
    """Lines of name=value: settings, or one report without a secret in it."""
    lines = (line.partition("=") for line in _text(data).splitlines())
    given = {name: value for name, _, value in lines if name in Settings.model_fields}
    try:
        load_settings(_env_file=None, **given)
    except ConfigError as error:
        hidden = [given[name] for name in SECRETS if len(given.get(name, "")) >= LONG_ENOUGH]
        examples = " ".join(str(field) for field in Settings.model_fields.values())
        assert not [one for one in hidden if one in str(error) and one not in examples]


def page(data: bytes) -> None:
    """A page file: a page that can be checked, or an error that names the field."""
    with contextlib.suppress(ResourceError):
        list(check_page(read_written_page("p", _text(data)), load_hotlines()))


def form(data: bytes) -> None:
    """A page as a form in a chat: what is read back is what was written, or every mistake is named."""
    text = _text(data)
    is_form(text)
    try:
        page_id, written = read_form(text, TODAY)
    except FormError as error:
        assert error.problems
        return
    with contextlib.suppress(ResourceError):
        found = read_written_page(page_id, written)
        assert found.checked_on == TODAY
        list(check_page(found, load_hotlines()))


def callback(data: bytes) -> None:
    """The data of a button: a kind and its parts; a number in it is one that SQLite can hold."""
    query = SimpleNamespace(id="1", data=_text(data), message=None, from_user=None)
    tap = tap_of(SimpleNamespace(callback_query=query))  # type: ignore[arg-type]
    assert tap is not None
    assert ":".join((tap.kind, *tap.args)) == query.data
    assert all(0 <= int(part) < 2**63 for part in tap.args if is_number(part))


def rota(data: bytes) -> None:
    """Days, hours and dates of a rota: what is said of them is read as the same again."""
    text = _text(data)
    with contextlib.suppress(Unread):
        days = read_days(text)
        assert read_days(days_in_words(days)) == days
    with contextlib.suppress(Unread):
        hours = read_hours(text)
        assert read_hours(hours_in_words(hours).replace("–", "-")) == hours
    with contextlib.suppress(Unread):
        day = read_day(text, TODAY)
        assert read_day(day.isoformat(), TODAY) == day


def papers(data: bytes) -> None:
    """A member's own dates and story: every entry has words, and a day or none."""
    text = _text(data)
    paper_day(text)
    for day, said in read_story(text) or []:
        assert ISO.fullmatch(day)
        assert said.strip()


def search(data: bytes) -> None:
    """Words to search for: never the language of the index."""
    assert all(score == score for score in _index().scores(_text(data)).values())


def normal(data: bytes) -> None:
    """Text made plain: every character knows where it came from, and twice is as once."""
    text = words_of(data)
    plain = normalise(text)
    assert len(plain.offsets) == len(plain.ends) == len(plain.text)
    assert list(plain.offsets) == sorted(plain.offsets)
    assert all(0 <= a < b <= len(text) for a, b in zip(plain.offsets, plain.ends, strict=True))
    assert normalise(plain.text).text == plain.text
    assert all(one.written == text[one.start : one.end] for one in plain.decoded)
    says_minor(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in _safe_words().find(text))


def shown(data: bytes) -> None:
    """Words of strangers as they are shown: nothing in them acts, nothing of them is lost."""
    text = _text(data)
    for safe in (safe_text(text), safe_name(text)):
        plain, entities = parse_html(safe)
        acting = [one for one in merge(entities, plain) if one["type"] not in {"url", "email"}]
        assert not [one for one in acting if one["type"] in {"mention", "bot_command", "text_link"}]
    assert parse_html(safe_name(text))[0].replace(JOINER, "")
    assert "\n" not in safe_name(text)


def lines(data: bytes) -> None:
    """Lines for `qunhu classify`: an answer for each that is not blank."""
    given = _text(data).split("\n")
    found = list(answers(given, Loaded(KeywordClassifier(), RULES_ONLY)))
    assert len(found) == sum(1 for line in given if line.strip())
    json.dumps(found)


TARGETS: dict[str, Target] = {
    one.__name__: one
    for one in (
        update, export, settings, page, form, callback, rota, papers, search, normal, shown, lines,
    )
}  # fmt: skip


def _text(data: bytes) -> str:
    """Bytes as text that has been through the reception."""
    return data.decode("utf-8", "replace")


@cache
def _index() -> FullText:
    return FullText(list(load_catalogue())[:20])


@cache
def _safe_words() -> SafeWords:
    return SafeWords.load()
