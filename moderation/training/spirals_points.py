"""What each operating point of the shipped detector finds and costs: `spirals points`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from rich.table import Table

from moderation.spiral.hazard import Hazard
from moderation.training.groups import Group, Life
from moderation.training.spirals_figures import MEASURES, interval, outcome_of_life
from moderation.training.spirals_fit import Talk, outcomes_of
from moderation.training.spirals_rows import alerts_of


def points(hazard: Hazard, talks: Sequence[Talk], weeks: Sequence[tuple[Group, Life]]) -> Table:
    """One operating point a row, the keenest first: figures on `talks`, false alarms by group."""
    groups = [f"{g.members} members, {g.daily:g} a day" for g, _ in weeks]
    table = Table("", *MEASURES, *groups, title="operating points; in groups: false alarms a week")
    for name in by_keenness(hazard.alert_from):
        detect = partial(alerts_of, hazard=hazard, sensitivity=name)
        outcomes = outcomes_of(detect, talks)
        figures = (interval(outcomes, measure) for measure in MEASURES.values())
        cells = [f"{value:.2f} ({low:.2f}–{high:.2f})" for value, low, high in figures]
        false = (outcome_of_life(life, detect(life.beats))[1] / life.weeks for _, life in weeks)
        table.add_row(name, *cells, *(f"{rate:.2f}" for rate in false))
    return table


def by_keenness(alert_from: Mapping[str, float]) -> list[str]:
    """Names of the operating points, the one that alerts most readily first."""
    return sorted(alert_from, key=lambda name: alert_from[name])
