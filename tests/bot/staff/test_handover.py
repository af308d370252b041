"""The change of a shift: a question to the one who leaves, a list for the one who comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import time, timedelta

import pytest
import telegram

from bot import words
from bot.simulator import User
from bot.staff.handover import change_shifts
from bot.words import duty as words_duty
from bot.words import handover as words_handover
from moderation.cases import CaseState
from moderation.rota import Absence, Away, Shift
from moderation.storage import acts, audit, duty, people
from moderation.storage.outbox import Delivery
from moderation.storage.people import Role
from tests.bot.standstill import Standstill, standing_still
from tests.bot.town import Town

ALL = frozenset(range(7))


@pytest.fixture
async def still(town: Town) -> AsyncIterator[Standstill]:
    """沈 has the evening until 22:00, 李 the night from then on; it is 21:00."""
    li = town.world.add_user("李咨询")
    async with standing_still(town) as still:
        async with still.services.database.transaction() as tx:
            await people.set_from_settings(tx, Role.COUNSELOR, [town.counselor.id, li.id])
            await duty.add_shift(tx, Shift(town.counselor.id, ALL, time(14), time(22)))
            await duty.add_shift(tx, Shift(li.id, ALL, time(22), time(6)))
            for one in (town.counselor, li):
                await duty.note_colleague(tx, one.id, one.name)
        yield still


def li_of(still: Standstill) -> User:
    """The second counselor."""
    return next(user for user in still.town.world.users.values() if user.name == "李咨询")


async def comes(still: Standstill, **passed: float) -> dict[int, Delivery]:
    """Time passes and shifts change; the last message to each."""
    await still.rows()
    still.clock.forward(**passed)
    await change_shifts(still.services)
    return {row.chat_id: row for row in await still.rows()}


def buttons(row: Delivery) -> list[str]:
    """What the buttons of a message carry."""
    rows = row.payload.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["callback_data"] for line in rows for button in line]


async def writes(still: Standstill, user: User, reply_to: int, text: str) -> None:
    """Somebody answers a message of the bot in private."""
    chat = {"id": user.id, "type": "private", "first_name": user.name}
    now = int(still.clock.now.timestamp())
    asked = {"message_id": reply_to, "date": now, "chat": chat}
    who = {"id": user.id, "is_bot": False, "first_name": user.name}
    body = {"message_id": 7, "date": now, "chat": chat, "from": who, "text": text}
    data = {"update_id": 77, "message": {**body, "reply_to_message": asked}}
    application = still.qunhu.application
    await application.process_update(telegram.Update.de_json(data, application.bot))


async def test_who_leaves_is_asked_and_who_comes_gets_the_list_once(still: Standstill) -> None:
    shen, li = still.town.counselor, li_of(still)
    case = await still.crisis(state=CaseState.CLAIMED, holder=shen)
    said = await comes(still, hours=1, minutes=1)
    assert said[shen.id].payload["text"].startswith("你的班到 22:00 了，手上还有 1 件")
    assert "李咨询 的班" in said[shen.id].payload["text"]
    assert buttons(said[shen.id]) == [f"k:give:{case.id}", "k:keep"]
    assert said[li.id].payload["text"].startswith("你的班开始了，到 06:00。")
    assert "小岚" in said[li.id].payload["text"]
    assert buttons(said[li.id]) == [f"k:card:{case.id}"]
    assert await comes(still, minutes=1) == {}


async def test_nothing_open_is_one_silent_line_to_the_one_who_comes(still: Standstill) -> None:
    said = await comes(still, hours=1, minutes=1)
    (row,) = said.values()
    assert row.chat_id == li_of(still).id
    assert row.payload["text"].endswith(words_handover.NOTHING_OPEN)
    assert row.payload["disable_notification"]


async def test_what_is_given_on_calls_the_next_and_carries_a_line(still: Standstill) -> None:
    shen, li = still.town.counselor, li_of(still)
    case = await still.crisis(state=CaseState.CONTACTED, holder=shen)
    await comes(still, hours=1, minutes=1)
    assert await still.tap(shen, f"k:give:{case.id}") == words_handover.GIVEN
    rows = await still.rows()
    (question,) = [row for row in rows if row.purpose == "line"]
    assert question.chat_id == shen.id
    cards = {row.chat_id for row in rows if row.purpose == "card"}
    assert li.id in cards
    assert shen.id not in cards
    assert (await still.case(case.id)).standing.state is CaseState.OPEN
    await writes(still, shen, 1000 + question.id, "在等 ta 妈妈到，别催")
    edits = await still.rows("editMessageText")
    assert any("在等 ta 妈妈到，别催" in row.payload["text"] for row in edits)
    async with still.services.database.reading() as tx:
        assert (await acts.of_case(tx, case.id))[-1].line == "在等 ta 妈妈到，别催"
        assert await audit.first_broken(tx) is None


async def test_given_on_and_unanswered_it_widens_like_any_call(still: Standstill) -> None:
    shen, li = still.town.counselor, li_of(still)
    case = await still.crisis(state=CaseState.CLAIMED, holder=shen)
    await comes(still, hours=1, minutes=1)
    await still.tap(shen, f"k:give:{case.id}")
    await still.rows()
    reached: list[set[int]] = []
    for _ in range(4):
        await still.pass_time(minutes=16)
        reached.append({row.chat_id for row in await still.rows() if row.purpose == "card"})
    assert li.id in reached[0]
    assert shen.id in set.union(*reached)
    assert still.town.moderators.id in set.union(*reached)


async def test_nobody_after_her_and_it_goes_to_the_moderators(still: Standstill) -> None:
    shen, li = still.town.counselor, li_of(still)
    async with still.services.database.transaction() as tx:
        now = still.clock.now
        away = Absence(li.id, Away.LEAVE, now - timedelta(days=1), now + timedelta(days=1))
        await duty.add_absence(tx, away)
    case = await still.crisis("ideation", CaseState.CLAIMED, shen)
    said = await comes(still, hours=1, minutes=1)
    assert words_handover.NOBODY_NEXT in said[shen.id].payload["text"]
    await still.tap(shen, f"k:give:{case.id}")
    assert {row.chat_id for row in await still.rows() if row.purpose == "card"} == {
        still.town.moderators.id
    }


async def test_quiet_hours_ask_too_where_there_is_no_rota(still: Standstill) -> None:
    shen = still.town.counselor
    async with still.services.database.transaction() as tx:
        for one in (shen, li_of(still)):
            await duty.drop_shifts(tx, one.id)
        await duty.keep_quiet(tx, shen.id, (time(22), time(7)))
    await still.crisis(state=CaseState.CLAIMED, holder=shen)
    said = await comes(still, hours=1, minutes=1)
    assert said[shen.id].payload["text"].startswith("你的安静时段到了，手上还有 1 件")


async def test_keeping_and_stale_and_strange_taps_change_nothing(still: Standstill) -> None:
    shen, li, town = still.town.counselor, li_of(still), still.town
    case = await still.crisis(state=CaseState.CLAIMED, holder=shen)
    assert await still.tap(shen, "k:keep") == words_handover.KEPT
    assert "沈咨询 接了" in await still.tap(li, f"k:give:{case.id}")
    assert await still.tap(town.mei, f"k:give:{case.id}") == words.NOT_FOR_YOU
    assert await still.tap(town.mei, f"k:card:{case.id}") == words.NOT_FOR_YOU
    for forged in ("k:give:999", "k:give:x", "k:card:999", "k:fly", "k"):
        assert await still.tap(shen, forged) == words.OLD_BUTTON
    assert (await still.case(case.id)).standing == case.standing
    await still.tap(shen, f"k:give:{case.id}")
    assert words.STATE[CaseState.OPEN] in await still.tap(shen, f"k:give:{case.id}")


async def test_the_list_opens_a_card_that_can_be_taken(still: Standstill) -> None:
    li = li_of(still)
    case = await still.crisis(state=CaseState.CLAIMED, holder=still.town.counselor)
    assert await still.tap(li, f"k:card:{case.id}") == words_handover.CARD_BELOW
    (card,) = [row for row in await still.rows() if row.purpose == "card"]
    assert card.chat_id == li.id
    assert f"m:{case.id}:take_over" in buttons(card)
    assert words_duty.DID["hand_over"] not in card.payload["text"]
