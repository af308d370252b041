from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from moderation.climate import Day
from moderation.storage import Database, Transaction, casebook, chats, climate
from moderation.storage.casebook import Signal
from moderation.storage.chats import Chat
from moderation.storage.tables import climate as table
from moderation.vocabulary import CaseKind, Certainty, Sensitivity, Subject
from tests.fakes import FakeClock

OLD, NEW = -5, -1005
TITLE = "鼻修复互助群"


async def a_group(tx: Transaction, chat_id: int = OLD, title: str = TITLE) -> Chat:
    """A group the bot has just come to."""
    chat, _ = await chats.ensure(tx, chat_id, "group", title, None)
    return chat


async def test_a_new_group_is_watched_for_a_day(database: Database, clock: FakeClock) -> None:
    async with database.transaction() as tx:
        chat, new = await chats.ensure(tx, OLD, "group", TITLE, "bixiufu")
    assert new
    assert (chat.title, chat.username, chat.kind) == (TITLE, "bixiufu", "group")
    assert (chat.sensitivity, chat.added_by) == (Sensitivity.BALANCED, None)
    assert chat.rehearsing(clock.now + timedelta(hours=23, minutes=59))
    assert not chat.rehearsing(clock.now + timedelta(hours=24))


async def test_a_known_group_is_not_made_again(database: Database, clock: FakeClock) -> None:
    async with database.transaction() as tx:
        first = await a_group(tx)
        clock.forward(hours=5)
        again, new = await chats.ensure(tx, OLD, "group", TITLE, None)
    assert not new
    assert again == first


async def test_a_new_title_is_kept(database: Database) -> None:
    async with database.transaction() as tx:
        await a_group(tx)
        await chats.ensure(tx, OLD, "group", "新的群名", "newname")
        chat = await chats.get(tx, OLD)
    assert chat is not None
    assert (chat.title, chat.username) == ("新的群名", "newname")


async def test_a_group_never_seen_is_unknown(database: Database) -> None:
    async with database.reading() as tx:
        assert await chats.get(tx, 404) is None


async def test_settings_and_who_added_the_bot_are_kept(database: Database) -> None:
    async with database.transaction() as tx:
        await a_group(tx)
        await chats.change(tx, OLD, added_by=501, sensitivity=Sensitivity.KEEN, can_delete=True)
        chat = await chats.get(tx, OLD)
    assert chat is not None
    assert (chat.added_by, chat.sensitivity, chat.can_delete) == (501, Sensitivity.KEEN, True)


@pytest.mark.parametrize(
    ("status", "present"),
    [
        ("administrator", True),
        ("member", True),
        ("restricted", True),
        ("left", False),
        ("kicked", False),
    ],
)
async def test_only_groups_the_bot_is_in_are_listed(
    database: Database, status: str, present: bool
) -> None:
    async with database.transaction() as tx:
        await a_group(tx)
        await chats.change(tx, OLD, bot_status=status)
        assert bool(await chats.all_present(tx)) is present


async def test_a_group_that_moves_takes_everything_along(database: Database) -> None:
    async with database.transaction() as tx:
        await a_group(tx)
        await chats.change(tx, OLD, added_by=501, sensitivity=Sensitivity.QUIET)
        case = await casebook.open_case(
            tx, CaseKind.SPIRAL, OLD, None, "onset", Subject.NONE, Certainty.LIKELY
        )
        signal = Signal(OLD, 9, "onset", "唉", (), (), tx.now)
        await casebook.keep_signal(tx, case.id, signal)
        await chats.keep_spiral_state(tx, OLD, b"state")
        await climate.count(tx, OLD, tx.now.date(), Day(1))
        await chats.move(tx, OLD, NEW)
        chat = await chats.get(tx, NEW)
        assert chat is not None
        assert (chat.title, chat.kind, chat.added_by) == (TITLE, "supergroup", 501)
        assert chat.sensitivity is Sensitivity.QUIET
        assert await chats.get(tx, OLD) is None
        assert [kept.chat_id for kept in await casebook.signals_of(tx, case.id)] == [NEW]
        assert await casebook.of_message(tx, NEW, 9) == []
        assert await chats.spiral_state(tx, NEW) == b"state"
        assert (await tx.connection.execute(select(table.c.chat_id))).scalars().all() == [NEW]


async def test_what_the_new_id_knew_already_gives_way_to_the_old_settings(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await a_group(tx)
        await chats.change(tx, OLD, rehearse_until=None)
        await a_group(tx, NEW, "同一个群")
        for chat_id in (OLD, NEW):
            await chats.keep_spiral_state(tx, chat_id, str(chat_id).encode())
            await climate.count(tx, chat_id, tx.now.date(), Day(1))
        await chats.move(tx, OLD, NEW)
        await chats.move(tx, OLD, NEW)
        chat = await chats.get(tx, NEW)
        assert chat is not None
        assert chat.rehearse_until is None
        assert await chats.spiral_state(tx, NEW) == str(OLD).encode()


async def test_the_state_of_a_spiral_is_replaced(database: Database) -> None:
    async with database.transaction() as tx:
        assert await chats.spiral_state(tx, OLD) is None
        await chats.keep_spiral_state(tx, OLD, b"one")
        await chats.keep_spiral_state(tx, OLD, b"two")
        assert await chats.spiral_state(tx, OLD) == b"two"


async def test_titles_are_not_in_clear_on_disk(
    database: Database, on_disk: Callable[[], bytes]
) -> None:
    async with database.transaction() as tx:
        await a_group(tx)
    found = on_disk()
    assert TITLE.encode() not in found
