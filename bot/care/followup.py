"""What time brings after a crisis: a plan is offered, people are asked after, answers are brought."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog

from bot import metrics, words
from bot.care import cards
from bot.care.keepers import keeper_of, tell_keeper
from bot.members.kindness import INSTEAD
from bot.readers import ours
from bot.services import Services
from bot.showing import safe_text
from bot.words import care
from moderation.cases import CaseState
from moderation.followup import Consent, ContactState, awake, due_times, made_up
from moderation.storage import Transaction, audit, casebook, followups, outbox, people
from moderation.storage.casebook import Case
from moderation.storage.followups import Contact, Plan
from moderation.storage.outbox import Lane, Outgoing
from moderation.vocabulary import CaseKind, Message, Subject

log = structlog.get_logger()

FEW = 3
"""Up to so many reminders at once come one by one; more come as one list."""
BETWEEN_NOTES = timedelta(minutes=2)
"""After downtime the notes that are made up leave with this much time between them."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One contact that is due, with its plan and case."""

    case: Case
    plan: Plan
    contact: Contact


async def follow_up(services: Services) -> None:
    """Offer plans that are wanted, and do what is due. One damaged row does not hold up the others."""
    async with services.database.reading() as tx:
        wanted = await followups.without_plan(tx)
        overdue = await followups.due(tx) if awake(tx.now, services.alerts.calls.zone) else {}
    for case_id in wanted:
        await _guarded(case_id, partial(_offer, services, case_id=case_id), services)
    kept, missed = made_up(overdue)
    for contact in missed:
        await _guarded(contact.case_id, partial(_let_go, contact=contact), services)
    for place, matters in (await _by_keeper(services, kept)).items():
        work = partial(_ask_after, services, place=place, matters=matters)
        await _guarded(matters[0].case.id, work, services)
    if wanted or kept:
        services.outbox.wake()


async def asked_since(tx: Transaction, user_id: int, at: datetime) -> bool:
    """Whether this person was asked how she is after that, and has not answered yet."""
    contact = await followups.awaiting_answer(tx, user_id)
    return contact is not None and contact.state is ContactState.ASKED and contact.due_at > at


async def bring_back(services: Services, tx: Transaction, message: Message) -> bool:
    """What a member writes after she was asked goes to who asked; False if nobody asked."""
    contact = await followups.awaiting_answer(tx, message.sender.id)
    matter = await _matter(tx, contact) if contact is not None else None
    if matter is None:
        return False
    case, plan = matter.case, matter.plan
    if message.text.strip(" 。！!.") in care.STOP_WORDS:
        await stop_asking(services, tx, matter, f"stop:{message.message_id}")
        return True
    answer = care.ANSWER["words"]
    await followups.set_contact(tx, matter.contact.id, ContactState.ANSWERED, answer=answer)
    text = safe_text(message.text or words.NO_WORDS)
    payload = cards.message(care.ANSWERED_WORDS.format(who=cards.who(case), text=text[:3000]), [])
    place = keeper_of(services, case, plan)
    await tell_keeper(
        services, tx, place, payload, f"wrote:{message.message_id}:{case.id}", case.id
    )
    heard = care.HEARD_WORDS.format(holder=cards.holder(case))
    await outbox.put(
        tx,
        Outgoing(
            dedupe=f"heard:{matter.contact.id}",
            lane=Lane.ANSWER,
            chat_id=message.sender.id,
            method="sendMessage",
            payload=cards.human_payload(case, heard),
        ),
    )
    return True


async def ask_consent(services: Services, tx: Transaction, case: Case, plan: Plan) -> None:
    """Ask the member, once, whether the bot may ask after her."""
    assert case.person is not None
    await followups.change_plan(tx, case.id, consent=Consent.ASKED)
    refused = cards.message(care.CONSENT_REFUSED.format(who=cards.who(case)), [])
    row = Outgoing(
        dedupe=f"consent:{case.id}",
        lane=Lane.ANSWER,
        chat_id=case.person.id,
        method="sendMessage",
        payload={
            **cards.consent_payload(case),
            INSTEAD: {"chat_id": keeper_of(services, case, plan), "payload": refused},
        },
        case_id=case.id,
    )
    await outbox.put(tx, row)


async def stop_asking(services: Services, tx: Transaction, matter: Matter, dedupe: str) -> None:
    """The member wrote that she does not want to be asked any more."""
    case = matter.case
    assert case.person is not None
    await followups.change_plan(tx, case.id, consent=Consent.NO)
    await audit.record(tx, tx.sealer.hash_id(case.person.id), "follow_up_no", case.id)
    told = cards.message(care.CONSENT_NO.format(who=cards.who(case)), [])
    place = keeper_of(services, case, matter.plan)
    await tell_keeper(services, tx, place, told, f"{dedupe}:{case.id}", case.id)
    row = Outgoing(
        dedupe=f"{dedupe}:heard:{case.id}",
        lane=Lane.ANSWER,
        chat_id=case.person.id,
        method="sendMessage",
        payload=ours({"text": care.HEARD_STOP}),
    )
    await outbox.put(tx, row)


async def _guarded(
    case_id: int, work: Callable[[Transaction], Awaitable[None]], services: Services
) -> None:
    try:
        async with services.database.transaction() as tx:
            await work(tx)
    except Exception as error:
        metrics.ERRORS.labels("followup").inc()
        name = type(error).__name__
        log.error("not_followed_up", case=case_id, error=name, exc_info=error)


