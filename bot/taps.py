"""A tap on a button as plain values, its acknowledgement, and whether this one may."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import telegram
from telegram import Update

from bot import words
from bot.alerting.calls import CARD
from bot.alerting.loudness import place_of
from bot.readers import ours
from bot.services import Services
from bot.words import control
from bot.words import duty as words_duty
from moderation.cases import Move
from moderation.storage import Transaction, audit, group_settings, outbox, people, rates
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role

ANSWER_WITHIN = timedelta(seconds=25)
STAFF = frozenset(Role)
MODERATING = frozenset({Role.OWNER, Role.MODERATOR})
OWN_MOVES = {Move.CONTACT, Move.HAND_OVER, Move.UNDO}
"""What the holder of a case may do with it wherever she is asked."""
LONGEST = 200
REFUSALS = {
    words.NOT_FOR_YOU,
    words_duty.NOT_FOR_COUNSELORS,
    control.OWNERS_ONLY,
    control.SETTINGS_OWNER,
}
"""What somebody hears who reaches for more than is hers."""
WANTED = 64
REFUSED_MOST, REFUSED_PER = 5, timedelta(hours=1)
"""So many refusals of one person are in the audit; she cannot fill it."""


@dataclass(frozen=True, slots=True)
class Tap:
    """Who tapped what, where."""

    id: str
    user: telegram.User
    chat_id: int
    message_id: int
    """The message that carries the button; 0 if the platform does not know it any more."""
    text: str
    """The words of the message under which the button stands; empty if Telegram keeps them back."""
    kind: str
    args: tuple[str, ...]

    @property
    def private(self) -> bool:
        """Whether it was tapped in the private chat with the bot."""
        return self.chat_id == self.user.id


def tap_of(update: Update) -> Tap | None:
    """The tap of an update."""
    query = update.callback_query
    if query is None:
        return None
    kind, *args = (query.data or "").split(":")
    message = query.message
    return Tap(
        id=query.id,
        user=query.from_user,
        chat_id=message.chat.id if message else 0,
        message_id=message.message_id if message else 0,
        text=(message.text or "") if isinstance(message, telegram.Message) else "",
        kind=kind,
        args=tuple(args),
    )


async def moderators_sit_in(services: Services, tx: Transaction, chat_id: int) -> bool:
    """Whether a chat is one in which moderators work, of all groups or of one."""
    if chat_id == services.alerts.calls.moderator_chat:
        return True
    return await group_settings.is_moderators(tx, chat_id)


async def is_staff(services: Services, tx: Transaction, tap: Tap, case: Case | None = None) -> bool:
    """A role row, or sitting in the moderators' chat that serves this case."""
    if await may_moderate(services, tx, tap, case):
        return True
    return await where_staff_work(services, tx, tap) and await _holds(tx, tap, STAFF)


async def may_moderate(services: Services, tx: Transaction, tap: Tap, case: Case | None) -> bool:
    """Whether this one may act towards members: moderators, owners, admins called for want of them."""
    if case is not None and await serves(services, tx, tap.chat_id, case):
        return True
    if await where_staff_work(services, tx, tap) and await _holds(tx, tap, MODERATING):
        return True
    called = case is not None and tap.private
    return called and await outbox.was_sent_as_admin(tx, case.id if case else 0, tap.user.id)


async def serves(services: Services, tx: Transaction, chat_id: int, case: Case) -> bool:
    """Whether a moderators' chat is the one of this case's group, or was given the case's card.

    Those who moderate another group have no business with it.
    """
    if not await moderators_sit_in(services, tx, chat_id):
        return False
    if chat_id == await place_of(tx, case.chat_id, services.alerts.calls.moderator_chat):
        return True
    return any(row.chat_id == chat_id for row in await outbox.of_case(tx, case.id, CARD))


async def where_staff_work(services: Services, tx: Transaction, tap: Tap) -> bool:
    """In private or in a moderators' chat; nobody works on a case before a group's eyes."""
    return tap.private or await moderators_sit_in(services, tx, tap.chat_id)


async def _holds(tx: Transaction, tap: Tap, roles: frozenset[Role]) -> bool:
    return bool(await people.roles_of(tx, tap.user.id) & roles)


def is_holder(tap: Tap, case: Case | None) -> bool:
    """Whether she has this case."""
    return case is not None and case.standing.holder == tap.user.id


def is_number(text: str) -> bool:
    """Whether it is an id as our buttons carry them; forged ones may hold anything."""
    return re.fullmatch("[0-9]{1,12}", text) is not None


async def acknowledge(
    tx: Transaction, tap: Tap, said: str, *, alert: bool = False, urgent: bool = False
) -> None:
    """End the little clock on the button, with a word; a refusal is in the audit."""
    if said in REFUSALS:
        await note_refusal(tx, tap.user.id, ":".join((tap.kind, *tap.args)))
    row = Outgoing(
        dedupe=f"tap:{tap.id}",
        lane=Lane.CRISIS if urgent else Lane.TAP,
        chat_id=tap.user.id,
        method="answerCallbackQuery",
        payload=ours({"callback_query_id": tap.id, "text": said[:LONGEST], "show_alert": alert}),
        expires_in=ANSWER_WITHIN,
    )
    await outbox.put(tx, row)


async def note_refusal(tx: Transaction, user_id: int, wanted: str) -> None:
    """Somebody reached for what is not hers: in the audit, a few times an hour."""
    if await rates.allow(tx, "refused", user_id, REFUSED_MOST, REFUSED_PER):
        detail = {"wanted": wanted[:WANTED]}
        await audit.record(tx, tx.sealer.hash_id(user_id), "refused", detail=detail)


async def show(tx: Transaction, tap: Tap, payload: dict[str, Any], lane: Lane = Lane.TAP) -> None:
    """Let the tapped message say something else now."""
    row = Outgoing(
        dedupe=f"show:{tap.id}",
        lane=lane,
        chat_id=tap.chat_id,
        method="editMessageText",
        payload={**payload, "message_id": tap.message_id},
    )
    await outbox.put(tx, row)
