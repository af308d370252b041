"""The words a member in danger reads, and those of somebody who fears for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import words
from bot.alerting.calls import is_urgent
from bot.alerting.views import DOOR, GUIDE, GUIDE_DOOR, WORD
from bot.readers import ours
from bot.showing import safe_name
from bot.words import elsewhere
from bot.words.minors import TO_MINOR
from moderation.cases import CaseState
from moderation.places import Place, says_where
from moderation.storage import Transaction, casebook, outbox, people, rates
from moderation.storage.casebook import Case
from moderation.storage.outbox import PRIVATE, Lane, Outgoing
from moderation.vocabulary import Message, Subject

INSTEAD = f"{PRIVATE}instead"
HEARD = "heard"
HEARD_PER = timedelta(minutes=2)
"""Who writes on hears no oftener that it was seen."""


@dataclass(frozen=True)
class Kindness:
    """Speaks to members in private; where that is impossible, opens a door in the group."""

    bot_username: str

    async def speak(
        self, tx: Transaction, case: Case, message: Message, *, teller: bool, door: bool = True
    ) -> None:
        """A word that fits the case, never the same twice to the same person while there are others.

        `teller`: she speaks of somebody else. Where it is known that the private chat is closed, the
        door in the group opens at once, unless `door` is False.
        """
        doors = words.DOOR_URGENT if is_urgent(case) else words.IN_GROUP_INSTEAD
        instead = doors[await people.unsaid(tx, message.sender.id, list(doors))]
        opening = self._door(case, message, instead, teller=teller) if door else None
        dedupe = f"word:{case.id}:{case.level}:{message.message_id}"
        if opening is not None and await people.is_writable(tx, message.sender.id) is False:
            row = _row(case, dedupe, opening["chat_id"], opening["payload"], opening["purpose"])
        else:
            place = None if teller else says_where(message.text)
            payload = await self.word(tx, case, message.sender.id, teller=teller, place=place)
            purpose = GUIDE if teller else WORD
            row = _row(case, dedupe, message.sender.id, {**payload, INSTEAD: opening}, purpose)
        await outbox.put(tx, row)

    async def word(
        self,
        tx: Transaction,
        case: Case,
        user_id: int,
        *,
        teller: bool,
        place: Place | None = None,
    ) -> dict[str, Any]:
        """The private message for somebody with this case, or for one who told of it.

        `place` is where she says she is, if other numbers hold there.
        """
        texts = _texts(case, teller) if place is None else _texts_far(case)
        text = texts[await people.unsaid(tx, user_id, list(texts))]
        buttons = human_buttons(case.id)
        if place is not None:
            text = text.format(urgent=elsewhere.URGENT[place], talk=elsewhere.TALK[place])
            buttons = human_buttons(case.id, f"t:{elsewhere.PAGE[place]}")
        if not teller and await _is_young(tx, case):
            also = TO_MINOR[await people.unsaid(tx, user_id, list(TO_MINOR))]
            text = f"{text}\n\n{also}"
        return {"text": text, "reply_markup": {"inline_keyboard": buttons}}

    async def hear(self, tx: Transaction, case: Case, message: Message) -> None:
        """She writes on in private: now and then she reads that it was seen, and who has it."""
        if not message.private or message.edited:
            return
        if not await rates.allow(tx, HEARD, message.sender.id, 1, HEARD_PER):
            return
        place = says_where(message.text)
        if place is not None:
            payload = ours(await self.word(tx, case, message.sender.id, teller=False, place=place))
        else:
            payload = await _heard(tx, case, message.sender.id)
        dedupe = f"heard:{case.id}:{message.message_id}"
        await outbox.put(tx, _row(case, dedupe, message.sender.id, payload, HEARD))

    async def say_who_comes(self, tx: Transaction, case: Case, who: str) -> None:
        """The member hears that a human has taken her case."""
        if case.subject is not Subject.SELF or case.person is None or not case.person.writable:
            return
        row = Outgoing(
            dedupe=f"taken:{case.id}:{case.standing.holder}",
            lane=Lane.CRISIS,
            chat_id=case.person.id,
            method="sendMessage",
            payload=ours({"text": words.HUMAN_TAKEN.format(who=who)}, keep=who),
            case_id=case.id,
        )
        await outbox.put(tx, row)

    def _door(
        self, case: Case, message: Message, text: str, *, teller: bool
    ) -> dict[str, Any] | None:
        """What is said in the group when the private chat is closed; gives nothing away."""
        if message.private:
            return None
        link = f"https://t.me/{self.bot_username}?start=talk_{case.id}"
        name = safe_name(message.sender.name)
        payload: dict[str, Any] = {
            "text": text.format(name=name),
            "parse_mode": "HTML",
            "reply_parameters": {
                "message_id": message.message_id,
                "allow_sending_without_reply": True,
            },
            "reply_markup": {"inline_keyboard": [[{"text": words.BUTTON_ALONE, "url": link}]]},
        }
        if message.thread_id is not None:
            payload["message_thread_id"] = message.thread_id
        return {
            "chat_id": message.chat_id,
            "payload": ours(payload, keep=name),
            "purpose": GUIDE_DOOR if teller else DOOR,
        }


async def _is_young(tx: Transaction, case: Case) -> bool:
    """Whether the one in danger said of herself, in what is kept of this case, that she is under eighteen."""
    kept = await casebook.signals_of(tx, case.id)
    return any(one.teller is None and one.minor for one in kept)


def _row(case: Case, dedupe: str, chat_id: int, payload: dict[str, Any], purpose: str) -> Outgoing:
    return Outgoing(
        dedupe=dedupe,
        lane=Lane.CRISIS,
        chat_id=chat_id,
        method="sendMessage",
        payload=payload,
        purpose=purpose,
        case_id=case.id,
    )


async def _heard(tx: Transaction, case: Case, user_id: int) -> dict[str, Any]:
    who = case.holder_name if case.standing.state is not CaseState.OPEN else None
    if who:
        texts = elsewhere.HEARD_HELD
    else:
        texts = elsewhere.HEARD_URGENT if is_urgent(case) else elsewhere.HEARD
    text = texts[await people.unsaid(tx, user_id, list(texts))].format(who=who)
    payload = {"text": text, "reply_markup": {"inline_keyboard": human_buttons(case.id)}}
    return ours(payload, keep=who or "")


def _texts_far(case: Case) -> Mapping[str, str]:
    return elsewhere.TO_IMMINENT if is_urgent(case) else elsewhere.TO_IDEATION


def _texts(case: Case, teller: bool) -> Mapping[str, str]:
    if teller:
        return words.TO_BYSTANDER if is_urgent(case) else words.TO_WORRIED
    return words.TO_IMMINENT if is_urgent(case) else words.TO_IDEATION


def human_buttons(case_id: int, numbers: str = "n") -> list[list[dict[str, str]]]:
    """A human at once, and whom one can call; `numbers` opens another page than the mainland's."""
    return [
        [{"text": words.BUTTON_HUMAN, "callback_data": f"h:{case_id}"}],
        [{"text": words.BUTTON_NUMBERS, "callback_data": numbers}],
    ]
