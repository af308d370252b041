from __future__ import annotations

import random

import pytest

from moderation.training import augment
from moderation.training.augment import Marked


@pytest.mark.parametrize(
    ("way", "word"),
    [
        (augment.homophone, "自杀"), (augment.pinyin, "不想活"), (augment.initials, "自杀"),
        (augment.spaced, "跳楼"), (augment.pictured, "刀"), (augment.taken_apart, "好死"),
    ],
)  # fmt: skip
def test_each_way_changes_the_word_sooner_or_later(way: object, word: str) -> None:
    assert callable(way)
    assert any(way(word, random.Random(seed)) != word for seed in range(20))


def test_marked_names_keep_pointing_at_the_same_words() -> None:
    text = "听说陈院长没证，想死的心都有了，陈院长害死人"
    spans = ((2, 5), (16, 19))
    for seed in range(200):
        varied = augment.varied(Marked(text, spans), random.Random(seed), rate=1.0)
        assert [varied.text[a:b] for a, b in varied.spans] == ["陈院长", "陈院长"]


def test_the_same_seed_gives_the_same_text() -> None:
    marked = Marked("我真的不想活了，谁来救救我")
    texts = {augment.varied(marked, random.Random(5), rate=1.0).text for _ in range(3)}
    assert len(texts) == 1


def test_text_without_hanzi_is_left_alone() -> None:
    assert augment.disguise(Marked("ok 123"), random.Random(1)) == Marked("ok 123")
