"""What a message is read with."""

from __future__ import annotations

import pytest

from moderation.company import preceding


@pytest.mark.parametrize(
    ("earlier", "answered", "expected"),
    [
        ([], None, ()),
        (["早"], None, ("早",)),
        (["一", "二", "三", "四"], None, ("二", "三", "四")),
        (["一", "二", "三", "四"], 2, ("二", "三", "四")),
        (["一", "二", "三", "四", "五"], 0, ("一", "四", "五")),
        (["你是不是不想活了"], 0, ("你是不是不想活了",)),
    ],
    ids=[
        "the first message stands alone",
        "fewer than three are all taken",
        "the last three, oldest first",
        "an answer to one of them changes nothing",
        "what it answers comes first when it stands further back",
        "an answer in private is read with what it answers",
    ],
)
def test_context(earlier: list[str], answered: int | None, expected: tuple[str, ...]) -> None:
    assert preceding(earlier, answered) == expected
