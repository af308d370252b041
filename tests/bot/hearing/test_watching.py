"""A group as the spiral detector hears it through the bot: settings reach it, edits and bots do not."""

from __future__ import annotations

import pytest

from bot.app import Qunhu
from moderation import spiral
from moderation.storage import chats, group_settings
from tests.bot.town import Town


async def sink(town: Town, rounds: int = 3) -> None:
    """Three members take up each other's despair."""
    for _ in range(rounds):
        for who in (town.lan, town.mei, town.admin):
            town.world.say(town.group, who, "我们这辈子都毁了")
            await town.settled()


async def running(town: Town, qunhu: Qunhu) -> bool:
    """Whether the detector sees a spiral now."""
    async with qunhu.services.database.reading() as tx:
        state = spiral.load(await chats.spiral_state(tx, town.group.id))
    return state.episode is not None


@pytest.mark.parametrize(("members", "seen"), [(3, True), (4, False)])
async def test_how_many_it_takes_is_the_operators_to_set(
    town: Town, members: int, seen: bool
) -> None:
    async with town.bot_running(spiral_members=members) as qunhu:
        await sink(town)
        assert await running(town, qunhu) is seen


async def test_after_a_spiral_a_group_rests_as_long_as_it_chose(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.mei, "大家好")
        await town.settled()
        async with qunhu.services.database.transaction() as tx:
            await group_settings.change(tx, town.group.id, spiral_pause=120)
        await sink(town)
        for _ in range(6):
            town.world.say(town.group, town.mei, "抱抱，慢慢来")
        await town.settled()
        async with qunhu.services.database.reading() as tx:
            state = spiral.load(await chats.spiral_state(tx, town.group.id))
        assert state.episode is None
        assert state.quiet_until - state.levels.at == pytest.approx(7200, abs=60)
