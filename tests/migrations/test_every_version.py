"""From every version there ever was to this one and back: what people entrusted to it is still there."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from migrations.upgrade import newest_revision
from moderation.storage import Sealer, audit, casebook
from moderation.storage.tables import metadata
from tests.bot.town import a_town
from tests.migrations.old_data import (
    KEY,
    Rows,
    database_in,
    down,
    left_at,
    narrowed,
    revision_of,
    revisions,
    rows_in,
    up,
)

ROOT = Path(__file__).parent.parent.parent
LET_GO = {"distress": "counts of a few weeks, by day; 0011 counts something else instead"}
"""Tables that a later version dropped on purpose, and why nobody misses what was in them."""
KILLED_AT = """
import asyncio, os, signal, sys
from pathlib import Path
from sqlalchemy import Engine, event
from tests.migrations.old_data import up

left = int(sys.argv[2])

@event.listens_for(Engine, "before_cursor_execute")
def look(connection, cursor, text, *rest):
    global left
    if text.lstrip().upper().startswith(("CREATE", "ALTER", "DROP", "INSERT", "UPDATE")):
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(up(Path(sys.argv[1])))
"""


def kept(rows: Rows) -> Rows:
    """All but what was let go on purpose."""
    return {table: found for table, found in rows.items() if table not in LET_GO}


@pytest.mark.parametrize("revision", revisions())
async def test_every_row_of_an_older_version_is_there_after_the_upgrade_and_after_backing_out(
    tmp_path: Path, revision: str
) -> None:
    file = tmp_path / "qunhu.db"
    before = kept(await left_at(file, revision))
    assert all(before.values())
    await up(file)
    assert revision_of(file) == newest_revision()
    assert narrowed(rows_in(file), before) == before
    if revision != newest_revision():
        await down(file, revision)
        assert kept(rows_in(file)) == before
        await up(file)
        assert narrowed(rows_in(file), before) == before


@pytest.mark.parametrize("revision", revisions())
async def test_the_schema_after_the_upgrade_is_the_codes(tmp_path: Path, revision: str) -> None:
    file = tmp_path / "qunhu.db"
    await up(file, revision)
    await up(file)
    database = database_in(file)
    async with database.engine.connect() as connection:
        left = await connection.run_sync(
            lambda sync: compare_metadata(
                MigrationContext.configure(sync, opts={"compare_type": True}), metadata
            )
        )
    await database.close()
    assert left == []


@pytest.mark.parametrize("statement", [1, 5, 14])
async def test_killed_in_the_middle_of_an_upgrade_nothing_has_happened(
    tmp_path: Path, statement: int
) -> None:
    file = tmp_path / "qunhu.db"
    before = await left_at(file, revisions()[0])
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        KILLED_AT,
        str(file),
        str(statement),
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert await process.wait() == -9
    assert (revision_of(file), rows_in(file)) == (revisions()[0], before)
    await up(file)
    assert narrowed(rows_in(file), kept(before)) == kept(before)


async def test_a_crisis_that_the_first_version_left_behind_reaches_the_counselor_through_this_one(
    tmp_path: Path,
) -> None:
    async with a_town(tmp_path) as town:
        file, now = tmp_path / "qunhu.db", datetime.now(UTC).replace(tzinfo=None)
        await up(file, revisions()[0])
        _leave_an_evening(file, now.isoformat(" "), town.counselor.id, town.group.id)
        async with town.bot_running(key="A" * 43 + "=") as qunhu:
            [card] = town.cards(town.counselor)
            assert "小岚" in (card.text or "")
            async with qunhu.services.database.reading() as tx:
                case = await casebook.get(tx, 7)
                assert case is not None
                assert case.person is not None
                assert case.person.name == "小岚"
                assert (await audit.look_at_chain(tx)).whole
            town.world.tap(town.counselor, card, "我来")
            await town.settled()
            assert "沈咨询" in (town.cards(town.counselor)[0].text or "")


def _leave_an_evening(file: Path, now: str, counselor: int, group: int) -> None:
    """An open crisis whose card was waiting when the old version ended, as it stored them."""
    seal = Sealer(KEY).seal
    buttons = {"inline_keyboard": [[{"text": "我来", "callback_data": "m:7:claim"}]]}
    text = "小岚　「鼻修复互助群」\n现在：还没人接"
    payload = {"text": text, "parse_mode": "HTML", "reply_markup": buttons}
    person = seal("cases.person", [7_000_001, "小岚"])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("INSERT INTO meta VALUES ('key', ?)", [seal("meta.key", "qunhu")])
        connection.execute(
            "INSERT INTO cases (id, kind, chat_id, person, person_sealed, about, asked, level,"
            " subject, certainty, state, rehearsal, version, opened_at, updated_at)"
            " VALUES (7, 'crisis', ?, ?, ?, '', 0, 'imminent', 'self', '很可能', 'open', 0, 1, ?, ?)",
            [group, Sealer(KEY).hash_id(7_000_001), person, now, now],
        )
        connection.execute(
            "INSERT INTO outbox (dedupe, lane, chat_id, method, payload_sealed, purpose, case_id,"
            " state, attempts, maybe_sent, not_before, created_at)"
            " VALUES ('card:7:first:1', 0, ?, 'sendMessage', ?, 'card', 7, 'pending', 0, 0, ?, ?)",
            [counselor, seal("outbox.payload", payload), now, now],
        )
        connection.commit()
