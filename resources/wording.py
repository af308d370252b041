"""How a page may not speak: promises, jargon of machines, false hours, method detail."""

import re
from collections.abc import Iterator

from resources.hotlines import HotlineBook
from resources.page import Page
from resources.words import word_lists

LONGEST_SENTENCE = 55
USUAL_SENTENCE = 24
_ROUND_THE_CLOCK = re.compile(r"(?:24|二十四)\s*个?小时|7\s*[×xX*]\s*24|全天|昼夜|全年无休")
_MARKUP = re.compile(r"\*\*|^#|^\||`|\]\(|^- ", re.MULTILINE)
_QUOTED = re.compile(r"「[^」\n]*」")
_SENTENCE = re.compile(r"[^。？；：…\n]+")


def misworded(page: Page, book: HotlineBook) -> Iterator[str]:
    """Everything in a page that goes against the way Qunhu speaks."""
    lists = word_lists()
    shown = "\n".join((page.title, page.summary, page.body))
    yield from (f"不能用「{word}」" for word in lists.forbidden if word in shown)
    own = _QUOTED.sub("", shown)
    yield from (f"不许诺结果：「{word}」" for word in lists.promises if word in own)
    everything = "\n".join((shown, *page.aliases, *page.questions))
    yield from (f"不写方法细节：「{word}」" for word in lists.methods if word in everything)
    yield from _false_hours(page, book)
    if _MARKUP.search(page.body):
        yield "只用纯文字，列表用「·」或「1.」，不用标记符号"
    yield from _long_sentences(page)


def _false_hours(page: Page, book: HotlineBook) -> Iterator[str]:
    for line in "\n".join((page.title, page.summary, page.body)).split("\n"):
        if _ROUND_THE_CLOCK.search(line) and not _only_open_lines(line, book, page):
            yield f"没有核过的时段：「{line.strip()[:30]}」"


def _only_open_lines(line: str, book: HotlineBook, page: Page) -> bool:
    joined = re.sub(r"(?<=\d)[ -](?=\d)", "", line)
    named = [
        hotline
        for hotline in book.lines
        if re.search(rf"(?<!\d){hotline.digits}(?!\d)", joined)
        and page.jurisdiction in (hotline.region, "any")
    ]
    return bool(named) and all(hotline.always_open for hotline in named)


def _long_sentences(page: Page) -> Iterator[str]:
    lengths = [len(sentence.strip()) for sentence in _SENTENCE.findall(page.text)]
    for sentence in _SENTENCE.findall(page.text):
        if len(sentence.strip()) > LONGEST_SENTENCE:
            yield f"句子太长（{len(sentence.strip())} 字）：「{sentence.strip()[:20]}…」"
    if lengths and sum(lengths) / len(lengths) > USUAL_SENTENCE:
        yield f"平均一句 {sum(lengths) / len(lengths):.0f} 字，该在 {USUAL_SENTENCE} 字以内"
