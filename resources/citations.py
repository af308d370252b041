"""Which laws, articles and telephone numbers a page names, and which of them nothing backs."""

import re
from collections.abc import Iterator

from resources.hotlines import HotlineBook
from resources.page import Page, Source

_LAW = re.compile(r"《([^《》]+)》")
_IS_LAW = re.compile(r"(法|法典|条例|办法|规定|解释|规则|指南|意见|通知|公告|决定)$")
_ARTICLES = re.compile(r"第\s*([0-9][0-9、，,至–\s-]*)\s*条")
_NUMBER = re.compile(r"(?<![0-9〔（(第])\d(?:[ -]?\d){4,}(?!\d)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT = re.compile(r"\s{0,9}(元|次|字|人|份)")
_LINK = re.compile(r"https?://\S+|www\.\S+|[a-z0-9.-]+\.(?:com|cn|org)\b", re.IGNORECASE)

_DIGITS = 5
_IN_A_ROW = 100
"""More articles are not cited in one breath; a slip of the pen need not be counted to its end."""


def unbacked(page: Page, book: HotlineBook) -> Iterator[str]:
    """Everything cited in the body that neither the sources nor the hotlines hold."""
    yield from _unbacked_laws(page)
    yield from _unbacked_numbers(page, book)
    yield from _unbacked_links(page)


def forbidden_numbers(page: Page, book: HotlineBook) -> Iterator[str]:
    """Numbers that must never be shown, wherever in the page they stand."""
    joined = re.sub(r"(?<=\d)[ -](?=\d)", "", "\n".join((page.body, *page.questions)))
    for digits in book.never:
        if re.search(rf"(?<!\d){digits}(?!\d)", joined):
            yield digits


def _unbacked_laws(page: Page) -> Iterator[str]:
    for paragraph in page.body.split("\n"):
        pieces = _LAW.split(paragraph)
        yield from _missing_articles(pieces[0], page.sources)
        for name, after in zip(pieces[1::2], pieces[2::2], strict=True):
            named = [source for source in page.sources if _same_law(source.title, name)]
            if not named and _IS_LAW.search(name):
                yield f"《{name}》不在依据里"
            yield from _missing_articles(after, named or page.sources)


def _missing_articles(text: str, sources: "list[Source] | tuple[Source, ...]") -> Iterator[str]:
    held = {article for source in sources for article in source.articles}
    for group in _ARTICLES.findall(text):
        for article in _expand(group):
            if article not in held:
                yield f"第 {article} 条不在依据里"


def _expand(group: str) -> Iterator[str]:
    for part in re.split(r"[、，,\s]+", group.strip()):
        ends = [end for end in re.split(r"[至–-]", part) if end]
        if any(len(end) > _DIGITS for end in ends):
            yield part
        elif ends:
            first, last = int(ends[0]), int(ends[-1])
            yield from (str(n) for n in range(first, min(last, first + _IN_A_ROW) + 1))


def _same_law(title: str, name: str) -> bool:
    short = name.removeprefix("中华人民共和国")
    return title.removeprefix("中华人民共和国") == short or f"《{short}》" in title


def _unbacked_numbers(page: Page, book: HotlineBook) -> Iterator[str]:
    text = _DATE.sub("", page.text)
    held = {line.digits for line in book.lines}
    held |= {re.sub(r"\D", "", source.number) for source in page.sources if source.number}
    for match in _NUMBER.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if digits not in held and not _AMOUNT.match(text, match.end()):
            yield f"号码 {match[0]} 不在热线表和依据里"


def _unbacked_links(page: Page) -> Iterator[str]:
    held = " ".join(source.page or "" for source in page.sources)
    for link in _LINK.findall(page.body):
        if link not in held:
            yield f"链接 {link} 不在依据里"
