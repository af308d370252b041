"""Taps on buttons: staff move cases, members ask for a human or turn pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import telegram
from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.cards import state_line
from bot.pages import plain_payload
from bot.refusals import DELETE
from bot.services import Services, services_of
from bot.shelf import shelf_of
from bot.words import care
from moderation.cases import IllegalMove, Move, apply
from moderation.storage import (
    Transaction,
    audit,
    casebook,
    chats,
    group_settings,
    outbox,
    people,
    rates,
)
from moderation.storage.casebook import Case, Person
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role
from moderation.vocabulary import CaseKind, Subject

NUMBERS = "hotlines-cn"
ANSWER_WITHIN = timedelta(seconds=25)
HUMAN_MOST, HUMAN_PER = 6, timedelta(minutes=10)
"""So often a member's call is passed on; the case stays open and is called again by itself."""
STAFF = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Tap:
    """Who tapped what, where."""

    query: telegram.CallbackQuery
    user: telegram.User
    chat_id: int
    kind: str
    args: tuple[str, ...]


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Any inline button; an old or forged one does nothing."""
    services = services_of(context)
    tap = _tap(update)
    if tap is None:
        return
    async with services.work(update) as tx:
        said = await _react(services, tx, tap)
        await _acknowledge(tx, tap, said)


def _tap(update: Update) -> Tap | None:
    query = update.callback_query
    if query is None:
        return None
    kind, *args = (query.data or "").split(":")
    chat_id = query.message.chat.id if query.message else 0
    return Tap(query, query.from_user, chat_id, kind, tuple(args))


async def _react(services: Services, tx: Transaction, tap: Tap) -> str:
    """Do what the button says; what the tapper is told."""
    match tap.kind, tap.args:
        case "m", (case_id, move) if _is_number(case_id) and move in set(Move):
            return await _move(services, tx, tap, int(case_id), Move(move))
        case "d", (case_id, message_id) if _is_number(case_id) and _is_number(message_id):
            return await _delete(services, tx, tap, int(case_id), int(message_id))
        case "h", (case_id,) if _is_number(case_id):
            return await _ask_for_human(services, tx, tap, int(case_id))
        case "n", () if tap.chat_id == tap.user.id:
            return await _show_numbers(services, tx, tap)
    return words.OLD_BUTTON


async def _move(services: Services, tx: Transaction, tap: Tap, case_id: int, move: Move) -> str:
    case = await casebook.get(tx, case_id)
    if not await _is_staff(services, tx, tap):
        return words.NOT_FOR_YOU
    if case is None:
        return words.OLD_BUTTON
    try:
        standing = apply(case.standing, move, tap.user.id)
    except IllegalMove:
        return words.MOVED_ALREADY.format(state=state_line(case))
    name = tap.user.full_name
    if move is Move.UNDO:
        name = case.holder_name_before or name
    elif case.holder_name is not None and standing.holder == case.standing.holder:
        name = case.holder_name
    await casebook.set_standing(tx, case_id, standing, name)
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, f"move:{move}", case_id, {"from": case.standing.state})
    await services.alerts.moved(tx, case_id, move, tap.user.full_name)
    return words.MOVE_DONE[move]


async def _delete(
    services: Services, tx: Transaction, tap: Tap, case_id: int, message_id: int
) -> str:
    case = await casebook.get(tx, case_id)
    if not await _is_staff(services, tx, tap):
        return words.NOT_FOR_YOU
    if case is None or not await _belongs(tx, case, message_id):
        return words.OLD_BUTTON
    chat = await chats.get(tx, case.chat_id)
    if chat is None or not chat.can_delete:
        return words.NO_DELETE_RIGHT
    row = Outgoing(
        dedupe=f"delete:{tap.query.id}",
        lane=Lane.TAP,
        chat_id=case.chat_id,
        method=DELETE,
        payload={"message_id": message_id},
        case_id=case_id,
    )
    await outbox.put(tx, row)
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, "deleted", case_id, {"message": message_id})
    return words.DELETE_ASKED


async def _ask_for_human(services: Services, tx: Transaction, tap: Tap, case_id: int) -> str:
    """Only the member herself can ask on her case; 0 opens a new one."""
    case = await casebook.get(tx, case_id) if case_id else None
    if case_id and (case is None or case.person is None or case.person.id != tap.user.id):
        return words.OLD_BUTTON
    if not await rates.allow(tx, "human", tap.user.id, HUMAN_MOST, HUMAN_PER):
        return care.HUMAN_CALLED_OFTEN
    chat_id = case.chat_id if case is not None else tap.chat_id
    person = Person(tap.user.id, tap.user.full_name, username=tap.user.username)
    if case is not None and case.subject is not Subject.SELF:
        await services.alerts.call_for(tx, case)
    else:
        await services.alerts.ask_for_human(tx, person, chat_id)
    return words.HUMAN_CALLED


async def _show_numbers(services: Services, tx: Transaction, tap: Tap) -> str:
    """Whom to call, as a new message: the kind word above it and its button stay."""
    page = services.catalogue.page(NUMBERS)
    if page is None:
        return words.PAGE_GONE
    row = Outgoing(
        dedupe=f"numbers:{tap.query.id}",
        lane=Lane.CRISIS,
        chat_id=tap.chat_id,
        method="sendMessage",
        payload=plain_payload(await shelf_of(services, tx), page),
    )
    await outbox.put(tx, row)
    return ""


async def _acknowledge(tx: Transaction, tap: Tap, said: str) -> None:
    await outbox.put(
        tx,
        Outgoing(
            dedupe=f"tap:{tap.query.id}",
            lane=Lane.CRISIS if tap.kind in {"m", "h"} else Lane.TAP,
            chat_id=tap.user.id,
            method="answerCallbackQuery",
            payload={
                "callback_query_id": tap.query.id,
                "text": said[:200],
                "show_alert": tap.kind == "h",
            },
            expires_in=ANSWER_WITHIN,
        ),
    )


async def _is_staff(services: Services, tx: Transaction, tap: Tap) -> bool:
    """A role row, or sitting in the moderators' chat, which only moderators can enter."""
    if tap.chat_id == services.alerts.calls.moderator_chat:
        return True
    if await group_settings.is_moderators(tx, tap.chat_id):
        return True
    return bool(await people.roles_of(tx, tap.user.id) & STAFF) or await _is_called_admin(tx, tap)


async def _is_called_admin(tx: Transaction, tap: Tap) -> bool:
    """An admin who was sent this very card in private, because nobody else is set up."""
    if tap.chat_id != tap.user.id or tap.kind != "m":
        return False
    return await outbox.was_sent_as_admin(tx, int(tap.args[0]), tap.user.id)


def _is_number(text: str) -> bool:
    """Whether it is an id as our buttons carry them; forged ones may hold anything."""
    return re.fullmatch("[0-9]{1,12}", text) is not None


async def _belongs(tx: Transaction, case: Case, message_id: int) -> bool:
    deletable = case.kind in {CaseKind.ALLEGATION, CaseKind.DOXXING, CaseKind.REPORT}
    known = await casebook.signals_of(tx, case.id)
    return deletable and any(signal.message_id == message_id for signal in known)
