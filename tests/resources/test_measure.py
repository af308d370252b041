"""What is said of the search is measured, on questions it was not tuned on."""

import pytest

from resources import load_catalogue
from resources.encoder import LazyEncoder
from resources.measure import Remembering, Share, load_questions, measure
from resources.search import Way

CATALOGUE = load_catalogue(embedder=Remembering(LazyEncoder()))


def test_the_interval_is_wilsons() -> None:
    low, high = Share(175, 200).interval()
    assert low == pytest.approx(0.8221, abs=1e-3)
    assert high == pytest.approx(0.9138, abs=1e-3)
    assert Share(0, 0).value == 0


def test_the_kept_questions_are_other_than_those_of_the_pages_and_of_the_tuning() -> None:
    test, dev = load_questions("test"), load_questions("dev")
    assert sum(bool(question.pages) for question in test) == 200
    assert not {q.words for q in test} & {q.words for q in dev}
    own = {words for page in CATALOGUE for words in page.questions}
    assert sum(question.words in own for question in test) <= 2
    assert all(CATALOGUE.page(page) for q in (*test, *dev) for page in q.pages)


def test_on_the_kept_questions_both_ways_together_reach_the_target_and_beat_each_alone() -> None:
    questions = load_questions("test")
    figures = {way: measure(CATALOGUE, questions, way) for way in Way}
    both = figures[Way.BOTH]
    assert both.first.value >= 0.85
    assert both.among_three.value >= 0.95
    assert both.silent.value >= 0.75
    assert both.first.value > max(figures[Way.WORDS].first.value, figures[Way.MEANING].first.value)
