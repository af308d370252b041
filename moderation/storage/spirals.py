"""What is kept of spirals: the detector's trail of each chat, and the story of each case."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from moderation.cases import CaseState
from moderation.spiral.story import (
    Known,
    Story,
    Trail,
    story_from_json,
    story_to_json,
    trail_from_json,
    trail_to_json,
)
from moderation.storage import casebook
from moderation.storage.casebook import Case
from moderation.storage.chats import MEMBER
from moderation.storage.database import Transaction
from moderation.storage.sealing import KeyGone
from moderation.storage.tables import cases, spiral_stories, spiral_trails, spirals
from moderation.vocabulary import CaseKind

TRAIL = "spiral_trails.trail"
STORY = "spiral_stories.story"
TRAIL_OF = select(spiral_trails.c.trail_sealed).where(spiral_trails.c.chat_id == bindparam("chat"))
KEEP_TRAIL = (
    update(spiral_trails)
    .where(spiral_trails.c.chat_id == bindparam("chat"))
    .values(trail_sealed=bindparam("kept"), heard_at=bindparam("now"))
)


async def trail_of(tx: Transaction, chat_id: int) -> Trail:
    """The last messages of a chat as numbers; an empty trail where there is none."""
    sealed = (await tx.by_key(TRAIL_OF, {"chat": chat_id})).scalar()
    return trail_from_json(tx.sealer.open(TRAIL, sealed)) if sealed else Trail()


async def keep_trail(tx: Transaction, chat_id: int, trail: Trail) -> None:
    """Store the trail of a chat."""
    sealed = tx.sealer.seal(TRAIL, trail_to_json(trail))
    known = await tx.by_key(KEEP_TRAIL, {"chat": chat_id, "kept": sealed, "now": tx.now})
    if known.rowcount == 0:
        first = {"chat_id": chat_id, "trail_sealed": sealed, "heard_at": tx.now}
        await tx.connection.execute(insert(spiral_trails).values(first))


async def plan_lapse(tx: Transaction, chat_id: int, lapses_at: datetime | None) -> None:
    """Set when the running spiral of a chat ends by silence; None when none runs."""
    await tx.connection.execute(
        update(spirals).where(spirals.c.chat_id == chat_id).values(lapses_at=lapses_at)
    )


async def due_lapses(tx: Transaction) -> list[int]:
    """Chats whose running spiral may have ended by silence."""
    rows = await tx.connection.execute(
        select(spirals.c.chat_id).where(spirals.c.lapses_at <= tx.now)
    )
    return list(rows.scalars())


async def keep_story(tx: Transaction, case_id: int, story: Story) -> None:
    """Store the story of a case; one with an ending is over from then on."""
    values = {"story_sealed": tx.sealer.seal(STORY, _names_apart(tx, story))}
    over = {"ended_at": tx.now} if story.ending is not None else {}
    known = await tx.connection.execute(
        update(spiral_stories).where(spiral_stories.c.case_id == case_id).values(**values, **over)
    )
    if known.rowcount == 0:
        await tx.connection.execute(
            insert(spiral_stories).values(case_id=case_id, **values, **over)
        )


async def story_of(tx: Transaction, case_id: int) -> Story | None:
    """The story of a case."""
    sealed = await tx.connection.scalar(
        select(spiral_stories.c.story_sealed).where(spiral_stories.c.case_id == case_id)
    )
    return story_from_json(_with_names(tx, tx.sealer.open(STORY, sealed))) if sealed else None


async def running(tx: Transaction, chat_id: int) -> tuple[Case, Story] | None:
    """The case and story of the spiral that runs in a chat, whatever humans have made of it."""
    number = await tx.connection.scalar(
        select(cases.c.id)
        .join(spiral_stories, spiral_stories.c.case_id == cases.c.id)
        .where(cases.c.chat_id == chat_id, spiral_stories.c.ended_at.is_(None))
        .order_by(cases.c.id.desc())
        .limit(1)
    )
    case = await casebook.get(tx, number) if number is not None else None
    story = await story_of(tx, number) if number is not None else None
    return (case, story) if case is not None and story is not None else None


async def abandon(tx: Transaction, chat_id: int) -> None:
    """A new spiral begins: one of this chat that never got its end is not running any more."""
    of_chat = select(cases.c.id).where(cases.c.chat_id == chat_id)
    await tx.connection.execute(
        update(spiral_stories)
        .where(spiral_stories.c.ended_at.is_(None), spiral_stories.c.case_id.in_(of_chat))
        .values(ended_at=tx.now)
    )


async def dismissed(tx: Transaction, chat_id: int, since: datetime) -> list[tuple[int, Story]]:
    """What humans said was no spiral in this chat since then: case number and story."""
    rows = await tx.connection.execute(
        select(cases.c.id)
        .join(spiral_stories, spiral_stories.c.case_id == cases.c.id)
        .where(
            cases.c.kind == CaseKind.SPIRAL,
            cases.c.chat_id == chat_id,
            cases.c.state == CaseState.FALSE_ALARM,
            cases.c.opened_at >= since,
        )
        .order_by(cases.c.id)
    )
    found = []
    for number in rows.scalars().all():
        story = await story_of(tx, number)
        if story is not None:
            found.append((number, story))
    return found


async def trails_with(tx: Transaction, user_id: int) -> int:
    """In the trails of how many chats somebody appears."""
    member = tx.sealer.hash_id(user_id)[:MEMBER]
    known = (await tx.connection.execute(select(spiral_trails.c.chat_id))).scalars().all()
    return sum([member in (await trail_of(tx, chat_id)).people for chat_id in known])


async def stories_with(tx: Transaction, user_id: int) -> list[int]:
    """Cases in whose story somebody appears."""
    member = tx.sealer.hash_id(user_id)[:MEMBER]
    known = (await tx.connection.execute(select(spiral_stories.c.case_id))).scalars().all()
    found = [(number, await story_of(tx, number)) for number in known]
    return [number for number, story in found if story is not None and story.knows(member)]


async def forget(tx: Transaction, user_id: int) -> list[int]:
    """Take somebody out of every trail and story; the cases whose card shows it."""
    member = tx.sealer.hash_id(user_id)[:MEMBER]
    for chat_id in (await tx.connection.execute(select(spiral_trails.c.chat_id))).scalars().all():
        trail = await trail_of(tx, chat_id)
        if member in trail.people:
            await keep_trail(tx, chat_id, trail.without(member))
    changed = await stories_with(tx, user_id)
    for number in changed:
        story = await story_of(tx, number)
        if story is not None:
            await keep_story(tx, number, story.without(member))
            await casebook.touch(tx, number)
    return changed


def _names_apart(tx: Transaction, story: Story) -> dict[str, Any]:
    """The story with each name under its member's own key, so that no backup tells it for ever."""
    raw = story_to_json(story)
    raw["trail"]["people"] = {
        member: tx.sealer.seal_inside(STORY, known, tx.sealer.hash_id(known.id))
        for member, known in story.people.items()
    }
    return raw


def _with_names(tx: Transaction, raw: dict[str, Any]) -> dict[str, Any]:
    """The story with those names whose keys are still here."""
    people: dict[str, Known] = {}
    for member, kept in raw["trail"]["people"].items():
        with contextlib.suppress(KeyGone):
            whole = tx.sealer.open_inside(STORY, kept) if isinstance(kept, str) else kept
            people[member] = Known(*whole)
    raw["trail"]["people"] = people
    return raw
