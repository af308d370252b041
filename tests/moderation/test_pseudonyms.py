from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.pseudonyms import pseudonymise
from moderation.vocabulary import Name, NameKind


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("打我电话 138-1234-5678", "1234"),
        ("加微信：xiaolan_88", "xiaolan_88"),
        ("身份证 11010119900101123X", "19900101"),
        ("看 https://example.com/a?b=1 这里", "example"),
        ("他车牌京A12345", "A12345"),
        ("住在建设路12号3单元", "建设路12号"),
        ("问 @shen_zixun 就行", "shen_zixun"),
        ("小岚你还好吗", "小岚"),
    ],
)
def test_what_points_to_a_person_is_gone(text: str, gone: str) -> None:
    changed, _ = pseudonymise(text, [], ["小岚"], "salt")
    assert gone not in changed


def test_doctors_get_invented_names_of_the_same_shape_where_labels_expect_them() -> None:
    text = "王磊医生和丽美整形医院，又是王磊医生"
    names = [
        Name("王磊医生", 0, 4, NameKind.DOCTOR),
        Name("丽美整形医院", 5, 11, NameKind.INSTITUTION),
        Name("王磊医生", 14, 18, NameKind.DOCTOR),
    ]
    changed, placed = pseudonymise(text, names, [], "salt")
    assert "王磊" not in changed
    assert "丽美" not in changed
    assert [changed[n.start : n.end] for n in placed] == [n.text for n in placed]
    assert placed[0].text == placed[2].text
    assert placed[0].text.endswith("医生")
    assert placed[1].text.endswith("整形医院")


@given(st.text(max_size=60), st.text(min_size=8, max_size=8))
def test_any_text_comes_through(text: str, salt: str) -> None:
    changed, placed = pseudonymise(text, [], [], salt)
    assert isinstance(changed, str)
    assert placed == []
