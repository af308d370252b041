"""The picture of a spiral: each member's feeling over time, who caught it from whom. No text of members.

It has a ground of its own, dark and dull, so that one picture is easy on the eyes in a light and in a
dark app, at night too; letters are sized for a phone.
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch
from matplotlib.patheffects import withStroke

from bot.charts import font, png, say
from bot.spirals.drawing import number
from bot.words import spirals as said
from moderation.spiral.story import Point, Story, story_from_json

GROUND, GRID, INK, FAINT = "#22303c", "#3d4d5b", "#e8edf1", "#7f92a1"
ONSET, STEADY, ECHO = "#ffd479", "#7fd6a4", "#d5dee5"
LINES = ("#ff9e80", "#80c7ff", "#f2b8e6", "#c5e17a", "#ffcf6b", "#b9a9ff", "#8fe3dc", "#ffb3b3")
SIZE, DPI = (5.6, 4.9), 170
LETTERS, SMALL = 15, 12.5
STRONG, SUPPORT = 1.5, 0.5
BEFORE = 180.0
"""Seconds shown before the first strong word."""
SHORTEST, LONGEST = 25.0, 300.0
"""Seconds that two words are drawn apart at least, and at most."""
TIMES = 3
APART = 0.27
ROOM = 0.2
"""Share of the time shown that is left free for names."""
_drawing = threading.Lock()
"""Matplotlib shares fonts and caches between threads."""


def draw(picture: Mapping[str, Any]) -> bytes:
    """A PNG; words are Chinese where this machine has such a font, else English, and names numbers."""
    story, zone = story_from_json(picture["story"]), ZoneInfo(picture["zone"])
    with _drawing:
        figure = Figure(figsize=SIZE, dpi=DPI, facecolor=GROUND, layout="constrained")
        FigureCanvasAgg(figure)
        axes = figure.subplots()
        said_at = _window(story)
        points = placed(said_at)
        _others(axes, story, points)
        _echoes(axes, story, points)
        _members(axes, story, points)
        _onset(axes, story, points)
        _frame(axes, points, [p.at for p in said_at], zone)
        _key(figure)
        return png(figure, facecolor=GROUND)


def _window(story: Story) -> list[Point]:
    """From a little before the first strong word on."""
    points = story.trail.points
    first = _at(points, story.caught[0].message) if story.caught else None
    since = first.at - BEFORE if first is not None else 0.0
    return sorted((point for point in points if point.at >= since), key=lambda point: point.at)


def placed(points: Sequence[Point]) -> list[Point]:
    """The points with their place from left to right instead of their time.

    Time runs, but a burst of words is drawn apart and a long silence is not drawn whole.
    """
    placed: list[Point] = []
    for n, point in enumerate(points):
        gap = point.at - points[n - 1].at if n else 0.0
        place = placed[-1].at + min(LONGEST, max(SHORTEST, gap)) if n else 0.0
        placed.append(point._replace(at=place))
    return placed


def _at(points: Sequence[Point], message: int | None) -> Point | None:
    return next((p for p in points if message is not None and p.message == message), None)


def _others(axes: Axes, story: Story, points: Sequence[Point]) -> None:
    """Everybody else, faintly; who steadies, in green."""
    calm = [p for p in points if p.member not in story.circle and p.supportive < SUPPORT]
    axes.scatter([p.at for p in calm], [p.affect for p in calm], s=18, color=FAINT, alpha=0.6)
    held = [p for p in points if p.supportive >= SUPPORT]
    axes.scatter(
        [p.at for p in held], [p.affect for p in held], s=75, marker="D", color=STEADY, zorder=4
    )


def _echoes(axes: Axes, story: Story, points: Sequence[Point]) -> None:
    """An arc from the word that was taken up to the word that took it up."""
    for one in story.caught:
        to = _at(points, one.message)
        before = [p for p in points if to is not None and p.member == one.source and p.at < to.at]
        heavy = [p for p in before if p.affect >= STRONG] or before
        if to is None or not heavy:
            continue
        arc = FancyArrowPatch(
            (heavy[-1].at, heavy[-1].affect),
            (to.at, to.affect),
            connectionstyle="arc3,rad=-0.45",
            arrowstyle="-|>",
            mutation_scale=15,
            color=ECHO,
            linewidth=1.6,
            shrinkA=6,
            shrinkB=7,
            zorder=5,
        )
        axes.add_patch(arc)


def _members(axes: Axes, story: Story, points: Sequence[Point]) -> None:
    """A line for each who was caught, with the name at its end."""
    ends = []
    for place, one in enumerate(story.caught[: len(LINES)]):
        own = [p for p in points if p.member == one.member and p.supportive < SUPPORT]
        if not own:
            continue
        color = LINES[place]
        at, felt = [p.at for p in own], [p.affect for p in own]
        axes.plot(at, felt, color=color, linewidth=2.4, marker="o", markersize=7, zorder=3)
        began = _at(own, one.message) or own[0]
        axes.annotate(
            number(place),
            (began.at, began.affect),
            xytext=(0, -9),
            textcoords="offset points",
            ha="center",
            va="top",
            color=color,
            fontproperties=_letters(SMALL),
            path_effects=[withStroke(linewidth=4, foreground=GROUND)],
            zorder=6,
        )
        ends.append((own[-1].affect, _label(story, place, one.member), color))
    if not points:
        return
    edge = points[-1].at + 0.04 * max(60.0, points[-1].at - points[0].at)
    for height, (_, label, color) in zip(_spread(ends), sorted(ends), strict=True):
        axes.text(edge, height, label, color=color, va="center", fontproperties=_letters(LETTERS))


def _spread(ends: Sequence[tuple[float, str, str]]) -> list[float]:
    """Heights of the names, in order, far enough apart to be read."""
    heights: list[float] = []
    for felt, _, _ in sorted(ends):
        heights.append(max(felt, heights[-1] + APART) if heights else felt)
    beyond = heights[-1] - 3.15 if heights else 0.0
    return [height - max(0.0, beyond) for height in heights]


def _label(story: Story, place: int, member: str) -> str:
    return f"{number(place)} {initial(story.name(member) or '')}".rstrip()


def initial(name: str) -> str:
    """The first letter of a name that this machine can draw; the card below has the name whole."""
    glyphs = get_font(findfont(FontProperties(family=font())))
    seen = [c for c in name if unicodedata.category(c)[0] != "C" and glyphs.get_char_index(ord(c))]
    return "".join(seen).strip()[:1]


def _onset(axes: Axes, story: Story, points: Sequence[Point]) -> None:
    onset = _at(points, story.onset)
    if onset is not None:
        axes.axvline(onset.at, color=ONSET, linestyle=(0, (4, 3)), linewidth=1.8, zorder=1)


def _frame(axes: Axes, points: Sequence[Point], times: Sequence[float], zone: ZoneInfo) -> None:
    """Heavier is lower: what sinks goes down. `times` are when the points were said."""
    axes.set_facecolor(GROUND)
    axes.set_ylim(3.3, -0.4)
    axes.set_yticks([0, 1, 2, 3], [_calm(), "", "", _heavy()])
    if points:
        span = max(60.0, points[-1].at - points[0].at)
        axes.set_xlim(points[0].at - 0.05 * span, points[-1].at + ROOM * span)
        axes.set_xticks(*_clock([p.at for p in points], times, zone))
    axes.grid(axis="y", color=GRID, linewidth=1)
    axes.tick_params(colors=INK, length=0, pad=6)
    for side in axes.spines.values():
        side.set_visible(False)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(_letters(LETTERS))


def _clock(
    places: Sequence[float], times: Sequence[float], zone: ZoneInfo
) -> tuple[list[float], list[str]]:
    """Where the time is written, at three places or fewer, each minute once."""
    chosen = {n * (len(places) - 1) // (TIMES - 1) for n in range(TIMES)}
    written: dict[str, float] = {}
    for n in sorted(chosen):
        minute = datetime.fromtimestamp(times[n], zone).strftime("%H:%M")
        written.setdefault(minute, places[n])
    return list(written.values()), list(written)


def _key(figure: Figure) -> None:
    """What the marks mean."""
    marks = [
        Line2D([], [], color=ECHO, linewidth=2, marker=">", markersize=6),
        Line2D([], [], color=STEADY, linestyle="", marker="D", markersize=8),
        Line2D([], [], color=ONSET, linestyle=(0, (3, 2)), linewidth=2),
    ]
    words = [
        say(said.PICTURE_ECHO, "takes up"),
        say(said.PICTURE_STEADY, "steadies"),
        say(said.PICTURE_ONSET, "noticed"),
    ]
    legend = figure.legend(
        marks,
        words,
        loc="outside lower center",
        ncols=3,
        frameon=False,
        prop=_letters(SMALL),
        handlelength=1.6,
        columnspacing=1.2,
        handletextpad=0.5,
    )
    for text in legend.get_texts():
        text.set_color(INK)


def _calm() -> str:
    return say(said.PICTURE_CALM, "calm")


def _heavy() -> str:
    return say(said.PICTURE_HEAVY, "heavy")


def _letters(size: float) -> FontProperties:
    return FontProperties(family=font(), size=size)
