"""Taps on plans of follow-up, by staff, and on caring notes, by the member."""

from __future__ import annotations

from telegram import Update
from telegram.ext import ContextTypes

from bot import words
from bot.care import cards
from bot.care.followup import Matter, ask_consent, due_payload
from bot.care.keepers import keeper_of, tell_keeper
from bot.services import Services, services_of
from bot.taps import Tap, acknowledge, is_number, is_staff, show, tap_of
from bot.words import care
from moderation.cases import CaseState
from moderation.followup import Consent, ContactState, PlanState, tomorrow
from moderation.storage import Transaction, audit, casebook, followups, outbox
from moderation.storage.casebook import Case
from moderation.storage.followups import Plan
from moderation.storage.outbox import Lane, Outgoing

PATTERN = "^(f|fc|fm|fn):"
SETTLES = {
    "made": (ContactState.MADE, care.DONE_MADE),
    "skip": (ContactState.SKIPPED, care.DONE_SKIP),
}


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button of a plan, a reminder or a caring note; an old or forged one changes nothing."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    async with services.work(update) as tx:
        await acknowledge(tx, tap, await _react(services, tx, tap))


async def _react(services: Services, tx: Transaction, tap: Tap) -> str:
    match tap.kind, tap.args:
        case "f", (case_id, what) if is_number(case_id):
            return await _change_plan(services, tx, tap, int(case_id), what)
        case "fc", (contact_id, what) if is_number(contact_id):
            return await _settle(services, tx, tap, int(contact_id), what)
        case "fm", (case_id, what) if tap.private and is_number(case_id):
            return await _consent(services, tx, tap, int(case_id), what)
        case "fn", (contact_id, what) if tap.private and is_number(contact_id):
            return await _answer(services, tx, tap, int(contact_id), what)
    return words.OLD_BUTTON


async def _change_plan(
    services: Services, tx: Transaction, tap: Tap, case_id: int, what: str
) -> str:
    case, plan = await casebook.get(tx, case_id), await followups.plan_of(tx, case_id)
    if not await is_staff(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if case is None or plan is None or case.standing.state is CaseState.FALSE_ALARM:
        return words.OLD_BUTTON
    said = await _apply(services, tx, case, plan, what)
    if said != words.OLD_BUTTON:
        actor = tx.sealer.hash_id(tap.user.id)
        await audit.record(tx, actor, "plan", case_id, {"tap": what[:8]})
        await _show_plan(services, tx, tap, case)
    return said


async def _apply(services: Services, tx: Transaction, case: Case, plan: Plan, what: str) -> str:
    """Make one change to a plan; what the tapper hears. OLD_BUTTON where it does not fit."""
    match what:
        case "go" | "goask" if plan.state is PlanState.OFFERED:
            return await _accept(services, tx, case, plan, asking=what == "goask")
        case "no" if plan.state is PlanState.OFFERED:
            await followups.change_plan(tx, case.id, state=PlanState.DECLINED)
            return care.DONE_DECLINE
        case "stop" if plan.state is PlanState.ACCEPTED:
            await followups.change_plan(tx, case.id, state=PlanState.STOPPED)
            return care.DONE_STOP
        case "again" if plan.state in {PlanState.DECLINED, PlanState.STOPPED}:
            await followups.change_plan(tx, case.id, state=PlanState.OFFERED)
            return care.DONE_TOGGLE
        case "ask" if plan.state is PlanState.ACCEPTED:
            return await _ask(services, tx, case, plan)
        case _ if what[:1] == "t" and is_number(what[1:]):
            return await _toggle(tx, case, plan, int(what[1:]))
    return words.OLD_BUTTON


async def _accept(
    services: Services, tx: Transaction, case: Case, plan: Plan, *, asking: bool
) -> str:
    days = await followups.contacts_of(tx, case.id)
    if not any(one.state is ContactState.PLANNED for one in days):
        return care.NO_DAY_LEFT
    await followups.change_plan(tx, case.id, state=PlanState.ACCEPTED)
    return await _ask(services, tx, case, plan) if asking else care.DONE_ACCEPT


async def _ask(services: Services, tx: Transaction, case: Case, plan: Plan) -> str:
    if plan.consent is not Consent.UNASKED:
        return care.ASKED_ALREADY
    if case.person is None or not case.person.writable:
        return care.CANNOT_ASK
    await ask_consent(services, tx, case, plan)
    return care.DONE_ASKED


async def _toggle(tx: Transaction, case: Case, plan: Plan, step: int) -> str:
    if plan.state not in {PlanState.OFFERED, PlanState.ACCEPTED}:
        return words.OLD_BUTTON
    days = {one.step: one for one in await followups.contacts_of(tx, case.id)}
    one = days.get(step)
    if one is None:
        return words.OLD_BUTTON
    if one.state not in {ContactState.PLANNED, ContactState.OFF} or one.due_at <= tx.now:
        return care.PAST_DAY
    off = one.state is ContactState.PLANNED
    await followups.set_contact(tx, one.id, ContactState.OFF if off else ContactState.PLANNED)
    return care.DONE_TOGGLE


async def _show_plan(services: Services, tx: Transaction, tap: Tap, case: Case) -> None:
    plan = await followups.plan_of(tx, case.id)
    assert plan is not None
    contacts = await followups.contacts_of(tx, case.id)
    await show(tx, tap, cards.plan_card(case, plan, contacts, services.alerts.calls.zone))


async def _settle(services: Services, tx: Transaction, tap: Tap, contact_id: int, what: str) -> str:
    """What the keeper did about one contact."""
    matter = await _matter(tx, contact_id)
    if not await is_staff(services, tx, tap, matter.case if matter else None):
        return words.NOT_FOR_YOU
    if matter is None:
        return words.OLD_BUTTON
    if what == "show":
        payload = await due_payload(tx, matter)
        await tell_keeper(services, tx, tap.chat_id, payload, f"shown:{tap.id}", matter.case.id)
        return care.DUE_SENT
    if not matter.contact.state.open:
        return words.OLD_BUTTON
    said = await _settled(services, tx, matter, what)
    if said != words.OLD_BUTTON:
        actor = tx.sealer.hash_id(tap.user.id)
        await audit.record(tx, actor, f"contact_{what}", matter.case.id)
        fresh = await followups.contact(tx, contact_id)
        assert fresh is not None
        await show(tx, tap, cards.settled_card(matter.case, fresh))
    return said


async def _settled(services: Services, tx: Transaction, matter: Matter, what: str) -> str:
    if what == "tomorrow" and matter.contact.state is ContactState.REMINDED:
        due_at = tomorrow(tx.now, services.alerts.calls.zone)
        await followups.set_contact(tx, matter.contact.id, ContactState.PLANNED, due_at=due_at)
        return care.DONE_TOMORROW
    if what not in SETTLES:
        return words.OLD_BUTTON
    state, said = SETTLES[what]
    await followups.set_contact(tx, matter.contact.id, state)
    return said


async def _consent(services: Services, tx: Transaction, tap: Tap, case_id: int, what: str) -> str:
    """The member says whether she wants to be asked after; she may change her mind at any time."""
    case, plan = await casebook.get(tx, case_id), await followups.plan_of(tx, case_id)
    if case is None or plan is None:
        return words.OLD_BUTTON
    if case.person is None or case.person.id != tap.user.id:
        return care.NOT_YOURS
    wanted = Consent.YES if what == "yes" else Consent.NO
    if what not in {"yes", "no", "stop"} or plan.consent is Consent.UNASKED:
        return words.OLD_BUTTON
    if plan.consent is wanted:
        return care.HEARD_ALREADY
    await followups.change_plan(tx, case_id, consent=wanted)
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, f"follow_up_{wanted}", case_id)
    text = care.CONSENT_YES if wanted is Consent.YES else care.CONSENT_NO
    payload = cards.message(text.format(who=cards.who(case)), [])
    place = keeper_of(services, case, plan)
    await tell_keeper(services, tx, place, payload, f"consents:{tap.id}", case_id)
    said = {"yes": care.SAID_YES, "no": care.SAID_NO, "stop": care.HEARD_STOP}[what]
    await show(tx, tap, {"text": said})
    return said


