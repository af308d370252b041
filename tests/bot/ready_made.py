"""A database that all migrations have been through, to be copied: making one takes half of a start."""

from __future__ import annotations

import asyncio
import functools
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from bot.operating.keys import load_key
from bot.settings import Settings
from migrations import upgrade
from moderation.storage import Sealer, open_database
from moderation.storage.sealing import make_key, parse_key


def lay_ready_made(settings: Settings) -> None:
    """Give a bot that never ran the tables its first start would make; nothing to one that did.

    Its key is made before, as at a first start; the database is marked with it when the bot starts.
    """
    place = settings.data / "qunhu.db"
    if settings.database_url is None and not place.exists():
        load_key(settings)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        place.write_bytes(_migrated())


@functools.cache
def _migrated() -> bytes:
    """The file, made once in each process by the migrations themselves."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as other:
        file = Path(folder) / "qunhu.db"
        other.submit(asyncio.run, _migrate(file)).result()
        return file.read_bytes()


async def _migrate(file: Path) -> None:
    sealer = Sealer(parse_key(make_key()))
    database = open_database(f"sqlite+aiosqlite:///{file}", sealer, lambda: datetime.now(UTC))
    try:
        await upgrade(database)
    finally:
        await database.close()
