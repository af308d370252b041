"""Commands of members."""

from __future__ import annotations

import pytest

from bot import words
from bot.words import elsewhere, reading
from moderation.places import Place
from tests.bot.town import Town


@pytest.mark.parametrize("command", ["help", "rights", "psych", "sos", "privacy"])
async def test_in_a_group_the_answer_is_short_with_a_way_to_read_on(
    town: Town, command: str
) -> None:
    async with town.bot_running():
        asked = town.world.say(town.group, town.mei, f"/{command}")
        await town.settled()
        (answer,) = town.from_bot(town.group)
        assert answer.reply_to is asked
        assert answer.buttons[0][0]["url"].startswith("https://t.me/qunhu_bot?start=")


@pytest.mark.parametrize("command", ["help", "rights", "psych", "sos", "privacy"])
async def test_the_button_under_a_groups_answer_opens_the_same_thing_in_private(
    town: Town, command: str
) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, f"/{command}")
        await town.settled()
        (answer,) = town.from_bot(town.group)
        town.world.follow(town.mei, answer, 0)
        await town.settled()
        in_private = town.said_to(town.mei)[-1]
        town.world.say(town.world.private(town.mei), town.mei, f"/{command}")
        await town.settled()
        first_line = town.said_to(town.mei)[-1].split("\n")[0]
        assert first_line in in_private or command == "help"


async def test_a_newer_answer_replaces_the_older_one(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, "/help")
        await town.settled()
        town.world.say(town.group, town.lan, "/rights")
        await town.settled()
        assert town.said_to(town.group) == [words.SECTION_IN_GROUP]


async def test_a_command_for_another_bot_is_not_answered(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, "/help@other_bot")
        await town.settled()
        assert not town.from_bot(town.group)


async def test_danger_behind_a_command_is_found(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "/psych 我今晚就走了")
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_menus_lead_to_a_page_with_source_and_date_in_three_taps(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/rights")
        await town.settled()
        menu = town.from_bot(town.lan)[-1]
        town.world.tap(town.lan, menu, 0)
        await town.settled()
        town.world.tap(town.lan, menu, 0)
        await town.settled()
        town.world.tap(town.lan, menu, reading.BUTTON_SOURCES)
        await town.settled()
        page = menu.text or ""
        assert "依据" in page
        assert "核对日期" in page


async def test_reporting_shows_the_message_to_moderators(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.mei, "加我微信，祖传修复秘方")
        town.world.say(town.group, town.lan, "/report", reply_to=message)
        await town.settled()
        card = town.cards(town.moderators)[0].text or ""
        assert "祖传修复秘方" in card
        assert words.REPORTED_BY.format(name="小岚") in card
        assert words.REPORTED not in card
        assert words.REPORT_DONE in town.said_to(town.group)


async def test_reporting_danger_treats_it_as_danger(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.mei, "嗯")
        await town.settled()
        town.classifier.words = {"嗯": town.classifier.words["今晚就走"]}
        town.world.say(town.group, town.lan, "/report", reply_to=message)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_reporting_nothing_explains_how(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, "/report")
        await town.settled()
        assert words.REPORT_HOW in town.said_to(town.group)


async def test_reporting_the_same_message_twice_bothers_nobody_again(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.mei, "加我微信")
        for _ in range(2):
            town.world.say(town.group, town.lan, "/report", reply_to=message)
        await town.settled()
        assert len(town.cards(town.moderators)) == 1


async def test_a_deep_link_to_nothing_opens_the_menu(town: Town) -> None:
    async with town.bot_running():
        town.world.start(town.mei, "page_nothing-like-this")
        await town.settled()
        assert words.START in town.said_to(town.mei)


async def test_asking_for_a_human_calls_counselor_and_moderators(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/sos")
        await town.settled()
        query = town.world.tap(town.lan, town.from_bot(town.lan)[-1], words.BUTTON_HUMAN)
        await town.settled()
        assert query.answer is not None
        assert query.answer.text == words.HUMAN_CALLED
        assert len(town.cards(town.counselor)) == 1
        assert len(town.cards(town.moderators)) == 1


async def test_the_numbers_come_as_a_message_of_their_own(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/sos")
        await town.settled()
        sos = town.from_bot(town.lan)[-1]
        town.world.tap(town.lan, sos, words.BUTTON_NUMBERS)
        await town.settled()
        numbers = town.from_bot(town.lan)[-1]
        assert "010-82951332" in numbers.words
        assert sos.text == words.SOS
        town.world.tap(town.lan, numbers, elsewhere.BUTTON[Place.HONG_KONG])
        await town.settled()
        assert "18111" in town.said_to(town.lan)[-1]
        assert "010-82951332" in numbers.words


async def test_another_members_command_does_not_take_a_sos_away(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "/sos")
        town.world.say(town.group, town.mei, "/rights")
        await town.settled()
        assert words.SOS_IN_GROUP in town.said_to(town.group)


async def test_danger_behind_start_is_found_but_a_deep_link_is_not_judged(town: Town) -> None:
    async with town.bot_running():
        town.world.start(town.mei, "privacy")
        await town.settled()
        asked = len(town.classifier.asked)
        town.world.say(town.world.private(town.mei), town.mei, "/start 我今晚就走")
        await town.settled()
        assert len(town.classifier.asked) == asked + 1
        assert len(town.cards(town.counselor)) == 1
