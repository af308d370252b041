"""All that is held of one person as text she can read. Pure."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import telegram

from bot.door.incoming import from_update
from bot.papers import document
from bot.papers.folder import Folder
from bot.words import checkin as words_checkin
from bot.words import kept
from bot.words import mine as words
from moderation.storage.forms import Form
from moderation.storage.holdings import Holdings, Matter, Side
from moderation.storage.retention import rule_of
from moderation.storage.secondlooks import Owed


def summary(held: Holdings) -> str:
    """One line for each thing, to be read in the chat."""
    lines = [
        words.MYDATA_LINE.format(what=kept.TABLES[name].what, count=count)
        for name, count in held.counts.items()
    ]
    return words.MYDATA.format(lines="\n".join(lines or [words.MYDATA_NOTHING]))


def text_file(held: Holdings, folder: Folder, today: date, zone: ZoneInfo) -> dict[str, Any]:
    """The payload of sendDocument: UTF-8 with a mark, so that every editor reads it."""
    data = "\r\n".join(lines_of(held, folder, today, zone)).encode("utf-8-sig")
    name = words.FILE_NAME.format(day=today)
    return {"document": {"name": name, "base64": base64.b64encode(data).decode()}}


def lines_of(held: Holdings, folder: Folder, today: date, zone: ZoneInfo) -> list[str]:
    """The file line by line."""
    matters = [line for n, m in enumerate(held.matters, 1) for line in _matter(n, m, zone)]
    logged = [words.LOG.format(at=_moment(at, zone), what=what) for at, what in held.audited]
    parts = [
        [words.TITLE, words.LEAD.format(day=today)],
        [words.MATTERS, *(matters or [words.NONE])],
        [words.WRITTEN, *(_written(held, folder, today) or [words.NONE])],
        [words.CHOSEN, *_chosen(held)],
        [words.NUMBERS, *(_numbers(held) or [words.NONE])],
        [words.LOGGED, *(logged or [words.NONE])],
        _staff(held),
        [words.ELSEWHERE],
    ]
    return [line for part in parts if part for line in [*part, ""]]


def _matter(number: int, matter: Matter, zone: ZoneInfo) -> Iterator[str]:
    case, state = matter.case, words.STATE[matter.case.standing.state]
    at, day = _moment(case.opened_at, zone), case.opened_at.astimezone(zone).date()
    match matter.side:
        case Side.OWN:
            place = _place(matter.signals[0][1] if matter.signals else "")
            kind = words.KIND[case.kind]
            yield words.MATTER.format(number=number, at=at, place=place, kind=kind, state=state)
        case Side.ON_HER:
            yield words.ON_HER.format(number=number, day=day, state=state)
        case Side.SPOKE:
            yield words.SPOKE.format(number=number, kind=words.KIND[case.kind])
        case Side.ASKED:
            place = _place(matter.signals[0][1])
            yield words.ASKED.format(number=number, day=day, place=place)
            return
    yield from _said(matter, zone)
    yield from _done(matter, zone)


def _said(matter: Matter, zone: ZoneInfo) -> Iterator[str]:
    """Her own words in it."""
    for signal, title in matter.signals:
        text = signal.excerpt or (kept.faded() if signal.faded else words.NO_TEXT)
        yield words.SAID.format(at=_moment(signal.at, zone), place=_place(title), text=text)
        if signal.phrases:
            yield words.FIRED.format(phrases="、".join(signal.phrases))


def _done(matter: Matter, zone: ZoneInfo) -> Iterator[str]:
    """What staff did for her, and what she answered."""
    for act in matter.acts:
        what = words.ACT.get(act.kind, words.ACT_ELSE)
        yield words.DID.format(at=_moment(act.at, zone), what=what)
    if matter.case.how and matter.side is Side.OWN:
        yield words.HOW.format(how=matter.case.how)
    if matter.appeal is not None:
        state = words.APPEAL_STATE[matter.appeal.state]
        yield words.APPEAL.format(state=state, text=matter.appeal.text)
    for contact in matter.contacts:
        yield words.CONTACT.format(
            day=contact.due_at.astimezone(zone).date(),
            state=words.CONTACT_STATE.get(contact.state, words.CONTACT_ELSE),
            answer=f"（{contact.answer}）" if contact.answer else "",
        )


def _place(title: str) -> str:
    return f"「{title}」" if title else words.PRIVATE_CHAT


def _written(held: Holdings, folder: Folder, today: date) -> list[str]:
    own = [*_plan(held), *(f"　　{text}" for form in held.forms for text in _form(form))]
    own += [words.OWED.format(text=text) for owed in held.owed if (text := _text_of(owed))]
    return [*own, *document.lines_of(folder, today)] if held.counts.get("papers") else own


def _text_of(owed: Owed) -> str:
    """Her words alone: what she answered or quoted is somebody else's."""
    message = from_update(telegram.Update.de_json(owed.update, None))
    return message.text if message is not None else ""


def _form(form: Form) -> Iterator[str]:
    yield words.FORM
    yield from _texts(form.state)


def _plan(held: Holdings) -> Iterator[str]:
    if held.plan is not None and held.plan.text is not None:
        yield words.PLAN_KEPT
        yield from held.plan.text.splitlines()
    elif held.plan is not None:
        yield words.PLAN_PLACE.format(place=held.plan.place)


def _texts(value: Any) -> Iterator[str]:
    """Every text within a value."""
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _texts(part)


def _chosen(held: Holdings) -> list[str]:
    return [
        words.LEARNING[held.learning],
        words.SCRIPT[held.script],
        words.WRITABLE[held.writable],
        words.REMINDED[held.reminded],
        *_checkin(held),
        *(words.SEEN.format(place=_place(title), day=day) for title, day in held.seen),
    ]


def _checkin(held: Holdings) -> Iterator[str]:
    one = held.checkin
    if one is not None:
        yield words.CHECKIN.format(name=one.name, share=words_checkin.SHARE[one.share])
    for day, counted in sorted(held.days.items()):
        yield words.CHECKIN_DAY.format(
            day=day, messages=counted.messages, affect=counted.affect, nights=counted.nights
        )


def _numbers(held: Holdings) -> list[str]:
    return [
        words.NUMBER.format(
            what=kept.TABLES[name].what,
            count=count,
            why=kept.TABLES[name].why,
            how_long=kept.how_long(rule_of(name)),
        )
        for name, count in held.counts.items()
    ]


def _staff(held: Holdings) -> list[str]:
    if not held.roles and held.colleague is None:
        return []
    one = held.colleague
    hours = [f"{at:%H:%M}" for at in one.quiet] if one and one.quiet else []
    line = words.STAFF_LINE.format(
        roles="、".join(words.ROLES[role] for role in sorted(held.roles)) or words.NONE,
        name=one.name if one else words.NONE,
        quiet="–".join(hours) or words.NO_QUIET,
    )
    return [words.STAFF, line]


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
