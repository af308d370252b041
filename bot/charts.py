"""What all pictures share: a font that has Chinese, words for where there is none, text as it is, the PNG."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from bot.markup import visible

CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "PingFang SC", "SimHei")
PLAIN = "DejaVu Sans"


def blank(width: float, height: float) -> Figure:
    """An empty figure of so many inches; white, so that it reads in a light and in a dark chat."""
    figure = Figure(figsize=(width, height), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def png(figure: Figure, **options: Any) -> bytes:
    """The figure as it is sent; no word in it is read as a formula, whoever wrote it."""
    for text in figure.findobj(Text):
        if isinstance(text, Text):
            text.set_parse_math(False)
            text.set_text(visible(text.get_text()))
    target = io.BytesIO()
    figure.savefig(target, format="png", **options)
    return target.getvalue()


def say(chinese: str, plain: str) -> str:
    """Chinese where this machine can draw it, else the plain word."""
    return chinese if font() != PLAIN else plain


def bare(axes: Axes) -> None:
    """No frame above and to the right."""
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


@lru_cache(maxsize=1)
def font() -> str:
    """A font that has Chinese, else matplotlib's own."""
    known = {one.name for one in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE if name in known), PLAIN)
