"""The picture of the digest: alerts by kind and what they were, and how long people waited."""

from __future__ import annotations

import io
from collections.abc import Sequence
from functools import lru_cache

from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from bot.words import learning
from moderation.learning import KindFigures, Summary, Waiting

CHINESE = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", "PingFang SC", "SimHei")
REAL, FALSE, OPEN = "#3b6ea5", "#d9a441", "#c9c9c9"


def draw(summary: Summary) -> bytes:
    """A PNG; its words are Chinese where this machine has a Chinese font, else the kinds' own names."""
    figure = Figure(figsize=(8, 4.2), dpi=110, layout="constrained")
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    _alerts(left, summary.kinds)
    _waits(right, summary.waits)
    target = io.BytesIO()
    figure.savefig(target, format="png")
    return target.getvalue()


def _alerts(axes: Axes, kinds: Sequence[KindFigures]) -> None:
    names = [_say(learning.KIND[one.kind], one.kind.value) for one in kinds]
    parts = [
        (_say("真的", "real"), REAL, [one.real for one in kinds]),
        (_say("误报", "false"), FALSE, [one.judged - one.real for one in kinds]),
        (_say("没人判", "not judged"), OPEN, [one.alerts - one.judged for one in kinds]),
    ]
    base = [0] * len(kinds)
    for label, color, counts in parts:
        axes.barh(names, counts, left=base, color=color, label=label)
        base = [a + b for a, b in zip(base, counts, strict=True)]
    _finish(axes, _say("提醒", "alerts"), legend=bool(kinds))


def _waits(axes: Axes, waits: Sequence[Waiting]) -> None:
    shown = [one for one in waits if one.median is not None and one.p95 is not None]
    names = [_say(learning.LEVEL[one.level], one.level) for one in shown]
    for label, color, times in (
        (_say("最慢的二十分之一", "95th percentile"), FALSE, [one.p95 for one in shown]),
        (_say("一半的人", "median"), REAL, [one.median for one in shown]),
    ):
        minutes = [time.total_seconds() / 60 if time else 0.0 for time in times]
        axes.barh(names, minutes, color=color, label=label)
    axes.axvline(5, color="#888888", linestyle=":")
    _finish(axes, _say("多少分钟有人接", "minutes to a human"), legend=bool(shown))


def _finish(axes: Axes, title: str, *, legend: bool) -> None:
    axes.set_title(title, fontfamily=_font())
    axes.invert_yaxis()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for label in axes.get_yticklabels():
        label.set_fontfamily(_font())
    if legend:
        axes.legend(prop={"family": _font(), "size": 8}, frameon=False)


def _say(chinese: str, plain: str) -> str:
    return chinese if _font() != "DejaVu Sans" else plain


@lru_cache(maxsize=1)
def _font() -> str:
    """A font that has Chinese, else matplotlib's own."""
    known = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in CHINESE if name in known), "DejaVu Sans")
