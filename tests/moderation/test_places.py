"""Who says of herself that she is outside the mainland."""

from __future__ import annotations

import pytest

from moderation.places import Place, says_where


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("我在加拿大，想死", Place.ABROAD),
        ("我一个人在首尔，脸肿得不敢出门", Place.ABROAD),
        ("我人在国外，打不通12356", Place.ABROAD),
        ("我現在在香港，唔想活", Place.HONG_KONG),
        ("我住九龙", Place.HONG_KONG),
        ("我在台灣，不想活了", Place.TAIWAN),
        ("我在澳门上班，撑不住了", Place.MACAU),
    ],
)
def test_said_plainly_of_oneself_it_counts(text: str, place: Place) -> None:
    assert says_where(text) is place


@pytest.mark.parametrize(
    "text",
    [
        "我在上海，想死",
        "她在加拿大，电话不接",
        "我在韩国做的鼻子，毁了",
        "我在日本那时候就想过",
        "香港那家诊所也这样",
        "我想去国外修复",
        "",
    ],
)
def test_others_earlier_days_and_mere_names_do_not(text: str) -> None:
    assert says_where(text) is None


def test_a_long_text_takes_linear_time() -> None:
    assert says_where("我在" * 20_000 + "现在目前还就" * 4_000) is None
