"""Odd updates into the real bot: none crashes it, every tap and command is answered."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from moderation.storage.outbox import Delivery, Lane, State
from tests.trials.storm import faults, storm

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("count", "seed"),
    [
        pytest.param(250, 1, id="a gust"),
        pytest.param(5_000, 3, id="a storm", marks=[pytest.mark.long]),
    ],
)
async def test_nothing_crashes_and_all_are_answered(tmp_path: Path, count: int, seed: int) -> None:
    damage = await storm(tmp_path / "data", count, seed)
    assert damage.count == count
    assert damage.crashed == []
    assert damage.unanswered == []
    assert damage.refused == []


@pytest.mark.parametrize("mode", [{}, {"parse_mode": "HTML"}], ids=["plain", "HTML"])
def test_what_a_stranger_wrote_is_a_fault_with_and_without_markup(mode: dict[str, str]) -> None:
    assert len(faults(a_row({"text": "「@evil_stranger /evil」", **mode}))) == 2
    assert faults(a_row({"text": "「@\u2060evil_stranger」", **mode})) == []


def a_row(payload: dict[str, str]) -> Delivery:
    """A message that waits in the outbox."""
    return Delivery(
        id=1, lane=Lane.ANSWER, chat_id=11, method="sendMessage", payload=payload, purpose=None,
        case_id=None, follows=None, attempts=0, maybe_sent=False, not_before=NOW, expires_at=None,
        created_at=NOW, message_id=None, state=State.PENDING,
    )  # fmt: skip
