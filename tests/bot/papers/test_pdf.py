"""The PDF: whole, in order, and nothing runs over the edge."""

import re

from bot.papers.pdf import MARGIN, SIZE, WIDTH, make_pdf, wrap
from tests.bot.files import shown

LINES = ["我的材料", "导出于 2026-11-22", *(f"第{n}行　事情是这样的😀" for n in range(90))]


def test_every_line_is_there_in_order_with_numbered_pages() -> None:
    said = shown(make_pdf(LINES, "第 {page} 页，共 {pages} 页"))
    assert [line for line in said if "行" in line] == [
        line.replace("😀", "□") for line in LINES[2:]
    ]
    assert said[0] == "我的材料"
    assert said[-1] == "第 3 页，共 3 页"


def test_every_object_is_where_the_table_says() -> None:
    pdf = make_pdf(LINES, "{page}/{pages}")
    start = int(pdf.rsplit(b"startxref\n", 1)[1].split(b"\n")[0])
    assert pdf[start:].startswith(b"xref\n")
    places = re.findall(rb"(\d{10}) 00000 n", pdf[start:])
    for number, place in enumerate(places, 1):
        assert pdf[int(place) :].startswith(f"{number} 0 obj\n".encode())


def test_streams_are_as_long_as_they_say() -> None:
    pdf = make_pdf(LINES, "{page}/{pages}")
    for length, body in re.findall(rb"/Length (\d+) >>\nstream\n(.*?)\nendstream", pdf, re.DOTALL):
        assert int(length) == len(body)


def test_no_line_is_wider_than_the_page() -> None:
    long = "病历abc，" * 40
    pieces = wrap(long)
    assert "".join(pieces) == long
    widest = max(sum(SIZE / 2 if c < "\x7f" else SIZE for c in piece) for piece in pieces)
    assert widest <= WIDTH - 2 * MARGIN
