"""What comes of what members write, from outside: over HTTP, with the real bot."""

from __future__ import annotations

from bot import words
from tests.bot.town import Town


async def test_imminent_danger_reaches_counselor_moderators_and_the_member(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "谢谢大家，今晚就走")
        await town.settled()
        assert len(town.cards(town.counselor)) == 1
        assert len(town.cards(town.moderators)) == 1
        assert any(text in words.TO_IMMINENT.values() for text in town.said_to(town.lan))
