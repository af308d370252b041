"""What makes a page unfit to be shown, beyond what already stops it from loading."""

from collections.abc import Iterator
from dataclasses import dataclass

from resources.catalogue import Catalogue
from resources.citations import forbidden_numbers, unbacked
from resources.hotlines import HotlineBook, load_hotlines
from resources.page import Page, Source
from resources.wording import misworded

LONGEST_BODY = 3500
LONGEST_SUMMARY = 40
LONGEST_TITLE = 24
LONGEST_ID = 32
FEWEST_QUESTIONS = 4
FIRST_LINE = "你现在能做的第一步"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in one page."""

    page: str
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}：{self.text}（{self.kind}）"


def check(catalogue: Catalogue, book: HotlineBook | None = None) -> list[Problem]:
    """Everything wrong with the pages, page by page; empty when all is well."""
    hotlines = book or load_hotlines()
    return [problem for page in catalogue for problem in check_page(page, hotlines)]


def check_page(page: Page, book: HotlineBook | None = None) -> Iterator[Problem]:
    """Everything wrong with one page."""
    book = book or load_hotlines()
    found = {
        "格式": _form(page),
        "来源": _sources(page),
        "日期": _dates(page),
        "引用": unbacked(page, book),
        "停用号码": (f"{digits} 不许出现" for digits in forbidden_numbers(page, book)),
        "措辞": misworded(page, book),
    }
    for kind, texts in found.items():
        yield from (Problem(page.id, kind, text) for text in texts)


def _form(page: Page) -> Iterator[str]:
    if len(page.id) > LONGEST_ID:
        yield f"id 有 {len(page.id)} 个字符，按钮里最多放 {LONGEST_ID} 个"
    if len(page.title) > LONGEST_TITLE:
        yield f"标题 {len(page.title)} 字，最多 {LONGEST_TITLE} 字"
    if len(page.summary) > LONGEST_SUMMARY:
        yield f"一句话简介 {len(page.summary)} 字，最多 {LONGEST_SUMMARY} 字"
    if len(page.questions) < FEWEST_QUESTIONS:
        yield f"日常问法只有 {len(page.questions)} 句，至少 {FEWEST_QUESTIONS} 句"
    if not page.aliases:
        yield "没有别名"
    if len(page.body) > LONGEST_BODY:
        yield f"正文 {len(page.body)} 字，最多 {LONGEST_BODY} 字"
    if not page.body.startswith(FIRST_LINE):
        yield f"正文要从「{FIRST_LINE}」开始"


def _sources(page: Page) -> Iterator[str]:
    if not page.sources:
        yield "没有写来源"
    if "\n依据\n" not in page.body:
        yield "正文末尾没有「依据」"
    for source in page.sources:
        yield from _source(source)


def _source(source: Source) -> Iterator[str]:
    if not source.facts:
        yield f"来源「{source.title}」没有写对应事实底稿的哪一节（fact）"
    if source.is_law and not source.articles and not source.number:
        yield f"来源「{source.title}」没有条号，也没有文号"
    if source.date is None and source.page is None:
        yield f"来源「{source.title}」没有日期，也没有页面"


def _dates(page: Page) -> Iterator[str]:
    if page.recheck_after <= page.checked_on:
        yield f"复核日期 {page.recheck_after} 不在核对日期 {page.checked_on} 之后"
    if f"核对日期：{page.checked_on.isoformat()}" not in page.body:
        yield f"正文末尾没有「核对日期：{page.checked_on.isoformat()}」"
