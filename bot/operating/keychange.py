"""Changing the key: begun by `qunhu keys rotate`, done by it or, after a restart, by the bot at work."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

import structlog

from bot.operating.keys import begin_change, end_change, load_key, sealer_of
from bot.services import Services
from bot.settings import Settings
from migrations import upgrade
from moderation.errors import ConfigError
from moderation.storage import Database, open_database
from moderation.storage.database import held
from moderation.storage.rotation import seal_anew

log = structlog.get_logger()

DONE = "{count} values were sealed anew; the old key is gone from {file}. Copy the new one to where you keep it."
LATER = (
    "The new key stands in {file}, before the old one. The bot is running: restart it, and it seals "
    "everything anew while it works, then lets go of the old key. `qunhu doctor` says when it is done."
)


async def change_key(settings: Settings) -> str:
    """Make a new key and seal everything anew, or leave that to the running bot; what was done."""
    begin_change(settings)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(held(settings.database))
        except ConfigError:
            return LATER.format(file=settings.key_file)
        sealer = sealer_of(settings, load_key(settings)[0])
        database = open_database(settings.database, sealer, lambda: datetime.now(UTC))
        try:
            await upgrade(database)
            await database.check_key()
            count = await _finish(settings, database)
        finally:
            await database.close()
            await asyncio.sleep(0)  # let the driver's thread end before the event loop does
    return DONE.format(count=count, file=settings.key_file)


async def go_on_changing(services: Services) -> None:
    """Seal anew what the old key still opens, while the bot works."""
    if services.database.sealer.changing:
        count = await _finish(services.settings, services.database)
        log.info("key_changed", sealed_anew=count)


async def _finish(settings: Settings, database: Database) -> int:
    count = await seal_anew(database)
    end_change(settings)
    database.sealer.let_go()
    return count
