"""The story of a spiral, from the message at which it is noticed to what turned it; all of it rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot.alerting.calls import CARD, Calls
from bot.alerting.cardview import ActKind
from bot.alerting.loudness import place_of
from bot.showing import safe_text
from bot.spirals.card import names
from bot.words import spirals as said
from moderation import spiral
from moderation.cases import CaseState
from moderation.spiral import Beat, Ending, SpiralEvent, SpiralState, Tuning
from moderation.spiral.story import Known, Story, begun, ended, went_on
from moderation.storage import Transaction, acts, audit, casebook, chats, duty, outbox, spirals
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, Outgoing, State
from moderation.vocabulary import ActionKind, Message

log = structlog.get_logger()

EVENING_ENDS = timedelta(hours=6)
"""An evening goes on until six in the morning."""
NEW_FACES = 2
"""So many who were not in it make it another pattern than the one that was no spiral."""
ITSELF = 0
"""Stands in the list of acts where the bot acted by itself; nobody has this id."""
GROWN = 2
"""A spiral nobody has taken is shown again when so many times as many are caught."""


async def follow(
    calls: Calls, tx: Transaction, message: Message, beat: Beat, state: SpiralState, *, new: bool
) -> None:
    """After every message: the trail goes on, and with it the story of the spiral that runs.

    `new` when this very message began one, whose story has yet to be told.
    """
    chat_id = message.chat_id
    sender = message.sender
    who = Known(sender.id, sender.name, sender.can_be_written_to)
    trail = (await spirals.trail_of(tx, chat_id)).heard(beat, who)
    await spirals.keep_trail(tx, chat_id, trail)
    if state.episode is None or new:
        return
    running = await spirals.running(tx, chat_id)
    if running is None:
        return
    case, before = running
    story = went_on(before, state, trail)
    await spirals.keep_story(tx, case.id, story)
    if (story.caught, story.steadying) != (before.caught, before.steadying):
        await _show(calls, tx, case, story)


async def begin(tx: Transaction, message: Message, event: SpiralEvent) -> Story:
    """The story of a spiral that this message has just shown."""
    state = spiral.load(await chats.spiral_state(tx, message.chat_id))
    trail = await spirals.trail_of(tx, message.chat_id)
    await spirals.abandon(tx, message.chat_id)
    return begun(state, trail, event, message.thread_id)


async def said_to_be_none(
    tx: Transaction, chat_id: int, event: SpiralEvent, zone: ZoneInfo
) -> bool:
    """Whether humans said this evening that the same circle is no spiral."""
    since = evening_of(tx.now, zone)
    caught = {one.member for one in event.caught}
    for case_id, story in await spirals.dismissed(tx, chat_id, since):
        if len(caught - story.circle) < NEW_FACES:
            await audit.record(tx, "bot", "spiral_muted", case_id, {"caught": len(caught)})
            log.info("spiral_muted", chat=chat_id, case=case_id)
            return True
    return False


async def close(calls: Calls, tx: Transaction, chat_id: int, event: SpiralEvent) -> None:
    """It is over: the story keeps how, and those who had the card read a line."""
    running = await spirals.running(tx, chat_id)
    if running is None:
        return
    case, story = running
    story = ended(story, event)
    await spirals.keep_story(tx, case.id, story)
    detail = {"ending": event.ending, "minutes": story.minutes, "members": len(story.caught)}
    await audit.record(tx, "time", "spiral_ended", case.id, detail)
    if case.standing.state is CaseState.FALSE_ALARM:
        return
    await casebook.touch(tx, case.id)
    await calls.refresh(tx, case.id)
    await _say_how(calls, tx, case, story)


async def refresh(calls: Calls, tx: Transaction, chat_id: int) -> None:
    """Something beside it changed (somebody is in danger): the card of a running spiral shows it."""
    running = await spirals.running(tx, chat_id)
    if running is not None and running[0].standing.state.live:
        await _hold_back(tx, running[0])
        await casebook.touch(tx, running[0].id)
        await calls.refresh(tx, running[0].id)


def lapses_at(state: SpiralState, tuning: Tuning) -> datetime | None:
    """When the running spiral ends if nobody says a heavy word any more."""
    if state.episode is None:
        return None
    return datetime.fromtimestamp(state.episode.last + tuning.silence, UTC)


def evening_of(now: datetime, zone: ZoneInfo) -> datetime:
    """When the present evening began: the last six in the morning."""
    local = now.astimezone(zone)
    begins = (local - EVENING_ENDS).replace(hour=0, minute=0, second=0, microsecond=0)
    return begins + EVENING_ENDS


async def _hold_back(tx: Transaction, case: Case) -> None:
    """Somebody is in danger: what the bot was about to say by itself is not said."""
    for act in await acts.of_case(tx, case.id):
        row = await outbox.get(tx, act.row_id) if act.row_id is not None else None
        own = act.kind == ActKind.CALM and act.actor == ITSELF
        if own and row is not None and row.state is State.PENDING and not row.maybe_sent:
            await outbox.give_up(tx, row.id, "somebody is in danger")
            await acts.undo(tx, act.id)


async def _show(calls: Calls, tx: Transaction, case: Case, story: Story) -> None:
    """The card says who was caught and who steadies now; a new one where it has grown untaken."""
    if not case.standing.state.live:
        return
    await casebook.touch(tx, case.id)
    await calls.refresh(tx, case.id)
    if case.standing.holder is not None or len(story.caught) < GROWN * max(1, story.told):
        return
    told = len(story.caught)
    await spirals.keep_story(tx, case.id, replace(story, told=told))
    fresh = await casebook.get(tx, case.id)
    place = await place_of(tx, case.chat_id, calls.moderator_chat)
    kind = ActionKind.ALERT_MODERATORS if place is not None else ActionKind.ALERT_ADMINS
    await calls.call(tx, fresh or case, [kind], f"grown:{told}")


async def _say_how(calls: Calls, tx: Transaction, case: Case, story: Story) -> None:
    """One line in each chat, below its newest card."""
    text = await _over(tx, case, story)
    cards = sorted(await outbox.of_case(tx, case.id, CARD), key=lambda card: card.id)
    for row in {card.chat_id: card for card in cards}.values():
        line = Outgoing(
            dedupe=f"over:{row.id}",
            lane=Lane.ALERT,
            chat_id=row.chat_id,
            method="sendMessage",
            payload={"text": text, "parse_mode": "HTML", "disable_notification": True}
            | _topic(calls, row.chat_id),
            case_id=case.id,
            follows=row.id,
        )
        await outbox.put(tx, line)


def _topic(calls: Calls, chat_id: int) -> dict[str, int]:
    topic = calls.topic_of(chat_id)
    return {} if topic is None else {"message_thread_id": topic}


async def _over(tx: Transaction, case: Case, story: Story) -> str:
    """How long, how many, what turned it."""
    assert story.ending is not None
    chat = await chats.get(tx, case.chat_id)
    done = await acts.of_case(tx, case.id)
    calmed = any(act.kind == ActKind.CALM and not act.undone for act in done)
    staff = await duty.names(tx)
    parts = [
        said.OVER_HEAD.format(
            place=safe_text(chat.title) if chat else "",
            minutes=story.minutes,
            count=len(story.caught),
        ),
        said.OVER[story.ending].format(who=names(story, story.steadying, staff) or said.SOMEBODY),
        said.OVER_AFTER_CALM if calmed and story.ending is not Ending.SILENCE else "",
        said.STEPS_OVER.format(who=names(story, story.worst, staff) or said.SOMEBODY),
    ]
    return "".join(parts)
