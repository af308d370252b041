"""Taps on buttons: each is checked, done once, and answered; an old or forged one does nothing."""

from __future__ import annotations

from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.alerting.buttons import CRISIS_ONLY
from bot.alerting.cards import state_line
from bot.alerting.cardview import ActKind
from bot.hearing.recent import CONTEXT
from bot.members import member_taps
from bot.operating.measuring import note_answer
from bot.services import Services, services_of
from bot.spirals import calming
from bot.spirals.thanking import thank
from bot.staff import appealing, handover, handover_taps, oncall_taps, statement
from bot.staff.acting import Doer
from bot.taps import (
    OWN_MOVES,
    STAFF,
    Tap,
    acknowledge,
    is_holder,
    is_number,
    is_staff,
    may_moderate,
    tap_of,
)
from bot.words import duty as words_duty
from bot.words import spirals as words_spirals
from moderation.cases import CaseState, IllegalMove, Move, apply
from moderation.storage import Transaction, acts, audit, casebook, duty, outbox, people, spoken
from moderation.storage.casebook import Case, Signal
from moderation.storage.outbox import Lane, Outgoing
from moderation.vocabulary import CaseKind, Subject

URGENT = {"m", "h", "w"}
TOWARDS_MEMBERS = {ActKind.DELETE, ActKind.MUTE, ActKind.REMIND}
"""What only those may do who moderate the group."""


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Any inline button."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    async with services.work(update) as tx:
        said = await react(services, tx, tap)
        await acknowledge(tx, tap, said, alert=tap.kind == "h", urgent=tap.kind in URGENT)


async def react(services: Services, tx: Transaction, tap: Tap) -> str:
    """Do what the button says; what the tapper is told."""
    if await people.roles_of(tx, tap.user.id) & STAFF:
        await duty.note_colleague(tx, tap.user.id, tap.user.full_name)
    match tap.kind, tap.args:
        case "m", (case_id, move) if is_number(case_id) and move in set(Move):
            return await _move(services, tx, tap, int(case_id), Move(move))
        case "w", (case_id, how) if is_number(case_id) and how in words_duty.BUTTON_HOW:
            return await _how(services, tx, tap, int(case_id), words_duty.BUTTON_HOW[how])
        case "d", (case_id, message) if is_number(case_id) and is_number(message):
            return await _act(services, tx, tap, int(case_id), ActKind.DELETE, int(message))
        case "x", (case_id, act) if is_number(case_id) and act in set(ActKind) - {ActKind.DELETE}:
            return await _act(services, tx, tap, int(case_id), ActKind(act))
        case "u", (act_id,) if is_number(act_id):
            return await _undo_act(services, tx, tap, int(act_id))
        case "c", (case_id, message) if is_number(case_id) and is_number(message):
            return await _context(services, tx, tap, int(case_id), int(message))
        case "calm", (case_id, *rest) if is_number(case_id):
            return await _calm(services, tx, tap, int(case_id), rest)
        case "v", (appeal_id, verdict) if is_number(appeal_id):
            return await appealing.decide(services, tx, tap, int(appeal_id), verdict)
        case "k", _:
            return await handover_taps.react(services, tx, tap)
        case "o", _:
            return await oncall_taps.react(services, tx, tap)
        case "h", (case_id,) if is_number(case_id):
            return await member_taps.ask_for_human(services, tx, tap, int(case_id))
        case "n", () if tap.private:
            return await member_taps.show_numbers(services, tx, tap)
        case "fo", _ if tap.private:
            return await statement.react(tx, tap)
        case "a", _ if tap.private:
            return await appealing.react(services, tx, tap)
    return words.OLD_BUTTON


async def _move(services: Services, tx: Transaction, tap: Tap, case_id: int, move: Move) -> str:
    case = await casebook.get(tx, case_id)
    own = is_holder(tap, case) and move in OWN_MOVES
    if not own and not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if case is None or not _may_be(move, case):
        return words.OLD_BUTTON
    try:
        standing = apply(case.standing, move, tap.user.id)
    except IllegalMove:
        if is_holder(tap, case) and move in {Move.CLAIM, Move.TAKE_OVER}:
            return words_duty.ALREADY_YOURS
        return words.MOVED_ALREADY.format(state=state_line(case))
    if standing.state.live and not case.standing.state.live and await _has_newer(tx, case):
        return words_duty.NEWER_CASE
    name = tap.user.full_name
    if move is Move.UNDO:
        name = case.holder_name_before or name
    elif case.holder_name is not None and standing.holder == case.standing.holder:
        name = case.holder_name
    await casebook.set_standing(tx, case_id, standing, name)
    note_answer(case, tx.now)
    if standing.state in {CaseState.OPEN, CaseState.CLAIMED}:
        await casebook.note_how(tx, case_id, None)
    await acts.note(tx, case_id, move, tap.user.id, tap.user.full_name)
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, f"move:{move}", case_id, {"from": case.standing.state})
    await services.alerts.moved(tx, case_id, move, tap.user)
    if move is Move.HAND_OVER and (given := await casebook.get(tx, case_id)) is not None:
        await handover.ask_line(tx, given, tap.user.id)
    done = words_spirals.MOVE_DONE if case.kind is CaseKind.SPIRAL else {}
    return done.get(move, words.MOVE_DONE[move])


