"""The picture of the digest: alerts by kind and what they were, and how long people waited."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from bot.charts import bare, blank, font, png, say
from bot.words import learning
from moderation.learning import KindFigures, Summary, Waiting

REAL, FALSE, OPEN = "#3b6ea5", "#d9a441", "#c9c9c9"


def draw(summary: Summary) -> bytes:
    """A PNG; its words are Chinese where this machine has a Chinese font, else the kinds' own names."""
    figure = blank(8, 4.2)
    left, right = figure.subplots(1, 2)
    _alerts(left, summary.kinds)
    _waits(right, summary.waits)
    return png(figure)


def _alerts(axes: Axes, kinds: Sequence[KindFigures]) -> None:
    names = [say(learning.KIND[one.kind], one.kind.value) for one in kinds]
    parts = [
        (say("真的", "real"), REAL, [one.real for one in kinds]),
        (say("误报", "false"), FALSE, [one.judged - one.real for one in kinds]),
        (say("没人判", "not judged"), OPEN, [one.alerts - one.judged for one in kinds]),
    ]
    base = [0] * len(kinds)
    for label, color, counts in parts:
        axes.barh(names, counts, left=base, color=color, label=label)
        base = [a + b for a, b in zip(base, counts, strict=True)]
    _finish(axes, say("提醒", "alerts"), legend=bool(kinds))


def _waits(axes: Axes, waits: Sequence[Waiting]) -> None:
    shown = [one for one in waits if one.median is not None and one.p95 is not None]
    names = [say(learning.LEVEL[one.level], one.level) for one in shown]
    for label, color, times in (
        (say("最慢的二十分之一", "95th percentile"), FALSE, [one.p95 for one in shown]),
        (say("一半的人", "median"), REAL, [one.median for one in shown]),
    ):
        minutes = [time.total_seconds() / 60 if time else 0.0 for time in times]
        axes.barh(names, minutes, color=color, label=label)
    axes.axvline(5, color="#888888", linestyle=":")
    _finish(axes, say("多少分钟有人接", "minutes to a human"), legend=bool(shown))


def _finish(axes: Axes, title: str, *, legend: bool) -> None:
    axes.set_title(title, fontfamily=font())
    axes.invert_yaxis()
    bare(axes)
    for label in axes.get_yticklabels():
        label.set_fontfamily(font())
    if legend:
        axes.legend(prop={"family": font(), "size": 8}, frameon=False)
