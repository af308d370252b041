"""What staff do towards a member by a button of a card, and how each of it is taken back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import words
from bot.advice.shelf import Shelf
from bot.alerting.calls import Calls
from bot.alerting.cardview import ACT, OFFERED, ActKind
from bot.alerting.views import row_of
from bot.members.kindness import INSTEAD
from bot.showing import safe_name
from bot.staff import letters
from bot.words import duty as words_duty
from bot.words import member as words_member
from bot.words import spirals as words_spirals
from moderation.storage import Transaction, acts, audit, casebook, chats, outbox, people
from moderation.storage.acts import Act
from moderation.storage.casebook import Case, Person, Signal
from moderation.storage.chats import Chat
from moderation.storage.outbox import Delivery, Lane, Outgoing, State
from moderation.storage.people import Role
from moderation.vocabulary import ActionKind, CaseKind, Subject

TOLD = "told"
DELETE = "deleteMessage"
RESTRICT = "restrictChatMember"
MUTED_FOR = timedelta(hours=1)
CALM_AGAIN = timedelta(minutes=10)
"""A group may be spoken to again after this long."""
LETTERS = {ActKind.COMFORT, ActKind.PAGES, ActKind.REMIND}
RIGHTS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
)
ALL_RIGHTS = (
    *RIGHTS,
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""With all of them a restriction is lifted; what the group allows nobody stays so."""


@dataclass(frozen=True, slots=True)
class Doer:
    """Who tapped."""

    id: int
    name: str


