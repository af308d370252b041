"""Taps of members: asking for a human, numbers to call."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot import words
from bot.advice.library import shelf_of
from bot.advice.pages import plain_payload
from bot.services import Services
from bot.taps import Tap
from bot.words import care, elsewhere
from moderation.storage import Transaction, casebook, outbox, rates, spoken
from moderation.storage.casebook import Person
from moderation.storage.outbox import Lane, Outgoing
from moderation.vocabulary import Subject

NUMBERS = "hotlines-cn"
HUMAN_MOST, HUMAN_PER = 6, timedelta(minutes=10)
"""So often a member's call is passed on; the case stays open and is called again by itself."""


async def ask_for_human(services: Services, tx: Transaction, tap: Tap, case_id: int) -> str:
    """Only the member herself, or who told of her, can ask on a case; 0 opens a new one.

    So does, in private, one that is erased by now: a button that calls a human never grows old.
    """
    case = await casebook.get(tx, case_id) if case_id else None
    own = case is not None and case.person is not None and case.person.id == tap.user.id
    if case_id and case is None and not tap.private:
        return words.OLD_BUTTON
    if case is not None and not own and tap.user.id not in await spoken.tellers(tx, case_id):
        return words.OLD_BUTTON
    if not await rates.allow(tx, "human", tap.user.id, HUMAN_MOST, HUMAN_PER):
        return care.HUMAN_CALLED_OFTEN
    chat_id = case.chat_id if case is not None else tap.chat_id
    person = Person(tap.user.id, tap.user.full_name, username=tap.user.username)
    if case is not None and (case.subject is not Subject.SELF or not own):
        await services.alerts.call_for(tx, case)
    else:
        await services.alerts.ask_for_human(tx, person, chat_id)
    return words.HUMAN_CALLED


async def show_numbers(services: Services, tx: Transaction, tap: Tap) -> str:
    """Whom to call, as a new message: the kind word above it and its button stay."""
    page = services.catalogue.page(NUMBERS)
    if page is None:
        return words.PAGE_GONE
    row = Outgoing(
        dedupe=f"numbers:{tap.id}",
        lane=Lane.CRISIS,
        chat_id=tap.chat_id,
        method="sendMessage",
        payload={**plain_payload(await shelf_of(services, tx), page), **_other_places()},
    )
    await outbox.put(tx, row)
    return ""


def _other_places() -> dict[str, Any]:
    """Buttons to the numbers of where these do not work."""
    buttons = [
        {"text": text, "callback_data": f"t:{elsewhere.PAGE[place]}"}
        for place, text in elsewhere.BUTTON.items()
    ]
    return {"reply_markup": {"inline_keyboard": [buttons[:2], buttons[2:]]}}
