"""The climate as a picture: for each group, how much was heavy, echoed and steadied, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from bot.charts import bare, blank, font, png, say
from bot.words import learning
from moderation.climate import Day

HEAVY, ECHO, STEADY, SPIRAL = "#d9a441", "#b5532f", "#2f7d5b", "#a3123a"


def draw(groups: Sequence[tuple[str, Sequence[tuple[date, Day]]]]) -> bytes:
    """A PNG with one panel for each group: its title and its days, oldest first."""
    figure = blank(8, 0.7 + 2.6 * len(groups))
    for number, (axes, (title, days)) in enumerate(
        zip(figure.subplots(len(groups), 1, squeeze=False)[:, 0], groups, strict=True)
    ):
        _panel(axes, days)
        axes.set_title(say(title[:20], f"group {number + 1}"), fontfamily=font(), loc="left")
        if number == 0:
            axes.legend(
                prop={"family": font(), "size": 9},
                frameon=False,
                ncols=4,
                loc="lower right",
                bbox_to_anchor=(1, 1),
            )
    return png(figure)


def _panel(axes: Axes, days: Sequence[tuple[date, Day]]) -> None:
    at = range(len(days))
    heavy = [_percent(day, day.strong) for _, day in days]
    echoed = [_percent(day, day.echoes) for _, day in days]
    steady = [_percent(day, day.steadying) for _, day in days]
    words = learning.CLIMATE_LEGEND
    axes.bar(at, heavy, color=HEAVY, width=0.75, label=say(words["heavy"], "heavy"))
    axes.bar(at, echoed, color=ECHO, width=0.75, label=say(words["echo"], "echoed"))
    axes.plot(at, steady, color=STEADY, marker="o", ms=4, label=say(words["steady"], "steadying"))
    top = max([20.0, *(value for value in (*heavy, *steady) if value == value)]) * 1.15
    marked = [n for n, (_, day) in enumerate(days) if day.spirals]
    axes.plot(
        marked, [top * 0.94] * len(marked), "v", color=SPIRAL, ms=9,
        label=say(words["spiral"], "spiral"),
    )  # fmt: skip
    axes.set_ylim(0, top)
    axes.set_xlim(-0.6, len(days) - 0.4)
    axes.set_xticks(list(at)[::2], [f"{day:%m-%d}" for day, _ in days][::2])
    axes.yaxis.set_major_formatter(PercentFormatter(decimals=0))
    axes.tick_params(labelsize=9)
    bare(axes)


def _percent(day: Day, part: int) -> float:
    """In percent; no number where too little was said, so that nobody alone is drawn."""
    return 100 * day.share(part) if day.shown else float("nan")
