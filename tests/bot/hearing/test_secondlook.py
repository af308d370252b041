from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import telegram

from bot.app import Qunhu
from bot.hearing.secondlook import TRIES, judge_again
from bot.mine.forgetting import forget
from bot.simulator import User
from bot.words import modes
from moderation.cases import CaseState, Standing
from moderation.storage import casebook, retention
from moderation.storage.retention import purge
from moderation.storage.tables import second_looks
from moderation.vocabulary import CaseKind
from tests.bot.fake_model import FakeModel
from tests.bot.town import Town

SIDEWAYS = "都收拾好了，今晚就走"
"""The model knows it, no safe word does."""
PLAIN = "今晚我就离开这个世界"
"""A safe word."""


@contextlib.asynccontextmanager
async def without_model(town: Town) -> AsyncIterator[tuple[Qunhu, FakeModel]]:
    """The bot at work; its model is away and not waited for."""
    async with town.bot_running() as qunhu:
        model = FakeModel(expected=False)
        model.ready.clear()
        qunhu.services.scorer.model = model
        yield qunhu, model


async def says(town: Town, who: User, text: str) -> None:
    """Somebody writes in the group, and it is worked on."""
    town.world.say(town.group, who, text)
    await town.settled()


async def comes_back(town: Town, qunhu: Qunhu, model: FakeModel) -> None:
    """The model works again and reads what it missed."""
    model.ready.set()
    await judge_again(qunhu.services)
    await town.settled()


async def kept(qunhu: Qunhu) -> int:
    """How many messages wait for the model."""
    async with qunhu.services.database.reading() as tx:
        return len((await tx.connection.execute(second_looks.select())).all())


async def test_a_cry_for_help_that_only_the_model_understands_is_found_when_it_is_back(
    town: Town,
) -> None:
    async with without_model(town) as (qunhu, model):
        await says(town, town.lan, SIDEWAYS)
        await says(town, town.mei, "早上好")
        assert town.cards(town.counselor) == []
        assert await kept(qunhu) == 2
        await comes_back(town, qunhu, model)
        (card,) = town.cards(town.counselor)
        assert SIDEWAYS in card.words
        assert await kept(qunhu) == 0
        assert model.asked == [SIDEWAYS, "早上好"]
        await comes_back(town, qunhu, model)
        assert len(model.asked) == 2


async def test_it_is_found_after_a_restart_too_and_its_words_never_rest_in_clear(
    town: Town,
) -> None:
    async with without_model(town) as (qunhu, _model):
        await says(town, town.lan, SIDEWAYS)
        written = b"".join(file.read_bytes() for file in town.folder.glob("qunhu.db*"))
    assert SIDEWAYS.encode() not in written
    async with town.bot_running() as qunhu:
        await judge_again(qunhu.services)
        await town.settled()
        assert town.calls_to(town.counselor) == 1


async def test_plain_danger_goes_out_at_once_and_is_not_told_twice_when_the_model_agrees(
    town: Town,
) -> None:
    async with without_model(town) as (qunhu, model):
        await says(town, town.lan, PLAIN)
        assert town.calls_to(town.counselor) == 1
        said = len(town.from_bot(town.lan))
        await pass_without_news(qunhu)
        await comes_back(town, qunhu, model)
        assert await kept(qunhu) == 0
        assert town.calls_to(town.counselor) == 1
        assert len(town.from_bot(town.lan)) == said
        assert len(await crises(qunhu)) == 1


async def test_what_a_human_has_closed_is_not_opened_again(town: Town) -> None:
    async with without_model(town) as (qunhu, model):
        await says(town, town.lan, PLAIN)
        (case,) = await crises(qunhu)
        async with qunhu.services.database.transaction() as tx:
            await casebook.set_standing(tx, case.id, Standing(CaseState.FALSE_ALARM), None)
        await comes_back(town, qunhu, model)
        assert await kept(qunhu) == 0
        assert len(await crises(qunhu)) == 1


async def test_a_message_of_which_the_model_dies_is_brought_to_the_moderators(town: Town) -> None:
    async with without_model(town) as (qunhu, model):
        await says(town, town.mei, "早上好")
        model.broken = RuntimeError("no memory")
        await comes_back(town, qunhu, model)
        assert await kept(qunhu) == 0
        assert len(model.asked) == TRIES
        asked = [words for words in town.said_to(town.moderators) if "我没读成" in words]
        assert len(asked) == 1


async def test_one_bad_message_does_not_keep_the_model_from_the_others(town: Town) -> None:
    async with without_model(town) as (qunhu, model):
        await says(town, town.mei, "漏")
        await says(town, town.lan, SIDEWAYS)
        await comes_back(town, qunhu, model)
        assert town.calls_to(town.counselor) == 1


async def test_the_card_says_that_a_message_was_read_late(town: Town) -> None:
    async with without_model(town) as (qunhu, model):
        await says(town, town.lan, SIDEWAYS)
        later = qunhu.services.clock() + timedelta(minutes=5)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(qunhu.services.database, "_clock", lambda: later)
            await comes_back(town, qunhu, model)
        assert modes.READ_LATE in town.cards(town.counselor)[0].words


async def test_nothing_waits_where_there_is_no_model_or_it_has_read_it(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await says(town, town.lan, "早上好")
        qunhu.services.scorer.model = FakeModel()
        await says(town, town.lan, "吃饭了吗")
        assert await kept(qunhu) == 0


async def test_it_waits_a_day_at_most(town: Town) -> None:
    async with without_model(town) as (qunhu, _model):
        await says(town, town.lan, "早上好")
        rule = retention.rule_of("second_looks")
        assert rule.kept is not None
        later = qunhu.services.clock() + rule.kept + timedelta(minutes=1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(qunhu.services.database, "_clock", lambda: later)
            async with qunhu.services.database.transaction() as tx:
                await purge(tx)
        assert await kept(qunhu) == 0


async def test_whoever_wants_to_be_forgotten_is_not_read_later(town: Town) -> None:
    async with without_model(town) as (qunhu, model):
        await says(town, town.lan, SIDEWAYS)
        async with qunhu.services.database.transaction() as tx:
            await forget(qunhu.services, tx, telegram.User(town.lan.id, "小岚", is_bot=False))
        assert await kept(qunhu) == 0
        await comes_back(town, qunhu, model)
        assert model.asked == []


async def crises(qunhu: Qunhu) -> list[casebook.Case]:
    """All crises there ever were."""
    found = []
    async with qunhu.services.database.reading() as tx:
        number = 1
        while case := await casebook.get(tx, number):
            found += [case] if case.kind is CaseKind.CRISIS else []
            number += 1
    return found


async def pass_without_news(qunhu: Qunhu) -> None:
    """Long enough that danger said again would be called anew."""
    long_ago = qunhu.services.clock() - timedelta(minutes=10)
    async with qunhu.services.database.transaction() as tx:
        for case in await crises(qunhu):
            await casebook.change(tx, case.id, called_at=long_ago)
