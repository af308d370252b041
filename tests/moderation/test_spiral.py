"""What is a spiral to the detector, what is not, how it ends, and what it says of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from moderation.spiral import Beat, Ending, SpiralState, lapse, step
from moderation.spiral.hazard import HAZARD, Hazard
from tests.moderation.spiral_talk import (
    PLAIN,
    START,
    beats,
    calming,
    chatting,
    renumbered,
    run,
    sinking,
)

Said = tuple[float, str, float, bool]
COEFFICIENTS = pytest.mark.parametrize("hazard", [PLAIN, HAZARD], ids=["plain", "shipped"])


# --- onset ----------------------------------------------------------------------------------------


def test_the_third_strongly_negative_member_is_the_onset() -> None:
    _, (event,) = run(beats(*sinking()))
    assert (event.onset, event.members, event.onset_message) == (True, 3, 2)


@COEFFICIENTS
def test_members_who_take_up_each_others_despair_are_a_spiral(hazard: Hazard) -> None:
    _, events = run(beats(*chatting(0), *sinking(8, "abcabdacb")), hazard=hazard)
    assert [event.onset for event in events] == [True]


CONFUSABLE: dict[str, list[Said]] = {
    "one pours out, the others listen": [(m, "a", 3, False) for m in range(12)],
    "one pours out, the others hold": [
        said for m in range(8) for said in ((m, "a", 3, False), (m + 0.5, "bcd"[m % 3], 0, True))
    ],
    "sad stories hours apart": [(m * 90, who, 3, False) for m, who in enumerate("abcd")],
    "a flame war of two": [(m / 3, "ab"[m % 2], 2.5, False) for m in range(14)],
    "a burst of condolences": [(m, "abcdefgh"[m], 0.9, True) for m in range(8)],
    "gallows humour": [(m / 2, "abcde"[m % 5], 0.6, False) for m in range(20)],
    "a busy cheerful evening": [(m / 9, "abcdef"[m % 6], 0.1, False) for m in range(60)],
    "a heated argument over evidence": [(m, "abcd"[m % 4], 1.1, m % 3 == 0) for m in range(16)],
}


@COEFFICIENTS
@pytest.mark.parametrize("said", CONFUSABLE.values(), ids=list(CONFUSABLE))
def test_what_only_looks_like_one_is_no_spiral(said: list[Said], hazard: Hazard) -> None:
    _, events = run(beats(*said), hazard=hazard)
    assert events == []


def test_one_person_under_two_names_and_a_friend_of_two_are_not_three() -> None:
    _, events = run(beats(*[(m, "ab"[m % 2], 3, False) for m in range(20)]))
    assert events == []


def test_one_flooding_spammer_counts_as_one_and_drowns_nobody() -> None:
    flood = [(m / 60, "spam", 3.0, False) for m in range(300)]
    quiet, events = run(beats(*flood))
    assert events == []
    third = renumbered(beats(*sinking(5, "abc")), 1000)
    assert [event.onset for event in run(third, quiet)[1]] == [True]


def test_a_keen_group_is_told_no_later_than_a_quiet_one() -> None:
    said = beats(*[(m, "abc"[m % 3], 1.6, False) for m in range(12)])

    def first(sensitivity: str) -> int:
        state = SpiralState()
        for beat in said:
            state, event = step(state, beat, sensitivity, PLAIN)
            if event is not None:
                return event.onset_message or 0
        return len(said)

    assert first("keen") <= first("balanced") <= first("quiet")


# --- what it says ---------------------------------------------------------------------------------


def test_it_says_who_started_who_caught_it_from_whom_and_who_is_steadying() -> None:
    said = beats(
        (0, "a", 2.9, False), (1, "s", 0, True), (2, "b", 2.9, False), (3, "c", 2.9, False)
    )
    said[3] = replace(said[3], answers=0)
    _, (event,) = run(said)
    assert [(c.member, c.message, c.source) for c in event.caught] == [
        ("a", 0, None),
        ("b", 2, "a"),
        ("c", 3, "a"),
    ]
    assert event.steadying == ("s",)


def test_the_grounds_add_up_to_the_chance_of_the_alert() -> None:
    _, (event,) = run(beats(*sinking()))
    assert event.grounds[0].feature == "third"
    assert event.chance > 0.5
    assert [abs(g.weight) for g in event.grounds] == sorted(
        (abs(g.weight) for g in event.grounds), reverse=True
    )


def test_comfort_never_speaks_for_an_alert_nor_a_third_member_against_one() -> None:
    weights = dict(zip(HAZARD.features, HAZARD.weights, strict=True))
    assert weights["steady"] <= 0
    assert weights["held"] <= 0
    assert weights["third"] > 0


# --- end ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "why"),
    [
        (calming(6), Ending.STEADIED),
        (chatting(6), Ending.TOPIC),
        (chatting(60, 1), Ending.SILENCE),
    ],
    ids=["steadied", "another topic", "silence"],
)
def test_a_spiral_is_told_once_and_its_end_with_what_turned_it(
    after: list[Said], why: Ending
) -> None:
    _, (begins, ends) = run(beats(*sinking(), *after))
    assert (begins.onset, ends.onset, ends.ending, ends.last_message) == (True, False, why, 5)
    assert [c.member for c in ends.caught] == ["a", "b", "c", "d"]


def test_a_moderator_who_steps_in_is_what_turned_it() -> None:
    said = beats(*sinking(), *calming(6, "m"), *chatting(7))
    said[6] = replace(said[6], steward=True)
    assert run(said)[1][-1].ending is Ending.STEWARD


def test_a_group_that_turns_to_somebody_in_danger_is_what_turned_it() -> None:
    said = beats(*sinking(), *calming(6))
    said = [replace(b, danger=0.9) if b.supportive else b for b in said]
    assert run(said)[1][-1].ending is Ending.HELPING


def test_an_angry_word_between_does_not_end_a_spiral_early() -> None:
    said = [*sinking(), (6, "x", 0, False), (7, "a", 2.9, False), (8, "x", 0, False)]
    assert len(run(beats(*said))[1]) == 1


def test_the_clock_alone_ends_a_spiral_that_fell_silent() -> None:
    state, _ = run(beats(*sinking()))
    assert lapse(state, START + timedelta(minutes=10))[1] is None
    after, event = lapse(state, START + timedelta(minutes=50))
    assert event is not None
    assert event.ending is Ending.SILENCE
    assert lapse(after, START + timedelta(minutes=90)) == (after, None)


def test_after_its_end_there_is_a_pause_and_another_evening_is_another_spiral() -> None:
    once = [*sinking(), *calming(6)]
    soon = [*once, *sinking(12)]
    later = [*once, *sinking(180), *calming(186)]
    assert [e.onset for e in run(beats(*soon))[1]] == [True, False]
    assert [e.onset for e in run(beats(*later))[1]] == [True, False, True, False]


def test_a_beat_needs_nothing_but_member_time_and_affect() -> None:
    assert step(SpiralState(), Beat(START, "a", 2.0))[1] is None
