"""Calling humans to a case: cards sent, kept up to date, repeated and widened until one answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import words
from bot.admins import CALL_ADMINS
from bot.cards import CardView, render
from bot.loudness import to_moderators
from moderation.cases import CaseState
from moderation.storage import Transaction, audit, casebook, chats, outbox, people
from moderation.storage.casebook import Case
from moderation.storage.outbox import PRIVATE, Delivery, Lane, Outgoing, State
from moderation.storage.people import Role
from moderation.vocabulary import ActionKind, CaseKind, Crisis

CARD = "card"
CALLED = f"{PRIVATE}called"
SLOWEST = 5
"""Calls are spaced wider and wider, up to this many times the time to answer."""
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

    async def call(
        self, tx: Transaction, case: Case, kinds: Sequence[ActionKind], occasion: str
    ) -> None:
        """Send a card to everyone these actions name, once for each occasion; plan the next call."""
        await self._send(tx, case, kinds, occasion, called=0)
        await self.plan_next(tx, case)

    async def call_again(self, tx: Transaction, case: Case, step: int) -> None:
        """Nobody took it: fresh cards, from the second time also to owners and the group's admins."""
        kinds = [*EVERYBODY, ActionKind.ALERT_ADMINS] if step > 1 else EVERYBODY
        await self._send(tx, case, kinds, f"again{step}", called=step)
        if step > 1:
            payload = {**render(await self._view(tx, case, step)), CALLED: step}
            for owner in await people.holders(tx, Role.OWNER):
                await self._put(tx, case, owner, payload, f"again{step}")
        await audit.record(tx, "time", "called_again", case.id, {"step": step})
        await self.plan_next(tx, case)

    async def plan_next(self, tx: Transaction, case: Case) -> None:
        """When an open crisis will be called again; it is, until a human takes it."""
        if case.kind is not CaseKind.CRISIS or case.standing.state is not CaseState.OPEN:
            return
        step = await casebook.next_step(tx, case.id)
        wait = self.ack_imminent if is_urgent(case) else self.ack_ideation
        if not await casebook.bring_forward(tx, case.id, tx.now + wait):
            await casebook.plan_reminder(tx, case.id, step, tx.now + wait * min(step, SLOWEST))

    async def refresh(self, tx: Transaction, case_id: int) -> None:
        """Bring every card of a case up to date: rewrite waiting ones, edit sent ones."""
        case = await casebook.get(tx, case_id)
        if case is None:
            return
        view = await self._view(tx, case)
        for row in await outbox.of_case(tx, case_id, CARD):
            if row.state is State.PENDING:
                called = row.payload.get(CALLED, 0)
                again = {**render(replace(view, called=called)), CALLED: called}
                await outbox.rewrite(tx, row.id, again)
                continue
            await outbox.drop_pending_edits(tx, row.id, "editMessageText")
            edit = Outgoing(
                dedupe=f"edit:{row.id}:{case.version}",
                lane=Lane.TAP,
                chat_id=row.chat_id,
                method="editMessageText",
                payload=render(view),
                case_id=case_id,
                follows=row.id,
            )
            await outbox.put(tx, edit)

    async def elsewhere(self, tx: Transaction, case: Case, refused: int) -> None:
        """A card was refused: to the moderators' chat; if that refuses, to the group's admins."""
        payload = render(await self._view(tx, case))
        if self.moderator_chat is None or refused == self.moderator_chat:
            await self._call_admins(tx, case, payload, f"refused:{case.version}")
            for owner in await people.holders(tx, Role.OWNER):
                await self._put(tx, case, owner, payload, f"refused:{case.version}")
            return
        if not await self._moderators_know(tx, case):
            occasion = f"refused:{refused}:{case.version}"
            await self._put(tx, case, self.moderator_chat, payload, occasion)

    async def _send(
        self,
        tx: Transaction,
        case: Case,
        kinds: Sequence[ActionKind],
        occasion: str,
        called: int,
    ) -> None:
        payload = {**render(await self._view(tx, case, called)), CALLED: called}
        for recipient in await self._recipients(tx, kinds):
            await self._put(tx, case, recipient, payload, occasion)
        if ActionKind.ALERT_ADMINS in kinds and case.chat_id < 0:
            await self._call_admins(tx, case, payload, occasion)
        await casebook.note_call(tx, case.id)

    async def _put(
        self, tx: Transaction, case: Case, recipient: int, payload: dict[str, Any], occasion: str
    ) -> None:
        if recipient == self.moderator_chat:
            recipient, payload = await to_moderators(tx, case, recipient, payload, self.zone)
        for older in await outbox.of_case(tx, case.id, CARD):
            if older.chat_id == recipient and older.state is State.SENT:
                await self._retire(tx, older)
        card = Outgoing(
            dedupe=f"card:{case.id}:{occasion}:{recipient}",
            lane=_lane(case),
            chat_id=recipient,
            method="sendMessage",
            payload=payload,
            purpose=CARD,
            case_id=case.id,
        )
        await outbox.put(tx, card)

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

    async def _call_admins(
        self, tx: Transaction, case: Case, payload: dict[str, Any], occasion: str
    ) -> None:
        row = Outgoing(
            dedupe=f"admins:{case.id}:{occasion}",
            lane=_lane(case),
            chat_id=case.chat_id,
            method=CALL_ADMINS,
            payload={"group": case.chat_id, "message": payload},
            case_id=case.id,
        )
        await outbox.put(tx, row)

    async def _moderators_know(self, tx: Transaction, case: Case) -> bool:
        rows = await outbox.of_case(tx, case.id, CARD)
        return any(row.chat_id == self.moderator_chat for row in rows)

    async def _recipients(self, tx: Transaction, kinds: Sequence[ActionKind]) -> list[int]:
        found: list[int] = []
        if ActionKind.ALERT_COUNSELORS in kinds:
            found.extend(await people.holders(tx, Role.COUNSELOR))
        if ActionKind.ALERT_MODERATORS in kinds and self.moderator_chat is not None:
            found.append(self.moderator_chat)
        return found

    async def _view(self, tx: Transaction, case: Case, called: int = 0) -> CardView:
        chat = await chats.get(tx, case.chat_id)
        return CardView(
            case=case,
            signals=await casebook.signals_of(tx, case.id),
            chat_title=chat.title if chat else "",
            chat_username=chat.username if chat else None,
            earlier=await casebook.earlier_cases(tx, case),
            zone=self.zone,
            can_delete=bool(chat and chat.can_delete),
            called=called,
        )


def _lane(case: Case) -> Lane:
    return Lane.CRISIS if case.kind is CaseKind.CRISIS else Lane.ALERT
