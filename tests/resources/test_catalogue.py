"""Loading pages: what a community may add, and what it is told when a file is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest

from resources import ResourceError, Section, load_catalogue

GOOD = """---
id: hello
title: 你好
summary: 一页示范
section: rights
aliases: [示范]
questions: [甲, 乙, 丙, 丁]
jurisdiction: CN
sources:
  - {law: 民法典, article: [1218, 1222], date: 2021-01-01, fact: A1.1}
checked_on: 2026-11-21
recheck_after: 2027-11-21
audience: member
crisis_safe: true
---
你现在能做的第一步
喝口水。

依据
· 《民法典》第 1218、1222 条

核对日期：2026-11-21
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def _write(text: str, name: str = "hello.md") -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path

    return _write


def test_a_page_is_read_with_all_its_fields(write: Write) -> None:
    page = load_catalogue(write(GOOD)).page("hello")
    assert page is not None
    assert page.section is Section.RIGHTS
    assert page.sources[0].articles == ("1218", "1222")
    assert page.sources[0].cite() == "《民法典》第 1218、1222 条"
    assert page.text == "你现在能做的第一步\n喝口水。"


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(write: Write, tmp_path: Path) -> None:
    (tmp_path / "hello.md").write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_catalogue(tmp_path).page("hello") is not None


@pytest.mark.parametrize(
    ("old", "new", "field", "given"),
    [
        pytest.param("section: rights", "section: law", "section", "law", id="unknown section"),
        pytest.param("jurisdiction: CN", "jurisdiction: US", "jurisdiction", "US", id="elsewhere"),
        pytest.param("audience: member", "audience: all", "audience", "all", id="for everybody"),
        pytest.param("title: 你好\n", "", "title", None, id="no title"),
        pytest.param("summary: 一页示范", "summary: [a]", "summary", ["a"], id="summary a list"),
        pytest.param("aliases: [示范]\n", "", "aliases", None, id="no aliases"),
        pytest.param("[甲, 乙, 丙, 丁]", "{甲: 乙}", "questions", {"甲": "乙"}, id="no list"),
        pytest.param("crisis_safe: true", "crisis_safe: 是", "crisis_safe", "是", id="not a flag"),
        pytest.param(
            "checked_on: 2026-11-21", "checked_on: 去年", "checked_on", "去年", id="no date"
        ),
        pytest.param("recheck_after: 2027-11-21\n", "", "recheck_after", None, id="date missing"),
        pytest.param("id: hello", "id: Hello_1", "id", "Hello_1", id="id not kebab"),
        pytest.param("id: hello", "id: other", "id", "other", id="id not the file's name"),
        pytest.param("title: 你好", "titel: 你好", "titel", "titel", id="misspelt field"),
        pytest.param("law: 民法典", "lew: 民法典", "lew", "lew", id="misspelt source field"),
        pytest.param("law: 民法典, ", "", "title", None, id="source without a name"),
        pytest.param("fact: A1.1", "fact: A1.1, seen: maybe", "seen", "maybe", id="seen unknown"),
    ],
)
def test_a_wrong_field_is_named_with_what_was_given(
    write: Write, old: str, new: str, field: str, given: object
) -> None:
    assert old in GOOD
    with pytest.raises(ResourceError) as caught:
        load_catalogue(write(GOOD.replace(old, new, 1)))
    error = caught.value
    assert error.file.startswith("hello.md")
    assert (error.field, error.given) == (field, given)
    assert error.expected in str(error)
    assert error.example in str(error)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        pytest.param("没有字段区", "开头", id="no front matter"),
        pytest.param("---\na: [1\n---\n正文", "字段区", id="broken yaml"),
        pytest.param("---\na: 2026-13-40\n---\n正文", "字段区", id="impossible date"),
        pytest.param("---\n- 一\n---\n正文", "字段区", id="a list instead of fields"),
        pytest.param(GOOD.split("你现在", maxsplit=1)[0], "正文", id="no body"),
        pytest.param(
            GOOD.replace("  - {law: 民法典", "  x: {law: 民法典"), "sources", id="sources no list"
        ),
    ],
)
def test_a_file_of_the_wrong_shape_says_which_part_is_wrong(
    write: Write, text: str, field: str
) -> None:
    with pytest.raises(ResourceError) as caught:
        load_catalogue(write(text))
    assert caught.value.field == field
    assert "hello.md" in str(caught.value)


def test_a_file_that_is_no_text_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "hello.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ResourceError, match="UTF-8"):
        load_catalogue(tmp_path)


def test_a_missing_folder_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match=r"放着 \.md 页面的文件夹"):
        load_catalogue(extra=tmp_path / "none")


def test_a_page_of_the_community_takes_the_place_of_ours(write: Write) -> None:
    own = GOOD.replace("id: hello", "id: first-steps").replace("title: 你好", "title: 我们群的")
    catalogue = load_catalogue(extra=write(own, "first-steps.md"))
    page = catalogue.page("first-steps")
    assert page is not None
    assert page.title == "我们群的"
    assert len(catalogue) == len(load_catalogue())


def test_a_page_of_the_community_is_added_found_and_shown_last(write: Write) -> None:
    text = GOOD.replace("questions: [甲, 乙, 丙, 丁]", "questions: [滨江分部的法律角几点开门]")
    catalogue = load_catalogue(extra=write(text))
    assert len(catalogue) == len(load_catalogue()) + 1
    assert catalogue.menu(Section.RIGHTS)[-1].title == "其他"
    assert catalogue.in_section(Section.RIGHTS)[-1].id == "hello"
    assert catalogue.search("法律角什么时候开门")[0].page.id == "hello"


def test_an_unknown_page_is_none() -> None:
    assert load_catalogue().page("no-such-page") is None
