"""Taps at the change of a shift: giving a case on, keeping all, looking at a card."""

from __future__ import annotations

from bot import words
from bot.alerting.cards import state_line
from bot.services import Services
from bot.staff import handover
from bot.taps import Tap, is_holder, is_number, is_staff, show
from bot.words import handover as words_handover
from moderation.cases import IllegalMove, Move, apply
from moderation.storage import Transaction, acts, audit, casebook


async def react(services: Services, tx: Transaction, tap: Tap) -> str:
    """Do what the button says; what the tapper is told."""
    match tap.args:
        case ("give", case_id) if is_number(case_id):
            return await _give(services, tx, tap, int(case_id))
        case ("keep",):
            if not await is_staff(services, tx, tap):
                return words.NOT_FOR_YOU
            if tap.message_id:
                await show(tx, tap, {"text": words_handover.KEPT})
            return words_handover.KEPT
        case ("card", case_id) if is_number(case_id):
            return await _card(services, tx, tap, int(case_id))
    return words.OLD_BUTTON


async def _give(services: Services, tx: Transaction, tap: Tap, case_id: int) -> str:
    case = await casebook.get(tx, case_id)
    if not is_holder(tap, case) and not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if case is None:
        return words.OLD_BUTTON
    if not is_holder(tap, case):
        return words.MOVED_ALREADY.format(state=state_line(case))
    try:
        standing = apply(case.standing, Move.HAND_OVER, tap.user.id)
    except IllegalMove:
        return words.MOVED_ALREADY.format(state=state_line(case))
    await casebook.set_standing(tx, case_id, standing, None)
    await casebook.note_how(tx, case_id, None)
    await casebook.change(tx, case_id, unanswered=0)
    await casebook.replan(tx, case_id, None)
    await acts.note(tx, case_id, Move.HAND_OVER, tap.user.id, tap.user.full_name)
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, "move:hand_over", case_id, {"from": case.standing.state})
    given = await casebook.get(tx, case_id)
    assert given is not None
    await services.alerts.calls.hand_on(tx, given, tap.user.id)
    await services.alerts.calls.refresh(tx, case_id)
    await handover.ask_line(tx, given, tap.user.id)
    await _bring_up_to_date(tx, tap)
    return words_handover.GIVEN


async def _bring_up_to_date(tx: Transaction, tap: Tap) -> None:
    """The question shows only what she still has."""
    if not tap.message_id or not tap.text:
        return
    rows = handover.leaving_rows(await handover.held_by(tx, tap.user.id))
    markup = {"reply_markup": {"inline_keyboard": rows}} if rows else {}
    await show(tx, tap, {"text": tap.text, **markup})


async def _card(services: Services, tx: Transaction, tap: Tap, case_id: int) -> str:
    case = await casebook.get(tx, case_id)
    if not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if case is None:
        return words.OLD_BUTTON
    await services.alerts.calls.show_to(tx, case, tap.chat_id, f"shown:{tap.id}")
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), "viewed_card", case_id)
    return words_handover.CARD_BELOW
