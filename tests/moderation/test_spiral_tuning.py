"""What an operator may set of the detector does what its sentence says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from moderation.spiral import Beat, SpiralEvent, SpiralState, Tuning, lapse, step
from tests.moderation.spiral_talk import PLAIN, START, beats, calming, renumbered, sinking


def told(said: list[Beat], tuning: Tuning) -> list[SpiralEvent]:
    """The events of a row of beats."""
    state, events = SpiralState(), []
    for beat in said:
        state, event = step(state, beat, hazard=PLAIN, tuning=tuning)
        events += [event] if event is not None else []
    return events


def test_with_more_members_asked_for_three_are_no_spiral() -> None:
    said = beats(*sinking(0, "abcabc"))
    assert [e.onset for e in told(said, Tuning())] == [True]
    assert told(said, Tuning(members=4)) == []


def test_a_longer_pause_keeps_a_second_wave_quiet() -> None:
    again = renumbered(beats(*sinking(40)), 50)
    said = [*beats(*sinking(), *calming(6)), *again]
    assert [e.onset for e in told(said, Tuning())] == [True, False, True]
    assert [e.onset for e in told(said, Tuning(pause=7200))] == [True, False]


def test_what_counts_as_history_can_be_wider() -> None:
    late = [replace(b, heard=b.at + timedelta(minutes=20)) for b in beats(*sinking())]
    assert told(late, Tuning()) == []
    assert [e.onset for e in told(late, Tuning(history=3600))] == [True]


def test_fewer_calm_messages_end_it_sooner() -> None:
    said = beats(*sinking(), *calming(6, "ef"))
    assert [e.onset for e in told(said, Tuning())] == [True]
    assert [e.onset for e in told(said, Tuning(calm=1.0))] == [True, False]


def test_a_shorter_silence_lets_it_lapse_sooner() -> None:
    state = SpiralState()
    for beat in beats(*sinking()):
        state, _ = step(state, beat, hazard=PLAIN)
    later = START + timedelta(minutes=20)
    assert lapse(state, later)[1] is None
    ended = lapse(state, later, Tuning(silence=600))[1]
    assert ended is not None
    assert not ended.onset
