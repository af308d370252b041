"""What is looked at before anything starts: a database that is not as it should be is left as it is."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import built
from bot.settings import Settings, load_settings
from migrations import upgrade
from moderation.errors import NewerDatabase, StorageError, WrongKey
from moderation.storage import Sealer, open_database
from moderation.storage.sealing import make_key, parse_key

KEY = make_key()


async def made(folder: Path, revision: str = "head") -> Settings:
    """A data folder with a database of ours; Telegram would be nowhere."""
    url = f"sqlite+aiosqlite:///{folder / 'qunhu.db'}"
    database = open_database(url, Sealer(parse_key(KEY)), lambda: datetime.now(UTC))
    await upgrade(database, revision)
    await database.check_key()
    await database.close()
    return settings_in(folder)


def settings_in(folder: Path, key: str = KEY) -> Settings:
    """An operator's settings."""
    known = {"bot_token": "123456:TEST-token-0000", "moderator_chat": -100, "key": key}
    nowhere = {"api_base_url": "http://127.0.0.1:9/bot", "http_port": 0}
    return load_settings(_env_file=None, data=folder, **{**known, **nowhere})


async def start(settings: Settings) -> None:
    """Try to start."""
    async with built(settings):
        raise AssertionError("it started")


async def test_a_damaged_page_stops_the_start_with_the_remedy(tmp_path: Path) -> None:
    settings = await made(tmp_path)
    database = tmp_path / "qunhu.db"
    content = bytearray(database.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    database.write_bytes(content)
    with pytest.raises(StorageError, match=r"damaged.*qunhu restore FILE --replace"):
        await start(settings)
    assert database.read_bytes() == content


async def test_a_row_that_hangs_in_the_air_stops_the_start(tmp_path: Path) -> None:
    settings = await made(tmp_path)
    with sqlite3.connect(tmp_path / "qunhu.db") as connection:
        connection.execute(
            "INSERT INTO reminders (case_id, step, due_at) VALUES (99, 1, '2026-11-22')"
        )
    connection.close()
    with pytest.raises(StorageError, match="a row of reminders"):
        await start(settings)


async def test_with_another_key_an_older_database_is_not_even_migrated(tmp_path: Path) -> None:
    await made(tmp_path, "0004")
    with pytest.raises(WrongKey):
        await start(settings_in(tmp_path, make_key()))
    with sqlite3.connect(tmp_path / "qunhu.db") as connection:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    connection.close()
    assert revision == ("0004",)


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    settings = await made(tmp_path)
    with sqlite3.connect(tmp_path / "qunhu.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(NewerDatabase, match="9999"):
        await start(settings)


async def test_a_database_that_another_holds_is_told_so_and_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("moderation.storage.snapshot.WAITS", 0.1)
    settings = await made(tmp_path)
    other = sqlite3.connect(tmp_path / "qunhu.db", isolation_level=None)
    other.execute("PRAGMA locking_mode=EXCLUSIVE")
    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match="Another process holds"):
        await asyncio.wait_for(start(settings), 60)
    other.close()


def test_a_start_does_not_wait_for_what_only_pictures_need() -> None:
    told = "import sys, bot.app; print([m for m in ('matplotlib', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
