"""What the operator is shown: who waits, what waits, what went out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY

from bot.app import Qunhu, built
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.operating.measuring import measure
from bot.settings import load_settings
from moderation.storage import inbox, outbox
from moderation.storage.outbox import Lane, Outgoing
from tests.bot.town import Town
from tests.fakes import SOMEWHERE, FakeClock

GOODBYE = "谢谢大家，今晚就走"
CRISIS = {"kind": "crisis", "level": "imminent"}


def value(name: str, **labels: str) -> float:
    """What stands in /metrics."""
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def qunhu(town: Town, clock: FakeClock) -> AsyncIterator[Qunhu]:
    """A bot that is built but not at work: nothing ticks by itself."""
    loaded = Loaded(town.classifier, RULES_ONLY)
    async with built(load_settings(**town.settings()), loaded=loaded, clock=clock) as qunhu:
        yield qunhu


async def test_a_crisis_counts_as_unanswered_until_a_human_takes_it(town: Town) -> None:
    async with town.bot_running() as qunhu:
        alerts = value("qunhu_alerts_total", lane="crisis")
        taken = value("qunhu_to_human_seconds_count", **CRISIS)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        await measure(qunhu.services)
        assert value("qunhu_unanswered_seconds", level="imminent") > 0
        assert value("qunhu_unanswered_seconds", level="ideation") == 0
        assert value("qunhu_alerts_total", lane="crisis") > alerts
        (card,) = town.cards(town.counselor)
        town.world.tap(town.counselor, card, "我来")
        await town.settled()
        await measure(qunhu.services)
        assert value("qunhu_unanswered_seconds", level="imminent") == 0
        assert value("qunhu_to_human_seconds_count", **CRISIS) == taken + 1


async def test_only_the_first_hand_counts_as_the_time_to_a_human(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        before = value("qunhu_to_human_seconds_count", **CRISIS)
        for button in ("我来", "换人接"):
            town.world.tap(town.counselor, town.cards(town.counselor)[-1], button)
            await town.settled()
        town.world.tap(town.moderator, town.cards(town.moderators)[-1], "我来")
        await town.settled()
        assert value("qunhu_to_human_seconds_count", **CRISIS) == before + 1


async def test_the_age_of_what_waits_is_told_by_lane(qunhu: Qunhu, clock: FakeClock) -> None:
    database = qunhu.services.database
    later = clock.now + timedelta(hours=1)
    async with database.transaction() as tx:
        await inbox.add(tx, 7, {"update_id": 7}, SOMEWHERE)
        for lane in (Lane.CRISIS, Lane.BULK):
            await outbox.put(tx, Outgoing(f"a:{lane}", lane, 11, "sendMessage", {"text": "你好"}))
        await outbox.put(
            tx, Outgoing("b", Lane.ALERT, 11, "sendMessage", {"text": "你好"}, not_before=later)
        )
    clock.forward(seconds=40)
    await measure(qunhu.services)
    assert value("qunhu_inbox_age_seconds") == 40
    assert value("qunhu_outbox_age_seconds", lane="crisis") == 40
    assert value("qunhu_outbox_age_seconds", lane="bulk") == 40
    assert value("qunhu_outbox_age_seconds", lane="alert") == 0
    assert value("qunhu_disk_free_bytes") > 0


async def test_what_telegram_refuses_is_counted(town: Town) -> None:
    async with town.bot_running():
        before = value("qunhu_deliveries_total", lane="crisis", outcome="refused")
        town.world.say(town.group, town.mei, GOODBYE)
        await town.settled()
        assert value("qunhu_deliveries_total", lane="crisis", outcome="refused") == before + 1
        assert value("qunhu_deliveries_total", lane="crisis", outcome="sent") > 0
        assert value("qunhu_delivery_seconds_count", lane="crisis") > 0
