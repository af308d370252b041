"""Fetches the pages as this community shows them: read anew when one is written, laid out for each reader."""

from __future__ import annotations

import asyncio
from zoneinfo import ZoneInfo

from bot.services import Services
from bot.shelf import Shelf
from moderation.storage import Transaction, pages
from resources import load_catalogue


async def gather_pages(services: Services) -> None:
    """Read all pages anew, with those that came through the form."""
    async with services.database.reading() as tx:
        written = await pages.kept_pages(tx)
    extra = services.settings.resources
    services.catalogue = await asyncio.to_thread(load_catalogue, None, extra, written)


async def shelf_of(services: Services, tx: Transaction) -> Shelf:
    """The shelf as it stands now."""
    zone = ZoneInfo(services.settings.timezone)
    return Shelf(
        catalogue=services.catalogue,
        approvals=await pages.approvals(tx),
        rule=services.settings.page_approval,
        today=tx.now.astimezone(zone).date(),
    )
