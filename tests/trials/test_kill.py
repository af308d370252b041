"""The kill trials, a few of them: `make kill-trials` runs fifty."""

from __future__ import annotations

import random
import shutil

import pytest

from bot.simulator import Simulator, World
from tests.canaries import in_clear
from tests.trials.kill import CHATTER, DANGERS, FOLDER, Trials


@pytest.mark.weights
@pytest.mark.timeout(300)
async def test_kill_nine_at_a_random_instant_loses_nobody_and_doubles_nobody_unmarked() -> None:
    shutil.rmtree(FOLDER, ignore_errors=True)
    async with Simulator(World()) as telegram:
        town = Trials(telegram.world, telegram.base_url, random.Random(20261122))
        town.settle()
        for _ in range(3):
            await town.one()
            assert in_clear([FOLDER], [*DANGERS, *CHATTER]) == set()
        await town.last()
        assert len(town.sent) == 9
        assert town.missing() == []
        assert [user for user, count in town.received().items() if count > 1] == []
