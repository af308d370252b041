"""A few days of the simulated month: `make month` plays thirty."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from moderation.vocabulary import Crisis
from tests.trials.month import CIRCUMSTANCES, START, a_month


@pytest.mark.timeout(900)
async def test_in_a_week_with_sleep_and_outages_everybody_is_answered(tmp_path: Path) -> None:
    async with a_month(tmp_path / "data", days=6, cases=24, seed=20261122) as month:
        await month.play(START + timedelta(days=7))
        assert len(month.said) == 24
        assert set(month.taken) == set(month.said)
        awake = month.waits(Crisis.IMMINENT, during=CIRCUMSTANCES[0])
        assert awake.median is not None
        assert awake.median <= timedelta(minutes=5)
