from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.learning.figures import duration, in_words, suggestions
from bot.learning.picture import draw
from moderation.cases import CaseState
from moderation.learning import ENOUGH, Outcome, noisy, summarise
from moderation.vocabulary import CaseKind

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def outcome(
    kind: CaseKind = CaseKind.CRISIS,
    state: CaseState = CaseState.SAFE,
    minutes: float | None = 2,
    level: str = "imminent",
) -> Outcome:
    """A case answered after so many minutes, or not yet."""
    answered = None if minutes is None else NOW + timedelta(minutes=minutes)
    return Outcome(kind, level, state, NOW, answered)


def test_precision_counts_only_what_a_human_judged() -> None:
    states = [CaseState.SAFE, CaseState.CONTACTED, CaseState.FALSE_ALARM, CaseState.OPEN]
    (figures,) = summarise([outcome(state=state) for state in states]).kinds
    assert (figures.alerts, figures.judged, figures.real) == (4, 3, 2)
    assert figures.precision == 2 / 3


def test_those_nobody_answered_count_against_the_share_within_five_minutes() -> None:
    minutes = [1, 4, 5, 30, None]
    (wait,) = summarise([outcome(minutes=m) for m in minutes]).waits
    assert (wait.answered, wait.unanswered) == (4, 1)
    assert wait.median == timedelta(minutes=4)
    assert wait.p95 == timedelta(minutes=30)
    assert wait.within_soon == 3 / 5


def test_what_members_reported_and_was_real_was_missed() -> None:
    real = outcome(CaseKind.REPORT, CaseState.SAFE, level="asked")
    false = outcome(CaseKind.REPORT, CaseState.FALSE_ALARM, level="asked")
    assert summarise([real, real, false]).missed == 2


def test_a_kind_that_is_rarely_right_is_suggested_and_danger_never_is() -> None:
    for kind in (CaseKind.ALLEGATION, CaseKind.CRISIS):
        summary = summarise([outcome(kind, CaseState.FALSE_ALARM) for _ in range(ENOUGH)])
        assert bool(noisy(summary)) is (kind is CaseKind.ALLEGATION)
    few = summarise([outcome(CaseKind.ALLEGATION, CaseState.FALSE_ALARM)] * (ENOUGH - 1))
    assert noisy(few) == []


def test_figures_read_like_a_sentence() -> None:
    summary = summarise([outcome(minutes=2), outcome(minutes=None, state=CaseState.OPEN)])
    text = in_words(summary, 7, NOW)
    assert "马上有危险：2 次，通常等 2 分钟，久的等 2 分钟；5 分钟内有人接的 50%" in text
    assert "还有 1 件没有人接" in text
    assert "没有提醒" in in_words(summarise([]), 7, NOW)
    assert suggestions(summary) == []


def test_durations_are_said_in_the_unit_people_think_in() -> None:
    spans = [timedelta(seconds=40), timedelta(minutes=7), timedelta(hours=5)]
    assert [duration(span) for span in spans] == ["40 秒", "7 分钟", "5 小时"]


def test_the_picture_is_a_png_with_and_without_data() -> None:
    full = summarise([outcome(), outcome(CaseKind.SPIRAL, CaseState.OPEN, None, "onset")])
    assert all(draw(one).startswith(b"\x89PNG") for one in (full, summarise([])))
