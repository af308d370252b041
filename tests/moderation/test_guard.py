"""The guard raises what safe words find, lowers nothing, and outlives the model."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from moderation.guard import GuardedClassifier
from moderation.safewords import SafeWords
from moderation.vocabulary import Allegation, Crisis, Evidence, Excerpt, Scores, Subject

SAFE = SafeWords.load()


class FakeModel:
    """Gives the same scores to every message, or fails while `broken`."""

    def __init__(self, scores: Scores) -> None:
        self.scores = scores
        self.broken = False
        self.short = False

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        if self.broken:
            raise RuntimeError("no memory")
        return [self.scores] * (0 if self.short else len(excerpts))


def scores(
    imminent: float = 0.0,
    ideation: float = 0.0,
    subject: Subject = Subject.NONE,
    evidence: tuple[Evidence, ...] = (),
    unread: bool = False,
) -> Scores:
    none = 1 - imminent - ideation
    return Scores(
        crisis={
            Crisis.NONE: none * 0.75,
            Crisis.DISTRESS: none * 0.25,
            Crisis.IDEATION: ideation,
            Crisis.IMMINENT: imminent,
        },
        subject={one: 0.9 if one is subject else 0.05 for one in Subject},
        allegation={one: float(one is Allegation.NONE) for one in Allegation},
        affect=1.5,
        evidence=evidence,
        unread=unread,
    )


def judged(text: str, by_model: Scores) -> Scores:
    return GuardedClassifier(FakeModel(by_model), SAFE).classify([Excerpt(text)])[0]


def test_without_a_safe_word_the_model_speaks_alone() -> None:
    own = scores(ideation=0.3)
    assert judged("今天拆线了", own) is own


def test_a_safe_word_raises_a_blind_model() -> None:
    result = judged("我在楼顶", scores())
    assert result.crisis[Crisis.IMMINENT] >= 0.97
    assert sum(result.crisis.values()) == pytest.approx(1)
    assert result.crisis[Crisis.NONE] == pytest.approx(3 * result.crisis[Crisis.DISTRESS])
    assert result.subject[Subject.SELF] >= 0.9
    assert not result.by_rules_only
    assert result.affect == 1.5


def test_a_surer_model_is_not_lowered() -> None:
    own = scores(imminent=0.99, subject=Subject.SELF)
    assert judged("我在楼顶", own).crisis == own.crisis


def test_ideation_never_lowers_imminent() -> None:
    result = judged("我不想活了", scores(imminent=0.6))
    assert result.crisis[Crisis.IMMINENT] == pytest.approx(0.6)
    assert result.crisis[Crisis.IMMINENT] + result.crisis[Crisis.IDEATION] >= 0.97 - 1e-9


def test_the_models_subject_stands_when_it_has_one() -> None:
    assert (
        judged("我在楼顶", scores(imminent=0.4, subject=Subject.OTHER)).subject[Subject.OTHER]
        == 0.9
    )


def test_evidence_is_merged_without_repeating_a_span() -> None:
    own = (Evidence("疑似轻生念头的话", 0, 4), Evidence("另一句", 0, 2))
    result = judged("我在楼顶", scores(evidence=own))
    assert [(e.start, e.end) for e in result.evidence] == [(0, 4), (0, 2)]
    assert result.evidence[0].why == "说到方法、时间、告别，或者正在发生", (
        "the safe word's, not the model's"
    )


def test_an_unread_message_with_a_safe_word_is_read() -> None:
    assert not judged("i took all of them", scores(unread=True)).unread


def test_without_a_model_safe_words_speak_and_say_so() -> None:
    guard = GuardedClassifier(None, SAFE)
    bad, good = guard.classify([Excerpt("今晚就跳楼"), Excerpt("你好")])
    assert bad.by_rules_only
    assert bad.crisis[Crisis.IMMINENT] >= 0.97
    assert good.crisis[Crisis.NONE] == 1
    assert guard.degraded == "no model is loaded"


def test_a_failing_model_is_replaced_and_recovers() -> None:
    model = FakeModel(scores())
    guard = GuardedClassifier(model, SAFE)
    model.broken = True
    assert guard.classify([Excerpt("我在楼顶")])[0].by_rules_only
    assert guard.degraded == "the model failed: RuntimeError"
    model.broken = False
    assert not guard.classify([Excerpt("我在楼顶")])[0].by_rules_only
    assert guard.degraded is None


def test_a_model_that_answers_too_little_is_not_believed() -> None:
    model = FakeModel(scores())
    model.short = True
    guard = GuardedClassifier(model, SAFE)
    assert guard.classify([Excerpt("你好")])[0].by_rules_only
    assert guard.degraded == "the model gave 0 answers to 1 messages"


def test_nothing_to_judge_gives_nothing() -> None:
    assert GuardedClassifier(None, SAFE).classify([]) == []
    assert GuardedClassifier(FakeModel(scores()), SAFE).classify([]) == []
