"""Somebody in danger of whom others speak: one case on her, a guide for each who told, over HTTP."""

from __future__ import annotations

from bot import words
from bot.alerting.spoken_of import named
from bot.simulator import User
from moderation.cases import CaseState, Move
from moderation.storage.casebook import Person
from tests.bot.town import Town

YU_SILENT = "小雨电话不接，她说对不起我们"
MY_WIFE = "我老婆呢，小雨电话不接那种，怎么办"
GOODBYE = "谢谢大家，今晚就走"
RAIN, RAINBOW = Person(7, "小雨"), Person(8, "小雨点")


def guided(town: Town, user: User) -> int:
    """How many guides somebody got who fears for another."""
    return sum(text in words.TO_BYSTANDER.values() for text in town.said_to(user))


def with_rain(town: Town) -> User:
    """小雨 is of the group, and both who will tell of her can be written to."""
    rain = town.world.add_user("小雨")
    town.world.join(town.group, rain)
    town.world.start(town.mei)
    return rain


async def test_the_case_is_on_the_member_who_is_meant(town: Town) -> None:
    rain = with_rain(town)
    async with town.bot_running():
        town.world.say(town.group, rain, "今天拆线")
        await town.settled()
        town.world.say(town.group, town.lan, YU_SILENT)
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert "说的可能是 小雨，消息来自 小岚" in (card.text or "")
        assert str(rain.id) in str(card.entities)
        assert not town.from_bot(rain)


async def test_a_second_who_tells_joins_the_case_and_gets_a_guide_too(town: Town) -> None:
    rain = with_rain(town)
    async with town.bot_running():
        town.world.say(town.group, rain, "今天拆线")
        await town.settled()
        town.world.say(town.group, town.lan, YU_SILENT)
        await town.settled()
        town.world.say(town.group, town.mei, "小雨电话不接，我也打了")
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert "阿梅 说的" in (card.text or "")
        assert (guided(town, town.lan), guided(town, town.mei)) == (1, 1)
        town.world.say(town.group, town.mei, "小雨电话不接，还是不接")
        await town.settled()
        assert guided(town, town.mei) == 1


async def test_who_joined_the_telling_can_call_a_human_too(town: Town) -> None:
    rain = with_rain(town)
    async with town.bot_running():
        town.world.say(town.group, rain, "今天拆线")
        town.world.say(town.group, town.lan, YU_SILENT)
        await town.settled()
        town.world.say(town.group, town.mei, "小雨电话不接，我也打了")
        await town.settled()
        guide = town.from_bot(town.mei)[-1]
        tap = town.world.tap(town.mei, guide, words.BUTTON_HUMAN)
        await town.settled()
        assert tap.answer is not None
        assert tap.answer.text == words.HUMAN_CALLED
        assert town.calls_to(town.moderators) > 1


async def test_what_others_fear_for_her_joins_her_own_case(town: Town) -> None:
    rain = with_rain(town)
    async with town.bot_running():
        town.world.say(town.group, rain, GOODBYE)
        await town.settled()
        town.world.say(town.group, town.mei, YU_SILENT)
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert "阿梅 说的" in (card.text or "")
        assert "今晚就走" in (card.text or "")
        assert guided(town, town.mei) == 1


async def test_when_she_speaks_herself_the_case_becomes_hers(town: Town) -> None:
    rain = with_rain(town)
    town.world.start(rain)
    async with town.bot_running():
        town.world.say(town.group, rain, "今天拆线")
        await town.settled()
        town.world.say(town.group, town.lan, YU_SILENT)
        await town.settled()
        town.world.say(town.group, rain, GOODBYE)
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert (card.text or "").splitlines()[1].startswith("小雨")
        assert "小岚 说的" in (card.text or "")


async def test_an_answer_to_a_flagged_message_is_of_the_same_danger(town: Town) -> None:
    with_rain(town)
    async with town.bot_running():
        told = town.world.say(town.group, town.lan, MY_WIFE)
        await town.settled()
        town.world.say(town.group, town.mei, "小雨电话不接的话报警", reply_to=told)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_two_who_are_not_known_are_two_cases(town: Town) -> None:
    with_rain(town)
    async with town.bot_running():
        town.world.say(town.group, town.lan, MY_WIFE)
        await town.settled()
        town.world.say(town.group, town.mei, "我弟也是，小雨电话不接那种")
        await town.settled()
        assert len(town.cards(town.counselor)) == 2


