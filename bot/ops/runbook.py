"""The README's tables for operators, from the code's own metrics and the alert rules. Pure but for the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from prometheus_client.metrics import MetricWrapperBase

from bot import metrics

FOLDER = Path(__file__).parent
ALERTS = FOLDER / "alerts.yml"
DASHBOARD = FOLDER / "dashboard.json"
NAME = re.compile(r"\bqunhu_[a-z_]+")


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alert rule: when it rings, what that means, what to do."""

    name: str
    expr: str
    severity: str
    meaning: str
    remedy: str


def alarms(chinese: bool = False) -> list[Alarm]:
    """Every rule of the shipped file, in its order."""
    with ALERTS.open(encoding="utf-8") as file:
        groups = yaml.safe_load(file)["groups"]
    return [_alarm(rule, "_zh" if chinese else "") for group in groups for rule in group["rules"]]


def samples() -> set[str]:
    """Every name under which the bot's own metrics can be asked for."""
    described = (metric for own in _own() for metric in own.describe())
    return {name for metric in described for name in _parts(metric.name, metric.type)}


def metrics_table() -> str:
    """One row for each metric."""
    head = "| metric | labels | what it counts |\n|---|---|---|\n"
    return head + "".join(_row(own) for own in _own())


def runbook_table(chinese: bool = False) -> str:
    """One row for each alarm."""
    heads = ("告警", "意思", "怎么办") if chinese else ("alarm", "what it means", "what to do")
    at_once = "（马上）" if chinese else " (at once)"
    rows = (
        f"| `{alarm.name}`{at_once if alarm.severity == 'page' else ''} "
        f"| {alarm.meaning} | {alarm.remedy} |\n"
        for alarm in alarms(chinese)
    )
    return f"| {' | '.join(heads)} |\n|---|---|---|\n" + "".join(rows)


def _own() -> Iterator[MetricWrapperBase]:
    return (one for one in vars(metrics).values() if isinstance(one, MetricWrapperBase))


def _parts(name: str, kind: str) -> tuple[str, ...]:
    match kind:
        case "counter":
            return (f"{name}_total",)
        case "histogram":
            return (f"{name}_bucket", f"{name}_sum", f"{name}_count")
    return (name,)


def _row(own: MetricWrapperBase) -> str:
    (metric,) = own.describe()
    name = f"{metric.name}_total" if metric.type == "counter" else metric.name
    labels = ", ".join(f"`{label}`" for label in own._labelnames) or "–"
    return f"| `{name}` | {labels} | {metric.documentation} |\n"


def _alarm(rule: dict[str, Any], language: str) -> Alarm:
    said = rule["annotations"]
    meaning, remedy = said[f"summary{language}"], said[f"do{language}"]
    return Alarm(rule["alert"], rule["expr"], rule["labels"]["severity"], meaning, remedy)
