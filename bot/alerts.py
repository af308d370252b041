"""From a finding to a case, its cards and its words, inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot import words
from bot.admins import CALL_ADMINS
from bot.cards import CardView, render, safe_name
from moderation.cases import CaseState, Move
from moderation.storage import Transaction, audit, casebook, chats, outbox, people
from moderation.storage.casebook import Case, Person, Signal
from moderation.storage.outbox import PRIVATE, Lane, Outgoing, State
from moderation.storage.people import Role
from moderation.vocabulary import (
    ActionKind,
    CaseKind,
    Certainty,
    Crisis,
    Finding,
    Message,
    SenderKind,
    Subject,
)

CARD = "card"
WORD = "word"
MISSING = "missing"
CALLED = f"{PRIVATE}called"
INSTEAD = f"{PRIVATE}instead"
ASKED = "asked"
URGENT = {Crisis.IMMINENT.value, ASKED}
EXCERPT_KEPT = 1000


@dataclass(frozen=True)
class Alerts:
    """Brings findings to humans and kind words to members. Holds only what settings fix."""

    moderator_chat: int | None
    zone: ZoneInfo
    ack_imminent: timedelta
    ack_ideation: timedelta
    bot_username: str

    async def act_on(self, tx: Transaction, message: Message, finding: Finding) -> Case:
        """Open a case or let the message join one; tell whoever has to know."""
        case, news = await self._case_for(tx, message, finding)
        await casebook.keep_signal(tx, case.id, _signal(message, finding))
        await self._show(tx, case, [a.kind for a in finding.actions], news)
        if news:
            await self._speak(tx, case, message, finding)
        return case

    async def ask_for_human(self, tx: Transaction, person: Person, chat_id: int) -> Case:
        """A member pressed «现在就要一个真人»: call everyone who can come."""
        case = await casebook.find_live(tx, CaseKind.CRISIS, chat_id, person.id, Subject.SELF)
        if case is None:
            case = await casebook.open_case(
                tx, CaseKind.CRISIS, chat_id, person, ASKED, Subject.SELF, Certainty.LIKELY
            )
        elif case.level not in URGENT:
            case = await self._raise(tx, case, ASKED)
        await audit.record(tx, tx.sealer.hash_id(person.id), "asked_for_human", case.id)
        kinds = [ActionKind.ALERT_COUNSELORS, ActionKind.ALERT_MODERATORS]
        await self._show(tx, case, kinds, news=True)
        return case

    async def call_again(self, tx: Transaction, case: Case, step: int) -> None:
        """Nobody took it: send fresh cards, each time to more people, and plan the next call."""
        kinds = [ActionKind.ALERT_COUNSELORS, ActionKind.ALERT_MODERATORS]
        if step > 1:
            kinds.append(ActionKind.ALERT_ADMINS)
        await self._send_cards(tx, case, kinds, called=step)
        await audit.record(tx, "time", "called_again", case.id, {"step": step})
        await self._plan_call(tx, case, step + 1)

    async def call_for(self, tx: Transaction, case: Case) -> None:
        """Somebody who watches over another asks for a human: send the case's cards again."""
        kinds = [ActionKind.ALERT_COUNSELORS, ActionKind.ALERT_MODERATORS]
        await self._send_cards(tx, case, kinds, called=1)

    async def moved(self, tx: Transaction, case_id: int, move: Move, who: str) -> None:
        """After a human's move: cards are brought up to date; the member hears that one comes."""
        await self.refresh(tx, case_id)
        case = await casebook.get(tx, case_id)
        if case is None or move is not Move.CLAIM or case.kind is not CaseKind.CRISIS:
            return
        if case.subject is not Subject.SELF or case.person is None or not case.person.writable:
            return
        await outbox.put(
            tx,
            Outgoing(
                dedupe=f"taken:{case_id}",
                lane=Lane.CRISIS,
                chat_id=case.person.id,
                method="sendMessage",
                payload={"text": words.HUMAN_TAKEN.format(who=who)},
                case_id=case_id,
            ),
        )

    async def note_edit(self, tx: Transaction, message: Message) -> None:
        """An edit took the danger out of a message: its pending case says so, and stays."""
        for case in await casebook.of_message(tx, message.chat_id, message.message_id):
            if not case.standing.state.live:
                continue
            for signal in await casebook.signals_of(tx, case.id):
                if signal.message_id == message.message_id:
                    before = words.SAID_BEFORE.format(text=signal.excerpt[:80])
                    changed = replace(
                        signal,
                        excerpt=message.text[:EXCERPT_KEPT],
                        edited=True,
                        note=signal.note if signal.edited else before,
                    )
                    await casebook.keep_signal(tx, case.id, changed)
            await casebook.change(tx, case.id)
            await self.refresh(tx, case.id)

    async def refresh(self, tx: Transaction, case_id: int) -> None:
        """Bring every card of a case up to date: rewrite waiting ones, edit sent ones."""
        case = await casebook.get(tx, case_id)
        if case is None:
            return
        view = await self._view(tx, case)
        payload = render(view)
        for row in await outbox.of_case(tx, case_id, CARD):
            if row.state is State.PENDING:
                called = row.payload.get(CALLED, 0)
                again = {**render(replace(view, called=called)), CALLED: called}
                await outbox.rewrite(tx, row.id, again)
                continue
            await outbox.drop_pending_edits(tx, row.id, "editMessageText")
            await outbox.put(
                tx,
                Outgoing(
                    dedupe=f"edit:{row.id}:{case.version}",
                    lane=Lane.TAP,
                    chat_id=row.chat_id,
                    method="editMessageText",
                    payload=payload,
                    case_id=case_id,
                    follows=row.id,
                ),
            )

    async def _case_for(
        self, tx: Transaction, message: Message, finding: Finding
    ) -> tuple[Case, bool]:
        """The case of this message and whether humans need to hear of it anew."""
        known = [
            case
            for case in await casebook.of_message(tx, message.chat_id, message.message_id)
            if case.kind is finding.kind
        ]
        person = _person(message) if finding.kind is not CaseKind.SPIRAL else None
        live = known[-1] if known else None
        if live is None:
            live = await casebook.find_live(
                tx, finding.kind, message.chat_id, person.id if person else None, finding.subject
            )
        if live is None or (known and not live.standing.state.live and _worse(finding, live)):
            rehearsal = any(action.rehearsal for action in finding.actions)
            case = await casebook.open_case(
                tx,
                finding.kind,
                message.chat_id,
                person,
                finding.level,
                finding.subject,
                finding.certainty,
                rehearsal,
            )
            await audit.record(tx, "bot", "opened", case.id, {"level": finding.level})
            return case, True
        if _worse(finding, live):
            return await self._raise(tx, live, finding.level), True
        await casebook.change(tx, live.id)
        return live, False

    async def _raise(self, tx: Transaction, case: Case, level: str) -> Case:
        await casebook.change(tx, case.id, level=level)
        await audit.record(tx, "bot", "raised", case.id, {"from": case.level, "to": level})
        raised = await casebook.get(tx, case.id)
        assert raised is not None
        return raised

    async def _show(
        self,
        tx: Transaction,
        case: Case,
        kinds: Sequence[ActionKind],
        news: bool,
    ) -> None:
        if news:
            await self._send_cards(tx, case, kinds, called=0)
            await self._plan_call(tx, case, step=1)
        await self.refresh(tx, case.id)

    async def _send_cards(
        self,
        tx: Transaction,
        case: Case,
        kinds: Sequence[ActionKind],
        called: int,
    ) -> None:
        payload = {**render(await self._view(tx, case, called)), CALLED: called}
        lane = Lane.CRISIS if case.kind is CaseKind.CRISIS else Lane.ALERT
        for recipient in await self._recipients(tx, kinds):
            await outbox.put(
                tx,
                Outgoing(
                    dedupe=f"card:{case.id}:{case.level}:{called}:{recipient}",
                    lane=lane,
                    chat_id=recipient,
                    method="sendMessage",
                    payload=payload,
                    purpose=CARD,
                    case_id=case.id,
                ),
            )
        if ActionKind.ALERT_ADMINS in kinds and case.chat_id < 0:
            await self.call_admins(tx, case, payload, f"{case.level}:{called}")

    async def call_admins(
        self, tx: Transaction, case: Case, payload: dict[str, Any], occasion: str
    ) -> None:
        """Bring a card to the admins of the group itself."""
        await outbox.put(
            tx,
            Outgoing(
                dedupe=f"admins:{case.id}:{occasion}",
                lane=Lane.CRISIS if case.kind is CaseKind.CRISIS else Lane.ALERT,
                chat_id=case.chat_id,
                method=CALL_ADMINS,
                payload={"group": case.chat_id, "message": payload},
                case_id=case.id,
            ),
        )

    async def _recipients(self, tx: Transaction, kinds: Sequence[ActionKind]) -> list[int]:
        found: list[int] = []
        if ActionKind.ALERT_COUNSELORS in kinds:
            found.extend(await people.holders(tx, Role.COUNSELOR))
        if ActionKind.ALERT_MODERATORS in kinds and self.moderator_chat is not None:
            found.append(self.moderator_chat)
        return found

    async def _plan_call(self, tx: Transaction, case: Case, step: int) -> None:
        if case.kind is not CaseKind.CRISIS or case.standing.state is not CaseState.OPEN:
            return
        wait = self.ack_imminent if case.level in URGENT else self.ack_ideation
        await casebook.plan_reminder(tx, case.id, step, tx.now + wait * min(step, 5))

    async def view(self, tx: Transaction, case: Case) -> dict[str, Any]:
        """The card of a case as it stands."""
        return render(await self._view(tx, case))

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

    async def _speak(self, tx: Transaction, case: Case, message: Message, finding: Finding) -> None:
        """The kind word that goes with a finding, if it asks for one."""
        kinds = {action.kind for action in finding.actions if not action.rehearsal}
        if ActionKind.PRIVATE_WORD in kinds:
            urgent = finding.level == Crisis.IMMINENT
            texts = words.TO_IMMINENT if urgent else words.TO_IDEATION
            buttons = _buttons_for_member(case)
        elif ActionKind.GUIDE_BYSTANDER in kinds:
            texts, buttons = words.TO_BYSTANDER, _buttons_for_member(case)
        else:
            return
        chosen = await people.unsaid(tx, message.sender.id, list(texts))
        instead = await people.unsaid(tx, message.sender.id, list(words.IN_GROUP_INSTEAD))
        await outbox.put(
            tx,
            Outgoing(
                dedupe=f"word:{case.id}:{finding.level}",
                lane=Lane.CRISIS,
                chat_id=message.sender.id,
                method="sendMessage",
                payload={
                    "text": texts[chosen],
                    "reply_markup": {"inline_keyboard": buttons},
                    INSTEAD: self._instead(case, message, instead),
                },
                purpose=WORD,
                case_id=case.id,
            ),
        )

    def _instead(self, case: Case, message: Message, text: str) -> dict[str, Any] | None:
        """What is said in the group when the private chat is closed; gives nothing away."""
        if message.private:
            return None
        link = f"https://t.me/{self.bot_username}?start=talk_{case.id}"
        payload: dict[str, Any] = {
            "text": words.IN_GROUP_INSTEAD[text].format(name=safe_name(message.sender.name)),
            "parse_mode": "HTML",
            "reply_parameters": {
                "message_id": message.message_id,
                "allow_sending_without_reply": True,
            },
            "reply_markup": {"inline_keyboard": [[{"text": words.BUTTON_ALONE, "url": link}]]},
        }
        if message.thread_id is not None:
            payload["message_thread_id"] = message.thread_id
        return {"chat_id": message.chat_id, "payload": payload}


