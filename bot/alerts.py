"""From a finding to a case, and from a case to humans, inside one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot import words
from bot.calls import ASKED, EVERYBODY, URGENT, Calls
from bot.kindness import Kindness
from moderation.cases import CaseState, Move
from moderation.storage import Transaction, audit, casebook
from moderation.storage.casebook import Case, Person, Signal
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

EXCERPT_KEPT = 1000
RENEWED_AFTER = timedelta(minutes=10)
"""Danger said again after this pause is called anew, even where somebody has the case."""
ASKED_AGAIN_AFTER_SECONDS = 120
TO_MEMBER = {ActionKind.PRIVATE_WORD, ActionKind.GUIDE_BYSTANDER}


@dataclass(frozen=True)
class Alerts:
    """Decides which case a finding belongs to and who hears of it."""

    calls: Calls
    kindness: Kindness

    async def act_on(self, tx: Transaction, message: Message, finding: Finding) -> Case:
        """Open a case or let the message join one; tell whoever has to know."""
        case, news = await self._case_for(tx, message, finding)
        await casebook.keep_signal(tx, case.id, _signal(message, finding))
        kinds = [action.kind for action in finding.actions]
        if news:
            await self.calls.call(tx, case, kinds, f"{finding.level}:{message.message_id}")
            if TO_MEMBER & set(kinds):
                await self.kindness.speak(tx, case, message)
        await self.calls.refresh(tx, case.id)
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
        await self.call_for(tx, case)
        return case

    async def call_for(self, tx: Transaction, case: Case) -> None:
        """Somebody asks for a human on a case: everyone hears it, once in two minutes."""
        turn = int(tx.now.timestamp()) // ASKED_AGAIN_AFTER_SECONDS
        await self.calls.call(tx, case, EVERYBODY, f"{ASKED}:{turn}")
        await self.calls.refresh(tx, case.id)

    async def moved(self, tx: Transaction, case_id: int, move: Move, who: str) -> None:
        """After a human's move: cards are brought up to date; the member hears that one comes."""
        await self.calls.refresh(tx, case_id)
        case = await casebook.get(tx, case_id)
        if case is None:
            return
        await self.calls.plan_next(tx, case)
        if move is Move.CLAIM and case.kind is CaseKind.CRISIS:
            await self.kindness.say_who_comes(tx, case, who)

    async def note_edit(self, tx: Transaction, message: Message) -> None:
        """An edit took the danger out of a message: its pending case says so, and stays."""
        for case in await casebook.of_message(tx, message.chat_id, message.message_id):
            if case.standing.state.live:
                await self._note_edit(tx, case, message)

    async def _note_edit(self, tx: Transaction, case: Case, message: Message) -> None:
        for signal in await casebook.signals_of(tx, case.id):
            if signal.message_id != message.message_id:
                continue
            before = words.SAID_BEFORE.format(text=signal.excerpt[:80])
            changed = replace(
                signal,
                excerpt=message.text[:EXCERPT_KEPT],
                edited=True,
                note=signal.note if signal.edited else before,
            )
            await casebook.keep_signal(tx, case.id, changed)
        await casebook.change(tx, case.id)
        await self.calls.refresh(tx, case.id)

    async def _case_for(
        self, tx: Transaction, message: Message, finding: Finding
    ) -> tuple[Case, bool]:
        """The case of this message, and whether humans need to hear of it (anew)."""
        case = await self._known_case(tx, message, finding)
        if case is None or (not case.standing.state.live and _worse(finding, case)):
            return await self._open(tx, message, finding), True
        if _worse(finding, case):
            return await self._raise(tx, case, finding.level), True
        renewed = not message.edited and await self._renewed(tx, case, message)
        await casebook.change(tx, case.id)
        return case, renewed

    async def _known_case(self, tx: Transaction, message: Message, finding: Finding) -> Case | None:
        """The case that rests on this very message already, else the live one it joins."""
        cases = await casebook.of_message(tx, message.chat_id, message.message_id)
        known = [case for case in cases if case.kind is finding.kind]
        if known:
            return known[-1]
        who = None if finding.kind is CaseKind.SPIRAL else message.sender.id
        return await casebook.find_live(tx, finding.kind, message.chat_id, who, finding.subject)

    async def _open(self, tx: Transaction, message: Message, finding: Finding) -> Case:
        sender = message.sender
        person = Person(sender.id, sender.name, writable=sender.can_be_written_to)
        case = await casebook.open_case(
            tx,
            finding.kind,
            message.chat_id,
            None if finding.kind is CaseKind.SPIRAL else person,
            finding.level,
            finding.subject,
            finding.certainty,
            any(action.rehearsal for action in finding.actions),
        )
        await audit.record(tx, "bot", "opened", case.id, {"level": finding.level})
        return case

    async def _raise(self, tx: Transaction, case: Case, level: str) -> Case:
        await casebook.change(tx, case.id, level=level)
        await audit.record(tx, "bot", "raised", case.id, {"from": case.level, "to": level})
        raised = await casebook.get(tx, case.id)
        assert raised is not None
        return raised

    async def _renewed(self, tx: Transaction, case: Case, message: Message) -> bool:
        """Whether danger comes back after a pause to somebody who may think it is over."""
        if case.kind is not CaseKind.CRISIS:
            return False
        earlier = [signal.at for signal in await casebook.signals_of(tx, case.id)]
        pause = message.sent_at - max(earlier, default=case.opened_at)
        return pause > RENEWED_AFTER or case.standing.state is CaseState.CONTACTED


def _signal(message: Message, finding: Finding) -> Signal:
    return Signal(
        chat_id=message.chat_id,
        message_id=message.message_id,
        level=finding.level,
        excerpt=message.text[:EXCERPT_KEPT],
        phrases=tuple(r.phrase for r in finding.reasons if r.phrase),
        reasons=tuple(dict.fromkeys(r.text for r in finding.reasons)),
        at=message.sent_at,
        edited=message.edited,
        note="，".join(_notes(message)),
    )


def _notes(message: Message) -> list[str]:
    """How it was said, where that is not plain text under a member's own name."""
    notes = []
    if message.forwarded_from:
        notes.append(words.FORWARDED.format(name=message.forwarded_from))
    if message.quote:
        notes.append(words.QUOTED.format(text=message.quote[:40]))
    if message.attachment:
        notes.append(words.ATTACHMENT.get(message.attachment, words.ATTACHMENT_ELSE))
    if message.sender.kind is not SenderKind.MEMBER:
        notes.append(words.UNDER_ANOTHER_NAME)
    return notes


def _worse(finding: Finding, case: Case) -> bool:
    if finding.kind is not CaseKind.CRISIS or case.level == ASKED:
        return False
    return Crisis(finding.level).rank > Crisis(case.level).rank
