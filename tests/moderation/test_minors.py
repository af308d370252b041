"""Who says of herself that she is under eighteen."""

from __future__ import annotations

import pytest

from moderation.minors import says_minor


@pytest.mark.parametrize(
    "text",
    [
        "我今年16岁，做完双眼皮不想活了",
        "我才十五岁，不敢跟家里说",
        "我还未成年，签的字算数吗",
        "我现在高二，鼻子歪了",
        "我还在上初三",
        "我沒滿18，他們也給我做了",
        "我１７岁",
    ],
)
def test_said_plainly_of_oneself_it_counts(text: str) -> None:
    assert says_minor(text)


@pytest.mark.parametrize(
    "text",
    [
        "我26岁",
        "我今年十八岁了",
        "我16岁那年做的，现在后悔",
        "我女儿16岁",
        "我15岁的时候就想过",
        "我高中同学也在那家做的",
        "我高中毕业那年做的",
        "未成年人不能做",
        "她才十五岁",
        "我等了16天",
        "",
    ],
)
def test_others_and_earlier_years_do_not(text: str) -> None:
    assert not says_minor(text)


def test_a_long_text_takes_linear_time() -> None:
    assert not says_minor("我" * 20_000 + "今年才刚还" * 4_000)
