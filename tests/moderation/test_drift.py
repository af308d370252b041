"""A member's weeks against her own former ones: what counts as a change and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.drift import FORMER, OwnDay, Sign, look

TODAY = date(2026, 11, 22)
LONG_AGO = date(2026, 1, 1)
USUAL = OwnDay(20, 12.0, 1)


def days(*weeks: OwnDay) -> Mapping[date, OwnDay]:
    """Weeks ending yesterday, each put on one of its days."""
    return {TODAY - timedelta(days=7 * n + 3): week for n, week in enumerate(reversed(weeks))}


def signs(*weeks: OwnDay) -> Sequence[Sign]:
    """What has changed in the last of these weeks."""
    return look(days(*weeks), LONG_AGO, TODAY).signs


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (USUAL, ()),
        (OwnDay(20, 14.0, 1), ()),
        (OwnDay(20, 26.0, 1), (Sign.HEAVIER,)),
        (OwnDay(20, 12.0, 9), (Sign.NIGHTS,)),
        (OwnDay(3, 1.8, 0), (Sign.QUIETER,)),
        (OwnDay(3, 9.0, 3), (Sign.QUIETER,)),
        (OwnDay(0, 0.0, 0), (Sign.QUIETER,)),
        (OwnDay(40, 4.0, 0), ()),
        (OwnDay(18, 40.0, 16), (Sign.HEAVIER, Sign.NIGHTS)),
    ],
    ids=[
        "a week like the others",
        "a little heavier",
        "much heavier",
        "up at night",
        "hardly a word",
        "three words say nothing of how they sounded",
        "gone silent",
        "better and busier is no sign",
        "heavier and at night",
    ],
)
def test_this_week_against_four_like_each_other(now: OwnDay, expected: tuple[Sign, ...]) -> None:
    assert signs(USUAL, USUAL, USUAL, USUAL, now) == expected


def test_one_bad_week_does_not_become_the_measure() -> None:
    bad, now = OwnDay(20, 55.0, 18), OwnDay(20, 28.0, 1)
    assert signs(USUAL, bad, USUAL, USUAL, now) == (Sign.HEAVIER,)


def test_one_whose_weeks_always_swing_is_not_called_changed() -> None:
    light, dark = OwnDay(20, 4.0, 0), OwnDay(20, 40.0, 12)
    assert signs(light, dark, light, dark, light, dark, dark) == ()


def test_before_four_whole_weeks_nothing_is_said() -> None:
    weeks = days(USUAL, USUAL, USUAL, OwnDay(20, 55.0, 18))
    assert not look(weeks, TODAY - timedelta(days=28), TODAY).enough
    assert look(weeks, TODAY - timedelta(days=29), TODAY).signs == (Sign.HEAVIER, Sign.NIGHTS)


def test_who_hardly_ever_speaks_is_not_told_that_she_is_silent() -> None:
    few = OwnDay(4, 2.0, 0)
    assert signs(few, few, few, OwnDay()) == ()


@given(
    st.lists(st.builds(OwnDay, st.integers(0, 99), st.floats(0, 300), st.integers(0, 99)), max_size=12)
)  # fmt: skip
def test_any_weeks_can_be_looked_at_and_at_most_eight_are(weeks: list[OwnDay]) -> None:
    found = look(days(*weeks), LONG_AGO, TODAY)
    assert len(found.weeks) == FORMER + 1
    assert len(set(found.signs)) == len(found.signs)
