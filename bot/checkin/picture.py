"""Her weeks as three quiet lines: no numbers, her usual as a band, this week as a dot."""

from __future__ import annotations

from collections.abc import Callable

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from bot.charts import blank, font, png, say
from bot.words import checkin as words
from moderation.drift import HEAVIER_BY, NIGHTS_BY, QUIETER_BY, Look, OwnDay, mood, nights, usual

LINE, BAND, NOW = "#7a8ca3", "#e6ebf1", "#2f6f8f"
Value = Callable[[OwnDay], float | None]
Least = Callable[[float], float]
ROWS: tuple[tuple[str, str, Value, Least], ...] = (
    ("mood", "how heavy", mood, lambda _: HEAVIER_BY),
    ("nights", "at night", nights, lambda _: NIGHTS_BY),
    ("messages", "how much", lambda week: week.messages, lambda usual: QUIETER_BY * usual),
)
"""Word, plain word, value, and how far from the usual it must at least be to count."""


def draw(look: Look) -> bytes:
    """A PNG: the weeks from left to right, the last one marked."""
    figure = blank(6, 4)
    for axes, (key, plain, value, least) in zip(figure.subplots(3, 1), ROWS, strict=True):
        _row(axes, [value(week) for week in look.weeks], least)
        axes.set_title(say(words.PICTURE[key], plain), fontfamily=font(), fontsize=10, loc="left")
    figure.legend(
        handles=[
            Patch(color=BAND, label=say(words.PICTURE["usual"], "usual")),
            Line2D(
                [], [], color=NOW, marker="o", ls="", label=say(words.PICTURE["now"], "this week")
            ),
        ],
        loc="outside lower center",
        ncols=2,
        frameon=False,
        prop={"family": font(), "size": 9},
    )
    return png(figure)


def _row(axes: Axes, values: list[float | None], least: Least) -> None:
    at = [n for n, value in enumerate(values) if value is not None]
    known = [value for value in values if value is not None]
    former = [value for value in values[:-1] if value is not None]
    if former:
        middle, spread = usual(former)
        spread = max(spread, least(middle))
        axes.axhspan(middle - spread, middle + spread, color=BAND, lw=0)
    axes.plot(at, known, color=LINE, marker="o", ms=3, lw=1.5)
    if values[-1] is not None:
        axes.plot([len(values) - 1], [values[-1]], "o", color=NOW, ms=9)
    axes.margins(y=0.3)
    axes.set_xlim(-0.4, len(values) - 0.6)
    axes.set_xticks([])
    axes.set_yticks([])
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
