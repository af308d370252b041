from __future__ import annotations

import json
from pathlib import Path

import pytest

from moderation.errors import InputError
from moderation.training.conversations import read_said
from moderation.training.dataset import is_validation, read_own, read_public
from moderation.vocabulary import Allegation, Crisis, NameKind

ROW = {
    "id": "x-1", "text": "陈院长没有证", "context": ["谁啊"], "crisis": "none", "subject": "none", "allegation": "unverified",
    "names": [{"text": "陈院长", "start": 0, "end": 3, "kind": "doctor"}], "doxxing": False, "affect": 2, "supportive": False,
    "writer": "x", "mark": "hard",
}  # fmt: skip


def test_a_labelled_line_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "test").mkdir()
    (tmp_path / "test/x.jsonl").write_text(json.dumps(ROW) + "\n", "utf-8")
    [example] = read_own("test", tmp_path)
    assert example.crisis == {Crisis.NONE}
    assert example.allegation == {Allegation.UNVERIFIED}
    assert example.names is not None
    assert example.names[0].kind is NameKind.DOCTOR
    assert (example.context, example.mark, example.affect) == (("谁啊",), "hard", 2)


@pytest.mark.parametrize(
    "line", ["{", "[]", json.dumps({**ROW, "crisis": "odd"}), json.dumps({"id": "1"})]
)
def test_a_broken_line_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "train").mkdir()
    (tmp_path / "train/x.jsonl").write_text(json.dumps(ROW) + "\n" + line + "\n", "utf-8")
    with pytest.raises(InputError, match=r"x\.jsonl:2"):
        read_own("train", tmp_path)


def test_absent_public_sets_are_no_error(tmp_path: Path) -> None:
    assert read_public(tmp_path) == []


def test_public_rows_speak_only_of_what_they_know(tmp_path: Path) -> None:
    (tmp_path / "crisis").mkdir()
    row = {"id": "psy-1", "text": "想死", "labels": ["主动自杀意图"], "source": "s"}
    (tmp_path / "crisis/psysuicide-valid.jsonl").write_text(json.dumps(row) + "\n", "utf-8")
    [example] = read_public(tmp_path)
    assert example.crisis == {Crisis.IDEATION, Crisis.IMMINENT}
    assert example.allegation == frozenset(Allegation)
    assert (example.names, example.doxxing, example.affect, example.supportive) == (None,) * 4


def test_our_own_text_is_sound() -> None:
    for part in ("train", "test"):
        examples = read_own(part)
        assert len({example.id for example in examples}) == len(examples)
        for example in examples:
            assert all(
                0 <= name.start < name.end <= len(example.text) for name in example.names or ()
            )
            assert (example.other is None) == (example.crisis == {Crisis.NONE})


COMMON = 6
"""Different characters up to which a text (「收到」, 「哈哈哈哈」) may be anybody's."""


def test_no_test_text_is_in_the_training_part() -> None:
    train, test = (
        {e.text: e.id for e in (*read_own(part), *read_said(part)) if len(set(e.text)) > COMMON}
        for part in ("train", "test")
    )
    assert not [(test[text], train[text]) for text in test.keys() & train.keys()]


def test_validation_is_about_a_tenth() -> None:
    examples = read_own("train")
    kept = sum(map(is_validation, examples))
    assert not examples or 0.06 < kept / len(examples) < 0.15
