from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import cast

from bot.services import Services
from bot.ticks import Ticks
from bot.wallclock import utc_now

NOBODY = cast("Services", None)


async def until_cancelled(ticks: Ticks, enough: asyncio.Event) -> None:
    """Tick until there was enough."""
    ticking = asyncio.create_task(ticks.run())
    await asyncio.wait_for(enough.wait(), 10)
    ticking.cancel()
    await asyncio.wait([ticking])


async def test_work_that_fails_comes_again_and_keeps_no_other_from_coming() -> None:
    tries, enough = [], asyncio.Event()

    async def fails(_services: Services) -> None:
        tries.append("fails")
        raise RuntimeError

    async def works(_services: Services) -> None:
        tries.append("works")
        if min(tries.count("fails"), tries.count("works")) >= 3:
            enough.set()

    ticks = Ticks(NOBODY)
    ticks.every(0.001, fails)
    ticks.every(0.001, works)
    await until_cancelled(ticks, enough)


async def test_slow_work_is_never_done_twice_at_once_and_the_first_time_may_be_now() -> None:
    at_once, most, turns, enough = 0, 0, 0, asyncio.Event()

    async def slow(_services: Services) -> None:
        nonlocal at_once, most, turns
        at_once, turns = at_once + 1, turns + 1
        most = max(most, at_once)
        await asyncio.sleep(0.01)
        at_once -= 1
        if turns == 3:
            enough.set()

    ticks = Ticks(NOBODY)
    ticks.every(0.001, slow, first=0)
    await until_cancelled(ticks, enough)
    assert most == 1


async def test_a_clock_that_is_set_back_keeps_no_work_waiting() -> None:
    done, set_by = asyncio.Event(), timedelta()

    async def work(_services: Services) -> None:
        done.set()

    ticks = Ticks(NOBODY, lambda: utc_now() + set_by, look_every=0.01)
    ticks.every(86_400, work)
    ticking = asyncio.create_task(ticks.run())
    await asyncio.sleep(0.05)
    assert not done.is_set()
    set_by = timedelta(days=-1)
    await asyncio.wait_for(done.wait(), 10)
    ticking.cancel()
    await asyncio.wait([ticking])
