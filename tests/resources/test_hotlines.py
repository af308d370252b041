"""The numbers we may give out, in the order in which to offer them."""

from pathlib import Path

import pytest

from resources import (
    HotlineKind,
    HotlineStatus,
    Jurisdiction,
    ResourceError,
    hotlines_for,
    load_hotlines,
)

ONE = """hotlines:
  - number: "12356"
    name: 热线
    region: CN
    area: 全国
    kind: crisis
    hours: 各地不同
    always_open: false
    note: 占线再拨
    checked_on: 2026-11-21
    recheck_after: 2026-12-21
    status: first
    fact: C
never:
  - {number: 400-821-1215, why: 没有证实}
"""


@pytest.mark.parametrize(
    ("region", "first", "crisis"),
    [
        (Jurisdiction.CN, "110", "12356"),
        (Jurisdiction.HK, "999", "18111"),
        (Jurisdiction.MO, "999", "2852 5222"),
        (Jurisdiction.TW, "110", "1925"),
    ],
)
def test_a_region_offers_its_emergency_then_its_first_crisis_line(
    region: Jurisdiction, first: str, crisis: str
) -> None:
    assert hotlines_for(region)[0].number == first
    assert hotlines_for(region, HotlineKind.CRISIS)[0].number == crisis
    assert {line.region for line in hotlines_for(region)} == {region}


def test_any_region_means_all_numbers() -> None:
    assert hotlines_for(Jurisdiction.ANY) == load_hotlines().lines


def test_the_national_line_is_never_called_always_open() -> None:
    line = hotlines_for(Jurisdiction.CN, HotlineKind.CRISIS)[0]
    assert not line.always_open
    assert "18 小时" in line.hours


def test_only_lines_known_to_be_always_open_say_so() -> None:
    for line in load_hotlines().lines:
        assert line.always_open == (line.hours == "24 小时")
        assert not (line.always_open and line.status is HotlineStatus.UNCONFIRMED)


def test_no_number_is_both_offered_and_forbidden() -> None:
    book = load_hotlines()
    assert not {line.digits for line in book.lines} & set(book.never)


def test_numbers_are_rechecked_every_month() -> None:
    for line in load_hotlines().lines:
        assert (line.recheck_after - line.checked_on).days <= 31


def test_a_community_can_keep_its_own_book(tmp_path: Path) -> None:
    path = tmp_path / "hotlines.yaml"
    path.write_text(ONE, encoding="utf-8")
    book = load_hotlines(path)
    assert [line.number for line in hotlines_for(Jurisdiction.CN, book=book)] == ["12356"]
    assert book.never == ("4008211215",)


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        pytest.param('number: "12356"', "number: 打这个", "number", id="no number"),
        pytest.param("kind: crisis", "kind: other", "kind", id="unknown kind"),
        pytest.param("status: first", "status: great", "status", id="unknown status"),
        pytest.param("    hours: 各地不同\n", "", "hours", id="no hours"),
        pytest.param("always_open: false", "always_open: 不", "always_open", id="not a flag"),
        pytest.param("why: 没有证实", "wy: 没有证实", "wy", id="misspelt field"),
    ],
)
def test_a_wrong_entry_is_one_clear_error(tmp_path: Path, old: str, new: str, field: str) -> None:
    path = tmp_path / "hotlines.yaml"
    path.write_text(ONE.replace(old, new), encoding="utf-8")
    with pytest.raises(ResourceError) as caught:
        load_hotlines(path)
    assert caught.value.field == field
    assert "hotlines.yaml 的" in caught.value.file
