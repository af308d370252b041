"""What a message is read with."""

from __future__ import annotations

import pytest

from moderation.company import context_of


@pytest.mark.parametrize(
    ("text", "answered", "expected"),
    [
        ("就今晚", "你什么时候走", ("你什么时候走",)),
        ("  嗯 ", "你是不是不想活了", ("你是不是不想活了",)),
        ("今天拆线了，医生说恢复得不错", "我不想活了", ()),
        ("嗯", None, ()),
        ("嗯", "", ()),
    ],
    ids=[
        "a short answer leans on what it answers",
        "spaces around do not make it longer",
        "a whole sentence speaks for itself",
        "a short message that answers nobody stands alone",
        "an answer to a message without words stands alone",
    ],
)
def test_context(text: str, answered: str | None, expected: tuple[str, ...]) -> None:
    assert context_of(text, answered) == expected
