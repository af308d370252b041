"""Taps of members: asking for a human, numbers to call, turning pages."""

from __future__ import annotations

from typing import Any

from bot import words
from bot.pages import group_payload, home_payload, page_payload, section_payload
from bot.services import Services
from bot.taps import ANSWER_WITHIN, Tap, is_number
from moderation.storage import Transaction, casebook, outbox
from moderation.storage.casebook import Person
from moderation.storage.outbox import Lane, Outgoing
from moderation.vocabulary import Subject
from resources import Section

NUMBERS = "hotlines-cn"


async def ask_for_human(services: Services, tx: Transaction, tap: Tap, case_id: int) -> str:
    """Only the member herself can ask on her case; 0 opens a new one."""
    case = await casebook.get(tx, case_id) if case_id else None
    if case_id and (case is None or case.person is None or case.person.id != tap.user.id):
        return words.OLD_BUTTON
    chat_id = case.chat_id if case is not None else tap.chat_id
    person = Person(tap.user.id, tap.user.full_name, username=tap.user.username)
    if case is not None and case.subject is not Subject.SELF:
        await services.alerts.call_for(tx, case)
    else:
        await services.alerts.ask_for_human(tx, person, chat_id)
    return words.HUMAN_CALLED


async def turn_page(services: Services, tx: Transaction, tap: Tap) -> str:
    """Another page or menu in place of the one that carries the button."""
    payload = _page(services, tap)
    if payload is None or tap.message_id is None:
        return words.PAGE_GONE
    row = Outgoing(
        dedupe=f"page:{tap.query.id}",
        lane=Lane.TAP,
        chat_id=tap.chat_id,
        method="editMessageText",
        payload={**payload, "message_id": tap.message_id},
        expires_in=ANSWER_WITHIN,
    )
    await outbox.put(tx, row)
    return ""


async def show_numbers(services: Services, tx: Transaction, tap: Tap) -> str:
    """Whom to call, as a new message: the kind word above it and its button stay."""
    page = services.catalogue.page(NUMBERS)
    if page is None:
        return words.PAGE_GONE
    row = Outgoing(
        dedupe=f"numbers:{tap.query.id}",
        lane=Lane.CRISIS,
        chat_id=tap.chat_id,
        method="sendMessage",
        payload=page_payload(page),
    )
    await outbox.put(tx, row)
    return ""


def _page(services: Services, tap: Tap) -> dict[str, Any] | None:
    sections = {section.value for section in Section}
    match tap.kind, tap.args:
        case "s", ("home",):
            return home_payload()
        case "s", (section,) if section in sections:
            return section_payload(services.catalogue, Section(section))
        case "g", (section, number) if section in sections and is_number(number):
            return group_payload(services.catalogue, Section(section), int(number))
        case "p", (page_id,):
            page = services.catalogue.page(page_id)
            return page_payload(page) if page else None
    return None