async def _has_newer(tx: Transaction, case: Case) -> bool:
    """Whether the one in danger has a case that is looked after by now: one is enough."""
    who = case.whose
    if case.kind is not CaseKind.CRISIS or who is None:
        return False
    own = await casebook.find_live(tx, CaseKind.CRISIS, case.chat_id, who.id, Subject.SELF)
    return own is not None or await spoken.on(tx, who) is not None


def _may_be(move: Move, case: Case) -> bool:
    """Whether a human can make this move with this kind of case at all."""
    return move is not Move.EXPIRE and (move not in CRISIS_ONLY or case.kind is CaseKind.CRISIS)


async def _how(services: Services, tx: Transaction, tap: Tap, case_id: int, how: str) -> str:
    case = await casebook.get(tx, case_id)
    if not is_holder(tap, case) and not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if case is None:
        return words.OLD_BUTTON
    if case.standing.state is not CaseState.CONTACTED:
        return words.MOVED_ALREADY.format(state=state_line(case))
    if case.how is not None:
        return words_duty.HOW_ALREADY.format(how=case.how)
    return await services.alerts.note_how(tx, case, how, tap.user.id)


async def _act(
    services: Services, tx: Transaction, tap: Tap, case_id: int, kind: ActKind, message_id: int = 0
) -> str:
    case = await casebook.get(tx, case_id)
    if not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if kind in TOWARDS_MEMBERS and not await may_moderate(services, tx, tap, case):
        return words_duty.NOT_FOR_COUNSELORS
    if case is None or (message_id and await _signal(tx, case, message_id) is None):
        return words.OLD_BUTTON
    doer = Doer(tap.user.id, tap.user.full_name)
    if kind is ActKind.CALM:
        return await calming.preview(services, tx, tap, case)
    if kind is ActKind.THANK:
        return await thank(services.acting, tx, case, doer)
    return await services.acting.do(tx, case, kind, doer, message_id)


async def _calm(
    services: Services, tx: Transaction, tap: Tap, case_id: int, rest: list[str]
) -> str:
    """A button under the preview of a calming word."""
    case = await casebook.get(tx, case_id)
    if not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if case is None:
        return words.OLD_BUTTON
    return await calming.react(services, tx, tap, case, rest)


async def _undo_act(services: Services, tx: Transaction, tap: Tap, act_id: int) -> str:
    act = await acts.get(tx, act_id)
    case = await casebook.get(tx, act.case_id) if act is not None else None
    if not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if act is None or act.kind not in set(ActKind):
        return words.OLD_BUTTON
    if act.kind in TOWARDS_MEMBERS and not await may_moderate(services, tx, tap, case):
        return words_duty.NOT_FOR_COUNSELORS
    return await services.acting.undo(tx, act, Doer(tap.user.id, tap.user.full_name))


async def _context(
    services: Services, tx: Transaction, tap: Tap, case_id: int, message_id: int
) -> str:
    """The messages around a flagged one, below the card; looking is in the audit."""
    case = await casebook.get(tx, case_id)
    if not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    flagged = await _signal(tx, case, message_id) if case is not None else None
    if flagged is None:
        return words.OLD_BUTTON
    row = Outgoing(
        dedupe=f"context:{tap.id}",
        lane=Lane.TAP,
        chat_id=tap.chat_id,
        method=CONTEXT,
        payload={
            "chat": flagged.chat_id,
            "message": message_id,
            "reply_to": tap.message_id or None,
            "thread": services.alerts.calls.topic_of(tap.chat_id),
        },
    )
    await outbox.put(tx, row)
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), "viewed_context", case_id)
    return ""


async def _signal(tx: Transaction, case: Case, message_id: int) -> Signal | None:
    """The message of a case, if it stands in a group."""
    known = await casebook.signals_of(tx, case.id)
    found = [s for s in known if s.message_id == message_id and s.chat_id < 0]
    return found[-1] if found else None
