"""Thanks to those who steady the others: in private, to whom the bot may write."""

from __future__ import annotations

from bot import words
from bot.alerting.cardview import ACT, ActKind
from bot.members.kindness import human_buttons
from bot.readers import ours
from bot.staff.acting import Acting, Doer
from bot.words import spirals as said
from moderation.spiral.story import Known, Story
from moderation.storage import Transaction, acts, audit, casebook, outbox, people, spirals
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, Outgoing


async def thank(acting: Acting, tx: Transaction, case: Case, doer: Doer) -> str:
    """Thank all who steadied; what the one who tapped is told."""
    refusal = await acting.refusal(tx, case, ActKind.THANK, None)
    story = await spirals.story_of(tx, case.id)
    if refusal is not None or story is None:
        return refusal or words.OLD_BUTTON
    if not story.steadying:
        return said.THANK_NOBODY
    reached = await _reachable(tx, story, doer)
    if not reached:
        return said.THANK_UNREACHABLE
    count = len(await acts.of_case(tx, case.id))
    rows = [await _put(acting, tx, case, who, count) for who in reached]
    await acts.note(tx, case.id, ActKind.THANK, doer.id, doer.name, rows[0])
    detail = {"members": len(reached)}
    await audit.record(tx, tx.sealer.hash_id(doer.id), f"act:{ActKind.THANK}", case.id, detail)
    await casebook.touch(tx, case.id)
    await acting.calls.refresh(tx, case.id)
    return acting.said(ActKind.THANK)


async def _reachable(tx: Transaction, story: Story, doer: Doer) -> list[Known]:
    """Who steadied and may be written to; nobody thanks herself."""
    known = [story.people[member] for member in story.steadying if member in story.people]
    return [
        one
        for one in known
        if one.writable and one.id != doer.id and await people.is_writable(tx, one.id) is not False
    ]


async def _put(acting: Acting, tx: Transaction, case: Case, who: Known, count: int) -> int | None:
    key = await people.unsaid(tx, who.id, list(said.THANKS))
    markup = {"inline_keyboard": human_buttons(0)}
    row = Outgoing(
        dedupe=f"act:{case.id}:{ActKind.THANK}:{count}:{who.id}",
        lane=Lane.TAP,
        chat_id=who.id,
        method="sendMessage",
        payload=ours({"text": said.THANKS[key], "reply_markup": markup}),
        purpose=f"{ACT}{ActKind.THANK}",
        case_id=case.id,
        not_before=tx.now + acting.take_back,
    )
    return await outbox.put(tx, row)
