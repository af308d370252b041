"""After «我来»: asked again until contact is made, with a line on how."""

from __future__ import annotations

import pytest

from bot import words
from bot.alerting.escalation import call_again
from bot.words import duty as words_duty
from moderation.cases import CaseState, Move
from moderation.vocabulary import CaseKind, Crisis
from tests.bot.standstill import Standstill


async def claimed(still: Standstill, level: Crisis = Crisis.IMMINENT) -> int:
    """A crisis that the counselor has just taken."""
    case = await still.crisis(level)
    assert (
        await still.tap(still.town.counselor, f"m:{case.id}:claim") == words.MOVE_DONE[Move.CLAIM]
    )
    await still.rows()
    return case.id


async def test_one_who_claimed_and_is_silent_is_asked_whether_contact_is_made(
    still: Standstill,
) -> None:
    await claimed(still)
    await still.pass_time(minutes=9)
    assert await still.rows() == []
    await still.pass_time(minutes=2)
    (ask,) = await still.rows()
    assert ask.chat_id == still.town.counselor.id
    assert "接了 11 分钟了" in ask.payload["text"]
    assert "110" in ask.payload["text"]


async def test_an_ideation_crisis_is_asked_about_later(still: Standstill) -> None:
    await claimed(still, Crisis.IDEATION)
    await still.pass_time(minutes=59)
    assert await still.rows() == []
    await still.pass_time(minutes=2)
    assert await still.reached() == {still.town.counselor.id}


async def test_the_second_silence_is_said_to_the_others_who_can_take_over_in_one_tap(
    still: Standstill,
) -> None:
    case_id = await claimed(still)
    await still.pass_time(minutes=11)
    await still.rows()
    await still.pass_time(minutes=11)
    rows = await still.rows()
    assert {row.chat_id for row in rows} >= {still.town.counselor.id, still.town.moderators.id}
    (card,) = [row for row in rows if row.chat_id == still.town.moderators.id]
    assert "沈咨询 接了 22 分钟，还没说联系上" in card.payload["text"]
    said = await still.tap(still.town.moderator, f"m:{case_id}:take_over", still.town.moderators.id)
    assert said == words.MOVE_DONE[Move.TAKE_OVER]
    assert (await still.case(case_id)).standing.holder == still.town.moderator.id


async def test_it_goes_on_up_to_the_owners_and_never_stops(still: Standstill) -> None:
    await claimed(still)
    reached: set[int] = set()
    for _ in range(6):
        await still.pass_time(minutes=41)
        reached |= await still.reached()
    assert still.town.admin.id in reached
    await still.pass_time(hours=2)
    assert still.town.counselor.id in await still.reached()


async def test_contact_asks_for_a_line_on_how_a_few_times_and_then_rests(still: Standstill) -> None:
    case_id = await claimed(still)
    await still.tap(still.town.counselor, f"m:{case_id}:contact")
    await still.rows()
    asked = 0
    for _ in range(8):
        await still.pass_time(hours=1)
        asked += len([row for row in await still.rows() if "怎么联系上的" in row.payload["text"]])
    assert asked == 3


async def test_a_line_on_how_ends_the_questions_and_stands_on_the_card(still: Standstill) -> None:
    case_id = await claimed(still)
    await still.tap(still.town.counselor, f"m:{case_id}:contact")
    said = await still.tap(still.town.counselor, f"w:{case_id}:phone")
    assert said == words_duty.HOW_KEPT.format(how="电话里说上话了")
    case = await still.case(case_id)
    assert case.how == "电话里说上话了"
    await still.rows()
    await still.pass_time(hours=5)
    assert await still.rows() == []


async def test_the_first_line_on_how_stands(still: Standstill) -> None:
    case_id = await claimed(still)
    await still.tap(still.town.counselor, f"m:{case_id}:contact")
    await still.tap(still.town.counselor, f"w:{case_id}:phone")
    said = await still.tap(still.town.counselor, f"w:{case_id}:met")
    assert said == words_duty.HOW_ALREADY.format(how="电话里说上话了")


@pytest.mark.parametrize("move", ["settle", "dismiss", "pass_on"])
async def test_a_closed_case_is_asked_about_no_more(still: Standstill, move: str) -> None:
    case_id = await claimed(still)
    await still.tap(still.town.counselor, f"m:{case_id}:{move}")
    await still.rows()
    await still.pass_time(hours=9)
    assert await still.rows() == []


async def test_handing_over_calls_those_on_duty_at_once_and_again(still: Standstill) -> None:
    case_id = await claimed(still)
    await still.tap(still.town.counselor, f"m:{case_id}:hand_over")
    assert (await still.case(case_id)).standing.state is CaseState.OPEN
    assert await still.reached() == {still.town.counselor.id, still.town.moderators.id}
    await still.pass_time(minutes=4)
    assert await still.reached() == {still.town.counselor.id, still.town.moderators.id}


async def test_a_claim_taken_back_forgets_the_question(still: Standstill) -> None:
    case_id = await claimed(still)
    await still.tap(still.town.counselor, f"m:{case_id}:undo")
    await still.rows()
    await still.pass_time(minutes=4)
    rows = await still.rows()
    assert rows
    assert all("接了" not in row.payload["text"].splitlines()[0] for row in rows)


async def test_a_claim_between_the_look_and_the_call_is_not_questioned(still: Standstill) -> None:
    """The clockwork saw the call due; a human was faster than its transaction."""
    case = await still.crisis()
    async with still.services.database.transaction() as tx:
        await still.services.alerts.calls.plan_next(tx, case)
    still.clock.forward(minutes=4)
    await still.tap(still.town.counselor, f"m:{case.id}:claim")
    await still.rows()
    await call_again(still.services)
    assert await still.rows() == []


async def test_after_five_crises_in_a_shift_one_is_asked_to_rest(still: Standstill) -> None:
    for _ in range(4):
        await claimed(still)
    case = await still.crisis()
    await still.tap(still.town.counselor, f"m:{case.id}:claim")
    said = [row.payload["text"] for row in await still.rows()]
    assert words_duty.REST.format(count=5) in said


async def test_an_accusation_somebody_took_is_not_asked_about(still: Standstill) -> None:
    case = await still.crisis(kind=CaseKind.ALLEGATION, level="unverified")
    await still.tap(still.town.moderator, f"m:{case.id}:claim", still.town.moderators.id)
    await still.rows()
    await still.pass_time(hours=9)
    assert await still.rows() == []
