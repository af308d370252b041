"""The climate of a group: counted as people talk, shown on Monday, never a member's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from bot.app import Qunhu
from bot.learning import climate_picture, digest
from bot.words import learning as said
from moderation.cases import CaseState
from moderation.climate import Day
from moderation.storage import casebook, climate
from moderation.storage.casebook import Person
from moderation.vocabulary import CaseKind, Certainty, Subject
from tests.bot.town import Town


def yesterday(qunhu: Qunhu) -> date:
    """The day before today, where the group lives."""
    zone = qunhu.services.alerts.calls.zone
    return qunhu.services.clock().astimezone(zone).date() - timedelta(days=1)


async def counted(town: Town, qunhu: Qunhu) -> Day:
    """What was counted of the group today."""
    async with qunhu.services.database.reading() as tx:
        days = await climate.of_group(tx, town.group.id, yesterday(qunhu))
    return sum(days.values(), Day())


async def captions(town: Town, qunhu: Qunhu) -> Sequence[str]:
    """What the digest says under its pictures."""
    await digest.weekly(qunhu.services)
    await town.settled()
    return [m.caption or "" for m in town.from_bot(town.moderators) if "photo" in m.content]


async def test_talk_is_counted_and_an_edit_is_not(town: Town) -> None:
    async with town.bot_running() as qunhu:
        said = town.world.say(town.group, town.lan, "全都毁了")
        town.world.say(town.group, town.mei, "抱抱你")
        town.world.say(town.group, town.mei, "今天天气不错")
        await town.settled()
        town.world.edit(said, "全都毁了，真的")
        await town.settled()
        assert await counted(town, qunhu) == Day(3, strong=1, steadying=1)


async def test_feeling_that_goes_round_is_counted_as_echo(town: Town) -> None:
    async with town.bot_running() as qunhu:
        for who in (town.lan, town.mei, town.admin):
            town.world.say(town.group, who, "我们这辈子都毁了")
            await town.settled()
        today = await counted(town, qunhu)
        assert (today.strong, today.echoes) == (3, 2)


async def test_moderators_see_the_climate_on_monday_without_any_name(town: Town) -> None:
    async with town.bot_running() as qunhu:
        async with qunhu.services.database.transaction() as tx:
            await climate.count(tx, town.group.id, yesterday(qunhu), Day(200, 20, 4, 30, 1))
        town.world.say(town.group, town.lan, "全都毁了")
        await town.settled()
        (caption,) = await captions(town, qunhu)
        assert (
            "鼻修复互助群：这周 200 句，难受的 10%，跟着往下沉的 2%，接住人的 15%，滚雪球 1 次"
            in caption
        )
        assert not any(who.name in caption for who in (town.lan, town.mei))


async def test_a_spiral_that_was_none_is_not_marked(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await town.settled()
        async with qunhu.services.database.transaction() as tx:
            await climate.count(tx, town.group.id, yesterday(qunhu), Day(200, spirals=1))
            case = await casebook.open_case(
                tx, CaseKind.SPIRAL, town.group.id, None, "onset", Subject.NONE, Certainty.LIKELY
            )
            await casebook.change(tx, case.id, state=CaseState.FALSE_ALARM)
            await casebook.change(tx, case.id, opened_at=tx.now - timedelta(days=1))
        town.world.say(town.group, town.lan, "早")
        await town.settled()
        assert said.CLIMATE_SPIRALS.format(count=1) not in (await captions(town, qunhu))[0]


async def test_where_hardly_anybody_spoke_nothing_is_shown(town: Town) -> None:
    async with town.bot_running() as qunhu:
        async with qunhu.services.database.transaction() as tx:
            await climate.count(tx, town.group.id, yesterday(qunhu), Day(3, 3, 2))
        town.world.say(town.group, town.lan, "早")
        await town.settled()
        assert await captions(town, qunhu) == []


@pytest.mark.parametrize("groups", [1, 6])
def test_the_picture_is_drawn_with_gaps_for_silent_days(groups: int) -> None:
    days = [(date(2026, 11, n), Day(40, n, n // 2, 5) if n % 3 else Day()) for n in range(1, 15)]
    drawn = climate_picture.draw([(f"群{n}", days) for n in range(groups)])
    assert drawn.startswith(b"\x89PNG")


FOREIGN = [r"$\foo$ 互助", "$_^{$", "一\x1b[31m二", "\ud83d", "a\x00b", "\u202e$"]


@pytest.mark.parametrize("title", FOREIGN, ids=ascii)
def test_a_title_is_drawn_as_it_is_whatever_it_holds(title: str) -> None:
    days = [(date(2026, 11, n), Day(40, n, 1, 5)) for n in range(1, 15)]
    assert climate_picture.draw([(title, days)]).startswith(b"\x89PNG")


async def test_a_picture_that_fails_stops_no_other_and_its_words_go_out_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_panels: object) -> bytes:
        raise ValueError("cannot be drawn")

    monkeypatch.setattr(climate_picture, "draw", failing)
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.lan, "早上好")
        await town.settled()
        async with qunhu.services.database.transaction() as tx:
            await climate.count(tx, town.group.id, yesterday(qunhu), Day(200, 20, 4, 30, 1))
            person = Person(town.lan.id, town.lan.name)
            await casebook.open_case(
                tx, CaseKind.CRISIS, town.group.id, person, "imminent", Subject.SELF,
                Certainty.LIKELY,
            )  # fmt: skip
        (caption,) = await captions(town, qunhu)
        assert caption.startswith(said.DIGEST_HEAD)
        assert len(await captions(town, qunhu)) == 1
    plain = [m.text or "" for m in town.from_bot(town.moderators) if "photo" not in m.content]
    assert len([text for text in plain if "这周 200 句" in text]) == 1
