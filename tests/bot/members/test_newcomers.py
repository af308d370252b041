"""Members who come and go; one who says she is under eighteen."""

from __future__ import annotations

from bot.members.newcomers import EVERY
from bot.words import privacy as words
from bot.words.minors import TO_MINOR
from moderation.storage import chats
from tests.bot.town import Town


def told(town: Town) -> int:
    """How many notices for newcomers stand in the group."""
    return town.said_to(town.group).count(words.WELCOME)


async def test_many_who_join_are_told_once_and_without_a_sound(town: Town) -> None:
    async with town.bot_running():
        for name in ("新来的一", "新来的二", "新来的三"):
            town.world.join(town.group, town.world.add_user(name))
        await town.settled()
        assert told(town) == 1
        assert "/privacy" in words.WELCOME
        assert "/forgetme" in words.WELCOME


async def test_hours_later_a_new_notice_takes_the_place_of_the_old(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.join(town.group, town.world.add_user("早来的"))
        await town.settled()
        database = qunhu.services.database
        now = database._clock
        database._clock = lambda: now() + EVERY
        town.world.join(town.group, town.world.add_user("晚来的"))
        await town.settled()
        assert told(town) == 1


async def test_among_moderators_nobody_is_told(town: Town) -> None:
    async with town.bot_running():
        town.world.join(town.moderators, town.world.add_user("新管理员"))
        await town.settled()
        assert words.WELCOME not in town.said_to(town.moderators)


async def test_a_plain_member_of_a_bot_learns_of_newcomers_by_telegrams_line(town: Town) -> None:
    group = town.world.add_group("只是成员的群", members=[town.mei], bot_status="member")
    async with town.bot_running():
        town.world.join(group, town.world.add_user("新来的"))
        await town.settled()
        assert town.said_to(group) == [words.WELCOME]


async def test_who_leaves_is_dropped_from_the_memory_of_the_group(town: Town) -> None:
    async with town.bot_running() as qunhu:
        said = town.world.say(town.group, town.lan, "今天都毁了")
        town.world.say(town.group, town.mei, "抱抱")
        await town.settled()
        services = qunhu.services
        assert len(services.recent.around(town.group.id, said.id)) == 2
        town.world.leave(town.group, town.lan)
        await town.settled()
        assert [h.author for h in services.recent.around(town.group.id, said.id)] == [town.mei.id]
        async with services.database.reading() as tx:
            assert await chats.moods_with(tx, town.lan.id) == 0
            assert await chats.moods_with(tx, town.mei.id) == 1


async def test_staff_are_told_that_a_member_in_danger_may_be_a_minor(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "我才16岁，不想活了")
        town.world.say(town.group, town.mei, "我26岁，不想活了")
        await town.settled()
        cards = [card.text or "" for card in town.cards(town.counselor)]
        assert [words.MAYBE_MINOR in card for card in cards if "16岁" in card] == [True]
        assert [words.MAYBE_MINOR in card for card in cards if "26岁" in card] == [False]


async def test_a_minor_in_danger_is_told_that_she_need_not_carry_it_alone(town: Town) -> None:
    town.world.start(town.mei)
    async with town.bot_running():
        town.world.say(town.group, town.lan, "我才16岁，不想活了")
        town.world.say(town.group, town.mei, "我26岁，不想活了")
        await town.settled()
        assert [text for text in town.said_to(town.lan) if text.endswith(tuple(TO_MINOR.values()))]
        assert town.said_to(town.mei)
        assert not [
            text for text in town.said_to(town.mei) if text.endswith(tuple(TO_MINOR.values()))
        ]


async def test_who_tells_of_a_minor_is_not_taken_for_one(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "我女儿16岁，她说不想活了")
        await town.settled()
        said = town.said_to(town.lan)
        assert not [text for text in said if text.endswith(tuple(TO_MINOR.values()))]
