"""What is remembered of the database is what stands there, whoever has changed it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from moderation.drift import OwnDay
from moderation.storage import Database, Transaction, chats, checkins, group_settings, people
from moderation.storage.memory import MOST, Memory
from moderation.storage.people import Role
from moderation.vocabulary import CaseKind, Sensitivity

GROUP, OTHER, STAFF = -1001, -1002, -1003
MEI = 11


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            said.append(statement)

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", hear)
    yield said
    event.remove(engine, "before_cursor_execute", hear)


async def ask(tx: Transaction) -> tuple[Any, ...]:
    """All that is remembered, as one value."""
    chat = await chats.get(tx, GROUP)
    return (
        await people.holders(tx, Role.COUNSELOR),
        await people.roles_of(tx, MEI),
        (await group_settings.of_group(tx, GROUP)).muted,
        await group_settings.is_moderators(tx, STAFF),
        chat and (chat.sensitivity, chat.bot_status),
    )


async def known(database: Database) -> tuple[Any, ...]:
    """What somebody who only looks is told."""
    async with database.reading() as tx:
        return await ask(tx)


async def test_what_does_not_change_is_read_once(database: Database) -> None:
    async with database.transaction() as tx:
        first = await ask(tx)
    with statements(database) as said:
        assert await known(database) == first
        async with database.transaction() as tx:
            assert await ask(tx) == first
    assert said == []


async def test_a_statement_in_plain_words_may_have_changed_anything(database: Database) -> None:
    async with database.transaction() as tx:
        await people.grant(tx, MEI, Role.COUNSELOR)
    assert (await known(database))[0] == [MEI]
    async with database.transaction() as tx:
        await tx.connection.execute(text("DELETE FROM roles"))
        assert await people.holders(tx, Role.COUNSELOR) == []
    assert (await known(database))[0] == []


CHANGES = {
    "a role is granted": lambda tx: people.grant(tx, MEI, Role.COUNSELOR),
    "roles come from the settings": lambda tx: people.set_from_settings(tx, Role.COUNSELOR, [MEI]),
    "a kind is muted": lambda tx: group_settings.change(
        tx, GROUP, muted=frozenset({CaseKind.SPIRAL})
    ),
    "another place for cards": lambda tx: group_settings.change(tx, GROUP, moderators=STAFF),
    "a new group": lambda tx: chats.ensure(tx, GROUP, "supergroup", "群", None),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_is_seen_at_once_by_its_own_transaction_and_afterwards_by_all(
    database: Database, change: Any
) -> None:
    before = await known(database)
    async with database.transaction() as tx:
        assert await ask(tx) == before
        await change(tx)
        changed = await ask(tx)
        assert changed != before
        assert await known(database) == before
    assert await known(database) == changed
    async with database.transaction() as tx:
        assert await ask(tx) == changed


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_a_change_that_fails_was_never_there(database: Database, change: Any) -> None:
    before = await known(database)
    with contextlib.suppress(KeyError):
        async with database.transaction() as tx:
            await change(tx)
            await ask(tx)
            raise KeyError
    assert await known(database) == before


async def test_a_group_that_changes_moves_or_goes_is_known_as_it_is(database: Database) -> None:
    async with database.transaction() as tx:
        await chats.ensure(tx, GROUP, "group", "群", None)
        await group_settings.change(tx, GROUP, moderators=STAFF)
        await ask(tx)
    async with database.transaction() as tx:
        await chats.change(tx, GROUP, sensitivity=Sensitivity.KEEN, bot_status="kicked")
    async with database.reading() as tx:
        chat = await chats.get(tx, GROUP)
        assert chat is not None
        assert (chat.sensitivity, chat.present) == (Sensitivity.KEEN, False)
    async with database.transaction() as tx:
        await chats.move(tx, GROUP, OTHER)
    async with database.reading() as tx:
        assert await chats.get(tx, GROUP) is None
        assert (await group_settings.of_group(tx, GROUP)).moderators is None
        assert (await group_settings.of_group(tx, OTHER)).moderators == STAFF


async def test_where_moderators_sit_is_known_without_asking_while_nobody_changes_it(
    database: Database,
) -> None:
    assert group_settings.known_places(database) is None
    async with database.transaction() as tx:
        await group_settings.change(tx, GROUP, moderators=STAFF)
    assert group_settings.known_places(database) is None
    await known(database)
    assert group_settings.known_places(database) == frozenset({STAFF})
    async with database.transaction() as tx:
        await group_settings.change(tx, GROUP, moderators=OTHER)
        assert group_settings.known_places(database) is None
    assert (await known(database))[3] is False
    assert group_settings.known_places(database) == frozenset({OTHER})


async def test_a_role_that_is_taken_back_is_gone(database: Database) -> None:
    async with database.transaction() as tx:
        await people.grant(tx, MEI, Role.MODERATOR)
    assert (await known(database))[1] == {Role.MODERATOR}
    async with database.transaction() as tx:
        await people.revoke(tx, MEI, Role.MODERATOR)
    assert (await known(database))[1] == frozenset()


async def test_another_process_that_writes_is_noticed(database: Database, tmp_path: Path) -> None:
    assert (await known(database))[0] == []
    with contextlib.closing(sqlite3.connect(tmp_path / "qunhu.db")) as another:
        another.execute(
            "INSERT INTO roles VALUES (?, 'counselor', 'chat', '2026-01-01 00:00:00')", [MEI]
        )
        another.commit()
    async with database.transaction() as tx:
        assert await people.holders(tx, Role.COUNSELOR) == [MEI]
    assert (await known(database))[0] == [MEI]


async def test_who_looked_before_a_change_does_not_make_others_remember_what_was(
    database: Database,
) -> None:
    async with database.reading() as old:
        await old.connection.execute(text("SELECT count(*) FROM roles"))
        async with database.transaction() as tx:
            await people.grant(tx, MEI, Role.COUNSELOR)
        assert await people.holders(old, Role.COUNSELOR) == []
    assert (await known(database))[0] == [MEI]


async def test_who_looks_while_a_change_is_not_committed_remembers_nothing(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await people.grant(tx, MEI, Role.COUNSELOR)
        assert (await known(database))[0] == []
        assert await people.holders(tx, Role.COUNSELOR) == [MEI]
    assert (await known(database))[0] == [MEI]


async def test_a_cancelled_transaction_leaves_nothing_and_the_next_goes_on(
    database: Database,
) -> None:
    written, never = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with database.transaction() as tx:
            await people.grant(tx, MEI, Role.COUNSELOR)
            written.set()
            await never.wait()

    working = asyncio.create_task(work())
    await written.wait()
    working.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await working
    assert (await known(database))[0] == []
    async with database.transaction() as tx:
        await people.grant(tx, MEI, Role.MODERATOR)
    assert (await known(database))[1] == {Role.MODERATOR}


async def test_a_wish_to_be_looked_after_counts_from_then_on(
    database: Database, clock: Any
) -> None:
    day = clock().date()
    more = OwnDay(1, 0.5, 0)
    async with database.transaction() as tx:
        await checkins.note(tx, MEI, day, more)
    async with database.transaction() as tx:
        await checkins.begin(tx, MEI, "梅", clock())
        await checkins.note(tx, MEI, day, more)
    async with database.transaction() as tx:
        assert list(await checkins.days_of(tx, MEI)) == [day]
        await checkins.erase(tx, MEI)
        await checkins.note(tx, MEI, day, more)
        assert await checkins.days_of(tx, MEI) == {}


def test_of_one_table_only_so_much_is_kept() -> None:
    memory = Memory(wakeful=True)
    for question in range(MOST + 1):
        memory.keep("chats", question, None, since=0)
    assert list(memory.of("chats")) == [MOST]


def test_where_changes_of_others_cannot_be_seen_nothing_is_remembered() -> None:
    memory = Memory(wakeful=False)
    memory.keep("chats", 1, "x", since=0)
    assert memory.of("chats") == {}