@dataclass(frozen=True)
class Acting:
    """Carries out acts through the outbox, after a moment in which they can be taken back."""

    calls: Calls
    shelf: Callable[[Transaction], Awaitable[Shelf]]
    """The pages as they may be shown now."""
    bot_username: str
    take_back: timedelta

    async def do(
        self, tx: Transaction, case: Case, kind: ActKind, doer: Doer, message_id: int = 0
    ) -> str:
        """Do one thing; what the one who tapped is told."""
        chat = await chats.get(tx, case.chat_id)
        refusal = await self.refusal(tx, case, kind, chat)
        if refusal is not None:
            return refusal
        if kind is ActKind.COUNSELOR:
            said = await self._to_counselors(tx, case, doer)
        else:
            row = await self._row(tx, case, kind, message_id)
            row_id = await outbox.put(tx, row)
            await acts.note(tx, case.id, kind, doer.id, doer.name, row_id)
            said = self.said(kind, closed=row.chat_id < 0 and kind in LETTERS)
        await audit.record(tx, tx.sealer.hash_id(doer.id), f"act:{kind}", case.id)
        await casebook.touch(tx, case.id)
        await self.calls.refresh(tx, case.id)
        return said

    async def undo(self, tx: Transaction, act: Act, doer: Doer) -> str:
        """Take one thing back; what the one who tapped is told."""
        row = await row_of(tx, act)
        if row is None:
            return words.OLD_BUTTON
        if row.state is State.DEAD and not act.undone:
            return words_duty.ACT_NEVER
        if row.state in {State.SENT, State.SENDING} and act.kind == ActKind.DELETE:
            return words_duty.ACT_GONE
        if not await acts.undo(tx, act.id):
            return words_duty.ACT_UNDONE_ALREADY
        said = await self._take_back(tx, act, row)
        await audit.record(tx, tx.sealer.hash_id(doer.id), f"undo:{act.kind}", act.case_id)
        await casebook.touch(tx, act.case_id)
        await self.calls.refresh(tx, act.case_id)
        return said

    async def unmute(self, tx: Transaction, act: Act) -> None:
        """Give a muted member her voice back."""
        case = await casebook.get(tx, act.case_id)
        if case is None or case.person is None:
            return
        payload = {"user_id": case.person.id, "permissions": dict.fromkeys(ALL_RIGHTS, True)}
        await outbox.put(tx, _tap_row(f"unmute:{act.id}", case.chat_id, RESTRICT, payload, case))
        word = {"text": words_member.UNMUTED}
        await outbox.put(tx, _tap_row(f"free:{act.id}", case.person.id, "sendMessage", word, case))

    async def settled(self, tx: Transaction, row: Delivery) -> None:
        """A row of an act went out: the member hears what was done to her; the card shows it."""
        if row.case_id is None:
            return
        kind = (row.purpose or "").removeprefix(ACT)
        case = await casebook.get(tx, row.case_id)
        reachable = case is not None and case.person is not None and case.person.writable
        if reachable and kind in set(letters.TELLS):
            assert case is not None
            assert case.person is not None
            payload = letters.told(ActKind(kind), case)
            item = _tap_row(f"told:{row.id}", case.person.id, "sendMessage", payload, case)
            await outbox.put(tx, item)
        await casebook.touch(tx, row.case_id)
        await self.calls.refresh(tx, row.case_id)

    async def refusal(
        self, tx: Transaction, case: Case, kind: ActKind, chat: Chat | None
    ) -> str | None:
        """Why this cannot be done now; None if it can."""
        if kind not in OFFERED[case.kind]:
            return words.OLD_BUTTON
        if not case.standing.state.live:
            return words_duty.ACT_CLOSED
        if kind is ActKind.DELETE and not (chat and chat.can_delete):
            return words.NO_DELETE_RIGHT
        if kind is ActKind.MUTE and not (chat and chat.can_restrict):
            return words_duty.NO_MUTE_RIGHT
        if kind in {*LETTERS, ActKind.MUTE} and not (case.person and case.person.writable):
            return words_duty.ACT_NOBODY
        if kind is ActKind.MUTE and case.person and await _in_crisis(tx, case, case.person):
            return words_duty.NOT_IN_CRISIS
        return await self._done_before(tx, case, kind)

    async def _done_before(self, tx: Transaction, case: Case, kind: ActKind) -> str | None:
        """The same act, which still stands: two taps at once, or one who did not look up."""
        for act in await acts.of_case(tx, case.id):
            if act.kind != kind or act.undone:
                continue
            if kind is ActKind.CALM and act.at < tx.now - CALM_AGAIN:
                continue
            row = await row_of(tx, act)
            if row is not None and row.state is State.DEAD:
                continue
            who = safe_name(act.actor_name)
            return words_duty.ACT_TWICE.format(who=who, what=words_duty.DID[kind])
        return None

    async def _row(self, tx: Transaction, case: Case, kind: ActKind, message_id: int) -> Outgoing:
        assert kind is ActKind.DELETE or case.person is not None
        place, method = case.chat_id, "sendMessage"
        if kind is ActKind.DELETE:
            method, payload = DELETE, {"message_id": message_id}
        elif kind is ActKind.MUTE:
            method, payload = RESTRICT, _silence(tx, case)
        else:
            place, payload = await self._letter(tx, case, kind)
        count = len(await acts.of_case(tx, case.id))
        return Outgoing(
            dedupe=f"act:{case.id}:{kind}:{count}",
            lane=Lane.TAP,
            chat_id=place,
            method=method,
            payload=payload,
            purpose=f"{ACT}{kind}",
            case_id=case.id,
            not_before=tx.now + self.take_back,
        )

    async def _letter(
        self, tx: Transaction, case: Case, kind: ActKind
    ) -> tuple[int, dict[str, Any]]:
        """Where a note goes and what it says: in private, or, where that is closed, the door."""
        assert case.person is not None
        signals = await casebook.signals_of(tx, case.id)
        last: Signal | None = signals[-1] if signals else None
        door = letters.door(case, last, self.bot_username) if case.chat_id < 0 else None
        if door is not None and await people.is_writable(tx, case.person.id) is False:
            return door["chat_id"], door["payload"]
        return case.person.id, {**await self.letter(tx, case, kind), INSTEAD: door}

    async def letter(self, tx: Transaction, case: Case, kind: ActKind) -> dict[str, Any]:
        """What a note to the member of a case says."""
        assert case.person is not None
        if kind is ActKind.COMFORT:
            return await letters.comfort(tx, case, case.person.id)
        if kind is ActKind.PAGES:
            return letters.pages(await self.shelf(tx))
        chat = await chats.get(tx, case.chat_id)
        signals = await casebook.signals_of(tx, case.id)
        can_delete = chat is not None and chat.can_delete
        last = signals[-1] if signals else None
        return await letters.remind(tx, case, case.person.id, last, can_delete)

    async def _to_counselors(self, tx: Transaction, case: Case, doer: Doer) -> str:
        if not await people.holders(tx, Role.COUNSELOR):
            return words_duty.NO_COUNSELOR
        number = await acts.note(tx, case.id, ActKind.COUNSELOR, doer.id, doer.name)
        await self.calls.call(tx, case, [ActionKind.ALERT_COUNSELORS], f"sent_on:{number}")
        return words_duty.ACT_DONE[ActKind.COUNSELOR]

    async def _take_back(self, tx: Transaction, act: Act, row: Delivery) -> str:
        if act.kind == ActKind.THANK:
            return await self._take_back_all(tx, act)
        if row.state is State.PENDING and not row.maybe_sent:
            await outbox.give_up(tx, row.id, "taken back")
            return words_duty.ACT_UNDONE
        if act.kind == ActKind.MUTE:
            await self.unmute(tx, act)
            return words_duty.ACT_UNMUTED
        await outbox.put(tx, _recall(f"recall:{act.id}", row))
        return words_spirals.CALM_RECALLED if row.chat_id < 0 else words_duty.ACT_RECALLED

    async def _take_back_all(self, tx: Transaction, act: Act) -> str:
        """An act that went to several people."""
        for row in await outbox.of_case(tx, act.case_id, f"{ACT}{act.kind}"):
            if row.state is State.PENDING and not row.maybe_sent:
                await outbox.give_up(tx, row.id, "taken back")
                continue
            await outbox.put(tx, _recall(f"recall:row:{row.id}", row))
        return words_spirals.THANK_RECALLED

    def said(self, kind: ActKind, closed: bool = False) -> str:
        """What the one who tapped is told when it is on its way."""
        if closed:
            return words_duty.ACT_UNREACHABLE
        done = words_duty.ACT_DONE[kind]
        seconds = round(self.take_back.total_seconds())
        if not seconds:
            return done
        return words_duty.ACT_SOON.format(done=done, seconds=seconds)


async def _in_crisis(tx: Transaction, case: Case, person: Person) -> bool:
    """Somebody in danger is never silenced."""
    found = await casebook.find_live(tx, CaseKind.CRISIS, case.chat_id, person.id, Subject.SELF)
    return found is not None


def _silence(tx: Transaction, case: Case) -> dict[str, Any]:
    assert case.person is not None
    return {
        "user_id": case.person.id,
        "permissions": dict.fromkeys(RIGHTS, False),
        "until_date": int((tx.now + MUTED_FOR).timestamp()),
    }


def _recall(dedupe: str, row: Delivery) -> Outgoing:
    """Takes away what a row has sent."""
    return Outgoing(dedupe, Lane.TAP, row.chat_id, DELETE, {}, follows=row.id)


def _tap_row(
    dedupe: str, chat_id: int, method: str, payload: dict[str, Any], case: Case
) -> Outgoing:
    return Outgoing(
        dedupe=dedupe,
        lane=Lane.TAP,
        chat_id=chat_id,
        method=method,
        payload=payload,
        purpose=TOLD if method == "sendMessage" else None,
        case_id=case.id,
    )
