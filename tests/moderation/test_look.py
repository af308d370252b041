from __future__ import annotations

import json
from pathlib import Path

import pytest

from moderation import look as module
from moderation.errors import ConfigError
from moderation.look import Look
from moderation.safewords import SafeWords
from moderation.turns import Urgency

LOOK = Look.load(SafeWords.load())
TEST_TEXT = Path(module.__file__).parents[1] / "training" / "data" / "test"


@pytest.mark.parametrize(
    ("text", "urgency"),
    [
        ("今晚我就离开这个世界", Urgency.DANGER),
        ("谢谢大家，我走了", Urgency.LIKELY),
        ("今天拆线了", Urgency.REST),
        ("", Urgency.REST),
        ("😀" * 5000, Urgency.REST),
        ("\ud800", Urgency.REST),
    ],
    ids=[
        "a safe word",
        "said sideways",
        "chatter",
        "nothing",
        "very long",
        "half a surrogate pair",
    ],
)
def test_how_urgent_a_text_looks(text: str, urgency: Urgency) -> None:
    assert LOOK.urgency(text) is urgency


def test_danger_at_the_end_of_a_very_long_message_is_seen() -> None:
    assert LOOK.urgency("今天去复查，恢复得不错。" * 300 + "我不想活了" * 30) is not Urgency.REST


def test_on_text_it_was_not_made_from_nearly_all_danger_goes_first() -> None:
    lines = [
        json.loads(line)
        for file in sorted(TEST_TEXT.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]
    danger = [line["text"] for line in lines if line["crisis"] in {"ideation", "imminent"}]
    calm = [line["text"] for line in lines if line["crisis"] == "none"]
    first = [LOOK.urgency(text) is not Urgency.REST for text in danger]
    ahead = [LOOK.urgency(text) is not Urgency.REST for text in calm]
    assert sum(first) / len(first) > 0.94
    assert sum(ahead) / len(ahead) < 0.4


def test_a_missing_rule_is_one_clear_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "FILE", tmp_path / "weights.npz")
    with pytest.raises(ConfigError, match="Reinstall Qunhu"):
        Look.load(SafeWords.load())
