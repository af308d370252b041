"""What is shipped for operators: every name in it exists, every alarm has its line in the runbook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import generate_latest

from bot import metrics
from bot.operating.docs import with_table
from bot.ops.runbook import DASHBOARD, NAME, Alarm, alarms, samples

ROOT = Path(__file__).parent.parent.parent
OTHERS = {"up", "process_resident_memory_bytes"}
"""Names that Prometheus and its client library have for every program."""
ALARMS = alarms()
PANELS: list[dict[str, Any]] = [
    panel
    for panel in json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    if panel["type"] != "row"
]


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.name)
def test_an_alarm_asks_for_metrics_that_exist_and_says_what_to_do(alarm: Alarm) -> None:
    asked = set(NAME.findall(alarm.expr))
    assert asked <= samples()
    assert asked or "up{" in alarm.expr
    assert alarm.severity in {"page", "ticket"}
    assert alarm.meaning.endswith(".")
    assert len(alarm.remedy) > 20


def test_every_alarm_is_told_in_chinese_too() -> None:
    told = alarms(chinese=True)
    assert [alarm.name for alarm in told] == [alarm.name for alarm in ALARMS]
    assert all(alarm.meaning.endswith("。") and alarm.remedy.endswith("。") for alarm in told)


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_a_panel_asks_for_metrics_that_exist(panel: dict[str, Any]) -> None:
    for target in panel["targets"]:
        asked = set(NAME.findall(target["expr"]))
        assert asked <= samples()
        assert asked or any(name in target["expr"] for name in OTHERS)


def test_no_two_panels_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in PANELS:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_everything_counted_is_shown_on_the_dashboard() -> None:
    shown = {name for panel in PANELS for t in panel["targets"] for name in NAME.findall(t["expr"])}
    gauges_and_buckets = {name for name in samples() if not name.endswith(("_sum", "_count"))}
    assert gauges_and_buckets - shown == set()


def test_every_sample_we_name_is_really_given_out() -> None:
    metrics.ALERTS.labels("crisis")
    metrics.DELIVERY_SECONDS.labels("crisis")
    metrics.DELIVERIES.labels("crisis", "sent")
    metrics.ERRORS.labels("test")
    metrics.FINDINGS.labels("crisis", "imminent")
    metrics.TO_HUMAN.labels("crisis", "imminent")
    for gauge in (metrics.LIVE_CASES, metrics.OUTBOX_ROWS, metrics.OUTBOX_AGE, metrics.UNANSWERED):
        gauge.labels("test").set(0)
    given = set(NAME.findall(generate_latest().decode()))
    assert samples() - given == set()


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_runbook_is_that_of_the_rules(readme: str) -> None:
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert with_table(text) == text
    assert all(f"`{alarm.name}`" in text for alarm in ALARMS)
    assert "`qunhu_unanswered_seconds`" in text
