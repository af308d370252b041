from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, insert, select, text

from moderation.errors import CannotWrite, ConfigError, StorageError, WrongKey
from moderation.storage import Database, Sealer, inbox, open_database
from moderation.storage import database as module
from moderation.storage.tables import meta, metadata
from moderation.turns import URGENCY, Urgency
from tests.fakes import SOMEWHERE, FakeClock

OTHER_KEY = Sealer(bytes(32))


async def note(database: Database, key: str) -> None:
    """Write a row."""
    async with database.transaction() as tx:
        await tx.connection.execute(insert(meta).values(key=key, value=b"1"))


async def notes(database: Database) -> set[str]:
    """The rows written so far."""
    async with database.reading() as tx:
        return set((await tx.connection.execute(select(meta.c.key))).scalars())


async def pragma(database: Database, name: str) -> Any:
    """What SQLite says of a setting."""
    async with database.reading() as tx:
        return await tx.connection.scalar(text(f"PRAGMA {name}"))


async def let_go(database: Database) -> None:
    """Close; a connection that could not be opened takes a moment to end its thread."""
    await database.close()
    await asyncio.sleep(0.05)


def unwritable(folder: Path) -> Path:
    """A folder that takes no files, not even root's."""
    folder.mkdir()
    folder.chmod(0o500)
    if not os.access(folder, os.W_OK):
        return folder
    if not Path("/sys/kernel").exists():
        pytest.skip("this user may write everywhere")
    return Path("/sys")


async def test_work_is_stored_at_the_end(database: Database) -> None:
    await note(database, "a")
    assert await notes(database) == {"a"}


async def test_work_that_fails_leaves_nothing(database: Database) -> None:
    with contextlib.suppress(KeyError):
        async with database.transaction() as tx:
            await tx.connection.execute(insert(meta).values(key="a", value=b"1"))
            raise KeyError
    assert await notes(database) == set()


async def test_a_reader_sees_nothing_of_unfinished_work_and_does_not_wait(
    database: Database,
) -> None:
    async with database.transaction() as tx:
        await tx.connection.execute(insert(meta).values(key="a", value=b"1"))
        async with asyncio.timeout(2):
            assert await notes(database) == set()


async def test_a_reader_keeps_its_view_while_others_write(database: Database) -> None:
    async with database.reading() as tx:
        before = await tx.connection.scalar(select(func.count()).select_from(meta))
        await note(database, "a")
        after = await tx.connection.scalar(select(func.count()).select_from(meta))
    assert before == after == 0


async def test_writers_take_turns(database: Database) -> None:
    await asyncio.gather(*(note(database, str(number)) for number in range(20)))
    assert len(await notes(database)) == 20


async def test_a_cancelled_writer_lets_the_next_one_in(database: Database) -> None:
    async def dawdle() -> None:
        async with database.transaction() as tx:
            await tx.connection.execute(insert(meta).values(key="slow", value=b"1"))
            await asyncio.sleep(60)

    task = asyncio.create_task(dawdle())
    await asyncio.sleep(0.05)
    task.cancel()
    async with asyncio.timeout(5):
        await note(database, "next")
    assert await notes(database) == {"next"}


async def test_a_transaction_knows_the_time_of_its_clock(
    database: Database, clock: FakeClock
) -> None:
    clock.forward(hours=3)
    async with database.transaction() as tx:
        assert tx.now == clock.now


@pytest.mark.parametrize(
    ("name", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("secure_delete", 1)],
)
async def test_sqlite_is_set_to_lose_nothing(database: Database, name: str, value: object) -> None:
    assert await pragma(database, name) == value


def test_the_data_folder_is_made_for_this_user_only(tmp_path: Path, sealer: Sealer) -> None:
    folder = tmp_path / "var" / "qunhu"
    open_database(f"sqlite+aiosqlite:///{folder / 'q.db'}", sealer, FakeClock())
    assert folder.stat().st_mode & 0o777 == 0o700


async def test_a_new_database_takes_the_first_key_and_keeps_to_it(database: Database) -> None:
    await database.check_key()
    await database.check_key()
    assert await notes(database) == {"key", "meta.lasting"}


async def test_the_wrong_key_is_one_clear_sentence(database: Database, url: str) -> None:
    await database.check_key()
    other = open_database(url, OTHER_KEY, FakeClock())
    try:
        with pytest.raises(WrongKey, match="QUNHU_KEY") as refused:
            await other.check_key()
    finally:
        await other.close()
    assert "qunhu.db" in str(refused.value)
    assert "\n" not in str(refused.value)
    await database.check_key()


