"""In which characters the bot writes: as she chose, as her group is set, as is set for all."""

from __future__ import annotations

import pytest

from bot import words
from bot.readers import ours, written
from bot.words import reading
from moderation.storage import group_settings
from moderation.storage.scripts import Script
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


async def set_group(town: Town, script: Script) -> None:
    """As a moderator does in /settings."""
    assert town.bot is not None
    async with town.bot.services.database.transaction() as tx:
        await group_settings.change(tx, town.group.id, script=script)


async def test_a_group_set_to_traditional_is_answered_in_it_and_others_are_not(
    town: Town,
) -> None:
    other = town.world.add_group("二群", members=[town.mei], bot_status="administrator")
    async with town.bot_running():
        await set_group(town, Script.TRADITIONAL)
        town.world.say(town.group, town.mei, "/help")
        town.world.say(other, town.mei, "/help")
        await town.settled()
        assert "要幫忙點下面" in town.said_to(town.group)[-1]
        assert "要帮忙点下面" in town.said_to(other)[-1]


async def test_the_word_to_a_member_in_danger_is_written_as_her_group_reads(town: Town) -> None:
    async with town.bot_running():
        await set_group(town, Script.TRADITIONAL)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        word = town.from_bot(town.lan)[-1]
        assert word.buttons[0][0]["text"] == "現在就要一個真人"
        (card,) = town.cards(town.counselor)
        assert GOODBYE in (card.text or "")
        town.world.tap(town.counselor, card, "我来")
        await town.settled()
        assert town.said_to(town.lan)[-1].startswith("沈咨询看到了，已經接下")


async def test_the_door_in_the_group_leaves_her_name_as_it_is(town: Town) -> None:
    async with town.bot_running():
        await set_group(town, Script.TRADITIONAL)
        town.world.say(town.group, town.mei, GOODBYE)
        await town.settled()
        door = town.from_bot(town.group)[-1]
        assert "阿梅" in (door.text or "")
        assert door.buttons[0][0]["text"] == "點這裡，我們單獨說"


async def test_her_own_choice_goes_before_the_groups(town: Town) -> None:
    async with town.bot_running():
        await set_group(town, Script.TRADITIONAL)
        town.world.say(town.world.private(town.lan), town.lan, "/help")
        await town.settled()
        town.world.tap(town.lan, town.from_bot(town.lan)[-1], reading.BUTTON_SIMPLIFIED)
        await town.settled()
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert town.from_bot(town.lan)[-1].buttons[0][0]["text"] == words.BUTTON_HUMAN


async def test_what_a_tap_is_told_is_written_so_too(town: Town) -> None:
    async with town.bot_running(script="traditional"):
        town.world.say(town.world.private(town.lan), town.lan, "/sos")
        await town.settled()
        query = town.world.tap(town.lan, town.from_bot(town.lan)[-1], 0)
        await town.settled()
        assert query.answer is not None
        assert query.answer.text.startswith("我去叫人了。手機放手邊")


@pytest.mark.parametrize("name", ["小岚", "发发", "只"])
def test_a_name_stays_as_its_bearer_writes_it(name: str) -> None:
    payload = ours({"text": f"{name}，方便的时候点一下，{name}。"}, keep=name)
    said = written(payload, Script.TRADITIONAL, name)["text"]
    assert said == f"{name}，方便的時候點一下，{name}。"
