"""What a card shows, gathered from what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.alerting.cardview import ACT, ActKind, Aside, CardView, Done
from bot.spirals.card import aside_of
from bot.spirals.dangers import dangers_of
from bot.words import duty as words_duty
from moderation.cases import CaseState
from moderation.storage import (
    Transaction,
    acts,
    casebook,
    chats,
    duty,
    group_settings,
    outbox,
    sightings,
    spirals,
)
from moderation.storage.acts import Act
from moderation.storage.casebook import Case
from moderation.storage.chats import Chat
from moderation.storage.outbox import Delivery, State
from moderation.vocabulary import CaseKind, Subject

WORD = "word"
DOOR = "door"
GUIDE = "guide"
"""The word to somebody who fears for another."""
GUIDE_DOOR = "guide_door"
ON_ITS_WAY = {State.PENDING, State.SENDING}


async def view_of(tx: Transaction, case: Case, zone: ZoneInfo) -> CardView:
    """The view of a case as it is now."""
    chat = await chats.get(tx, case.chat_id)
    wanted = await group_settings.of_group(tx, case.chat_id)
    staff = await duty.names(tx)
    days, before = await _known_for(tx, case, chat)
    return CardView(
        case=case,
        signals=await casebook.signals_of(tx, case.id),
        chat_title=chat.title if chat else "",
        chat_username=chat.username if chat else None,
        earlier=await casebook.earlier_cases(tx, case),
        zone=zone,
        can_delete=bool(chat and chat.can_delete),
        can_restrict=bool(chat and chat.can_restrict),
        called=case.unanswered if case.standing.state is CaseState.OPEN else 0,
        word=await _word(tx, case, zone),
        done=await _done(tx, case),
        aside=await _aside(tx, case, zone, staff),
        days=days,
        since_before=before,
        rule=wanted.rules.get(case.kind, ""),
        staff=staff,
    )


async def _aside(tx: Transaction, case: Case, zone: ZoneInfo, staff: Sequence[str]) -> Aside | None:
    """What only the card of a spiral shows."""
    story = await spirals.story_of(tx, case.id) if case.kind is CaseKind.SPIRAL else None
    if story is None:
        return None
    return aside_of(story, await dangers_of(tx, case.chat_id, story), zone, staff)


async def _known_for(tx: Transaction, case: Case, chat: Chat | None) -> tuple[int | None, bool]:
    """For how many days whom it concerns is known in the group, and whether from its first day."""
    who = case.whose or case.person
    if who is None or chat is None or case.kind is CaseKind.SPIRAL:
        return None, False
    since = await sightings.since(tx, case.chat_id, who.id)
    if since is None:
        return None, False
    return (tx.now.date() - since).days, since <= chat.joined_at.date()


async def _word(tx: Transaction, case: Case, zone: ZoneInfo) -> str:
    """Whether the private word reached the member; empty where none was meant."""
    if case.kind is not CaseKind.CRISIS or case.person is None:
        return ""
    if not case.person.writable:
        return words_duty.WORD_IMPOSSIBLE
    told = case.subject is Subject.OTHER
    said = await _word_itself(tx, case, zone, (GUIDE, GUIDE_DOOR) if told else (WORD, DOOR))
    return said.replace(words_duty.TO_HER, words_duty.TO_TELLER) if told else said


async def _word_itself(
    tx: Transaction, case: Case, zone: ZoneInfo, purposes: tuple[str, str]
) -> str:
    word = await outbox.last_of_case(tx, case.id, purposes[0])
    door = await outbox.last_of_case(tx, case.id, purposes[1])
    if word is not None and word.state is State.SENT:
        at = (word.settled_at or tx.now).astimezone(zone).strftime("%H:%M")
        return words_duty.WORD_ARRIVED.format(at=at)
    if word is not None and word.state in ON_ITS_WAY:
        return words_duty.WORD_ON_ITS_WAY
    if door is not None and door.state is not State.DEAD:
        return words_duty.WORD_DOOR
    return words_duty.WORD_REFUSED if word is not None or door is not None else ""


async def row_of(tx: Transaction, act: Act) -> Delivery | None:
    """The row that carries out an act; of one to several people, one that was not refused."""
    if act.kind == ActKind.THANK:
        rows = await outbox.of_case(tx, act.case_id, f"{ACT}{act.kind}")
        if rows:
            return rows[-1]
    return await outbox.get(tx, act.row_id) if act.row_id is not None else None


async def _done(tx: Transaction, case: Case) -> list[Done]:
    found = []
    for act in await acts.of_case(tx, case.id):
        row = await row_of(tx, act)
        found.append(Done(act, *_fate(tx, row)))
    return found


def _fate(tx: Transaction, row: Delivery | None) -> tuple[bool, int]:
    """Whether a row failed, and in how many seconds it goes out."""
    if row is None or row.state is State.SENT:
        return False, 0
    if row.state is State.DEAD:
        return True, 0
    return False, max(0, round((row.not_before - tx.now).total_seconds()))