async def test_a_database_that_may_only_be_read_says_so(
    database: Database,
    url: str,
    tmp_path: Path,
    sealer: Sealer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    await note(database, "before")
    await database.close()
    path = url.removeprefix("sqlite+aiosqlite:///")
    readonly = open_database(
        f"sqlite+aiosqlite:///file:{path}?mode=ro&uri=true", sealer, FakeClock()
    )
    try:
        with pytest.raises(CannotWrite, match="readonly"):
            await note(readonly, "a")
        assert await notes(readonly) == {"before"}
    finally:
        await let_go(readonly)


def test_a_folder_that_is_a_file_is_one_clear_sentence(tmp_path: Path, sealer: Sealer) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(CannotWrite, match="Cannot write to"):
        open_database(f"sqlite+aiosqlite:///{tmp_path}/data/qunhu.db", sealer, FakeClock())


async def test_a_folder_that_takes_no_files_is_one_clear_sentence(
    tmp_path: Path, sealer: Sealer
) -> None:
    folder = unwritable(tmp_path / "locked")
    database = open_database(f"sqlite+aiosqlite:///{folder}/qunhu.db", sealer, FakeClock())
    with pytest.raises(CannotWrite, match="unable to open"):
        await database.check_key()
    await let_go(database)


async def test_a_database_that_is_a_folder_is_one_clear_sentence(
    tmp_path: Path, sealer: Sealer
) -> None:
    (tmp_path / "qunhu.db").mkdir()
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/qunhu.db", sealer, FakeClock())
    with pytest.raises(CannotWrite):
        await database.check_key()
    await let_go(database)


async def test_a_full_disk_is_one_clear_sentence_and_loses_nothing(database: Database) -> None:
    await note(database, "before")
    pages = await pragma(database, "page_count")
    await database.close()

    @event.listens_for(database.engine.sync_engine, "connect")
    def fill_the_disk(connection: Any, _record: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    with pytest.raises(CannotWrite, match="disk is full") as refused:
        async with database.transaction() as tx:
            await inbox.add(tx, 1, {"text": "太长的话" * 20_000}, SOMEWHERE)
    assert "nothing already stored is lost" in str(refused.value)
    assert await notes(database) == {"before"}


@pytest.mark.parametrize(
    "content",
    [b"this was never a database" * 200, b"SQLite format 3\0" + b"\xff" * 4096],
    ids=["another kind of file", "only its beginning is right"],
)
async def test_a_damaged_file_is_one_clear_sentence(
    tmp_path: Path, sealer: Sealer, content: bytes
) -> None:
    (tmp_path / "qunhu.db").write_bytes(content)
    database = open_database(f"sqlite+aiosqlite:///{tmp_path}/qunhu.db", sealer, FakeClock())
    with pytest.raises(StorageError, match=r"damaged.*Restore the last backup"):
        await database.check_key()
    await let_go(database)


async def test_damage_in_the_middle_of_a_file_is_one_clear_sentence(
    database: Database, tmp_path: Path
) -> None:
    async with database.transaction() as tx:
        for number in range(200):
            await inbox.add(tx, number, {"text": "话" * 100}, SOMEWHERE)
    await database.close()
    file = tmp_path / "qunhu.db"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(StorageError, match="damaged"):
        async with database.reading() as tx:
            await inbox.pending(tx)


async def test_a_database_that_another_program_holds_is_one_clear_sentence(
    tmp_path: Path, sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BUSY_TIMEOUT_MS", 50)
    url = f"sqlite+aiosqlite:///{tmp_path}/qunhu.db"
    database = open_database(url, sealer, FakeClock())
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    holder = sqlite3.connect(tmp_path / "qunhu.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StorageError, match="Another process holds the database"):
            await note(database, "a")
    finally:
        holder.close()
        await let_go(database)


async def test_our_own_mistakes_are_not_called_damage(database: Database) -> None:
    with pytest.raises(StorageError, match=r"refused the work: no such table: nowhere\.$"):
        async with database.reading() as tx:
            await tx.connection.execute(text("SELECT 1 FROM nowhere"))


def test_what_is_no_address_is_refused_without_being_shown(sealer: Sealer) -> None:
    with pytest.raises(ConfigError, match="QUNHU_DATABASE_URL") as refused:
        open_database("geheim at somewhere", sealer, FakeClock())
    assert "geheim" not in str(refused.value)


@pytest.mark.parametrize(
    "given",
    ["sqlite:///qunhu.db", "nosuch://u:geheim@h/q", "postgresql+nosuch://u:geheim@h/q"],
    ids=["a driver that blocks", "an unknown kind", "an unknown driver"],
)
def test_an_address_no_driver_fits_is_refused_without_being_shown(
    sealer: Sealer, given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfigError, match="QUNHU_DATABASE_URL") as refused:
        open_database(given, sealer, FakeClock())
    assert "geheim" not in str(refused.value)


def test_a_second_bot_on_the_same_file_is_told_so_until_the_first_has_ended(url: str) -> None:
    with (
        module.held(url),
        pytest.raises(ConfigError, match="Another Qunhu already uses"),
        module.held(url),
    ):
        pytest.fail("two at once")
    with module.held(url):
        pass


def test_a_second_bot_on_another_file_is_welcome(url: str) -> None:
    with module.held(url), module.held(url.replace("qunhu.db", "other.db")):
        pass


def test_holding_a_file_where_nothing_can_be_written_is_one_clear_sentence(tmp_path: Path) -> None:
    folder = unwritable(tmp_path / "locked")
    with (
        pytest.raises(CannotWrite, match="Cannot write to"),
        module.held(f"sqlite+aiosqlite:///{folder}/qunhu.db"),
    ):
        pytest.fail("held what cannot be held")


async def test_of_those_who_wait_to_write_the_most_urgent_is_next(database: Database) -> None:
    written: list[str] = []

    async def write(name: str, urgency: Urgency) -> None:
        URGENCY.set(urgency)
        async with database.transaction() as tx:
            await tx.connection.execute(insert(meta).values(key=name, value=b"1"))
            written.append(name)

    async with database.transaction():
        waiting = [
            asyncio.create_task(write("small talk", Urgency.REST)),
            asyncio.create_task(write("an answer", Urgency.LIKELY)),
            asyncio.create_task(write("a crisis card", Urgency.DANGER)),
        ]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert written == ["a crisis card", "an answer", "small talk"]


async def test_connections_stay_open_from_one_rush_to_the_next(url: str, sealer: Sealer) -> None:
    database, opened = open_database(url, sealer, FakeClock()), list[Any]()
    event.listen(database.engine.sync_engine, "connect", lambda one, _record: opened.append(one))

    async def look(everybody: asyncio.Barrier) -> None:
        async with database.reading() as tx:
            await everybody.wait()
            await tx.connection.scalar(text("SELECT 1"))

    for _ in range(3):
        everybody = asyncio.Barrier(module.CONNECTIONS)
        async with asyncio.timeout(10):
            await asyncio.gather(*(look(everybody) for _ in range(3 * module.CONNECTIONS)))
    await let_go(database)
    assert len(opened) == module.CONNECTIONS


async def test_readers_that_come_one_after_the_other_have_the_same_connection(
    database: Database,
) -> None:
    await asyncio.gather(*(notes(database) for _ in range(5)))
    used = set[int]()
    engine = database.engine.sync_engine
    event.listen(engine, "checkout", lambda connection, *_: used.add(id(connection)))
    for _ in range(20):
        await notes(database)
    assert len(used) == 1


async def test_writers_share_one_connection_that_stays_with_them(database: Database) -> None:
    await note(database, "first")
    used = set[int]()
    engine = database.engine.sync_engine
    event.listen(engine, "checkout", lambda connection, *_: used.add(id(connection)))
    await asyncio.gather(*(note(database, f"at once {n}") for n in range(5)))
    assert used == set()


async def test_each_connection_keeps_a_small_part_of_the_file(url: str, sealer: Sealer) -> None:
    database = open_database(url, sealer, FakeClock())
    assert await pragma(database, "cache_size") == -module.CACHE_KB
    await let_go(database)


async def test_a_database_in_memory_is_one_for_all(sealer: Sealer) -> None:
    database = open_database("sqlite+aiosqlite://", sealer, FakeClock())
    async with database.transaction() as tx:
        await tx.connection.run_sync(metadata.create_all)
    await note(database, "a")
    assert await notes(database) == {"a"}
    await let_go(database)
