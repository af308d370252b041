"""What a message is read with."""

from __future__ import annotations

import pytest

from moderation.company import Earlier, preceding


def talk(*texts: str) -> list[Earlier]:
    """Earlier messages; those of the writer begin with a star."""
    return [Earlier(text.lstrip("*"), text.startswith("*")) for text in texts]


@pytest.mark.parametrize(
    ("earlier", "answered", "expected"),
    [
        ([], None, ()),
        (["早"], None, ("早",)),
        (["一", "二", "三", "四"], None, ("二", "三", "四")),
        (["一", "二", "三", "四"], 2, ("二", "三", "四")),
        (["一", "二", "三", "四", "五"], 0, ("一", "四", "五")),
        (["你是不是不想活了"], 0, ("你是不是不想活了",)),
        (["一", "*二", "三", "*四"], None, ("我：二", "三", "我：四")),
        (["*一", "*二", "三", "四", "五"], None, ("我：二", "四", "五")),
        (["*一", "二", "三", "四", "五"], 1, ("我：一", "二", "五")),
        (["*一", "二", "三", "四", "五"], 0, ("我：一", "四", "五")),
        (["*一", "二", "*三", "四", "五"], None, ("我：三", "四", "五")),
    ],
    ids=[
        "the first message stands alone",
        "fewer than three are all taken",
        "the last three, oldest first",
        "an answer to one of them changes nothing",
        "what it answers comes first when it stands further back",
        "an answer in private is read with what it answers",
        "the writer's own words are marked",
        "her own last words come first when they stand further back",
        "both come, with the very last",
        "an answer to her own last words brings them once",
        "her own words among the last three are enough",
    ],
)
def test_context(earlier: list[str], answered: int | None, expected: tuple[str, ...]) -> None:
    assert preceding(talk(*earlier), answered) == expected
