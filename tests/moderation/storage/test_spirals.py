"""What is kept of spirals: found again, sealed, moved with its chat, and forgotten."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from moderation.spiral import Catch, Ending
from moderation.spiral.story import Known, Point, Story, Trail
from moderation.storage import Database, Transaction, casebook, chats, spirals
from moderation.storage.ring import FILE, Ring
from moderation.storage.tables import spiral_stories, spiral_trails
from moderation.vocabulary import CaseKind, Certainty, Subject

HERE, THERE = -100, -200
LAN, MEI = 11, 12


def member(tx: Transaction, user_id: int) -> str:
    """How the detector knows somebody."""
    return tx.sealer.hash_id(user_id)[: chats.MEMBER]


def a_trail(tx: Transaction) -> Trail:
    """小岚 and 阿梅 said something heavy."""
    people = {member(tx, LAN): Known(LAN, "小岚"), member(tx, MEI): Known(MEI, "阿梅")}
    at = tx.now.timestamp()
    return Trail(tuple(Point(at + n, m, 2.5, 0.0, n) for n, m in enumerate(people)), people)


def a_story(tx: Transaction) -> Story:
    """阿梅 caught it from 小岚."""
    lan, mei = member(tx, LAN), member(tx, MEI)
    caught = (Catch(lan, 0, None), Catch(mei, 1, lan))
    return Story(a_trail(tx), caught, (), (lan,), 1, 3, 0.7, ())


async def a_case(tx: Transaction, chat_id: int = HERE) -> int:
    """A spiral's case with its story."""
    case = await casebook.open_case(
        tx, CaseKind.SPIRAL, chat_id, None, "onset", Subject.NONE, Certainty.POSSIBLE
    )
    await spirals.keep_story(tx, case.id, a_story(tx))
    return case.id


async def test_a_trail_and_a_story_are_found_as_they_were_and_are_sealed(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        number = await a_case(tx)
        await spirals.keep_trail(tx, HERE, a_trail(tx))
        assert await spirals.trail_of(tx, HERE) == a_trail(tx)
        assert await spirals.story_of(tx, number) == a_story(tx)
        raw = [await tx.connection.scalar(select(spiral_trails.c.trail_sealed))]
        raw.append(await tx.connection.scalar(select(spiral_stories.c.story_sealed)))
        assert all(one and b"caught" not in one and b"\\u5c0f" not in one for one in raw)


async def test_a_story_runs_until_it_has_an_ending_or_another_begins(database: Database) -> None:
    async with database.transaction() as tx:
        number = await a_case(tx)
        running = await spirals.running(tx, HERE)
        assert running is not None
        assert running[0].id == number
        assert await spirals.running(tx, THERE) is None
        await spirals.abandon(tx, HERE)
        assert await spirals.running(tx, HERE) is None
        another = await a_case(tx)
        story = await spirals.story_of(tx, another)
        assert story is not None
        over = Story(story.trail, story.caught, (), (), 1, 9, 0.7, (), ending=Ending.TOPIC)
        await spirals.keep_story(tx, another, over)
        assert await spirals.running(tx, HERE) is None


async def test_the_trail_and_the_time_of_silence_move_with_the_group_and_leave_with_it(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await chats.ensure(tx, HERE, "group", "互助群", None)
        await chats.keep_spiral_state(tx, HERE, b"{}")
        await spirals.keep_trail(tx, HERE, a_trail(tx))
        await spirals.plan_lapse(tx, HERE, tx.now - timedelta(minutes=1))
        await chats.move(tx, HERE, THERE)
        assert await spirals.due_lapses(tx) == [THERE]
        assert await spirals.trail_of(tx, THERE) == a_trail(tx)
        await chats.note_left(tx, THERE)
        assert (await spirals.due_lapses(tx), await spirals.trail_of(tx, THERE)) == ([], Trail())


async def test_the_name_of_one_whose_key_is_gone_cannot_be_read_in_a_copy_of_the_story(
    database: Database, tmp_path: Path
) -> None:
    database.sealer.ring = Ring(tmp_path / FILE, bytes(32))
    async with database.transaction() as tx:
        number = await a_case(tx)
        whole = await spirals.story_of(tx, number)
        assert whole == a_story(tx)
        database.sealer.ring.destroy(tx.sealer.hash_id(LAN), newest=True)
        story = await spirals.story_of(tx, number)
        assert story is not None
        assert story.name(member(tx, LAN)) is None
        assert story.name(member(tx, MEI)) == "阿梅"
        assert story.caught == whole.caught


@pytest.mark.parametrize("user_id", [LAN, MEI])
async def test_whoever_wishes_it_is_taken_out_of_everything(
    database: Database, user_id: int
) -> None:
    async with database.transaction() as tx:
        number = await a_case(tx)
        await spirals.keep_trail(tx, HERE, a_trail(tx))
        assert await spirals.stories_with(tx, user_id) == [number]
        assert await spirals.trails_with(tx, user_id) == 1
        assert await spirals.forget(tx, user_id) == [number]
        assert await spirals.stories_with(tx, user_id) == []
        assert await spirals.trails_with(tx, user_id) == 0
        story = await spirals.story_of(tx, number)
        assert story is not None
        assert len(story.caught) == 2
