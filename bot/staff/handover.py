"""At the end of a shift: who leaves is asked what she still has; who comes gets a list.

Nothing is handed over by the clock alone: what nobody gives on stays with the one who has it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from telegram import Update

from bot import words
from bot.alerting.cards import state_line
from bot.alerting.cardview import ActKind
from bot.members.answers import answer
from bot.posing import member_name
from bot.services import Services
from bot.staff.oncall import name_of
from bot.words import duty as words_duty
from bot.words import handover as words_handover
from moderation.cases import Move
from moderation.rota import Change, Rota
from moderation.storage import Transaction, acts, audit, casebook, duty, outbox
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, Outgoing
from moderation.vocabulary import CaseKind, Message

LINE = "line"
"""Purpose of the message that asks for a line; a reply to it is that line."""
MADE_UP = timedelta(hours=2)
"""After a downtime the questions of so long ago are still asked."""
LISTED = 10
LINE_KEPT = 120
SENT_ON = {Move.HAND_OVER.value, ActKind.COUNSELOR.value}


async def change_shifts(services: Services) -> None:
    """Ask those who leave and tell those who come, each once."""
    zone = services.alerts.calls.zone
    async with services.database.transaction() as tx:
        rota = await duty.rota(tx, zone)
        since = tx.now - MADE_UP
        for change in rota.leaving(since, tx.now):
            await _ask(tx, rota, change)
        for change in rota.arriving(since, tx.now):
            await _tell(tx, rota, change)
    services.outbox.wake()


async def ask_line(tx: Transaction, case: Case, giver: int) -> None:
    """Whoever gave a case back may leave a line for the next."""
    row = Outgoing(
        dedupe=f"{LINE}:{case.id}:{case.version}",
        lane=Lane.ANSWER,
        chat_id=giver,
        method="sendMessage",
        payload={
            "text": words_handover.ASK_LINE.format(name=_name(case, await duty.names(tx))),
            "parse_mode": "HTML",
        },
        purpose=LINE,
        case_id=case.id,
    )
    await outbox.put(tx, row)


async def take_line(services: Services, update: Update, message: Message) -> bool:
    """A reply to that question: the line stands on the card from now on; False if it is none."""
    if not message.private or message.reply_to is None or not message.text.strip():
        return False
    async with services.database.reading() as tx:
        number = await outbox.card_at(tx, message.chat_id, message.reply_to, LINE)
    if number is None or message.edited:
        return False
    async with services.work(update) as tx:
        given = [
            act
            for act in await acts.of_case(tx, number)
            if act.kind == Move.HAND_OVER and act.actor == message.sender.id
        ]
        said = words.OLD_BUTTON
        if given:
            await acts.write_line(tx, given[-1].id, " ".join(message.text.split())[:LINE_KEPT])
            await audit.record(tx, tx.sealer.hash_id(message.sender.id), "line", number)
            await casebook.touch(tx, number)
            await services.alerts.calls.refresh(tx, number)
            said = words_handover.LINE_KEPT
        dedupe = f"line:{update.update_id}"
        await answer(tx, message.chat_id, message.thread_id, {"text": said}, dedupe)
    return True


def leaving_rows(held: list[Case]) -> list[list[dict[str, str]]]:
    """A button to give on each case, and one to keep them all."""
    rows = [
        [_button(words_handover.BUTTON_GIVE.format(name=_plain(case)), f"k:give:{case.id}")]
        for case in held[:LISTED]
    ]
    return [*rows, [_button(words_handover.BUTTON_KEEP, "k:keep")]] if rows else []


async def held_by(tx: Transaction, user_id: int) -> list[Case]:
    """The live cases that somebody has."""
    return [c for c in await casebook.live_cases(tx) if c.standing.holder == user_id]


async def _ask(tx: Transaction, rota: Rota, change: Change) -> None:
    dedupe = f"leaving:{change.user_id}:{change.at.timestamp():.0f}"
    if await outbox.is_known(tx, dedupe):
        return
    held = await held_by(tx, change.user_id)
    if not held:
        return
    head = words_handover.LEAVING_QUIET if change.asleep else words_handover.LEAVING
    lines = [
        head.format(at=_clock(rota, change.at), count=len(held)),
        *_lines(held, await duty.names(tx)),
        await _who_is_next(tx, rota, change),
    ]
    await _put(tx, change.user_id, "\n".join(lines), leaving_rows(held), dedupe)


async def _who_is_next(tx: Transaction, rota: Rota, change: Change) -> str:
    there = [who for who in rota.on_duty(tx.now) if who != change.user_id]
    if not rota.shifts or not there:
        return words_handover.NOBODY_NEXT
    team = await duty.colleagues(tx)
    return words_handover.NEXT.format(who="、".join(name_of(team, who) for who in there))


async def _tell(tx: Transaction, rota: Rota, change: Change) -> None:
    dedupe = f"arriving:{change.user_id}:{change.at.timestamp():.0f}"
    if await outbox.is_known(tx, dedupe):
        return
    waiting = [case for case in await casebook.live_cases(tx) if await _concerns(tx, case)]
    lines = [words_handover.ARRIVING.format(at=_clock(rota, change.at))]
    if not waiting:
        lines.append(words_handover.NOTHING_OPEN)
    else:
        lines += [
            words_handover.STILL_OPEN.format(count=len(waiting)),
            *_lines(waiting, await duty.names(tx)),
        ]
    rows = [
        [_button(words_handover.BUTTON_CARD.format(name=_plain(case)), f"k:card:{case.id}")]
        for case in waiting[:LISTED]
    ]
    await _put(tx, change.user_id, "\n".join(lines), rows, dedupe, silent=not waiting)


async def _concerns(tx: Transaction, case: Case) -> bool:
    """Whether it is a matter of counselors: a crisis, or one that was sent on to them."""
    if case.kind is CaseKind.CRISIS:
        return True
    return any(act.kind in SENT_ON and not act.undone for act in await acts.of_case(tx, case.id))


def _lines(found: list[Case], staff: list[str]) -> list[str]:
    lines = [
        words_handover.CASE_LINE.format(
            number=number,
            what=words.HEADLINE[case.kind, case.level],
            name=_name(case, staff),
            state=state_line(case),
        )
        for number, case in enumerate(found[:LISTED], 1)
    ]
    more = len(found) - LISTED
    return [*lines, words_handover.MORE.format(count=more)] if more > 0 else lines


def _name(case: Case, staff: list[str]) -> str:
    who = case.whose or case.person
    return member_name(who.name, staff) if who is not None else words_duty.THE_GROUP


def _plain(case: Case) -> str:
    """The name for a button, which knows no markup."""
    who = case.whose or case.person
    return " ".join(who.name.split())[:20] if who is not None else words_duty.THE_GROUP


def _clock(rota: Rota, at: datetime) -> str:
    return at.astimezone(rota.zone).strftime("%H:%M")


def _button(text: str, data: str) -> dict[str, str]:
    return {"text": text, "callback_data": data}


async def _put(
    tx: Transaction,
    user_id: int,
    text: str,
    rows: list[list[dict[str, str]]],
    dedupe: str,
    *,
    silent: bool = False,
) -> None:
    payload: dict[str, Any] = {"text": text, "parse_mode": "HTML"}
    if rows:
        payload["reply_markup"] = {"inline_keyboard": rows}
    if silent:
        payload["disable_notification"] = True
    row = Outgoing(
        dedupe=dedupe, lane=Lane.ALERT, chat_id=user_id, method="sendMessage", payload=payload
    )
    await outbox.put(tx, row)
