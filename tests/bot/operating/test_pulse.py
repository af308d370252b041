from __future__ import annotations

import asyncio
from functools import partial

import pytest

from bot import heaps
from bot.app import run, until
from bot.operating import pulse as module
from bot.operating.pulse import FETCHING, POLLING, Pulse
from bot.settings import load_settings
from moderation.errors import ConfigError, QunhuError
from tests.bot.town import Town


async def sleep_on() -> None:
    """Work that goes on."""
    await asyncio.sleep(60)


async def crash() -> None:
    """Work that cannot be done."""
    raise ZeroDivisionError


def test_a_bot_that_was_just_started_is_well() -> None:
    assert Pulse().trouble() is None


def test_a_bot_that_hears_nothing_for_two_minutes_is_not_well(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pulse = Pulse()
    monkeypatch.setattr(module, "DEAF_AFTER", -1.0)
    assert "last heard" in str(pulse.trouble())


async def test_a_part_that_ended_is_named_and_ends_the_run() -> None:
    pulse = Pulse()
    task = asyncio.create_task(crash())
    pulse.watch(task, POLLING)
    with pytest.raises(QunhuError, match="polling_task has ended"):
        await until(asyncio.Event(), pulse)
    assert pulse.trouble() == "polling_task has ended"


async def test_a_run_that_was_told_to_stop_ends_quietly() -> None:
    pulse, stop = Pulse(), asyncio.Event()
    task = asyncio.create_task(sleep_on())
    pulse.watch(task, "scorer")
    stop.set()
    await until(stop, pulse)
    assert pulse.trouble() is None
    task.cancel()


async def test_a_part_that_crashes_again_and_again_is_not_well() -> None:
    pulse = Pulse()
    keeping = asyncio.create_task(pulse.keep(crash, "scorer"))
    async with asyncio.timeout(60):
        while pulse.trouble() is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    keeping.cancel()
    assert pulse.trouble() == "scorer keeps crashing"


async def test_a_running_bot_watches_all_it_cannot_do_without(town: Town) -> None:
    async with town.bot_running() as qunhu:
        assert set(qunhu.pulse.parts.values()) == {
            "scorer",
            "outbox",
            "clockwork",
            FETCHING,
            POLLING,
        }
        assert qunhu.pulse.trouble() is None


async def test_fetching_updates_is_a_sign_of_life(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town.bot_running() as qunhu:
        monkeypatch.setattr(module, "DEAF_AFTER", 0.3)
        await asyncio.sleep(0.5)
        assert qunhu.pulse.trouble() is not None
        town.world.say(town.group, town.mei, "大家好")
        await town.world.wait_for(lambda: qunhu.pulse.trouble() is None)


@pytest.fixture
def kept_small(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done to keep the process small; it is the process of the tests, and stays as it is."""
    done: list[str] = []
    for name in ("keep_few", "set_aside"):
        monkeypatch.setattr(heaps, name, partial(done.append, name))
    return done


async def test_a_token_that_is_revoked_while_it_runs_ends_the_run(
    town: Town, kept_small: list[str]
) -> None:
    settings = load_settings(**town.settings(model=town.folder))
    running = asyncio.create_task(run(settings, asyncio.Event()))
    await town.world.wait_for(
        lambda: any(c.method == "deleteWebhook" for c in town.world.calls), 30
    )
    town.world.token = "1:revoked"
    town.world.say(town.group, town.mei, "大家好")
    with pytest.raises(ConfigError, match="refuses QUNHU_BOT_TOKEN"):
        await asyncio.wait_for(running, 30)
    assert kept_small == ["keep_few", "set_aside"]