def test_the_longest_name_is_meant_and_none_where_two_could_be() -> None:
    assert named("小雨点呢", [RAIN, RAINBOW]) == RAINBOW
    assert named("小雨呢", [RAIN, RAINBOW]) == RAIN
    assert named("小雨呢", [RAIN, Person(9, "小雨")]) is None
    assert named("雨停了", [Person(10, "雨")]) is None
    assert named("@Rain_y 在吗", [Person(11, "R", username="rain_y")]) == Person(
        11, "R", username="rain_y"
    )


async def told_of_rain(town: Town) -> User:
    """小雨 is of the group and can be written to; 小岚 has told of her."""
    rain = with_rain(town)
    town.world.start(rain)
    town.world.say(town.group, rain, "今天拆线")
    await town.settled()
    town.world.say(town.group, town.lan, YU_SILENT)
    await town.settled()
    return rain


def is_hers(town: Town, user: User) -> None:
    """Everybody has one card, about her, with what was told of her."""
    for place in (town.counselor, town.moderators):
        (card,) = town.cards(place)
        assert card.words.splitlines()[1].startswith(user.name)
        assert "小岚 说的" in card.words


async def test_her_first_own_word_is_answered_though_others_told_just_before(town: Town) -> None:
    async with town.bot_running():
        rain = await told_of_rain(town)
        assert not any(text in words.TO_IMMINENT.values() for text in town.said_to(rain))
        town.world.say(town.group, rain, GOODBYE)
        await town.settled()
        is_hers(town, rain)
        assert any(text in words.TO_IMMINENT.values() for text in town.said_to(rain))


async def test_asking_for_a_human_she_joins_what_others_told(town: Town) -> None:
    async with town.bot_running():
        rain = await told_of_rain(town)
        town.world.say(town.world.private(rain), rain, "/sos")
        await town.settled()
        tap = town.world.tap(rain, town.from_bot(rain)[-1], words.BUTTON_HUMAN)
        await town.settled()
        assert tap.answer is not None
        assert tap.answer.text == words.HUMAN_CALLED
        is_hers(town, rain)
        assert words.HEADLINE_ASKED in town.cards(town.counselor)[0].words


async def test_what_she_writes_in_private_joins_what_others_told(town: Town) -> None:
    async with town.bot_running():
        rain = await told_of_rain(town)
        town.world.say(town.world.private(rain), rain, GOODBYE)
        await town.settled()
        is_hers(town, rain)
        town.world.say(town.world.private(rain), rain, "你们在吗")
        await town.settled()
        is_hers(town, rain)
        assert "你们在吗" in town.cards(town.counselor)[0].words


async def test_what_she_writes_in_another_group_joins_what_others_told(town: Town) -> None:
    async with town.bot_running():
        rain = await told_of_rain(town)
        other = town.world.add_group("另一个群", members=[rain], bot_status="administrator")
        await town.settled()
        town.world.say(other, rain, GOODBYE)
        await town.settled()
        is_hers(town, rain)


async def test_who_told_of_her_tells_more_without_a_name_after_she_spoke(town: Town) -> None:
    async with town.bot_running():
        rain = await told_of_rain(town)
        town.world.say(town.group, rain, GOODBYE)
        await town.settled()
        town.world.say(town.group, town.lan, MY_WIFE)
        await town.settled()
        is_hers(town, rain)


async def test_whoever_told_can_call_a_human_after_the_case_was_closed(town: Town) -> None:
    async with town.bot_running():
        await told_of_rain(town)
        (card,) = town.cards(town.counselor)
        town.world.tap(town.counselor, card, words.MOVE_BUTTON[Move.DISMISS])
        await town.settled()
        tap = town.world.tap(town.lan, town.from_bot(town.lan)[-1], words.BUTTON_HUMAN)
        await town.settled()
        assert tap.answer is not None
        assert tap.answer.text == words.HUMAN_CALLED
        (card,) = town.cards(town.counselor)
        assert words.STATE[CaseState.OPEN] in card.words
