"""What is a spiral to the first plain rule, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from moderation.spiral import (
    REMEMBERED,
    Beat,
    SpiralEvent,
    SpiralState,
    dump,
    load,
    step,
)

START = datetime(2026, 11, 22, 13, 0, tzinfo=UTC)


def beats(*said: tuple[float, str, float, bool]) -> list[Beat]:
    """Beats from (minute, member, affect, supportive)."""
    return [Beat(START + timedelta(minutes=m), who, affect, held) for m, who, affect, held in said]


def run(beats_: list[Beat], state: SpiralState | None = None) -> list[SpiralEvent | None]:
    """The events of a row of beats."""
    state = state or SpiralState()
    events = []
    for beat in beats_:
        state, event = step(state, beat)
        events.append(event)
    return events


def test_the_third_strongly_negative_member_is_the_onset() -> None:
    events = run(beats((0, "a", 3, False), (1, "b", 2.5, False), (2, "c", 2.5, False)))
    assert events == [None, None, SpiralEvent(True, 3, 2)]


def test_one_member_pouring_out_is_no_spiral() -> None:
    assert not any(run(beats(*[(m, "a", 3, False) for m in range(10)])))


def test_sad_stories_hours_apart_are_no_spiral() -> None:
    assert not any(run(beats((0, "a", 3, False), (60, "b", 3, False), (120, "c", 3, False))))


def test_a_group_that_holds_itself_is_no_spiral() -> None:
    said = [(0, "a", 3, False), (1, "d", 0, True), (2, "b", 3, False), (3, "e", 0, True)]
    assert not any(run(beats(*said, (4, "f", 0, True), (5, "c", 3, False))))


def test_a_running_spiral_is_told_once_and_its_end_too() -> None:
    up = [(m, who, 3, False) for m, who in enumerate("abcabc")]
    down = [(7 + m, who, 0.2, True) for m, who in enumerate("defgh")]
    events = [event for event in run(beats(*up, *down)) if event]
    assert [event.onset for event in events] == [True, False]


def test_after_its_end_there_is_a_pause_before_the_next_alert() -> None:
    up = [(m, who, 3, False) for m, who in enumerate("abc")]
    down = [(4 + m, who, 0, True) for m, who in enumerate("defgh")]
    again = [(12 + m, who, 3, False) for m, who in enumerate("abc")]
    events = [event for event in run(beats(*up, *down, *again)) if event]
    assert [event.onset for event in events] == [True, False]


def test_a_message_far_from_the_past_changes_nothing() -> None:
    state, _ = step(SpiralState(), Beat(START, "a", 3, False))
    late, event = step(state, Beat(START - timedelta(hours=3), "b", 3, False))
    assert (late, event) == (state, None)


BEATS = st.builds(
    Beat,
    at=st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2), timezones=st.just(UTC)),
    member=st.sampled_from("abcdef"),
    affect=st.floats(0, 3),
    supportive=st.booleans(),
)


@given(st.lists(BEATS, max_size=80))
def test_memory_is_bounded_and_the_state_survives_storage(said: list[Beat]) -> None:
    state = SpiralState()
    for beat in said:
        state, _ = step(state, beat)
        assert len(state.beats) <= REMEMBERED
    restored = load(dump(state))
    assert [b.member for b in restored.beats] == [b.member for b in state.beats]
    assert restored.since == state.since
