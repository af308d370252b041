"""A tap on a button: who, where, what; and whether this one may."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

import telegram
from telegram import Update

from bot.services import Services
from moderation.cases import Move
from moderation.storage import Transaction, outbox, people
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role

ANSWER_WITHIN = timedelta(seconds=25)
STAFF = frozenset(Role)
MODERATING = frozenset({Role.OWNER, Role.MODERATOR})
OWN_MOVES = {Move.CONTACT, Move.HAND_OVER, Move.UNDO}
"""What the holder of a case may do with it wherever she is asked."""
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Tap:
    """Who tapped what, where."""

    query: telegram.CallbackQuery
    user: telegram.User
    chat_id: int
    kind: str
    args: tuple[str, ...]

    @property
    def private(self) -> bool:
        """Whether it was in the tapper's own chat with the bot."""
        return self.chat_id == self.user.id

    @property
    def message_id(self) -> int | None:
        """The message that carries the button, as far as the platform still knows it."""
        return self.query.message.message_id if self.query.message else None


def tap_of(update: Update) -> Tap | None:
    """The tap of an update."""
    query = update.callback_query
    if query is None:
        return None
    kind, *args = (query.data or "").split(":")
    chat_id = query.message.chat.id if query.message else 0
    return Tap(query, query.from_user, chat_id, kind, tuple(args))


async def is_staff(services: Services, tx: Transaction, tap: Tap, case: Case | None) -> bool:
    """A role row, or sitting in the moderators' chat, which only moderators can enter."""
    if await may_moderate(services, tx, tap, case):
        return True
    return bool(await people.roles_of(tx, tap.user.id) & STAFF)


async def may_moderate(services: Services, tx: Transaction, tap: Tap, case: Case | None) -> bool:
    """Whether this one may act towards members: moderators, owners, admins called for want of them."""
    if tap.chat_id == services.alerts.calls.moderator_chat:
        return True
    if await people.roles_of(tx, tap.user.id) & MODERATING:
        return True
    called = case is not None and tap.private
    return called and await outbox.was_sent_as_admin(tx, case.id if case else 0, tap.user.id)


def is_holder(tap: Tap, case: Case | None) -> bool:
    """Whether she has this case."""
    return case is not None and case.standing.holder == tap.user.id


def is_number(text: str) -> bool:
    """Whether it is an id as our buttons carry them; forged ones may hold anything."""
    return re.fullmatch("[0-9]{1,12}", text) is not None


async def acknowledge(tx: Transaction, tap: Tap, said: str, *, urgent: bool, alert: bool) -> None:
    """Tell the tapper what came of it."""
    row = Outgoing(
        dedupe=f"tap:{tap.query.id}",
        lane=Lane.CRISIS if urgent else Lane.TAP,
        chat_id=tap.user.id,
        method="answerCallbackQuery",
        payload={
            "callback_query_id": tap.query.id,
            "text": said[:LONGEST],
            "show_alert": alert,
        },
        expires_in=ANSWER_WITHIN,
    )
    await outbox.put(tx, row)
