"""What the bot says by itself when despair spreads, where a group wants it; over real HTTP."""

from __future__ import annotations

from bot.simulator import User
from bot.words import duty as words_duty
from bot.words import spirals as said
from moderation.storage import chats, group_settings, people
from moderation.vocabulary import Grounding
from tests.bot.spirals.test_follows import (
    GOODBYE,
    over_again,
    sinking,
    tapped,
    the_card,
)
from tests.bot.town import Town


async def wanting(town: Town, grounding: Grounding) -> None:
    """The group wants it."""
    assert town.bot is not None
    async with town.bot.services.database.transaction() as tx:
        await chats.ensure(tx, town.group.id, "supergroup", town.group.title or "", None)
        await group_settings.change(tx, town.group.id, grounding=grounding)


def calm(town: Town) -> list[str]:
    """The calming words that stand in the group."""
    return [text for text in town.said_to(town.group) if text in said.CALMING.values()]


def offered(town: Town, *who: User) -> list[User]:
    """Whom a page was offered."""
    return [user for user in who if set(town.said_to(user)) & set(said.OFFERS.values())]


async def test_nothing_is_said_unless_the_group_wants_it(town: Town) -> None:
    async with town.bot_running():
        xia, _ = await sinking(town)
        assert calm(town) == []
        assert offered(town, town.lan, xia) == []


async def test_one_word_to_the_group_a_page_to_who_sinks_and_moderators_can_take_it_back(
    town: Town,
) -> None:
    async with town.bot_running() as qunhu:
        await wanting(town, Grounding.BOTH)
        async with qunhu.services.database.transaction() as tx:
            await people.note_writable(tx, town.mei.id, writable=False)
        xia, lin = await sinking(town, held=True)
        assert calm(town) == [said.CALMING["calm-1"]]
        assert offered(town, town.lan, town.mei, xia, lin) == [town.lan, xia]
        card = the_card(town)
        assert "群护：群里发了安抚" in card.words
        await over_again(town, town.lan, town.mei, xia, town.lan)
        assert calm(town) == [said.CALMING["calm-1"]]
        undo = words_duty.BUTTON_UNDO_ACT.format(what=words_duty.DID["calm"])
        assert await tapped(town, town.cards(town.moderators)[0], undo) == said.CALM_RECALLED
        assert calm(town) == []


async def test_while_somebody_in_danger_waits_the_bot_says_nothing_by_itself(town: Town) -> None:
    async with town.bot_running():
        await wanting(town, Grounding.BOTH)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        xia, _ = await sinking(town)
        assert calm(town) == []
        assert offered(town, town.lan, xia) == []


async def test_what_is_about_to_be_said_is_held_back_when_somebody_is_in_danger(
    town: Town,
) -> None:
    async with town.bot_running(take_back_seconds=6):
        await wanting(town, Grounding.GROUP)
        for name in ("夏夏", "林姐"):
            user = town.world.add_user(name)
            town.world.join(town.group, user)
            town.world.say(town.group, user, "我们全都毁了")
        await town.world.wait_for(lambda: not town.world.updates.pending, 20)
        assert town.bot is not None
        async with town.bot.services.database.transaction() as tx:
            await chats.change(tx, town.group.id, rehearse_until=None)
        town.world.say(town.group, town.mei, "我们全都毁了")
        await town.world.wait_for(lambda: town.cards(town.moderators), 20)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert calm(town) == []
        assert words_duty.UNDONE in town.cards(town.moderators)[0].words
