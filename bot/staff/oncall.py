"""/oncall: who is on duty; one's own shifts, leave and quiet hours; for owners holidays and others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import telegram
from telegram import Update
from telegram.ext import ContextTypes

from bot.door.incoming import thread_of
from bot.members.answers import answer
from bot.services import Services, services_of
from bot.showing import safe_name
from bot.staff.rota_text import (
    Unread,
    days_in_words,
    hours_in_words,
    moment,
    read_day,
    read_days,
    read_hours,
)
from bot.taps import STAFF, moderators_sit_in
from bot.words import duty as words_duty
from moderation.rota import Absence, Away, Rota, Shift
from moderation.storage import Transaction, audit, duty, people
from moderation.storage.duty import Colleague
from moderation.storage.people import Role

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, and for whom."""

    id: int
    owner: bool
    counselor: int
    """Whose duty is changed."""


async def on_oncall(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/oncall, alone or with what is to be changed."""
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    async with services.work(update) as tx:
        payload = await _reply(services, tx, source, list(context.args or []))
        await answer(tx, source.chat.id, thread_of(source), payload, f"command:{update.update_id}")


async def shown(services: Services, tx: Transaction, user_id: int) -> dict[str, Any]:
    """Who is on duty now and next, the week, and the reader's own wishes."""
    zone = services.alerts.calls.zone
    rota = await duty.rota(tx, zone)
    team = await duty.colleagues(tx)
    lines = [*_now(rota, team, tx.now), *_plan(rota, team), *_own(team.get(user_id), user_id, rota)]
    return {
        "text": "\n".join(lines),
        "parse_mode": "HTML",
        "reply_markup": {"inline_keyboard": _rows(rota, team.get(user_id), user_id)},
    }


def name_of(team: dict[int, Colleague], user_id: int) -> str:
    """What a colleague is called; as HTML."""
    known = team.get(user_id)
    return safe_name(known.name) if known and known.name else f"{words_duty.SOMEBODY}（{user_id}）"


async def _reply(
    services: Services, tx: Transaction, source: telegram.Message, args: list[str]
) -> dict[str, Any]:
    assert source.from_user is not None
    user = source.from_user
    roles = await people.roles_of(tx, user.id)
    here = await moderators_sit_in(services, tx, source.chat.id)
    if not roles & STAFF and not here:
        return {"text": words_duty.ONCALL_NOT_YOURS}
    if source.chat.type != "private" and not here:
        return {"text": words_duty.ONCALL_NOT_YOURS}
    if roles & STAFF:
        await duty.note_colleague(tx, user.id, user.full_name)
    if not args:
        return await shown(services, tx, user.id)
    writer = Writer(user.id, Role.OWNER in roles, user.id)
    if args[0].isascii() and args[0].isdigit() and len(args[0]) < 16:
        writer = Writer(user.id, writer.owner, int(args[0]))
        args = args[1:]
    try:
        return {"text": await _change(services, tx, writer, args), "parse_mode": "HTML"}
    except Unread as mistake:
        return {"text": str(mistake)}


async def _change(services: Services, tx: Transaction, writer: Writer, args: list[str]) -> str:
    if writer.counselor != writer.id and not writer.owner:
        return words_duty.ONCALL_OWNERS_ONLY
    zone = services.alerts.calls.zone
    word, rest = (args[0], args[1:]) if args else ("", [])
    if word in {"节", "不节"}:
        return await _holiday(tx, writer, word == "节", " ".join(rest), zone)
    if writer.counselor not in await people.holders(tx, Role.COUNSELOR):
        who = name_of(await duty.colleagues(tx), writer.counselor)
        return words_duty.ONCALL_NOT_COUNSELOR.format(who=who)
    match word, rest:
        case "班", [days, hours]:
            said = await _shift(tx, writer, days, hours)
        case "清空", []:
            count = await duty.drop_shifts(tx, writer.counselor)
            said = words_duty.KEPT_CLEARED.format(count=count)
        case "假", [first, *last] if len(last) < 2:
            said = await _leave(tx, writer, first, last[0] if last else first, zone)
        case "销假", []:
            await duty.drop_absences(tx, writer.counselor)
            said = words_duty.KEPT_BACK
        case "安静", [hours]:
            quiet: tuple[time, time] = read_hours(hours)
            await duty.keep_quiet(tx, writer.counselor, quiet)
            said = words_duty.KEPT_QUIET.format(hours=hours_in_words(quiet))
        case "不安静", []:
            await duty.keep_quiet(tx, writer.counselor, None)
            said = words_duty.KEPT_NO_QUIET
        case _:
            raise Unread(" ".join(args), words_duty.WANT_WORD)
    await _record(tx, writer, word, rest)
    return said


async def _shift(tx: Transaction, writer: Writer, days: str, hours: str) -> str:
    starts, ends = read_hours(hours)
    await duty.add_shift(tx, Shift(writer.counselor, read_days(days), starts, ends))
    return words_duty.KEPT_SHIFT


async def _leave(tx: Transaction, writer: Writer, first: str, last: str, zone: ZoneInfo) -> str:
    today = tx.now.astimezone(zone).date()
    since = read_day(first, today, words_duty.WANT_DATES)
    until = read_day(last, max(since, today), words_duty.WANT_DATES)
    if until < since:
        raise Unread(f"{first} {last}", words_duty.DATES_TURNED)
    if until < today:
        raise Unread(last, words_duty.DATE_PAST.format(day=until))
    starts, ends = _midnight(since, zone), _midnight(until + DAY, zone)
    await duty.add_absence(tx, Absence(writer.counselor, Away.LEAVE, starts, ends))
    team = await duty.colleagues(tx)
    who = name_of(team, writer.counselor)
    said = words_duty.KEPT_LEAVE.format(first=since, last=until, who=who)
    rota = await duty.rota(tx, zone)
    uncovered = [turn for turn in rota.turns(starts, ends) if not rota.on_duty(turn.starts_at)]
    return f"{said}\n{words_duty.LEAVE_ALONE}" if uncovered else said


async def _holiday(tx: Transaction, writer: Writer, free: bool, text: str, zone: ZoneInfo) -> str:
    if not writer.owner:
        return words_duty.ONCALL_OWNERS_ONLY
    day = read_day(text, tx.now.astimezone(zone).date())
    await duty.set_holiday(tx, day, free)
    await _record(tx, writer, "节" if free else "不节", [day.isoformat()])
    said = words_duty.KEPT_HOLIDAY if free else words_duty.KEPT_NO_HOLIDAY
    return said.format(day=day)


async def _record(tx: Transaction, writer: Writer, word: str, rest: list[str]) -> None:
    detail = {"whose": tx.sealer.hash_id(writer.counselor), "what": [word, *rest]}
    await audit.record(tx, tx.sealer.hash_id(writer.id), "rota", detail=detail)


def _now(rota: Rota, team: dict[int, Colleague], now: datetime) -> list[str]:
    if not rota.shifts:
        return [words_duty.ONCALL_ALWAYS]
    there = rota.on_duty(now)
    who = "、".join(name_of(team, one) for one in there)
    lines = [words_duty.ONCALL_NOW.format(who=who) if there else words_duty.ONCALL_NOBODY]
    later = [turn for turn in rota.turns(now, now + WEEK) if turn.starts_at > now]
    for turn in later[:1]:
        doer = rota.doer(turn.user_id, turn.starts_at)
        who = name_of(team, doer) if doer is not None else "—"
        at = moment(turn.starts_at, rota.zone)
        lines.append(words_duty.ONCALL_NEXT.format(who=who, at=at))
    return lines


def _plan(rota: Rota, team: dict[int, Colleague]) -> list[str]:
    lines = [
        words_duty.ONCALL_SHIFT.format(
            who=name_of(team, shift.user_id),
            days=days_in_words(shift.days),
            starts=f"{shift.starts:%H:%M}",
            ends=f"{shift.ends:%H:%M}",
        )
        for shift in rota.shifts
    ]
    lines = [words_duty.ONCALL_PLAN, *lines] if lines else []
    lines += [line for away in rota.absences if (line := _away(rota, team, away))]
    if rota.holidays:
        days = "、".join(day.isoformat() for day in sorted(rota.holidays))
        lines.append(words_duty.ONCALL_HOLIDAYS.format(days=days))
    return lines


def _away(rota: Rota, team: dict[int, Colleague], away: Absence) -> str:
    who = name_of(team, away.user_id)
    first, last = moment(away.starts_at, rota.zone), moment(away.ends_at, rota.zone)
    if away.covered_by is not None:
        other = name_of(team, away.covered_by)
        return words_duty.ONCALL_COVER.format(who=other, other=who, first=first, last=last)
    if away.kind is Away.LEAVE:
        return words_duty.ONCALL_LEAVE.format(who=who, first=first, last=last)
    return ""


def _own(known: Colleague | None, user_id: int, rota: Rota) -> list[str]:
    if user_id not in rota.counselors:
        return []
    quiet = words_duty.ONCALL_NO_QUIET
    if known is not None and known.quiet is not None:
        quiet = words_duty.ONCALL_QUIET.format(hours=hours_in_words(known.quiet))
    veiled = known is not None and known.veiled
    return [
        "",
        quiet,
        words_duty.ONCALL_VEILED if veiled else words_duty.ONCALL_OPEN,
        words_duty.ONCALL_HOW,
    ]


def _rows(rota: Rota, known: Colleague | None, user_id: int) -> list[list[dict[str, str]]]:
    if user_id not in rota.counselors:
        return []
    veiled = known is not None and known.veiled
    veil = words_duty.BUTTON_UNVEIL if veiled else words_duty.BUTTON_VEIL
    rows = [[{"text": veil, "callback_data": f"o:veil:{int(not veiled)}"}]]
    if any(shift.user_id == user_id for shift in rota.shifts):
        rows.insert(0, [{"text": words_duty.BUTTON_SWAP, "callback_data": "o:swap"}])
    return rows


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
