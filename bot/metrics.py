"""What Qunhu counts for its operator. No label ever holds an id of a person or any text."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("qunhu_messages_total", "Messages judged")
FINDINGS = Counter("qunhu_findings_total", "Findings in messages", ["kind", "level"])
ALERTS = Counter("qunhu_alerts_total", "Cards that went out to humans", ["lane"])
TO_HUMAN = Histogram(
    "qunhu_to_human_seconds",
    "From the opening of a case to the human who took it first",
    ["kind", "level"],
    buckets=(15, 30, 60, 120, 180, 300, 600, 900, 1800, 3600, 7200, 14400, 43200),
)
UNANSWERED = Gauge(
    "qunhu_unanswered_seconds", "Age of the oldest crisis that no human has taken", ["level"]
)
LIVE_CASES = Gauge("qunhu_live_cases", "Cases somebody may have to act on", ["kind"])
MODEL_SECONDS = Histogram(
    "qunhu_model_seconds",
    "Seconds of the classifier for one message",
    buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2),
)
DEGRADED = Gauge("qunhu_degraded", "1 while only safe words speak")
ERRORS = Counter("qunhu_errors_total", "What failed and is tried again", ["where"])
INBOX_WAITING = Gauge("qunhu_inbox_waiting", "Updates on disk that are not finished")
INBOX_AGE = Gauge("qunhu_inbox_age_seconds", "Age of the oldest update that is not finished")
OUTBOX_ROWS = Gauge("qunhu_outbox_rows", "Rows of the outbox", ["state"])
OUTBOX_AGE = Gauge(
    "qunhu_outbox_age_seconds", "Age of the oldest message that should be out", ["lane"]
)
DELIVERIES = Counter("qunhu_deliveries_total", "Calls to Telegram that ended", ["lane", "outcome"])
DELIVERY_SECONDS = Histogram(
    "qunhu_delivery_seconds",
    "From storing a message to its delivery",
    ["lane"],
    buckets=(0.1, 0.3, 1, 2, 5, 10, 30, 60, 300, 1800, 7200),
)
SILENCE = Gauge("qunhu_telegram_silence_seconds", "Since Telegram was last heard")
DISK_FREE = Gauge("qunhu_disk_free_bytes", "Free space where the data lies")
TASKS = Gauge("qunhu_tasks", "Things being done at once (asyncio tasks)")
MODE = Gauge("qunhu_mode", "1 while this does not work as it should", ["mode"])
