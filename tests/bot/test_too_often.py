"""A tap too many is answered kindly and changes nothing; danger is never turned away."""

from __future__ import annotations

from bot import words
from bot.members.commands import REPORT_MOST
from bot.members.member_taps import HUMAN_MOST, HUMAN_PER
from bot.words import care
from moderation.storage import rates
from tests.bot.town import Town


async def test_the_real_human_button_never_scolds_and_still_names_the_numbers(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/sos")
        await town.settled()
        card = town.from_bot(town.lan)[-1]
        answers = []
        for _ in range(HUMAN_MOST + 1):
            query = town.world.tap(town.lan, card, words.BUTTON_HUMAN)
            await town.settled()
            assert query.answer is not None
            answers.append(query.answer.text)
        assert answers == [words.HUMAN_CALLED] * HUMAN_MOST + [care.HUMAN_CALLED_OFTEN]
        assert "120" in answers[-1]


async def test_one_members_calls_do_not_use_up_anothers(town: Town) -> None:
    async with town.bot_running() as qunhu:
        async with qunhu.services.database.transaction() as tx:
            for _ in range(HUMAN_MOST + 1):
                await rates.allow(tx, "human", town.lan.id, HUMAN_MOST, HUMAN_PER)
        town.world.say(town.world.private(town.mei), town.mei, "/sos")
        await town.settled()
        query = town.world.tap(town.mei, town.from_bot(town.mei)[-1], words.BUTTON_HUMAN)
        await town.settled()
        assert query.answer is not None
        assert query.answer.text == words.HUMAN_CALLED


async def test_after_many_reports_the_moderators_are_spared_but_not_from_danger(
    town: Town,
) -> None:
    async with town.bot_running():
        for number in range(REPORT_MOST + 1):
            someone = town.world.add_user(f"成员{number}")
            town.world.join(town.group, someone)
            message = town.world.say(town.group, someone, "加我微信")
            town.world.say(town.group, town.lan, "/report", reply_to=message)
            await town.settled()
        assert len(town.cards(town.moderators)) == REPORT_MOST
        assert care.REPORT_OFTEN in town.said_to(town.group)
        danger = town.world.say(town.group, town.mei, "嗯")
        await town.settled()
        town.classifier.words = {"嗯": town.classifier.words["今晚就走"]}
        town.world.say(town.group, town.lan, "/report", reply_to=danger)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1
