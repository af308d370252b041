"""`qunhu keys rotate`: with the bot stopped, with the bot running, with a key from the environment."""

from __future__ import annotations

import pytest

from bot.operating.keychange import DONE, LATER, change_key, go_on_changing
from bot.settings import load_settings
from moderation.errors import ConfigError
from moderation.storage import casebook
from moderation.storage.sealing import make_key
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


async def knows_the_case(town: Town) -> None:
    """The bot that runs now reads the case that was opened under the old key."""
    assert town.bot is not None
    async with town.bot.services.database.reading() as tx:
        case = await casebook.get(tx, 1)
        assert case is not None
        assert case.person is not None
        assert case.person.id == town.lan.id
        assert (await casebook.signals_of(tx, 1))[0].excerpt == GOODBYE


async def test_stopped_or_running_the_old_key_is_gone_and_nothing_is_lost(town: Town) -> None:
    settings = load_settings(**town.settings())
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        first = settings.key_file.read_text().split()
        assert await change_key(settings) == LATER.format(file=settings.key_file)
        assert settings.key_file.read_text().split()[1:] == first
        await knows_the_case(town)
    async with town.bot_running() as qunhu:
        await knows_the_case(town)
        await go_on_changing(qunhu.services)
        await knows_the_case(town)
    second = settings.key_file.read_text().split()
    assert len(second) == 1
    assert second != first
    done = DONE.format(count="", file=settings.key_file).split()
    assert set((await change_key(settings)).split()) >= set(done)
    third = settings.key_file.read_text().split()
    async with town.bot_running():
        await knows_the_case(town)
    left = b"".join(file.read_bytes() for file in town.folder.rglob("*") if file.is_file())
    assert third[0].encode() in left
    assert first[0].encode() not in left
    assert second[0].encode() not in left


async def test_a_key_of_the_environment_is_changed_there(town: Town) -> None:
    with pytest.raises(ConfigError, match="a space, and the old one"):
        await change_key(load_settings(**town.settings(key=make_key())))
    both = load_settings(**town.settings(key=f"{make_key()} {make_key()}"))
    assert both.key is not None
