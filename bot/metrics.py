"""What Qunhu counts for its operator. No label ever holds an id of a person or any text."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("qunhu_messages_total", "Messages judged")
FINDINGS = Counter("qunhu_findings_total", "Findings", ["kind", "level"])
MODEL_SECONDS = Histogram(
    "qunhu_model_seconds",
    "Seconds of the classifier for one message",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2),
)
ERRORS = Counter("qunhu_errors_total", "Updates that failed", ["where"])
INBOX_WAITING = Gauge("qunhu_inbox_waiting", "Updates on disk that are not finished")
OUTBOX_ROWS = Gauge("qunhu_outbox_rows", "Rows of the outbox", ["state"])
CRISIS_LANE_AGE = Gauge("qunhu_crisis_lane_age_seconds", "Age of the oldest crisis call waiting")
LIVE_CASES = Gauge("qunhu_live_cases", "Cases somebody may have to act on", ["kind"])
DEGRADED = Gauge("qunhu_degraded", "1 while only safe words speak")
TASKS = Gauge("qunhu_tasks", "Things being done at once (asyncio tasks)")
