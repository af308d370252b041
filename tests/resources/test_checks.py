"""Each thing that makes a page unfit is found and said."""

from dataclasses import replace
from datetime import date

import pytest

from resources import (
    Audience,
    Catalogue,
    Jurisdiction,
    Page,
    Problem,
    Section,
    Seen,
    Source,
    check,
)

CODE = Source(
    title="民法典",
    is_law=True,
    articles=("1218", "1219", "1220"),
    number=None,
    date=date(2021, 1, 1),
    page=None,
    facts=("A1.1",),
    seen=Seen.ORIGINAL,
)
FOOT = "\n\n依据\n· 《民法典》第 1218 条\n\n核对日期：2026-11-21"
GOOD = Page(
    id="hello",
    title="你好",
    summary="一页示范",
    section=Section.RIGHTS,
    aliases=("示范",),
    questions=("甲", "乙", "丙", "丁"),
    jurisdiction=Jurisdiction.CN,
    sources=(CODE,),
    checked_on=date(2026, 11, 21),
    recheck_after=date(2027, 11, 21),
    audience=Audience.MEMBER,
    crisis_safe=True,
    body=f"你现在能做的第一步\n喝口水。{FOOT}",
    file="hello.md",
)


def problems(page: Page) -> list[Problem]:
    return check(Catalogue([page], {}))


def saying(words: str) -> Page:
    return replace(GOOD, body=f"你现在能做的第一步\n{words}{FOOT}")


def test_a_good_page_has_no_problems() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("page", "kind", "part"),
    [
        pytest.param(replace(GOOD, id="a" * 33), "格式", "33 个字符", id="id too long"),
        pytest.param(replace(GOOD, title="长" * 25), "格式", "标题 25 字", id="title too long"),
        pytest.param(replace(GOOD, summary="长" * 41), "格式", "41 字", id="summary too long"),
        pytest.param(replace(GOOD, questions=("甲",)), "格式", "只有 1 句", id="few questions"),
        pytest.param(replace(GOOD, aliases=()), "格式", "没有别名", id="no alias"),
        pytest.param(saying("好。" * 1800), "格式", "最多 3500 字", id="body too long"),
        pytest.param(replace(GOOD, body=f"先想{FOOT}"), "格式", "从「你现在", id="no first step"),
        pytest.param(replace(GOOD, sources=()), "来源", "没有写来源", id="no sources"),
        pytest.param(
            replace(GOOD, body=GOOD.body.replace("依据\n", "")), "来源", "「依据」", id="no foot"
        ),
        pytest.param(
            replace(GOOD, sources=(CODE, replace(CODE, facts=()))), "来源", "fact", id="no fact"
        ),
        pytest.param(
            replace(GOOD, sources=(CODE, replace(CODE, date=None))),
            "来源",
            "没有日期",
            id="undated",
        ),
        pytest.param(
            replace(GOOD, sources=(CODE, replace(CODE, articles=()))),
            "来源",
            "条号",
            id="no article",
        ),
        pytest.param(
            replace(GOOD, recheck_after=GOOD.checked_on), "日期", "复核日期", id="recheck too early"
        ),
        pytest.param(
            replace(GOOD, checked_on=date(2026, 1, 1)), "日期", "核对日期", id="date not shown"
        ),
    ],
)
def test_a_fault_of_form_is_found(page: Page, kind: str, part: str) -> None:
    assert any(found.kind == kind and part in found.text for found in problems(page))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        pytest.param("按《民法典》第 1226 条。", "第 1226 条", id="article not in the sources"),
        pytest.param("第 9-99999 条。", "第 9 条", id="a slip of the pen in a range of articles"),
        pytest.param(f"第 {'9' * 5000} 条。", "不在依据里", id="no number of an article"),
        pytest.param("第 7- – 条。", "第 7 条", id="a range without an end"),
        pytest.param("看第 1218–1221 条。", "第 1221 条", id="a range that goes too far"),
        pytest.param("按《广告法》办。", "《广告法》", id="law not in the sources"),
        pytest.param("打 400-123-4567。", "400-123-4567", id="unknown number"),
        pytest.param("打 1234 5678。", "1234 5678", id="unknown number with a space"),
        pytest.param("看 https://example.com 。", "example.com", id="link not in the sources"),
    ],
)
def test_what_no_source_backs_is_found(words: str, part: str) -> None:
    assert any(found.kind == "引用" and part in found.text for found in problems(saying(words)))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("按《民法典》第 1218、1219 条。", id="articles in the sources"),
        pytest.param("按《中华人民共和国民法典》办。", id="the law by its full name"),
        pytest.param("看《医疗机构执业许可证》。", id="a certificate is no law"),
        pytest.param("打 12356 或 400-161-9995。", id="numbers in the hotlines"),
        pytest.param(
            "赔了 50000 元，2026-11-21 签的。", id="money and dates are no numbers to call"
        ),
    ],
)
def test_what_is_backed_passes(words: str) -> None:
    assert problems(saying(words)) == []


@pytest.mark.parametrize("number", ["800-810-1117", "8008101117", "021-12320-5", "400 821 1215"])
def test_a_number_that_must_never_appear_is_found(number: str) -> None:
    assert any(found.kind == "停用号码" for found in problems(saying(f"打 {number}。")))


@pytest.mark.parametrize(
    ("words", "part"),
    [
        pytest.param("请您坐下。", "您", id="too formal"),
        pytest.param("加油！", "！", id="exclamation mark"),
        pytest.param("检测到风险。", "检测到", id="machine talk"),
        pytest.param("这是最权威的。", "最权威", id="boasting"),
        pytest.param("官司包赢。", "包赢", id="sure to win"),
        pytest.param("一定能赢。", "一定能赢", id="a promise"),
        pytest.param("不要割腕。", "割腕", id="method detail"),
        pytest.param("**先**喝水。", "纯文字", id="markup"),
        pytest.param("字" * 56 + "。", "句子太长", id="a long sentence"),
        pytest.param(("字" * 40 + "。\n") * 5, "平均一句", id="long sentences throughout"),
        pytest.param("12356 是 24 小时。", "时段", id="hours that were never confirmed"),
        pytest.param("110、12356 都是 24 小时。", "时段", id="one of two numbers unconfirmed"),
        pytest.param("24 小时陪你。", "时段", id="round the clock without a number"),
        pytest.param("打 12345，全天都有人。", "时段", id="the same in other words"),
    ],
)
def test_a_wrong_way_of_speaking_is_found(words: str, part: str) -> None:
    assert any(found.kind == "措辞" and part in found.text for found in problems(saying(words)))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("120 和 110 都是 24 小时。", id="hours confirmed for both"),
        pytest.param("有人说「一定能赢」，先别信。", id="a promise quoted to warn"),
    ],
)
def test_a_right_way_of_speaking_passes(words: str) -> None:
    assert problems(saying(words)) == []


def test_method_detail_is_found_in_questions_too() -> None:
    page = replace(GOOD, questions=("烧炭会怎样", "乙", "丙", "丁"))
    assert any("烧炭" in found.text for found in problems(page))


def test_hours_are_those_of_the_number_in_the_pages_own_region() -> None:
    assert problems(saying("110 是 24 小时。")) == []
    elsewhere = replace(saying("110 是 24 小时。"), jurisdiction=Jurisdiction.TW)
    assert any("时段" in found.text for found in problems(elsewhere))


def test_a_problem_names_its_page_and_kind() -> None:
    assert str(problems(saying("请您坐下。"))[0]) == "hello：不能用「您」（措辞）"
