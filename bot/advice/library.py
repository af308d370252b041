"""Fetches the pages as this community shows them: read anew when one is written, laid out for each reader."""

from __future__ import annotations

import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from bot.advice.shelf import Shelf
from bot.services import Services
from moderation.errors import ConfigError
from moderation.storage import Database, Transaction, pages
from resources import Catalogue, ResourceError, load_catalogue, read_written_page

log = structlog.get_logger()


async def read_pages(database: Database, extra: Path | None) -> Catalogue:
    """All pages: ours, those in the community's folder, and those that came through the form."""
    async with database.reading() as tx:
        written = await pages.kept_pages(tx)
    readable = {page_id: text for page_id, text in written.items() if _readable(page_id, text)}
    try:
        return await asyncio.to_thread(load_catalogue, None, extra, readable)
    except ResourceError as error:
        raise ConfigError(
            f"QUNHU_RESOURCES ({extra}) holds a page that cannot be read: {error}"
        ) from None


async def gather_pages(services: Services) -> None:
    """Read all pages anew."""
    services.catalogue = await read_pages(services.database, services.settings.resources)


def _readable(page_id: str, text: str) -> bool:
    """A page that came through the form of another version must not keep the bot from starting."""
    try:
        read_written_page(page_id, text)
    except ResourceError as error:
        log.error("page_unreadable", page=page_id, error=str(error))
        return False
    return True


async def shelf_of(services: Services, tx: Transaction) -> Shelf:
    """The shelf as it stands now."""
    zone = ZoneInfo(services.settings.timezone)
    return Shelf(
        catalogue=services.catalogue,
        approvals=await pages.approvals(tx),
        rule=services.settings.page_approval,
        today=tx.now.astimezone(zone).date(),
    )
