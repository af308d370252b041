"""How the trials judge whether anything grows."""

from __future__ import annotations

import pytest

from tests.trials.chaos.process import Footprint
from tests.trials.chaos.soak import FILES, MEGABYTES, SAMPLES, TASKS, grew, growth


def test_growth_is_what_the_last_third_uses_more_than_the_second() -> None:
    steady = [Footprint(200, 22, 18)] * SAMPLES
    warming_up = [Footprint(100, 10, 5)] * (SAMPLES // 3) + steady[SAMPLES // 3 :]
    assert growth(warming_up) == Footprint(0, 0, 0)
    assert not grew(warming_up)


@pytest.mark.parametrize(
    "leak", [Footprint(MEGABYTES, 0, 0), Footprint(0, FILES, 0), Footprint(0, 0, TASKS)]
)
def test_a_leak_of_memory_files_or_tasks_is_seen(leak: Footprint) -> None:
    leaking = [
        Footprint(200 + leak.memory * n, 22 + leak.files * n, 18 + leak.tasks * n)
        for n in range(SAMPLES)
    ]
    assert grew(leaking)
