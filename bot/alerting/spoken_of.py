"""Of whom a member speaks who fears for somebody else, and which case that is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from bot.hearing.recent import Recent
from moderation.storage import Transaction, audit, casebook, spoken
from moderation.storage.casebook import Case, Person
from moderation.vocabulary import CaseKind, Message, Subject

SAME_BREATH = timedelta(minutes=30)
"""Within this time a name that is said later belongs to the danger told first."""
SHORTEST = 2
"""Characters of a name from which on it is found in a text."""


async def meant(tx: Transaction, message: Message, recent: Recent) -> Person | None:
    """The member who is probably meant: forwarded, tagged, or called by a name that one alone has."""
    pointed = message.points_at
    if pointed is not None:
        return Person(pointed.id, pointed.name, username=pointed.username)
    if message.private:
        return None
    heard = [
        Person(number, name)
        for number, name in recent.people(message.chat_id).items()
        if number > 0
    ]
    known = [case.whose for case in await spoken.live(tx, message.chat_id)]
    people = [*heard, *(person for person in known if person is not None)]
    return named(message.text, [one for one in people if one.id != message.sender.id])


def named(text: str, people: Iterable[Person]) -> Person | None:
    """Whose name or username stands in a text; None if nobody's, or that of several. Pure."""
    found = {one.id: one for one in people if _stands_in(one, text)}
    longest = max((len(one.name) for one in found.values()), default=0)
    best = [one for one in found.values() if len(one.name) == longest]
    return best[0] if len(best) == 1 else None


async def find(tx: Transaction, message: Message, who: Person | None) -> Case | None:
    """The live case on the one who is spoken of; None if this opens one."""
    own = None
    if who is not None:
        own = await casebook.find_live(tx, CaseKind.CRISIS, message.chat_id, who.id, Subject.SELF)
    if who is not None and own is None:
        own = await spoken.on(tx, who)
    if own is not None:
        return own
    live = await spoken.live(tx, message.chat_id)
    about = spoken.key_of(tx, who, message.forwarded_from or "")
    same = [case for case in live if about and case.about == about]
    found = same or await _likely(tx, message, live, about)
    return found[-1] if found else None


async def her_own(tx: Transaction, person: Person, chat_id: int) -> tuple[Case | None, bool]:
    """The live crisis of one who speaks for herself, or asks for a human.

    Where others spoke of her first, their case becomes hers; True if that happened just now.
    """
    own = await casebook.find_live(tx, CaseKind.CRISIS, chat_id, person.id, Subject.SELF)
    if own is not None:
        return own, False
    others = await spoken.on(tx, person)
    if others is None:
        return None, False
    await spoken.turn_to(tx, others.id, person)
    await audit.record(tx, "bot", "speaks_herself", others.id)
    return await casebook.get(tx, others.id), True


async def _likely(
    tx: Transaction, message: Message, live: Sequence[Case], about: str
) -> list[Case]:
    """Where no case has this name: the one that is answered, else what the same member told before."""
    if not about and message.reply_to is not None:
        rests = await casebook.of_message(tx, message.chat_id, message.reply_to)
        answered = {case.id for case in rests}
        if found := [case for case in live if case.id in answered]:
            return found
    told = [c for c in live if message.sender.id in await spoken.tellers(tx, c.id)]
    if not about:
        return told
    unnamed = [c for c in told if c.subject is Subject.OTHER and not c.about]
    return [c for c in unnamed if tx.now - c.updated_at < SAME_BREATH]


def _stands_in(person: Person, text: str) -> bool:
    tagged = person.username is not None and f"@{person.username}".lower() in text.lower()
    return tagged or (len(person.name) >= SHORTEST and person.name in text)
