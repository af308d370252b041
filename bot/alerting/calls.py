"""Calling humans to a case: cards sent, kept up to date, repeated and widened until one answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import words
from bot.alerting import phone, pictures
from bot.alerting.admins import CALL_ADMINS
from bot.alerting.cards import render
from bot.alerting.cardview import CardView
from bot.alerting.loudness import SILENT, is_silent, place_of
from bot.alerting.views import view_of
from bot.spirals.drawing import PICTURE
from moderation.cases import CaseState
from moderation.ladder import Reach, ladder, reach
from moderation.storage import Transaction, audit, casebook, duty, outbox, people
from moderation.storage.casebook import Case
from moderation.storage.outbox import PRIVATE, Delivery, Lane, Outgoing, State
from moderation.storage.people import Role
from moderation.storage.superseding import put_instead, waiting_among, waiting_for
from moderation.vocabulary import ActionKind, CaseKind, Crisis

CARD = "card"
ADMINS = "admins"
CALLED = f"{PRIVATE}called"
"""How often humans had been called when a card was written: one that waits still says so once it is settled."""
SLOWEST = 5
"""Once everybody is called, calls are spaced wider and wider, up to this many times the time."""
EVERYBODY = (ActionKind.ALERT_COUNSELORS, ActionKind.ALERT_MODERATORS)


def is_urgent(case: Case) -> bool:
    """Whether minutes count."""
    return case.asked or case.level == Crisis.IMMINENT


@dataclass
class Calls:
    """Brings cards to those who must act."""

    moderator_chat: int | None
    """Moves when that chat becomes a supergroup."""
    zone: ZoneInfo
    ack_imminent: timedelta
    ack_ideation: timedelta
    moderator_topic: int | None = None
    """The topic of the moderators' chat in which cards stand."""
    has_phone: bool = False
    """Whether the operator has a channel for what nobody answers."""

    async def call(
        self, tx: Transaction, case: Case, kinds: Sequence[ActionKind], occasion: str
    ) -> None:
        """Send a card to everyone these actions name, once for each occasion; plan the next call."""
        asked = Reach((), ActionKind.ALERT_MODERATORS in kinds)
        if ActionKind.ALERT_COUNSELORS in kinds:
            first = (await self._ladder(tx, case))[0]
            asked = replace(asked, counselors=first.counselors)
        await self._send(tx, case, asked, occasion, await view_of(tx, case, self.zone))
        if ActionKind.ALERT_ADMINS in kinds:
            await self._call_admins(tx, case, occasion)
        await self.plan_next(tx, case)

    async def hand_on(self, tx: Transaction, case: Case, giver: int) -> None:
        """Somebody gives a case back as she leaves: to whoever comes next, not to herself."""
        who = Reach((), True)
        for step in await self._ladder(tx, case):
            others = tuple(one for one in step.counselors if one != giver)
            who = Reach(others, step.moderators)
            if others or step.moderators:
                break
        view = await view_of(tx, case, self.zone)
        await self._send(tx, case, who, f"handed:{case.version}", view)
        await self.plan_next(tx, case)

    async def show_to(self, tx: Transaction, case: Case, reader: int, occasion: str) -> None:
        """A fresh card for one of the staff who wants to see it."""
        await self._put(tx, case, reader, await view_of(tx, case, self.zone), occasion)

    async def call_again(self, tx: Transaction, case: Case, step: int) -> None:
        """Nobody took it: fresh cards to those on the next step of the ladder."""
        missed = case.unanswered + 1
        case = replace(case, unanswered=missed)
        await casebook.change(tx, case.id, unanswered=missed)
        view = await view_of(tx, case, self.zone)
        await self.widen(tx, case, view, f"again{step}")
        await audit.record(tx, "time", "called_again", case.id, {"step": missed})
        await self.plan_next(tx, case)

    async def widen(self, tx: Transaction, case: Case, view: CardView, occasion: str) -> None:
        """Fresh cards to all whom this many unanswered calls reach; at the end, the phone."""
        who = reach(await self._ladder(tx, case), case.unanswered)
        await self._send(tx, case, who, occasion, view)
        if not who.operator:
            return
        for owner in await people.holders(tx, Role.OWNER):
            await self._put(tx, case, owner, view, occasion)
        await self._call_admins(tx, case, occasion)
        if self.has_phone:
            await phone.ring(tx, case, occasion)

    async def plan_next(self, tx: Transaction, case: Case) -> None:
        """When an open crisis will be called again; it is, until a human takes it."""
        if case.kind is not CaseKind.CRISIS or case.standing.state is not CaseState.OPEN:
            return
        step = await casebook.next_step(tx, case.id)
        wait = self.ack_imminent if is_urgent(case) else self.ack_ideation
        if not await casebook.bring_forward(tx, case.id, tx.now + wait):
            beyond = case.unanswered - len(await self._ladder(tx, case)) + 2
            due = tx.now + wait * min(max(1, beyond), SLOWEST)
            await casebook.plan_reminder(tx, case.id, step, due)

    async def refresh(self, tx: Transaction, case_id: int) -> None:
        """Bring every card of a case up to date: rewrite waiting ones, edit sent ones."""
        case = await casebook.get(tx, case_id)
        if case is None:
            return
        view = await view_of(tx, case, self.zone)
        for row in await outbox.of_case(tx, case_id, CARD):
            if row.state is State.PENDING:
                called = max(view.called, row.payload.get(CALLED, 0))
                again = await self._payload(tx, replace(view, called=called), row.chat_id)
                again |= {SILENT: True} if row.payload.get(SILENT) else {}
                await outbox.rewrite(tx, row.id, again)
                continue
            await outbox.drop_pending_edits(tx, row.id, "editMessageText")
            shown = await self._edited(tx, view, row.chat_id)
            if row.maybe_sent:
                shown["text"] = f"{words.MAYBE_TWICE}{shown['text']}"
            edit = Outgoing(
                dedupe=f"edit:{row.id}:{case.version}",
                lane=Lane.TAP,
                chat_id=row.chat_id,
                method="editMessageText",
                payload=shown,
                case_id=case_id,
                follows=row.id,
            )
            await outbox.put(tx, edit)

    def topic_of(self, chat_id: int) -> int | None:
        """The topic in which the bot speaks in this chat."""
        return self.moderator_topic if chat_id == self.moderator_chat else None

    async def elsewhere(self, tx: Transaction, case: Case, refused: int) -> None:
        """A card was refused: to the moderators' chat; if that refuses, to the group's admins.

        A moderators' chat of the group's own that refuses is replaced by the one of all groups.
        """
        view = await view_of(tx, case, self.zone)
        call = int(case.called_at.timestamp()) if case.called_at else 0
        place = await place_of(tx, case.chat_id, self.moderator_chat)
        if refused == place:
            place = self.moderator_chat
        if place is None or refused == self.moderator_chat:
            await self._call_admins(tx, case, f"refused:{call}")
            for owner in await people.holders(tx, Role.OWNER):
                await self._put(tx, case, owner, view, f"refused:{call}")
            return
        if not await self._knows(tx, case, place):
            silent = await is_silent(tx, case, self.zone)
            await self._put(tx, case, place, view, f"refused:{refused}:{call}", silent=silent)

    async def _ladder(self, tx: Transaction, case: Case) -> list[Reach]:
        rota = await duty.rota(tx, self.zone)
        return ladder(rota, tx.now, moderators=is_urgent(case))

    async def _send(
        self, tx: Transaction, case: Case, who: Reach, occasion: str, view: CardView
    ) -> None:
        for counselor in who.counselors:
            await self._put(tx, case, counselor, view, occasion)
        place = await place_of(tx, case.chat_id, self.moderator_chat)
        if who.moderators and place is not None:
            silent = await is_silent(tx, case, self.zone)
            await self._put(tx, case, place, view, occasion, silent=silent)
        await casebook.note_call(tx, case.id)

    async def _put(
        self,
        tx: Transaction,
        case: Case,
        recipient: int,
        view: CardView,
        occasion: str,
        *,
        silent: bool = False,
    ) -> None:
        dedupe = f"card:{case.id}:{occasion}:{recipient}"
        if await outbox.is_known(tx, dedupe):
            return
        cards = await outbox.of_case(tx, case.id, CARD)
        for older in cards:
            if older.chat_id == recipient and older.state is State.SENT:
                await self._retire(tx, older)
        waiting = waiting_among(cards, recipient)
        if waiting is not None:
            silent = silent and bool(waiting.payload.get(SILENT))
        payload = await self._payload(tx, view, recipient)
        card = Outgoing(
            dedupe=dedupe,
            lane=_lane(case),
            chat_id=recipient,
            method="sendMessage",
            payload={**payload, SILENT: True} if silent else payload,
            purpose=CARD,
            case_id=case.id,
        )
        number = await put_instead(tx, card, waiting)
        if number is not None:
            await pictures.show(tx, case, view.signals, recipient, number)

    async def _payload(self, tx: Transaction, view: CardView, recipient: int) -> dict[str, Any]:
        """The card as this reader wants it, in the topic where it belongs."""
        payload = {**await self._edited(tx, view, recipient), CALLED: view.called}
        if view.aside is not None:
            payload |= {PICTURE: view.aside.picture}
        topic = self.topic_of(recipient)
        return payload if topic is None else {**payload, "message_thread_id": topic}

    async def _edited(self, tx: Transaction, view: CardView, recipient: int) -> dict[str, Any]:
        reader = await duty.colleague(tx, recipient)
        return render(replace(view, veiled=reader is not None and reader.veiled))

    async def _retire(self, tx: Transaction, row: Delivery) -> None:
        """A newer card stands below: the older one says so and is not kept up to date."""
        await outbox.retire(tx, row.id)
        note = Outgoing(
            dedupe=f"below:{row.id}",
            lane=Lane.BULK,
            chat_id=row.chat_id,
            method="editMessageText",
            payload={"text": words.SEE_BELOW},
            follows=row.id,
        )
        await outbox.put(tx, note)

    async def _call_admins(self, tx: Transaction, case: Case, occasion: str) -> None:
        if case.chat_id >= 0:
            return
        payload = render(await view_of(tx, case, self.zone))
        row = Outgoing(
            dedupe=f"admins:{case.id}:{occasion}",
            lane=_lane(case),
            chat_id=case.chat_id,
            method=CALL_ADMINS,
            payload={"group": case.chat_id, "message": payload},
            purpose=ADMINS,
            case_id=case.id,
        )
        await put_instead(tx, row, await waiting_for(tx, case.id, ADMINS, case.chat_id))

    async def _knows(self, tx: Transaction, case: Case, place: int) -> bool:
        """Whether a card of the case stands there or is on its way."""
        rows = await outbox.of_case(tx, case.id, CARD)
        return any(row.chat_id == place for row in rows)


def _lane(case: Case) -> Lane:
    return Lane.CRISIS if case.kind is CaseKind.CRISIS else Lane.ALERT
