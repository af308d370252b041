"""What a group agreed on stands on its cards; only its moderators write it."""

from __future__ import annotations

from datetime import timedelta

from bot import words
from bot.words import control
from moderation.storage import audit, chats, group_settings, sightings
from moderation.vocabulary import CaseKind
from tests.bot.control.test_settings import opened, tap
from tests.bot.town import Town

ACCUSED = "给我做的贺医生没有执照"
AGREED = "先私下提醒，第二次再删"


async def test_the_moderators_write_a_line_and_cards_carry_it(town: Town) -> None:
    async with town.bot_running() as qunhu:
        card = await opened(town)
        await tap(town, card, control.NAME["rule"])
        assert control.EXPLAIN["rule"] in (card.text or "")
        await tap(town, card, control.RULE_OF[CaseKind.ALLEGATION])
        question = town.from_bot(town.moderators)[-1]
        town.world.say(town.moderators, town.moderator, AGREED, reply_to=question)
        await town.settled()
        kind = control.RULE_OF[CaseKind.ALLEGATION]
        assert town.said_to(town.moderators)[-1] == control.RULE_KEPT.format(kind=kind)
        town.world.say(town.group, town.mei, ACCUSED)
        await town.settled()
        assert words.RULE.format(rule=AGREED) in (town.cards(town.moderators)[-1].text or "")
        town.world.say(town.moderators, town.moderator, "删", reply_to=question)
        await town.settled()
        async with qunhu.services.database.reading() as tx:
            assert (await group_settings.of_group(tx, town.group.id)).rules == {}
            noted = [e async for e in audit.entries(tx) if e["what"] == "setting"]
        assert [e["detail"]["to"] for e in noted] == [AGREED, ""]


async def test_a_card_says_for_how_long_she_is_known(town: Town) -> None:
    async with town.bot_running() as qunhu:
        rain = town.world.add_user("小雨")
        town.world.say(town.group, town.mei, "大家好")
        town.world.join(town.group, rain)
        await town.settled()
        async with qunhu.services.database.transaction() as tx:
            assert await sightings.since(tx, town.group.id, rain.id) == tx.now.date()
            assert await sightings.since(tx, town.group.id, town.lan.id) is None
            long_ago = tx.now - timedelta(days=30)
            await chats.change(tx, town.group.id, joined_at=long_ago)
        town.world.say(town.group, rain, "不想活了")
        await town.settled()
        assert words.SINCE_TODAY in (town.cards(town.counselor)[-1].text or "")
