"""Keeps the figures in the model card up to date."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from moderation.classifier.model import SHIPPED
from moderation.training.figures import Figure

BEGIN, END = "<!-- figures: written by make evaluate -->", "<!-- end of figures -->"


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


def write_figures(figures: Sequence[Figure], title: str, folder: Path | None = None) -> None:
    """Replaces the figures in the card; a card without the two marks is left alone."""
    path = (folder or SHIPPED) / "README.md"
    if not path.exists():
        return
    text = path.read_text("utf-8")
    if BEGIN not in text or END not in text:
        return
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    path.write_text(f"{before}{BEGIN}\n{as_markdown(figures, title)}\n{END}{after}", "utf-8")
