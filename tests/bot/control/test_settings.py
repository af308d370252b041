"""/settings: every setting says what it does, does it, and is in the audit."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import words
from bot.alerting.loudness import sleeping
from bot.control import options, rules
from bot.simulator import Message, User
from bot.words import control
from moderation.storage import audit, chats, group_settings
from moderation.storage.group_settings import GroupSettings
from moderation.vocabulary import Sensitivity
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


async def opened(town: Town) -> Message:
    """The settings of the group, open in the moderators' chat."""
    town.world.say(town.group, town.mei, "大家好")
    await town.settled()
    town.world.say(town.moderators, town.moderator, "/settings")
    await town.settled()
    card = town.from_bot(town.moderators)[-1]
    await tap(town, card, town.group.title or "")
    return card


async def tap(town: Town, card: Message, button: str, user: User | None = None) -> str:
    """Somebody taps; what they are told."""
    query = town.world.tap(user or town.moderator, card, button)
    await town.settled()
    assert query.answer is not None
    return query.answer.text


async def choose(town: Town, key: str, number: int, user: User | None = None) -> str:
    """Set one thing through its buttons."""
    card = await opened(town)
    await tap(town, card, control.NAME[key])
    assert control.EXPLAIN[key] in (card.text or "")
    return await tap(town, card, f"st:{town.group.id}:{key}:{number}", user)


async def test_sensitivity_is_changed_and_audited(town: Town) -> None:
    async with town.bot_running() as qunhu:
        said = await choose(town, "sens", 2)
        assert said == control.SETTINGS_CHANGED.format(name="灵敏度", label="少叫人")
        async with qunhu.services.database.reading() as tx:
            chat = await chats.get(tx, town.group.id)
            noted = [e async for e in audit.entries(tx) if e["what"] == "setting"]
        assert chat is not None
        assert chat.sensitivity is Sensitivity.QUIET
        assert [(e["detail"]["from"], e["detail"]["to"]) for e in noted] == [("适中", "少叫人")]


async def test_a_muted_kind_is_not_alerted_and_crisis_still_is(town: Town) -> None:
    async with town.bot_running():
        await choose(town, "alle", 1)
        town.world.say(town.group, town.lan, "贺医生没有执照")
        await town.settled()
        assert not town.cards(town.moderators)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_words_switched_off_are_not_said_but_humans_are_called(town: Town) -> None:
    async with town.bot_running():
        await choose(town, "word", 1)
        before = len(town.from_bot(town.lan))
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert len(town.from_bot(town.lan)) == before
        assert len(town.cards(town.counselor)) == 1


async def test_ideation_can_go_to_moderators_too(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, "不想活了")
        await town.settled()
        assert not town.cards(town.moderators)
        await choose(town, "idea", 1)
        town.world.say(town.group, town.lan, "不想活了")
        await town.settled()
        assert len(town.cards(town.moderators)) == 1


async def test_a_group_can_have_its_own_moderators_chat_if_an_owner_says_so(town: Town) -> None:
    second = town.world.add_group("二群管理", members=[town.mei], bot_status="administrator")
    async with town.bot_running():
        town.world.say(second, town.mei, "在")
        await town.settled()
        assert await choose(town, "mods", 1) == control.SETTINGS_OWNER
        await choose(town, "mods", 1, town.admin)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert len(town.cards(second)) == 1
        assert not town.cards(town.moderators)
        claimed = await tap(town, town.cards(second)[0], "我来", town.mei)
        assert claimed == "这件事是你的了。"


async def test_outside_the_moderators_chat_there_is_nothing_to_set(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.lan, "大家好")
        town.world.say(town.group, town.mei, "/settings")
        await town.settled()
        assert town.said_to(town.group) == [control.SETTINGS_WHERE]
        card = town.from_bot(town.group)[-1]
        query = town.world.tap_data(town.mei, card, f"st:{town.group.id}:sens:2")
        await town.settled()
        assert query.answer is not None
        assert query.answer.text == words.NOT_FOR_YOU
        async with qunhu.services.database.reading() as tx:
            chat = await chats.get(tx, town.group.id)
        assert chat is not None
        assert chat.sensitivity is Sensitivity.BALANCED


@pytest.mark.parametrize(
    "data", ["st:", "st:-1:sens:0", "st:{g}:fly", "st:{g}:sens:9", "st:{g}:sens:x", "st:{g}:a:b:c"]
)
async def test_old_and_forged_buttons_change_nothing(town: Town, data: str) -> None:
    async with town.bot_running() as qunhu:
        card = await opened(town)
        query = town.world.tap_data(town.moderator, card, data.format(g=town.group.id))
        await town.settled()
        assert query.answer is not None
        assert query.answer.text == words.OLD_BUTTON
        async with qunhu.services.database.reading() as tx:
            assert await group_settings.of_group(tx, town.group.id) == GroupSettings()


def test_every_setting_says_what_it_does_and_fits_its_button() -> None:
    assert {*options.KEYS, rules.KEY} == set(control.NAME) == set(control.EXPLAIN)
    assert all(len(f"st:-1001234567890123:{key}:99".encode()) <= 64 for key in options.KEYS)


@pytest.mark.parametrize(
    ("hours", "hour", "quiet"),
    [
        ((22, 7), 23, True),
        ((22, 7), 3, True),
        ((22, 7), 12, False),
        ((0, 9), 8, True),
        ((0, 9), 9, False),
        ((None, None), 3, False),
    ],
)
def test_quiet_hours_may_span_midnight(
    hours: tuple[int | None, int | None], hour: int, quiet: bool
) -> None:
    wanted = GroupSettings(quiet_from=hours[0], quiet_until=hours[1])
    now = datetime(2026, 11, 22, hour, 30, tzinfo=UTC)
    assert sleeping(wanted, now, ZoneInfo("UTC")) is quiet


async def test_a_group_that_reads_traditional_is_spoken_to_in_it(town: Town) -> None:
    async with town.bot_running():
        await choose(town, "char", 2)
        town.world.say(town.group, town.mei, "/help")
        await town.settled()
        assert "要幫忙點下面" in town.said_to(town.group)[-1]
        await choose(town, "char", 1)
        town.world.say(town.group, town.mei, "/help")
        await town.settled()
        assert "要帮忙点下面" in town.said_to(town.group)[-1]
