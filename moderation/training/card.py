"""Keeps the figures in the model card up to date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from moderation.classifier.model import SHIPPED
from moderation.training.figures import Figure

BEGIN, END = "<!-- figures of {part}: written by make evaluate -->", "<!-- end of {part} -->"


def as_markdown(figures: Sequence[Figure], title: str) -> str:
    """The table for the card."""
    lines = [
        f"{title}.",
        "",
        "| figure | value | 95 % | n | target | met |",
        "|---|---|---|---|---|---|",
    ]
    lines += ["| " + " | ".join(figure.row()) + " |" for figure in figures]
    return "\n".join(lines)


def write_figures(
    figures: Sequence[Figure], title: str, part: str, folder: Path | None = None
) -> None:
    """Replaces the figures of one part in the card; a card without its two marks is left alone."""
    begin, end = BEGIN.format(part=part), END.format(part=part)
    path = (folder or SHIPPED) / "README.md"
    if not path.exists():
        return
    text = path.read_text("utf-8")
    if begin not in text or end not in text:
        return
    before, after = text.split(begin)[0], text.split(end)[1]
    path.write_text(f"{before}{begin}\n{as_markdown(figures, title)}\n{end}{after}", "utf-8")