async def _answer(services: Services, tx: Transaction, tap: Tap, contact_id: int, what: str) -> str:
    """The member answered a caring note with one tap; the last answer counts."""
    matter = await _matter(tx, contact_id)
    if matter is None or what not in {"ok", "low"}:
        return words.OLD_BUTTON
    case = matter.case
    if case.person is None or case.person.id != tap.user.id:
        return care.NOT_YOURS
    answer = care.ANSWER[what]
    if matter.contact.answer == answer:
        return care.HEARD_ALREADY
    await followups.set_contact(tx, contact_id, ContactState.ANSWERED, answer=answer)
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), "answered", case.id)
    low = what == "low"
    text = (care.ANSWERED_LOW if low else care.ANSWERED).format(
        who=cards.who(case), step=cards.step(matter.contact), answer=answer
    )
    lane = Lane.CRISIS if low else Lane.ALERT
    place = keeper_of(services, case, matter.plan)
    payload = cards.message(text, [])
    await tell_keeper(services, tx, place, payload, f"answered:{tap.id}", case.id, lane)
    if not low:
        return care.HEARD_OK
    heard = care.HEARD_LOW.format(holder=cards.holder(case))
    row = Outgoing(
        dedupe=f"low:{tap.id}",
        lane=Lane.CRISIS,
        chat_id=tap.user.id,
        method="sendMessage",
        payload=cards.human_payload(case, heard),
        case_id=case.id,
    )
    await outbox.put(tx, row)
    return ""


async def _matter(tx: Transaction, contact_id: int) -> Matter | None:
    contact = await followups.contact(tx, contact_id)
    case = await casebook.get(tx, contact.case_id) if contact is not None else None
    plan = await followups.plan_of(tx, contact.case_id) if contact is not None else None
    if contact is None or case is None or plan is None:
        return None
    return Matter(case, plan, contact)