def member_word(case: Case) -> dict[str, Any]:
    """What a member reads who came through the group's button."""
    return {
        "text": words.OPEN_DOOR,
        "reply_markup": {"inline_keyboard": _buttons_for_member(case)},
    }


def _buttons_for_member(case: Case) -> list[list[dict[str, str]]]:
    return [
        [{"text": words.BUTTON_HUMAN, "callback_data": f"h:{case.id}"}],
        [{"text": words.BUTTON_NUMBERS, "callback_data": "s:crisis"}],
    ]


def _person(message: Message) -> Person:
    return Person(message.sender.id, message.sender.name, writable=message.sender.can_be_written_to)


def _signal(message: Message, finding: Finding) -> Signal:
    notes = []
    if message.forwarded_from:
        notes.append(f"转发自{message.forwarded_from}")
    if message.quote:
        notes.append(f"引用了「{message.quote[:40]}」")
    if message.attachment:
        notes.append(words.ATTACHMENT.get(message.attachment, words.ATTACHMENT_ELSE))
    if message.sender.kind is not SenderKind.MEMBER:
        notes.append("以匿名或频道身份发的")
    return Signal(
        chat_id=message.chat_id,
        message_id=message.message_id,
        level=finding.level,
        excerpt=message.text[:EXCERPT_KEPT],
        phrases=tuple(r.phrase for r in finding.reasons if r.phrase),
        reasons=tuple(dict.fromkeys(r.text for r in finding.reasons)),
        at=message.sent_at,
        edited=message.edited,
        note="，".join(notes),
    )


def _worse(finding: Finding, case: Case) -> bool:
    if finding.kind is not CaseKind.CRISIS or case.level == ASKED:
        return False
    return Crisis(finding.level).rank > Crisis(case.level).rank
