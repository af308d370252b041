from __future__ import annotations

import asyncio
import importlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from filelock import FileLock
from sqlalchemy import Connection, inspect, text

from migrations import upgrade
from migrations.upgrade import current_revision, newest_revision
from moderation.errors import CannotWrite, NewerDatabase, QunhuError, StorageError
from moderation.storage import Database, Sealer, inbox, open_database
from moderation.storage.tables import metadata
from tests.fakes import SOMEWHERE, FakeClock

MODULE = importlib.import_module("migrations.upgrade")
ROOT = Path(__file__).parent.parent.parent
ANOTHER_PROCESS = """
import asyncio, sys
from datetime import UTC, datetime
from migrations import upgrade
from moderation.storage import Sealer, open_database

async def main():
    database = open_database(sys.argv[1], Sealer(bytes(32)), lambda: datetime.now(UTC))
    print("ready", flush=True)
    sys.stdin.readline()
    await upgrade(database)
    await database.check_key()
    await database.close()

asyncio.run(main())
"""


def url_in(folder: Path) -> str:
    """The address of a database in a folder."""
    return f"sqlite+aiosqlite:///{folder / 'qunhu.db'}"


def a_database(folder: Path) -> Database:
    """A database that nothing has been done to."""
    return open_database(url_in(folder), Sealer(bytes(32)), FakeClock())


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database."""
    database = a_database(tmp_path)
    yield database
    await database.close()
    await asyncio.sleep(0.05)  # a connection that could not be opened still ends its thread


def differences(connection: Connection) -> list[object]:
    """What a migration would still have to change."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


async def test_an_empty_database_gets_every_table_as_the_code_has_it(database: Database) -> None:
    assert await current_revision(database) is None
    await upgrade(database)
    assert await current_revision(database) == newest_revision()
    async with database.engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_constraints_are_as_the_code_has_them(database: Database) -> None:
    await upgrade(database)
    async with database.engine.connect() as connection:
        look = await connection.run_sync(
            lambda sync: {
                name: (
                    {tuple(u["column_names"]) for u in inspect(sync).get_unique_constraints(name)},
                    {
                        (k["constrained_columns"][0], k["referred_table"], k["options"]["ondelete"])
                        for k in inspect(sync).get_foreign_keys(name)
                    },
                )
                for name in ("acts", "appeals", "outbox", "signals", "reminders")
            }
        )
    assert look == {
        "acts": (
            set(),
            {("case_id", "cases", "CASCADE"), ("row_id", "outbox", "SET NULL")},
        ),
        "appeals": ({("case_id",)}, {("case_id", "cases", "CASCADE")}),
        "outbox": (
            {("dedupe",)},
            {("case_id", "cases", "SET NULL"), ("follows", "outbox", "CASCADE")},
        ),
        "signals": (
            {("case_id", "chat_id", "message_id")},
            {("case_id", "cases", "CASCADE")},
        ),
        "reminders": ({("case_id", "step")}, {("case_id", "cases", "CASCADE")}),
    }


async def test_a_second_upgrade_changes_nothing_and_keeps_what_is_there(
    database: Database,
) -> None:
    await upgrade(database)
    async with database.transaction() as tx:
        await inbox.add(tx, 7, {"text": "你好"}, SOMEWHERE)
    await upgrade(database)
    async with database.reading() as tx:
        assert [pending.update_id for pending in await inbox.pending(tx)] == [7]


def to_revision(connection: Connection, revision: str) -> None:
    """Go down to an older revision, as `alembic downgrade` does."""
    config = MODULE._config()
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


async def what_is_kept(database: Database) -> list[tuple[object, ...]]:
    """A case and what hangs on it."""
    async with database.engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT c.id, c.state, s.message_id FROM cases c JOIN signals s ON s.case_id = c.id"
            )
        )
        return [tuple(row) for row in rows]


async def test_what_hangs_on_a_case_outlives_every_step_up_and_down(database: Database) -> None:
    await upgrade(database, "0001")
    async with database.engine.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO cases (id, kind, chat_id, about, asked, level, subject, certainty,"
                " state, rehearsal, version, opened_at, updated_at) VALUES (7, 'crisis', -100, '',"
                " 0, 'imminent', 'self', '很可能', 'claimed', 0, 1, '2026-11-22', '2026-11-22')"
            )
        )
        await connection.execute(
            text(
                "INSERT INTO signals (case_id, chat_id, message_id, level, detail_sealed, at)"
                " VALUES (7, -100, 9, 'imminent', x'01', '2026-11-22')"
            )
        )
    await upgrade(database)
    assert await what_is_kept(database) == [(7, "claimed", 9)]
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE cases SET state = 'passed_on'"))
        await connection.run_sync(to_revision, "0001")
    assert await what_is_kept(database) == [(7, "safe", 9)]


async def test_two_processes_that_start_at_once_take_turns(tmp_path: Path) -> None:
    processes = [await another_process(tmp_path) for _ in range(2)]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    ends = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0, 0], ends
    database = a_database(tmp_path)
    assert await current_revision(database) == newest_revision()
    await database.close()


async def another_process(folder: Path) -> asyncio.subprocess.Process:
    """A process that upgrades the database in this folder when told to go."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        ANOTHER_PROCESS,
        url_in(folder),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_an_upgrade_waits_for_the_one_that_holds_the_lock(
    database: Database, tmp_path: Path
) -> None:
    with FileLock(f"{tmp_path / 'qunhu.db'}.migrating", thread_local=False):
        waiting = asyncio.create_task(upgrade(database))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        assert await current_revision(database) is None
    await waiting
    assert await current_revision(database) == newest_revision()


async def test_a_lock_that_is_never_let_go_is_one_clear_sentence(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MODULE, "LOCK_SECONDS", 0.1)
    with (
        FileLock(f"{tmp_path / 'qunhu.db'}.migrating", thread_local=False),
        pytest.raises(QunhuError),
    ):
        await upgrade(database)


async def test_a_database_of_a_newer_version_is_one_clear_sentence(database: Database) -> None:
    await upgrade(database)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match=r"9999.*newer version") as refused:
        await upgrade(database)
    assert "\n" not in str(refused.value)
    assert await current_revision(database) == "9999"


async def test_a_newer_database_is_left_as_it_is(database: Database, tmp_path: Path) -> None:
    await upgrade(database)
    async with database.engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    before = (tmp_path / "qunhu.db").read_bytes()
    with pytest.raises(NewerDatabase):
        await upgrade(database)
    await database.close()
    assert (tmp_path / "qunhu.db").read_bytes() == before


async def test_a_damaged_file_is_one_clear_sentence(database: Database, tmp_path: Path) -> None:
    (tmp_path / "qunhu.db").write_bytes(b"never a database" * 300)
    with pytest.raises(StorageError, match="damaged"):
        await upgrade(database)


async def test_a_folder_that_takes_no_files_is_one_clear_sentence(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    if os.access(folder, os.W_OK):
        folder = Path("/sys")
        if not folder.exists():
            pytest.skip("this user may write everywhere")
    database = a_database(folder)
    try:
        with pytest.raises(CannotWrite):
            await upgrade(database)
    finally:
        await database.close()


async def test_an_upgrade_that_fails_half_way_leaves_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with database.engine.begin() as connection:
        await connection.execute(text("CREATE TABLE signals (id INTEGER)"))
    with pytest.raises(Exception, match="signals"):
        await upgrade(database)
    assert await current_revision(database) is None
    async with database.engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    assert names == ["signals"]
