"""Roles: given and taken back by an owner alone."""

from __future__ import annotations

from bot.simulator import Message, User
from bot.words import control
from moderation.storage import audit, people
from moderation.storage.people import Role
from tests.bot.town import Town


async def asked(town: Town, who: User, text: str, reply_to: Message | None = None) -> Message:
    """Somebody sends a command in the moderators' chat; the bot's answer."""
    town.world.say(town.moderators, who, text, reply_to=reply_to)
    await town.settled()
    return town.from_bot(town.moderators)[-1]


async def tap(town: Town, user: User, card: Message, button: str) -> str:
    """A tap, and what the tapper is told."""
    query = town.world.tap(user, card, button)
    await town.settled()
    assert query.answer is not None
    return query.answer.text


async def roles_of(town: Town, user: User) -> frozenset[Role]:
    """Somebody's roles."""
    assert town.bot is not None
    async with town.bot.services.database.reading() as tx:
        return await people.roles_of(tx, user.id)


async def test_an_owner_makes_a_counselor_by_replying_and_takes_it_back(town: Town) -> None:
    async with town.bot_running() as qunhu:
        hello = town.world.say(town.moderators, town.moderator, "我来值班")
        card = await asked(town, town.admin, "/grant", hello)
        await tap(town, town.admin, card, control.ROLE[Role.COUNSELOR])
        assert await roles_of(town, town.moderator) == {Role.COUNSELOR}
        assert control.GRANTED_COUNSELOR in (card.text or "")
        card = await asked(town, town.admin, f"/revoke {town.moderator.id}")
        await tap(town, town.admin, card, control.ROLE[Role.COUNSELOR])
        assert await roles_of(town, town.moderator) == frozenset()
        async with qunhu.services.database.reading() as tx:
            noted = [entry["what"] async for entry in audit.entries(tx)]
        assert noted[-2:] == ["granted", "revoked"]


async def test_a_moderator_can_neither_ask_nor_tap(town: Town) -> None:
    async with town.bot_running():
        answer = await asked(town, town.moderator, f"/grant {town.mei.id}")
        assert answer.text == control.OWNERS_ONLY
        card = await asked(town, town.admin, f"/grant {town.mei.id}")
        said = await tap(town, town.moderator, card, control.ROLE[Role.OWNER])
        assert said == control.OWNERS_ONLY
        assert await roles_of(town, town.mei) == frozenset()


async def test_the_last_owner_and_those_from_settings_stay(town: Town) -> None:
    async with town.bot_running():
        card = await asked(town, town.admin, f"/revoke {town.admin.id}")
        assert "没有在群里给过的身份" in (card.text or "")
        query = town.world.tap_data(town.admin, card, f"ro:r:{town.admin.id}:owner")
        await town.settled()
        assert query.answer is not None
        assert query.answer.text == control.LAST_OWNER


async def test_roles_given_by_chat_survive_a_restart(town: Town) -> None:
    async with town.bot_running():
        card = await asked(town, town.admin, f"/grant {town.mei.id}")
        await tap(town, town.admin, card, control.ROLE[Role.MODERATOR])
    async with town.bot_running():
        assert await roles_of(town, town.mei) == {Role.MODERATOR}
        listed = await asked(town, town.moderator, "/roles")
        assert str(town.mei.id) in (listed.text or "")
