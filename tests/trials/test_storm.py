"""Odd updates into the real bot: none crashes it, every tap and command is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.storm import storm


@pytest.mark.parametrize(
    ("count", "seed"),
    [
        pytest.param(250, 1, id="a gust"),
        pytest.param(5_000, 3, id="a storm", marks=[pytest.mark.long]),
    ],
)
async def test_nothing_crashes_and_all_are_answered(tmp_path: Path, count: int, seed: int) -> None:
    damage = await storm(tmp_path / "data", count, seed)
    assert damage.count == count
    assert damage.crashed == []
    assert damage.unanswered == []
    assert damage.refused == []
