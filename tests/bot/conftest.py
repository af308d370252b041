"""The town, ready in every test that asks for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.bot.town import Town, a_town


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    """A simulated Telegram with its people; start the bot with `town.bot_running()`."""
    async with a_town(tmp_path / "data") as town:
        yield town
