"""The town, ready in every test that asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from moderation.storage import people
from moderation.storage.people import Role
from tests.bot.standstill import Standstill, standing_still
from tests.bot.town import Town, a_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A simulated Telegram with its people; start the bot with `town.bot_running()`."""
    async with a_town(tmp_path / "data") as town:
        yield town


@pytest.fixture
async def still(town: Town) -> AsyncIterator[Standstill]:
    """A bot that stands still, with its counselor and its owner."""
    async with standing_still(town) as still:
        async with still.services.database.transaction() as tx:
            await people.set_from_settings(tx, Role.COUNSELOR, [town.counselor.id])
            await people.set_from_settings(tx, Role.OWNER, [town.admin.id])
        yield still
