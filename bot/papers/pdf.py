"""Lines of Chinese into a PDF (ISO 32000-1), with nothing installed.

The font is Adobe's predefined STSong-Light with UniGB-UTF16-H (§9.7.5.2): it is not embedded; every
common reader has it or puts a Chinese font of its own in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

WIDTH, HEIGHT, MARGIN = 595, 842, 56
SIZE, LEADING = 11, 19
TITLE = 18
FOOT = 32
PER_PAGE = (HEIGHT - 2 * MARGIN) // LEADING
FONT = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H "
    "/Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>",
    "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> "
    "/FontDescriptor 5 0 R /DW 1000 /W [1 95 500] >>",
    "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
    "/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
)
FIRST_PAGE = 6


def make_pdf(lines: Sequence[str], foot: str) -> bytes:
    """A PDF of A4 pages; the first line is the title, `foot` holds {page} and {pages}."""
    title, *rest = lines
    wrapped = [piece for line in rest for piece in wrap(line)]
    sheets = [wrapped[at : at + PER_PAGE - 2] for at in range(0, len(wrapped), PER_PAGE - 2)] or [
        []
    ]
    numbers = [FIRST_PAGE + 2 * n for n in range(len(sheets))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(sheets)} >>",
        *FONT,
    ]
    for place, sheet in enumerate(sheets):
        head = title if place == 0 else ""
        drawn = _drawn(head, sheet, foot.format(page=place + 1, pages=len(sheets)))
        objects += [
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {numbers[place] + 1} 0 R >>",
            f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream",
        ]
    return _assembled(objects)


def wrap(line: str) -> list[str]:
    """A line cut where the page ends; wide characters take a whole em, others half of one."""
    pieces, room = [""], float(WIDTH - 2 * MARGIN)
    for character in line.replace("\t", "  "):
        advance = _advance(character)
        if advance > room:
            pieces.append("")
            room = float(WIDTH - 2 * MARGIN)
        pieces[-1] += character
        room -= advance
    return pieces


def _advance(character: str) -> float:
    return SIZE / 2 if " " <= character <= "~" else float(SIZE)


def _drawn(title: str, lines: Iterable[str], foot: str) -> str:
    top = HEIGHT - MARGIN
    head = f"BT /F1 {TITLE} Tf {MARGIN} {top} Td <{_hex(title)}> Tj ET\n" if title else ""
    start = top - 2 * LEADING if title else top
    body = "\n".join(f"<{_hex(line)}> Tj T*" for line in lines)
    text = f"BT /F1 {SIZE} Tf {LEADING} TL {MARGIN} {start} Td\n{body}\nET\n"
    return f"{head}{text}BT /F1 9 Tf {WIDTH // 2 - 40} {FOOT} Td <{_hex(foot)}> Tj ET"


def _hex(text: str) -> str:
    """UTF-16, as the font's encoding wants it; what the font lacks becomes a box."""
    shown = "".join(
        c if ord(c) < 0x10000 and (c.isprintable() or c == "\u3000") else "□" for c in text
    )
    return shown.encode("utf-16-be", "replace").hex().upper()


def _assembled(objects: Sequence[str]) -> bytes:
    out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("ascii")
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode("ascii")
    out += b"".join(f"{place:010d} 00000 n \n".encode("ascii") for place in places)
    trailer = f"<< /Size {len(objects) + 1} /Root 1 0 R >>"
    return out + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode("ascii")
