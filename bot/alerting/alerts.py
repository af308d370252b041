"""From a finding to a case, and from a case to humans, inside one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import telegram

from bot import words
from bot.alerting import spoken_of
from bot.alerting.calls import EVERYBODY, Calls
from bot.alerting.contact import Contact
from bot.alerting.signals import EXCERPT_KEPT, person_of, signal_of
from bot.hearing.recent import Recent
from bot.members.kindness import Kindness
from bot.spirals import stories
from bot.words import duty as words_duty
from moderation.cases import CaseState, Move
from moderation.spiral.story import Story
from moderation.storage import Transaction, audit, casebook, spirals, spoken
from moderation.storage.casebook import Case, Person, Signal
from moderation.vocabulary import (
    ActionKind,
    CaseKind,
    Certainty,
    Crisis,
    Finding,
    Message,
    Subject,
)

PAUSE_OPEN = timedelta(minutes=3)
PAUSE_HELD = timedelta(minutes=1)
"""Danger said again is called anew after this long; sooner where somebody may think it is over."""
LATE = timedelta(minutes=2)
"""From which age on a card says that the message was judged late."""
PINGED = {CaseKind.CRISIS, CaseKind.DOXXING}
ASKED_AGAIN_AFTER_SECONDS = 60
PRIVATELY = "none"
IDEATION = Crisis.IDEATION.value
HOW_KEPT = 120
AS_NEW = {
    "state": CaseState.OPEN,
    "holder": None,
    "state_before": None,
    "unanswered": 0,
    "how_sealed": None,
}
"""Of a case that nobody has taken yet."""
TAKES = {Move.CLAIM, Move.TAKE_OVER}
TO_MEMBER = {ActionKind.PRIVATE_WORD, ActionKind.GUIDE_BYSTANDER}


@dataclass(frozen=True)
class Alerts:
    """Decides which case a finding belongs to and who hears of it."""

    calls: Calls
    kindness: Kindness
    contact: Contact
    recent: Recent

    async def act_on(
        self,
        tx: Transaction,
        message: Message,
        finding: Finding,
        story: Story | None = None,
        *,
        again: bool = False,
    ) -> Case:
        """Open a case or let the message join one; tell whoever has to know.

        `story` is that of the spiral that the message has shown; `again`: safe words alone had judged it.
        """
        case, news = await self._case_for(tx, message, finding, again)
        teller = finding.subject is Subject.OTHER
        told = teller and message.sender.id in await spoken.tellers(tx, case.id)
        if told and case.standing.state is not CaseState.OPEN:
            news = False  # whoever has it reads it on the card
        late = again and tx.now - message.sent_at >= LATE
        signal = signal_of(message, finding, self.recent.pictures(message), late=late)
        await casebook.keep_signal(tx, case.id, signal)
        if story is not None:
            await spirals.keep_story(tx, case.id, story)
        kinds = [action.kind for action in finding.actions]
        if news:
            await self.calls.call(tx, case, kinds, f"{finding.level}:{message.message_id}")
        if TO_MEMBER & set(kinds) and (news or (teller and not told)):
            await self.kindness.speak(tx, case, message, teller=teller, door=news)
        elif finding.kind is CaseKind.CRISIS and not teller:
            await self.kindness.hear(tx, case, message)
        await self.calls.refresh(tx, case.id)
        if finding.kind is CaseKind.CRISIS:
            await stories.refresh(self.calls, tx, message.chat_id)
        return case

    async def ask_for_human(self, tx: Transaction, person: Person, chat_id: int) -> Case:
        """A member pressed «现在就要一个真人»: call everyone who can come."""
        case, _turned = await spoken_of.her_own(tx, person, chat_id)
        if case is None:
            case = await casebook.open_case(
                tx, CaseKind.CRISIS, chat_id, person, IDEATION, Subject.SELF, Certainty.LIKELY
            )
        case = await self._change(tx, case, asked=True)
        await audit.record(tx, tx.sealer.hash_id(person.id), "asked_for_human", case.id)
        await self.call_for(tx, case)
        return case

    async def call_for(self, tx: Transaction, case: Case) -> None:
        """Somebody asks for a human on a case: everyone hears it, once in a minute.

        One that was closed is open again: whoever asks does not know, or knows better.
        """
        if not case.standing.state.live:
            await audit.record(tx, "bot", "asked_again", case.id)
            case = await self._change(tx, case, **AS_NEW)
        turn = int(tx.now.timestamp()) // ASKED_AGAIN_AFTER_SECONDS
        await self.calls.call(tx, case, EVERYBODY, f"asked:{turn}")
        await self.calls.refresh(tx, case.id)

    async def moved(self, tx: Transaction, case_id: int, move: Move, user: telegram.User) -> None:
        """After a human's move: cards are brought up to date; the member hears that one comes."""
        case = await casebook.get(tx, case_id)
        if case is None:
            return
        if case.kind is CaseKind.CRISIS and case.standing.state is CaseState.OPEN:
            case = await self._change(tx, case, unanswered=0)
            await self.calls.call(tx, case, EVERYBODY, f"back:{case.version}")
        await self.contact.expect(tx, case)
        await self.calls.refresh(tx, case_id)
        if case.kind is CaseKind.CRISIS:
            await stories.refresh(self.calls, tx, case.chat_id)
        if move in TAKES and case.kind is CaseKind.CRISIS:
            await self.kindness.say_who_comes(tx, case, user.full_name)
            await self.contact.hint_rest(tx, user.id)

    async def note_how(self, tx: Transaction, case: Case, how: str, user_id: int) -> str:
        """Keep the line on how contact was made (or tried); what the one who wrote it is told."""
        line = " ".join(how.split())[:HOW_KEPT]
        await casebook.note_how(tx, case.id, line)
        await audit.record(tx, tx.sealer.hash_id(user_id), "how", case.id)
        if case.standing.state is CaseState.CONTACTED:
            await casebook.replan(tx, case.id, None)
        await self.calls.refresh(tx, case.id)
        return words_duty.HOW_KEPT.format(how=line)

    async def note_private(self, tx: Transaction, message: Message) -> bool:
        """What a member with a live crisis writes to the bot belongs to her case; False if none."""
        case = await casebook.find_live(
            tx, CaseKind.CRISIS, message.chat_id, message.sender.id, Subject.SELF
        )
        if case is None:
            return False
        signal = Signal(
            chat_id=message.chat_id,
            message_id=message.message_id,
            level=PRIVATELY,
            excerpt=message.text[:EXCERPT_KEPT],
            phrases=(),
            reasons=(),
            at=message.sent_at,
            note=words.SAID_IN_PRIVATE,
            author=message.sender.id,
        )
        await casebook.keep_signal(tx, case.id, signal)
        await casebook.change(tx, case.id)
        if self._may_ping(tx, case) and case.standing.state is not CaseState.OPEN:
            await self.calls.call(tx, case, EVERYBODY, f"private:{message.message_id}")
        await self.kindness.hear(tx, case, message)
        await self.calls.refresh(tx, case.id)
        return True

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
        self, tx: Transaction, message: Message, finding: Finding, again: bool
    ) -> tuple[Case, bool]:
        """The case of this message, and whether humans need to hear of it (anew)."""
        resting = await self._resting_on(tx, message, finding)
        case, herself = (resting, False) if resting else await self._joined(tx, message, finding)
        if case is None:
            return await self._open(tx, message, finding), True
        if _worse(finding, case):
            return await self._raise(tx, case, finding.level), True
        heard = message.edited or (again and resting is not None)
        ping = not heard and case.kind in PINGED and self._may_ping(tx, case)
        return await self._change(tx, case), ping or herself

    async def _resting_on(self, tx: Transaction, message: Message, finding: Finding) -> Case | None:
        """The live case that rests on this very message already."""
        cases = await casebook.of_message(tx, message.chat_id, message.message_id)
        known = [c for c in cases if c.kind is finding.kind and c.standing.state.live]
        return known[-1] if known else None

    async def _joined(
        self, tx: Transaction, message: Message, finding: Finding
    ) -> tuple[Case | None, bool]:
        """The live case that a message joins.

        True if it was others who spoke of her until now, and this is her first own word.
        A case that was closed is over: danger said again opens a new one. A spiral is always new: the
        detector tells each one once.
        """
        if finding.kind is CaseKind.CRISIS and finding.subject is Subject.OTHER:
            return await self._told_crisis(tx, message), False
        if finding.kind is CaseKind.CRISIS:
            return await spoken_of.her_own(tx, person_of(message), message.chat_id)
        if finding.kind is CaseKind.SPIRAL:
            return None, False
        who = message.sender.id
        found = await casebook.find_live(tx, finding.kind, message.chat_id, who, finding.subject)
        return found, False

    async def _told_crisis(self, tx: Transaction, message: Message) -> Case | None:
        """The crisis of the one who is spoken of, which has her name from now on."""
        who = await spoken_of.meant(tx, message, self.recent)
        case = await spoken_of.find(tx, message, who)
        about = spoken.key_of(tx, who, message.forwarded_from or "")
        if case is not None and about and not case.about and case.subject is Subject.OTHER:
            await spoken.name(tx, case.id, about, who)
        return case

    async def _open(self, tx: Transaction, message: Message, finding: Finding) -> Case:
        case = await casebook.open_case(
            tx,
            finding.kind,
            message.chat_id,
            None if finding.kind is CaseKind.SPIRAL else person_of(message),
            finding.level,
            finding.subject,
            finding.certainty,
            any(action.rehearsal for action in finding.actions),
        )
        if finding.kind is CaseKind.CRISIS and finding.subject is Subject.OTHER:
            who = await spoken_of.meant(tx, message, self.recent)
            about = spoken.key_of(tx, who, message.forwarded_from or "")
            await spoken.name(tx, case.id, about, who)
            case = await casebook.get(tx, case.id) or case
        await audit.record(tx, "bot", "opened", case.id, {"level": finding.level})
        return case

    async def _raise(self, tx: Transaction, case: Case, level: str) -> Case:
        """It became worse: whoever had it must take it anew, as what it is now."""
        await audit.record(tx, "bot", "raised", case.id, {"from": case.level, "to": level})
        return await self._change(tx, case, level=level, **AS_NEW)

    async def _change(self, tx: Transaction, case: Case, **values: Any) -> Case:
        await casebook.change(tx, case.id, **values)
        changed = await casebook.get(tx, case.id)
        assert changed is not None
        return changed

    def _may_ping(self, tx: Transaction, case: Case) -> bool:
        """Whether humans were last called long enough ago."""
        pause = PAUSE_OPEN if case.standing.state is CaseState.OPEN else PAUSE_HELD
        return case.called_at is None or tx.now - case.called_at >= pause


def _worse(finding: Finding, case: Case) -> bool:
    if finding.kind is not CaseKind.CRISIS:
        return False
    return Crisis(finding.level).rank > Crisis(case.level).rank
