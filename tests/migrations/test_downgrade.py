"""What later versions added can be taken back without touching what was there before."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from migrations import upgrade
from migrations.upgrade import _config
from moderation.storage import Sealer, inbox, open_database
from tests.fakes import SOMEWHERE, FakeClock

ADDED = {"follow_plans", "follow_contacts", "safety_plans", "rates", "consents", "group_settings"}


def _tables(connection: Connection) -> set[str]:
    return set(inspect(connection).get_table_names())


def _downgrade(connection: Connection) -> None:
    config = _config(connection)
    before = ScriptDirectory.from_config(config).get_revision("0004").down_revision
    assert isinstance(before, str)
    command.downgrade(config, before)


async def test_care_and_control_are_taken_back_and_added_again(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'qunhu.db'}"
    database = open_database(url, Sealer(bytes(32)), FakeClock())
    await upgrade(database)
    async with database.transaction() as tx:
        await inbox.add(tx, 7, {"text": "你好"}, SOMEWHERE)
    async with database.engine.begin() as connection:
        assert await connection.run_sync(_tables) >= ADDED
        await connection.run_sync(_downgrade)
        assert not await connection.run_sync(_tables) & ADDED
    await upgrade(database)
    async with database.reading() as tx:
        assert [pending.update_id for pending in await inbox.pending(tx)] == [7]
    await database.close()
