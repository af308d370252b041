"""No parser falls over, whatever is made of its own pieces; `make fuzz` goes on where this ends."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import BITS, SEEDS
from tests.fuzz.targets import TARGETS

SHORT = 3000
EXAMPLES = 60


def test_every_target_has_something_to_begin_with() -> None:
    assert SEEDS.keys() == TARGETS.keys()


@pytest.mark.parametrize("name", TARGETS)
def test_what_a_hunt_begins_with_is_read(name: str) -> None:
    for seed in SEEDS[name]:
        TARGETS[name](seed.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=st.data())
def test_whatever_is_made_of_its_pieces_is_read_or_refused(name: str, made: st.DataObject) -> None:
    piece = st.sampled_from(BITS) | st.text(max_size=8)
    seed = made.draw(st.sampled_from(SEEDS[name]))
    at, to = sorted(made.draw(st.lists(st.integers(0, len(seed)), min_size=2, max_size=2)))
    odd = "".join(made.draw(st.lists(piece, max_size=4)))[:SHORT]
    bent = seed[:at] + odd + seed[to:]
    TARGETS[name](bent.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("name", TARGETS)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.binary(max_size=200))
def test_bytes_without_a_meaning_are_read_or_refused(name: str, data: bytes) -> None:
    TARGETS[name](data)
