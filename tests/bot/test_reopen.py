"""A case that was closed is opened again; taps that meet; a shift with many crises."""

from __future__ import annotations

import pytest

from bot import words
from bot.words import duty as words_duty
from moderation.cases import CaseState, Move
from tests.bot.standstill import Standstill
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


@pytest.mark.parametrize("closed", [CaseState.SAFE, CaseState.PASSED_ON, CaseState.FALSE_ALARM])
async def test_a_crisis_opened_again_is_called_as_a_new_one(
    still: Standstill, closed: CaseState
) -> None:
    shen, place = still.town.counselor, still.town.moderators.id
    case = await still.crisis(state=closed, holder=shen, state_before=None, unanswered=3)
    said = await still.tap(still.town.moderator, f"m:{case.id}:reopen", place)
    assert said == words.MOVE_DONE[Move.REOPEN]
    after = await still.case(case.id)
    assert (after.standing.holder, after.unanswered, after.how) == (None, 0, None)
    assert await still.reached() == {shen.id, place}
    await still.pass_time(minutes=4)
    (again, *_) = await still.rows()
    assert again.payload["text"].startswith(words.CALL_AGAIN.format(count=2).strip())


@pytest.mark.parametrize("move", [Move.REOPEN, Move.UNDO])
async def test_one_that_has_a_newer_case_by_now_stays_closed(still: Standstill, move: Move) -> None:
    old = await still.crisis()
    await still.tap(still.town.counselor, f"m:{old.id}:dismiss")
    newer = await still.crisis()
    said = await still.tap(still.town.counselor, f"m:{old.id}:{move}")
    assert said == words_duty.NEWER_CASE
    assert (await still.case(old.id)).standing.state is CaseState.FALSE_ALARM
    await still.tap(still.town.counselor, f"m:{newer.id}:dismiss")
    said = await still.tap(still.town.counselor, f"m:{old.id}:{move}")
    assert said == words.MOVE_DONE[move]


async def test_many_crises_in_a_shift_ask_for_a_rest_at_every_fifth(still: Standstill) -> None:
    rests = []
    for number in range(1, 12):
        case = await still.crisis()
        await still.tap(still.town.counselor, f"m:{case.id}:claim")
        await still.tap(still.town.counselor, f"m:{case.id}:settle")
        said = [row.payload["text"] for row in await still.rows()]
        if words_duty.REST.format(count=number) in said:
            rests.append(number)
    assert rests == [5, 10]


async def test_of_two_taps_at_the_same_instant_in_two_chats_one_wins(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        claim = words.MOVE_BUTTON[Move.CLAIM]
        taps = [
            town.world.tap(town.moderator, town.cards(town.moderators)[0], claim),
            town.world.tap(town.counselor, town.cards(town.counselor)[0], claim),
        ]
        await town.settled()
        told = [tap.answer.text for tap in taps if tap.answer is not None]
        assert told.count(words.MOVE_DONE[Move.CLAIM]) == 1
        (other,) = [text for text in told if text != words.MOVE_DONE[Move.CLAIM]]
        assert "接了" in other
