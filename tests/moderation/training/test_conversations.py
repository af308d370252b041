"""Whole conversations are read with their labels, message by message in company."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from moderation.errors import InputError
from moderation.training.conversations import Spiral, read_conversations, read_said
from moderation.training.dataset import is_validation
from moderation.vocabulary import Crisis


def said(
    text: str, seconds: int, reply_to: int | None = None, **labels: object
) -> dict[str, object]:
    """One message as it stands in a file."""
    return {
        "t": seconds, "user": f"成员{seconds}", "text": text, "reply_to": reply_to, "crisis": "none", "subject": "none",
        "allegation": "none", "names": [], "doxxing": False, "affect": 0, "supportive": False, **labels,
    }  # fmt: skip


def write(folder: Path, *rows: object) -> Path:
    """Puts conversations into the training part of a folder."""
    (folder / "train").mkdir(parents=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "train/x.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


EVENING = {
    "id": "x-evening", "writer": "x", "start": "Sat 23:40", "spirals": [{"onset": 3, "end": 4}],
    "messages": [
        said("刚到家", 0), said("吃了吗", 20), said("吃了", 31, 1), said("我不想活了", 60, crisis="ideation", subject="self"),
        said("别这样 在哪", 70, 0),
    ],
}  # fmt: skip


def test_each_message_is_read_after_those_before_it(tmp_path: Path) -> None:
    first, *_, fourth, last = read_said("train", write(tmp_path, EVENING))
    assert first.context == ()
    assert fourth.context == ("刚到家", "吃了吗", "吃了")
    assert fourth.crisis == {Crisis.IDEATION}
    assert last.context == ("刚到家", "吃了", "我不想活了")
    assert (last.talk, last.writer) == ("x-evening", "x")


def test_her_own_words_are_marked_and_those_of_hours_ago_are_not_known(tmp_path: Path) -> None:
    evening = {**EVENING, "spirals": [], "messages": [
        said("早上好", 0), said("钥匙放前台了", 7200, user="阿青"), said("好", 7300), said("都交代好了", 7400, user="阿青"),
    ]}  # fmt: skip
    *_, last = read_said("train", write(tmp_path, evening))
    assert last.context == ("我：钥匙放前台了", "好")


def test_what_it_answers_is_known_however_old(tmp_path: Path) -> None:
    evening = {
        **EVENING,
        "spirals": [],
        "messages": [said("明天几点", 0), said("好", 7200), said("八点", 7300, 0)],
    }
    *_, last = read_said("train", write(tmp_path, evening))
    assert last.context == ("明天几点", "好")


def test_times_replies_and_spirals_are_kept(tmp_path: Path) -> None:
    [evening] = read_conversations("train", write(tmp_path, EVENING))
    assert [(m.seconds, m.reply_to) for m in evening.said] == [
        (0, None), (20, None), (31, 1), (60, None), (70, 0),
    ]  # fmt: skip
    assert evening.spirals == (Spiral(3, 4),)
    assert evening.start == "Sat 23:40"


@pytest.mark.parametrize(
    "broken", ["{", json.dumps({"id": "x"}), json.dumps({**EVENING, "messages": 3})]
)
def test_a_broken_line_is_named(tmp_path: Path, broken: str) -> None:
    with pytest.raises(InputError, match=r"x\.jsonl:2"):
        read_conversations("train", write(tmp_path, EVENING, broken))


def test_a_conversation_is_never_divided_between_training_and_validation() -> None:
    for conversation in read_conversations("train"):
        assert len({is_validation(m.example) for m in conversation.said}) == 1


@pytest.mark.parametrize("part", ["train", "test"])
def test_our_conversations_are_sound(part: str) -> None:
    conversations = read_conversations(part)
    assert len({c.id for c in conversations}) == len(conversations) > 0
    for conversation in conversations:
        times = [m.seconds for m in conversation.said]
        assert times == sorted(times)
        for spiral in conversation.spirals:
            assert 0 <= spiral.onset <= spiral.end < len(times)
        for message in conversation.said:
            for name in message.example.names or ():
                assert message.example.text[name.start : name.end].strip()
