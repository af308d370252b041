"""Bad input and long lives: the detector stays bounded, knows duplicates, distrusts clocks, keeps no text."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.spiral import Beat, SpiralState, dump, load, step
from moderation.spiral.detector import LATE_IN_A_ROW, RECENT
from moderation.spiral.episode import CAUGHT
from moderation.spiral.members import MEMBERS
from tests.moderation.spiral_talk import PLAIN, START, beats, chatting, renumbered, run, sinking

BEATS = st.builds(
    Beat,
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 3), timezones=st.just(UTC)),
    member=st.integers(0, 60).map(lambda n: f"m{n}"),
    affect=st.floats(allow_nan=True, allow_infinity=True),
    supportive=st.floats(allow_nan=True),
    danger=st.floats(0, 1),
    answers=st.none() | st.integers(0, 200),
    message=st.none() | st.integers(0, 200),
    steward=st.booleans(),
    heard=st.none()
    | st.datetimes(datetime(2025, 12, 31), datetime(2026, 1, 4), timezones=st.just(UTC)),
)


@settings(deadline=None)
@given(st.lists(BEATS, max_size=120))
def test_any_stream_leaves_a_bounded_and_finite_state(said: list[Beat]) -> None:
    state, _ = run(said)
    assert len(state.members) <= MEMBERS
    assert len(state.recent) <= RECENT
    assert state.episode is None or len(state.episode.caught) <= CAUGHT
    assert all(map(math.isfinite, state.levels))
    assert len(dump(state)) < 16_000


@settings(deadline=None)
@given(st.lists(BEATS, max_size=80), st.integers(0, 80))
def test_a_restart_in_the_middle_changes_nothing(said: list[Beat], at: int) -> None:
    whole = run(said)
    first, told = run(said[:at])
    second, more = run(said[at:], load(dump(first)))
    assert (second, told + more) == whole


@settings(deadline=None)
@given(st.lists(BEATS.map(lambda b: replace(b, message=None)), max_size=20), BEATS)
def test_a_message_that_comes_twice_is_one_message(said: list[Beat], beat: Beat) -> None:
    state, _ = run(said)
    beat = replace(beat, message=7)
    once, _ = step(state, beat, hazard=PLAIN)
    again, event = step(once, beat, hazard=PLAIN)
    assert event is None
    assert again._replace(late=0) == once._replace(late=0)


@settings(deadline=None, max_examples=50)
@given(st.lists(BEATS, max_size=80), st.timedeltas(timedelta(minutes=11), timedelta(days=900)))
def test_nothing_that_arrives_long_after_it_was_said_is_ever_alerted(
    said: list[Beat], late: timedelta
) -> None:
    newest = max((b.at for b in said), default=START)
    history = [replace(b, heard=newest + late) for b in said]
    assert [e for e in run(history)[1] if e.onset] == []


@settings(deadline=None)
@given(st.permutations(range(6)))
def test_a_spiral_is_seen_in_whatever_order_its_messages_arrive(order: list[int]) -> None:
    said = beats(*sinking())
    assert [e.onset for e in run([said[n] for n in order])[1]] == [True]


def test_a_step_never_changes_the_state_it_was_given() -> None:
    state, _ = run(beats(*sinking()[:2]))
    before = dump(state)
    step(state, beats(*sinking())[2], hazard=PLAIN)
    assert dump(state) == before


def test_the_state_holds_ids_and_numbers_and_nothing_said() -> None:
    state, _ = run(beats(*sinking()))

    def words(value: object) -> set[str]:
        if isinstance(value, dict):
            return set().union(*map(words, value.values()))
        if isinstance(value, list):
            return set().union(*map(words, value))
        return {value} if isinstance(value, str) else set()

    assert words(json.loads(dump(state))) <= set("abcd")


@pytest.mark.parametrize(
    "stored", [None, b"", b'{"beats": [], "since": null, "quiet_until": null}'], ids=["none", "empty", "format 1"]
)  # fmt: skip
def test_nothing_stored_or_an_older_format_is_a_chat_never_seen(stored: bytes | None) -> None:
    assert load(stored) == SpiralState()


def test_edits_and_deletions_reach_the_detector_as_nothing_new() -> None:
    """An edit carries the number of its message; of a deletion no messenger tells."""
    said = beats(*sinking())
    state, told = run(said)
    edited = [replace(b, affect=0.0, supportive=1.0) for b in said]
    assert run(edited, state) == (state, [])
    assert [e.onset for e in told] == [True]


# --- time -----------------------------------------------------------------------------------------


def test_an_imported_history_of_spirals_alerts_nobody_and_teaches_the_rhythm() -> None:
    now = START + timedelta(days=400)
    said = [replace(b, heard=now) for day in range(40) for b in _evening(day)]
    state, events = run(said)
    assert events == []
    assert sum(state.rhythm.hours) > 0
    tonight = beats(*sinking(), start=now)
    fresh = [replace(b, heard=b.at) for b in renumbered(tonight, 99_000)]
    assert [e.onset for e in run(fresh, state)[1]] == [True]


def test_a_history_of_thousands_leaves_as_small_a_state_as_one_of_an_evening() -> None:
    now = START + timedelta(days=400)
    evening = _evening(0)
    state, _ = run(evening)
    small = len(dump(state))
    for hour in range(1, 500):
        shift = timedelta(hours=hour)
        said = [replace(b, at=b.at + shift, heard=now) for b in evening]
        state, events = run(renumbered(said, 100 * hour), state)
        assert [e for e in events if e.onset] == []
    assert len(dump(state)) < 2 * small


def test_a_spiral_that_still_runs_when_the_bot_is_back_is_told_then() -> None:
    said = beats(*sinking(0, "abcabcabc"))
    back = START + timedelta(minutes=14)
    late = [replace(b, heard=back) for b in said]
    _, (event,) = run(late)
    assert event.onset_message == 4


def test_messages_hours_behind_the_newest_are_left_out() -> None:
    state, _ = run(beats(*chatting(0)))
    old = renumbered(beats(*sinking(), start=START - timedelta(hours=3)), 50)
    after, events = run(old, state)
    assert events == []
    assert after.levels == state.levels


def test_a_clock_that_was_wrong_for_long_is_given_up() -> None:
    state, _ = run(beats((0, "a", 0, False), start=START + timedelta(days=3000)))
    many = [(m / 10, "wxyz"[m % 4], 0.0, False) for m in range(LATE_IN_A_ROW + 1)]
    state, _ = run(renumbered(beats(*many), 100), state)
    events = run(renumbered(beats(*sinking(6)), 500), state)[1]
    assert [e.onset for e in events] == [True]


def test_a_message_from_the_future_is_placed_at_its_arrival() -> None:
    ahead = Beat(START + timedelta(days=9), "z", 0.0, message=900, heard=START)
    state, _ = run([ahead])
    events = run(beats(*sinking(3)), state)[1]
    assert [e.onset for e in events] == [True]


@pytest.mark.parametrize("affect", [math.nan, math.inf, -math.inf, -5.0, 99.0])
def test_a_score_that_is_none_is_held_to_its_range(affect: float) -> None:
    state, event = step(SpiralState(), Beat(START, "a", affect), hazard=PLAIN)
    assert event is None
    assert 0 <= state.members["a"].heat <= 1


def _evening(day: int) -> list[Beat]:
    start = START + timedelta(days=day)
    return renumbered(beats(*chatting(0), *sinking(10), start=start), 100 * day)
