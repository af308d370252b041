"""Figures in words. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.words import learning
from moderation.learning import OFTEN_MISSED, KindFigures, Summary, Waiting, noisy
from moderation.vocabulary import CaseKind


def in_words(summary: Summary, days: int, since: datetime) -> str:
    """What moderators read, as HTML."""
    head = learning.STATS_HEAD.format(days=days, since=since.strftime("%m-%d"))
    if not summary.kinds:
        return f"{head}\n{learning.STATS_NONE}"
    lines = [head, learning.STATS_KIND_HEAD, *(_kind(one) for one in summary.kinds)]
    if summary.waits:
        lines += [learning.STATS_TIME_HEAD, *(line for one in summary.waits for line in _wait(one))]
    if any(one.kind is CaseKind.REPORT for one in summary.kinds):
        lines.append(learning.STATS_MISSED.format(count=summary.missed))
    return "\n".join(lines)


def suggestions(summary: Summary) -> list[str]:
    """What the figures speak for; nothing is changed by itself, and danger is never toned down."""
    lines = [
        learning.SUGGEST_KIND.format(kind=learning.KIND[one.kind], judged=one.judged, real=one.real)
        for one in noisy(summary)
    ]
    if summary.missed >= OFTEN_MISSED:
        lines.append(learning.SUGGEST_MISSED.format(missed=summary.missed))
    return lines


def duration(time: timedelta) -> str:
    """A length of time in the unit in which people think of it."""
    seconds = round(time.total_seconds())
    if seconds < 60:
        return learning.SECONDS.format(n=seconds)
    if seconds < 2 * 3600:
        return learning.MINUTES.format(n=round(seconds / 60))
    return learning.HOURS.format(n=round(seconds / 3600))


def percent(share: float | None) -> str:
    """A share in whole percent."""
    return "—" if share is None else f"{share:.0%}"


def _kind(one: KindFigures) -> str:
    judged = learning.STATS_UNJUDGED
    if one.judged:
        judged = learning.STATS_JUDGED.format(
            judged=one.judged, real=one.real, percent=percent(one.precision)
        )
    return learning.STATS_KIND.format(
        kind=learning.KIND[one.kind], alerts=one.alerts, judged=judged
    )


def _wait(one: Waiting) -> list[str]:
    lines = []
    level = learning.LEVEL[one.level]
    if one.median is not None and one.p95 is not None:
        lines.append(
            learning.STATS_TIME.format(
                level=level,
                count=one.answered + one.unanswered,
                median=duration(one.median),
                p95=duration(one.p95),
                share=percent(one.within_soon),
            )
        )
    if one.unanswered:
        lines.append(learning.STATS_WAITING.format(level=level, count=one.unanswered))
    return lines
