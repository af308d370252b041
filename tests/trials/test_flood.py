"""A short flood; `make flood` makes it long and tells the delays."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trials.flood import KINDS, Options, Phase, Probe, play, table


@pytest.mark.timeout(300)
async def test_in_a_flood_every_word_that_needs_a_human_becomes_a_card(tmp_path: Path) -> None:
    options = Options(folder=tmp_path / "data", a_second=10, seconds=1.0, every=0.2)
    calm, flooded = [phase async for phase in play(options)]
    assert (calm.messages, flooded.messages >= 9) == (0, True)
    for phase in (calm, flooded):
        assert {(one.place, one.kind) for one in phase.probes} == {
            (place, kind) for place in ("quiet", "flooded") for kind in KINDS
        }
        assert [one.name for one in phase.probes if one.shown is None] == []


def test_the_table_tells_delays_and_what_never_came() -> None:
    phase = Phase("50/s", [Probe("成员1", "danger", "quiet", 10.0, 10.5)])
    phase.probes.append(Probe("成员2", "danger", "quiet", 11.0))
    assert phase.waits("quiet", "danger") == [0.5]
    assert phase.missing("quiet", "danger") == 1
    assert table([phase]).row_count == 4
