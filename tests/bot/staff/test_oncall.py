"""/oncall: seeing and changing who is on duty, asking for a swap, sleep, the veil; and who is called."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot import words
from bot.simulator import Message, User
from bot.words import duty as words_duty
from moderation.storage import duty
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


@pytest.fixture
async def team(town: Town) -> AsyncIterator[Town]:
    """A town with a second counselor; the bot is at work."""
    li = town.world.add_user("李咨询")
    town.world.start(li)
    async with town.bot_running(counselors=[town.counselor.id, li.id]):
        for one in (town.counselor, li):
            await says(town, one, "/oncall")
        yield town


def li_of(town: Town) -> User:
    """The second counselor."""
    return next(user for user in town.world.users.values() if user.name == "李咨询")


async def says(town: Town, who: User, text: str) -> str:
    """Somebody writes to the bot in private; its answer."""
    town.world.say(town.world.private(who), who, text)
    await town.settled()
    return town.said_to(who)[-1]


async def presses(town: Town, who: User, button: str) -> str:
    """Somebody presses a button of the last message that has it; what she is told."""
    message = [m for m in town.from_bot(who) if button in str(m.buttons)][-1]
    query = town.world.tap(who, message, button)
    await town.settled()
    assert query.answer is not None
    return query.answer.text


def swap_question(town: Town, who: User) -> Message:
    """The question which turn."""
    return [m for m in town.from_bot(who) if m.text == words_duty.SWAP_WHICH][-1]


async def test_without_a_rota_it_says_that_all_are_called(team: Town) -> None:
    said = await says(team, team.counselor, "/oncall")
    assert said.startswith(words_duty.ONCALL_ALWAYS)
    assert words_duty.ONCALL_HOW.splitlines()[0] in said


async def test_only_those_on_duty_are_called_first(team: Town) -> None:
    assert await says(team, team.counselor, "/oncall 班 每天 00:00-24:00") == words_duty.KEPT_SHIFT
    said = await says(team, li_of(team), "/oncall")
    assert said.startswith(words_duty.ONCALL_NOW.format(who="沈咨询"))
    team.world.say(team.group, team.lan, GOODBYE)
    await team.settled()
    assert team.calls_to(team.counselor) == 1
    assert team.calls_to(li_of(team)) == 0


async def test_a_turn_is_swapped_in_four_taps_and_the_other_is_called(team: Town) -> None:
    li = li_of(team)
    await says(team, team.counselor, "/oncall 班 每天 00:00-24:00")
    await says(team, team.counselor, "/oncall")
    await presses(team, team.counselor, words_duty.BUTTON_SWAP)
    turn = swap_question(team, team.counselor).buttons[0][0]["text"]
    said = await presses(team, team.counselor, turn)
    assert said == words_duty.SWAP_ASKED
    assert (await presses(team, li, words_duty.BUTTON_I_COVER)).startswith("谢谢。这一班是你的了")
    assert team.said_to(team.counselor)[-1].startswith("李咨询 替你")
    again = await presses(team, li, words_duty.BUTTON_I_COVER)
    assert again == words_duty.SWAP_TAKEN
    team.world.say(team.group, team.lan, GOODBYE)
    await team.settled()
    assert (team.calls_to(team.counselor), team.calls_to(li)) == (0, 1)


async def test_quiet_hours_let_one_sleep_and_leave_lets_one_be_away(team: Town) -> None:
    li = li_of(team)
    said = await says(team, li, "/oncall 安静 00:00-23:59")
    assert said == words_duty.KEPT_QUIET.format(hours="00:00–23:59")
    await says(team, team.counselor, "/oncall 假 2026-01-01 2030-01-01")
    team.world.say(team.group, team.lan, GOODBYE)
    await team.settled()
    assert (team.calls_to(team.counselor), team.calls_to(li)) == (0, 1)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("/oncall 班 周八 20:00-08:00", words_duty.WANT_DAYS),
        ("/oncall 班 周一 8点", words_duty.WANT_HOURS),
        ("/oncall 假 明天", words_duty.WANT_DATES),
        ("/oncall 假 2026-12-05 2026-12-01", words_duty.DATES_TURNED),
        ("/oncall 睡觉", words_duty.WANT_WORD),
    ],
)
async def test_what_cannot_be_read_is_answered_with_how_to_write_it(
    team: Town, text: str, wanted: str
) -> None:
    said = await says(team, team.counselor, text)
    assert said.startswith("没看懂")
    assert said.endswith(wanted)


async def test_only_owners_set_holidays_and_others_shifts(team: Town) -> None:
    team.world.start(team.admin)
    li = li_of(team)
    assert await says(team, li, "/oncall 节 2027-01-01") == words_duty.ONCALL_OWNERS_ONLY
    other = f"/oncall {team.counselor.id} 班 周末 08:00-20:00"
    assert await says(team, li, other) == words_duty.ONCALL_OWNERS_ONLY
    assert await says(team, team.admin, other) == words_duty.KEPT_SHIFT
    said = await says(team, team.admin, "/oncall 节 2027-01-01")
    assert said == words_duty.KEPT_HOLIDAY.format(day="2027-01-01")
    shown = await says(team, li, "/oncall")
    assert "沈咨询　周六、周日　08:00–20:00" in shown
    assert "2027-01-01" in shown


async def test_a_member_sees_nothing_of_the_rota(team: Town) -> None:
    assert await says(team, team.lan, "/oncall") == words_duty.ONCALL_NOT_YOURS
    query = team.world.tap_data(team.lan, team.from_bot(team.lan)[-1], "o:veil:1")
    await team.settled()
    assert query.answer is not None
    assert query.answer.text == words.NOT_FOR_YOU


async def test_members_words_can_be_veiled_for_one_and_open_for_others(team: Town) -> None:
    await says(team, team.counselor, "/oncall")
    assert await presses(team, team.counselor, words_duty.BUTTON_VEIL) == words_duty.ONCALL_VEILED
    team.world.say(team.group, team.lan, GOODBYE)
    await team.settled()

    def veiled(who: User) -> bool:
        return "spoiler" in {entity["type"] for entity in team.cards(who)[-1].entities}

    assert veiled(team.counselor)
    assert not veiled(li_of(team))


async def test_the_rota_outlives_a_restart(town: Town) -> None:
    async with town.bot_running():
        await says(town, town.counselor, "/oncall 班 周一到周五 20:00-08:00")
    async with town.bot_running() as qunhu, qunhu.services.database.reading() as tx:
        rota = await duty.rota(tx, qunhu.services.alerts.calls.zone)
        assert [shift.user_id for shift in rota.shifts] == [town.counselor.id]
