"""After «我来»: whoever took a crisis is asked again until contact is made, with a line on how."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from bot import words
from bot.alerting.buttons import how_buttons
from bot.alerting.calls import Calls, is_urgent
from bot.alerting.loudness import place_of
from bot.alerting.views import view_of
from bot.members.kindness import INSTEAD
from bot.posing import member_name
from bot.showing import safe_name
from bot.words import duty as words_duty
from moderation.cases import CaseState, Move
from moderation.storage import Transaction, acts, audit, casebook, duty, outbox
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.superseding import put_instead, waiting_for
from moderation.vocabulary import CaseKind

ASK = "ask"
ALONE = 2
"""So many questions go to the holder alone; then the others hear of it too."""
HOW_ASKED = 3
"""How often the line on how is asked for, once contact is made."""
SLOWEST = 4
SHIFT = timedelta(hours=8)
MANY = 5
"""So many crises taken within a shift call for a rest."""


@dataclass(frozen=True)
class Contact:
    """Keeps asking; a case is not safe because somebody meant to look after it."""

    calls: Calls
    within_imminent: timedelta
    within_ideation: timedelta

    async def expect(self, tx: Transaction, case: Case) -> None:
        """After a move: plan the next question to the holder, or the next call."""
        if case.kind is not CaseKind.CRISIS or case.standing.state is CaseState.OPEN:
            return
        await casebook.change(tx, case.id, unanswered=0)
        waits = case.standing.state is CaseState.CLAIMED or _lacks_how(case)
        await casebook.replan(tx, case.id, tx.now + self._within(case) if waits else None)

    async def ask_again(self, tx: Transaction, case: Case, step: int) -> None:
        """The time to make contact is over: ask the holder, then let the others know too."""
        if case.standing.state is CaseState.CONTACTED and not _lacks_how(case):
            return
        case = replace(case, unanswered=case.unanswered + 1)
        await casebook.change(tx, case.id, unanswered=case.unanswered)
        if case.standing.state is CaseState.CONTACTED:
            if case.unanswered > HOW_ASKED:
                return
            await self._ask(tx, case, step, words_duty.ASK_HOW, _how_rows(case))
        else:
            await self._ask(tx, case, step, words_duty.ASK_CONTACT, _contact_rows(case))
            await self._tell_others(tx, case, step)
        await audit.record(tx, "time", "asked_contact", case.id, {"time": case.unanswered})
        due = tx.now + self._within(case) * min(case.unanswered, SLOWEST)
        await casebook.replan(tx, case.id, due)

    async def hint_rest(self, tx: Transaction, user_id: int) -> None:
        """Somebody who took many crises in one shift is asked to rest, once for every so many."""
        count = await acts.count(tx, user_id, Move.CLAIM, SHIFT)
        count += await acts.count(tx, user_id, Move.TAKE_OVER, SHIFT)
        if not count or count % MANY:
            return
        row = Outgoing(
            dedupe=f"rest:{user_id}:{tx.now.date().isoformat()}:{count}",
            lane=Lane.BULK,
            chat_id=user_id,
            method="sendMessage",
            payload={"text": words_duty.REST.format(count=count)},
        )
        await outbox.put(tx, row)

    async def _tell_others(self, tx: Transaction, case: Case, step: int) -> None:
        if case.unanswered < ALONE:
            return
        view = await view_of(tx, case, self.calls.zone)
        late = replace(view, held_minutes=max(1, await _minutes(tx, case)))
        await self.calls.widen(tx, case, late, f"held{step}")

    async def _ask(
        self, tx: Transaction, case: Case, step: int, text: str, rows: list[list[dict[str, str]]]
    ) -> None:
        holder = case.standing.holder
        if holder is None:
            return
        about = case.whose or case.person
        name = member_name(about.name, await duty.names(tx)) if about else ""
        said = text.format(name=name, minutes=await _minutes(tx, case))
        instead = await self._to_moderators(tx, case, said, rows)
        waiting = await waiting_for(tx, case.id, ASK, holder)
        row = Outgoing(
            dedupe=f"ask:{case.id}:{step}",
            lane=Lane.CRISIS,
            chat_id=holder,
            method="sendMessage",
            payload={**_message(said, rows), INSTEAD: instead},
            purpose=ASK,
            case_id=case.id,
        )
        await put_instead(tx, row, waiting)

    async def _to_moderators(
        self, tx: Transaction, case: Case, said: str, rows: list[list[dict[str, str]]]
    ) -> dict[str, Any] | None:
        """Somebody who never spoke to the bot is asked in the moderators' chat, by name."""
        place = await place_of(tx, case.chat_id, self.calls.moderator_chat)
        if place is None:
            return None
        name = safe_name(case.holder_name or words_duty.SOMEBODY)
        who = f'<a href="tg://user?id={case.standing.holder}">{name}</a>'
        payload = _message(f"{who}：{said}", rows)
        topic = self.calls.topic_of(place)
        if topic is not None:
            payload["message_thread_id"] = topic
        return {"chat_id": place, "payload": payload, "purpose": ASK}

    def _within(self, case: Case) -> timedelta:
        return self.within_imminent if is_urgent(case) else self.within_ideation


def _lacks_how(case: Case) -> bool:
    return case.standing.state is CaseState.CONTACTED and case.how is None


async def _minutes(tx: Transaction, case: Case) -> int:
    """For how long its holder has had it."""
    took = [
        act.at
        for act in await acts.of_case(tx, case.id)
        if act.actor == case.standing.holder and act.kind in {Move.CLAIM, Move.TAKE_OVER}
    ]
    since = took[-1] if took else case.called_at or case.opened_at
    return int((tx.now - since).total_seconds() // 60)


def _message(text: str, rows: list[list[dict[str, str]]]) -> dict[str, Any]:
    return {"text": text, "parse_mode": "HTML", "reply_markup": {"inline_keyboard": rows}}


def _contact_rows(case: Case) -> list[list[dict[str, str]]]:
    moves = (Move.CONTACT, Move.HAND_OVER)
    return [
        [
            {"text": words.MOVE_BUTTON[move], "callback_data": f"m:{case.id}:{move}"}
            for move in moves
        ]
    ]


def _how_rows(case: Case) -> list[list[dict[str, str]]]:
    return [[button] for button in how_buttons(case.id)]