async def _offer(services: Services, tx: Transaction, case_id: int) -> None:
    case = await casebook.get(tx, case_id)
    if case is None or case.person is None:
        return
    zone = services.alerts.calls.zone
    await followups.offer(tx, case_id, case.standing.holder, due_times(tx.now, zone))
    said = await followups.supersede(tx, case_id, case.person.id)
    if said is not Consent.UNASKED:
        await followups.change_plan(tx, case_id, consent=said)
    plan = await followups.plan_of(tx, case_id)
    assert plan is not None
    await audit.record(tx, "time", "plan_offered", case_id)
    card = cards.plan_card(case, plan, await followups.contacts_of(tx, case_id), zone)
    place = keeper_of(services, case, plan)
    await tell_keeper(services, tx, place, card, f"plan:{case_id}", case_id)


async def _let_go(tx: Transaction, contact: Contact) -> None:
    await followups.set_contact(tx, contact.id, ContactState.MISSED)
    await audit.record(tx, "time", "contact_missed", contact.case_id, {"step": contact.step})


async def _by_keeper(services: Services, due: list[Contact]) -> dict[int | None, list[Matter]]:
    """What is due, by whom it concerns, longest overdue first; a damaged case is left out."""
    found: dict[int | None, list[Matter]] = {}
    async with services.database.reading() as tx:
        for contact in sorted(due, key=lambda one: one.due_at):
            try:
                matter = await _matter(tx, contact)
            except Exception as error:
                log.error("unreadable_case", case=contact.case_id, error=type(error).__name__)
                continue
            if matter is not None:
                place = keeper_of(services, matter.case, matter.plan)
                found.setdefault(place, []).append(matter)
    return found


async def _matter(tx: Transaction, contact: Contact) -> Matter | None:
    case = await casebook.get(tx, contact.case_id)
    plan = await followups.plan_of(tx, contact.case_id)
    if case is None or plan is None or case.person is None:
        return None
    return Matter(case, plan, contact)


async def _ask_after(
    services: Services, tx: Transaction, place: int | None, matters: list[Matter]
) -> None:
    """Remind a keeper of everybody who is due; members who want it get their note."""
    asked = [await _start(services, tx, matter, turn) for turn, matter in enumerate(matters)]
    told = [matter for matter in asked if matter is not None]
    if len(told) > FEW:
        card = cards.many_card([(one.case, one.contact) for one in told])
        dedupe = "many:" + ":".join(str(one.contact.id) for one in told)[:100]
        await tell_keeper(services, tx, place, card, dedupe)
        return
    for one in told:
        due = f"due:{one.contact.id}:{one.contact.due_at.date().isoformat()}"
        await tell_keeper(services, tx, place, await due_payload(tx, one), due, one.case.id)


async def due_payload(tx: Transaction, matter: Matter) -> dict[str, object]:
    """What the keeper reads when a contact is due."""
    case, contact = matter.case, matter.contact
    if contact.state is ContactState.ASKED:
        text = care.DUE_ASKED.format(who=cards.who(case), step=cards.step(contact))
        rows = [[{"text": care.BUTTON_MADE, "callback_data": f"fc:{contact.id}:made"}]]
        return cards.message(text, rows)
    return cards.due_card(case, matter.plan, contact, await _before(tx, contact))


async def _start(services: Services, tx: Transaction, matter: Matter, turn: int) -> Matter | None:
    """Begin one contact: a note if she wants it, else only the keeper; None if it is not wanted now."""
    case, contact = matter.case, matter.contact
    assert case.person is not None
    now = await casebook.find_live(tx, CaseKind.CRISIS, case.chat_id, case.person.id, Subject.SELF)
    if case.standing.state is CaseState.FALSE_ALARM or (now is not None and now.id != case.id):
        await followups.set_contact(tx, contact.id, ContactState.SKIPPED)
        return None
    wants = matter.plan.consent is Consent.YES and case.person.writable
    state = ContactState.ASKED if wants else ContactState.REMINDED
    await followups.set_contact(tx, contact.id, state)
    await audit.record(tx, "time", f"contact_{state}", case.id, {"step": contact.step})
    if wants:
        await _send_note(services, tx, matter, turn)
    fresh = await followups.contact(tx, contact.id)
    assert fresh is not None
    return Matter(case, matter.plan, fresh)


async def _send_note(services: Services, tx: Transaction, matter: Matter, turn: int) -> None:
    case, contact = matter.case, matter.contact
    assert case.person is not None
    note = await people.unsaid(tx, case.person.id, list(care.NOTE))
    refused = cards.message(care.NOTE_REFUSED.format(who=cards.who(case)), [])
    row = Outgoing(
        dedupe=f"note:{contact.id}",
        lane=Lane.ANSWER,
        chat_id=case.person.id,
        method="sendMessage",
        payload={
            **cards.note_payload(case, contact, note),
            INSTEAD: {"chat_id": keeper_of(services, case, matter.plan), "payload": refused},
        },
        case_id=case.id,
        not_before=tx.now + BETWEEN_NOTES * turn,
    )
    await outbox.put(tx, row)


async def _before(tx: Transaction, contact: Contact) -> Contact | None:
    """The contact before this one that came to something."""
    earlier = [
        one
        for one in await followups.contacts_of(tx, contact.case_id)
        if one.step < contact.step and one.state is not ContactState.OFF
    ]
    return earlier[-1] if earlier else None
