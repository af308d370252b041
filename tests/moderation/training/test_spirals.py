"""Learning and measuring the spiral detector: outcomes, noise, baselines, simulated groups, the fit."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from moderation.spiral import Beat
from moderation.spiral.hazard import load_hazard
from moderation.training.conversations import Conversation, Said, Spiral
from moderation.training.dataset import Example
from moderation.training.groups import Group, Life, Marks, calibrated, live
from moderation.training.spirals_baselines import BASELINES
from moderation.training.spirals_figures import (
    calm,
    delay,
    found,
    in_time,
    interval,
    outcome,
    outcome_of_life,
)
from moderation.training.spirals_fit import Corpus, Talk, fit, logistic, outcomes_of, save
from moderation.training.spirals_rows import alerts_of, beats_of, rows_of
from moderation.training.spirals_scores import Channel, Heard, cells, cells_of, labelled
from moderation.vocabulary import Crisis
from tests.moderation.spiral_talk import PLAIN, START

CALM_TALK = "ab0 cd0 ab1 ef0+ cd0 ab0 gh0 ef1 ab0 cd0"
HELD = "a3 b0+ a2 c0+ a3 b0+ a2 d0+ a1 b0 c0"
SINKING = "a0 b0 c1 d0 a2 b2 c2 a3 d3 b2 c3 e0+ f0+ e0+ f0+ a0"


def conversation(
    name: str, said: str, *spirals: tuple[int, int], writer: str = "w"
) -> Conversation:
    """A conversation of words such as `ab2+`: member, affect, supportive; one a minute."""
    words = [word for word in said.split() if word]
    return Conversation(
        name,
        writer,
        "Sat 21:00",
        tuple(
            Said(60.0 * n, word.rstrip("+")[:-1], None, _example(word))
            for n, word in enumerate(words)
        ),
        tuple(Spiral(*ends) for ends in spirals),
    )


def _example(word: str) -> Example:
    return Example(
        word,
        word,
        crisis=frozenset({Crisis.NONE}),
        affect=int(word.rstrip("+")[-1]),
        supportive=word.endswith("+"),
    )


def talks() -> list[Talk]:
    """Twelve conversations of each kind, heard by their labels."""
    kinds = [(CALM_TALK, ()), (HELD, ()), (SINKING, ((6, 10),))]
    made = [conversation(f"c{n}", said, *spirals) for n in range(12) for said, spirals in kinds]
    return [Talk(c, beats_of(c, labelled(c))) for c in made]


# --- outcomes -------------------------------------------------------------------------------------

EVENING = conversation("e", SINKING, (6, 10))


@pytest.mark.parametrize(
    ("alerts", "delays", "false"),
    [
        ([6], (0,), 0),
        ([9], (3,), 0),
        ([4], (-2,), 0),
        ([0], (None,), 1),
        ([12], (None,), 1),
        ([], (None,), 0),
        ([0, 7, 15], (1,), 2),
    ],
    ids=["at onset", "late", "a little before", "far before", "after the end", "never", "and elsewhere"],
)  # fmt: skip
def test_an_alert_finds_a_spiral_from_five_messages_before_it_to_its_end(
    alerts: list[int], delays: tuple[int | None, ...], false: int
) -> None:
    judged = outcome(EVENING, alerts)
    assert (judged.delays, judged.false, judged.calm) == (delays, false, False)


def test_the_figures_of_some_outcomes() -> None:
    quiet = conversation("q", CALM_TALK)
    judged = [
        outcome(EVENING, [6]),
        outcome(EVENING, [10]),
        outcome(EVENING, []),
        outcome(quiet, [3]),
    ]
    assert found(judged) == pytest.approx(2 / 3)
    assert in_time(judged) == pytest.approx(1 / 3)
    assert delay(judged) == 2
    assert calm(judged) == 0
    value, low, high = interval(judged, found)
    assert low <= value <= high


# --- noise ----------------------------------------------------------------------------------------


def test_a_model_errs_on_a_label_only_as_it_erred_on_that_label() -> None:
    known = conversation("k", "a0 b2 c2 d0+")
    heard = [Heard(0.1, 0, 0), Heard(1.1, 0, 0), Heard(1.9, 0.2, 0), Heard(0.3, 0.8, 0)]
    drawn = Channel([known], {"k": heard}).draw(cells([2] * 50, [False] * 50), random.Random(1))
    assert {h.affect for h in drawn} == {1.1, 1.9}


def test_a_label_never_met_is_heard_exactly() -> None:
    known = conversation("k", "a0 b0")
    channel = Channel([known], {"k": labelled(known)})
    assert channel.draw(cells([3], [False]), random.Random(1)) == [Heard(3.0, 0.0, 0.0)]


# --- simulated groups -----------------------------------------------------------------------------


def group_life(group: Group) -> Life:
    """A simulated group, heard by the labels."""
    made = [conversation("c", CALM_TALK), conversation("h", HELD), EVENING]
    return live(group, calibrated(made), Channel(made, {c.id: labelled(c) for c in made}))


def test_a_simulated_group_writes_about_as_much_as_asked_and_the_same_each_time() -> None:
    group = Group(members=50, daily=300, weeks=2)
    life = group_life(group)
    assert 0.7 * 14 * 300 < len(life.beats) < 1.4 * 14 * 300
    assert life == group_life(group)
    times = [beat.at for beat in life.beats]
    assert times == sorted(times)


def test_a_few_members_write_most() -> None:
    counts: dict[str, int] = {}
    for beat in group_life(Group(members=500, daily=500)).beats:
        counts[beat.member] = counts.get(beat.member, 0) + 1
    top = sorted(counts.values(), reverse=True)
    assert sum(top[: len(top) // 10]) > 0.3 * sum(top)


def test_planted_cascades_are_found_where_scores_are_right() -> None:
    life = group_life(Group(members=100, daily=200, weeks=6, cascades=3))
    delays, _ = outcome_of_life(life, alerts_of(life.beats, PLAIN))
    assert len(delays) > 8
    assert sum(d is not None for d in delays) > 0.8 * len(delays)


def test_marks_are_counted_on_calm_conversations_only() -> None:
    assert (
        calibrated([EVENING, conversation("c", "a0 b1")]).next
        == calibrated([conversation("c", "a0 b1")]).next
    )
    assert isinstance(calibrated([conversation("c", "a0 b1")]), Marks)


# --- baselines ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", BASELINES)
def test_some_variant_of_every_baseline_finds_a_plain_spiral_and_leaves_calm_alone(
    kind: str,
) -> None:
    spiral = beats_of(EVENING, labelled(EVENING))
    quiet_talk = conversation("q", CALM_TALK)
    quiet = beats_of(quiet_talk, labelled(quiet_talk))
    assert any(detect(spiral) and not detect(quiet) for detect in BASELINES[kind]())


def test_a_baseline_alarms_once_until_all_is_calm_again() -> None:
    loud = [Beat(START + timedelta(minutes=n), "abc"[n % 3], 3.0, message=n) for n in range(30)]
    assert all(len(detect(loud)) <= 1 for kind in BASELINES.values() for detect in kind())


# --- the fit --------------------------------------------------------------------------------------


def test_weights_stay_within_their_bounds() -> None:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(300, 2))
    y = (x[:, 0] - x[:, 1] > 0).astype(float)
    (first, second), _ = logistic(x, y, np.ones(300), 1.0, [(0, None), (0, None)])
    assert first > 0.5
    assert second == 0


def test_a_detector_fitted_on_plain_talk_finds_its_spirals_and_no_others() -> None:
    material = talks()
    hazard = fit(Corpus(material))
    outcomes = outcomes_of(lambda beats: alerts_of(beats, hazard), material)
    assert (found(outcomes), in_time(outcomes), calm(outcomes)) == (1, 1, 1)


def test_rows_teach_nothing_of_the_moments_on_which_writers_differ() -> None:
    rows = list(rows_of(beats_of(EVENING, labelled(EVENING)), EVENING.spirals, PLAIN))
    assert [row.alert for row in rows] == [True] * 4


def test_what_was_fitted_is_read_back_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "hazard.json"
    save(PLAIN, {"by": "a test"}, path)
    assert load_hazard(path) == PLAIN


def test_machines_are_not_heard_and_replies_and_stewards_are_kept() -> None:
    made = conversation("m", "群助手0 群主0 a1")
    said = (*made.said[:2], replace(made.said[2], reply_to=1))
    made = replace(made, said=said)
    heard = beats_of(made, labelled(made))
    assert [(b.member, b.steward, b.answers, b.message) for b in heard] == [
        ("群主", True, None, 1),
        ("a", False, 1, 2),
    ]
    assert heard[0].at.isoformat() == "2026-11-21T21:01:00+08:00"
    assert cells_of(made) == [(0, False, False), (0, False, False), (1, False, False)]
