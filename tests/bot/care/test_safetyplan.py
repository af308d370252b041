"""The safety plan: at her pace, in her chat, kept, shared and erased only as she says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import words
from bot.care import plantext
from bot.care.plantext import STEPS, SafetyPlan
from bot.clockwork import note_places
from bot.simulator import Message
from bot.simulator.records import CallbackQuery
from bot.words import care
from moderation.cases import Move
from moderation.storage import safetyplans
from tests.bot.town import Town

ANSWERS = ["晚上一直刷照片", "给猫梳毛", "楼下便利店的阿姨", "姐姐 138", "沈咨询", "药交给姐姐"]


def told(query: CallbackQuery) -> str:
    """What the tapper was told."""
    assert query.answer is not None
    return query.answer.text


def newest(town: Town) -> Message:
    """The bot's last message in her chat."""
    return town.from_bot(town.lan)[-1]


async def say(town: Town, text: str, reply_to: Message | None = None) -> None:
    """She writes in private."""
    town.world.say(town.world.private(town.lan), town.lan, text, reply_to=reply_to)
    await town.settled()


async def tap(town: Town, message: Message, button: str) -> str:
    """She taps; what she is told."""
    query = town.world.tap(town.lan, message, button)
    await town.settled()
    return told(query)


async def begun(town: Town) -> Message:
    """The first question."""
    await say(town, "/safetyplan")
    await tap(town, newest(town), care.SAFETY_BEGIN)
    return newest(town)


async def written(town: Town) -> Message:
    """A whole plan."""
    await begun(town)
    for text in ANSWERS:
        await say(town, text, newest(town))
    assert town.bot is not None
    await note_places(town.bot.services)
    return newest(town)


async def stored(town: Town) -> safetyplans.Kept | None:
    """What the bot remembers."""
    assert town.bot is not None
    async with town.bot.services.database.reading() as tx:
        return await safetyplans.kept_for(tx, town.lan.id)


async def test_six_answers_become_one_message_in_her_chat(town: Town) -> None:
    async with town.bot_running():
        plan = await written(town)
        text = plan.text or ""
        assert all(answer in text for answer in ANSWERS)
        assert all(title in text for title in care.SAFETY_STEP)
        assert care.SAFETY_FOOT in text
        assert sum(care.SAFETY_TITLE in one for one in town.said_to(town.lan)) == 1


async def test_only_its_place_is_remembered_unless_she_asks(town: Town) -> None:
    async with town.bot_running():
        plan = await written(town)
        assert await stored(town) == safetyplans.Kept(plan.id, None)
        assert await tap(town, plan, care.SAFETY_BUTTON["keep"]) == care.SAFETY_KEPT
        kept = await stored(town)
        assert kept is not None
        assert kept.text == plan.text


async def test_she_can_stop_skip_and_go_on_days_later_after_a_restart(town: Town) -> None:
    async with town.bot_running():
        first = await begun(town)
        await say(town, "跳过", first)
        await say(town, "给猫梳毛", newest(town))
        question = newest(town)
    async with town.bot_running():
        await say(town, "今天天气不错")
        await say(town, "便利店", question)
        await say(town, "停", newest(town))
        plan = newest(town)
        assert "给猫梳毛" in (plan.text or "")
        assert "便利店" in (plan.text or "")
        await tap(town, plan, care.SAFETY_BUTTON["go"])
        assert plantext.asked(newest(town).text or "") == 0


async def test_changing_a_step_changes_the_message_that_holds_the_plan(town: Town) -> None:
    async with town.bot_running():
        plan = await written(town)
        await tap(town, plan, care.SAFETY_BUTTON["pick"])
        await tap(town, plan, care.SAFETY_STEP[1])
        await say(town, "去楼下走一圈", newest(town))
        assert "去楼下走一圈" in (plan.text or "")
        assert "给猫梳毛" not in (plan.text or "")
        assert newest(town).reply_to is plan


async def test_at_three_in_the_morning_the_command_leads_to_it(town: Town) -> None:
    async with town.bot_running():
        plan = await written(town)
        await say(town, "/safetyplan")
        assert newest(town).reply_to is plan
        assert newest(town).buttons[0][0]["text"] == words.BUTTON_HUMAN


async def test_a_plan_deleted_from_the_chat_comes_back_only_if_it_was_kept(town: Town) -> None:
    async with town.bot_running() as qunhu:
        plan = await written(town)
        town.world.delete(plan)
        await say(town, "/safetyplan")
        assert newest(town).text == care.SAFETY_GONE
        async with qunhu.services.database.transaction() as tx:
            await safetyplans.keep(tx, town.lan.id, plantext.write(SafetyPlan(tuple(ANSWERS))))
        await say(town, "/safetyplan")
        assert "给猫梳毛" in (newest(town).text or "")


async def test_nobody_sees_it_until_she_says_so_twice(town: Town) -> None:
    async with town.bot_running():
        plan = await written(town)
        asked = await tap(town, plan, care.SAFETY_BUTTON["share"])
        assert asked == care.SAFETY_SHARE_ASK.format(holder=words.THIS_COUNSELOR)
        assert not any("给猫梳毛" in text for text in town.said_to(town.counselor))
        await tap(town, plan, care.SAFETY_SHARE_YES)
        assert any("给猫梳毛" in text for text in town.said_to(town.counselor))
        assert not any("给猫梳毛" in text for text in town.said_to(town.moderators))


async def test_it_goes_to_the_one_who_was_with_her(town: Town) -> None:
    other = town.world.add_user("另一位")
    town.world.start(other)
    async with town.bot_running(counselors=[other.id, town.counselor.id]):
        town.world.say(town.group, town.lan, "谢谢大家，今晚就走")
        await town.settled()
        card = town.cards(town.counselor)[0]
        town.world.tap(town.counselor, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        plan = await written(town)
        await tap(town, plan, care.SAFETY_BUTTON["share"])
        await tap(town, plan, care.SAFETY_SHARE_YES)
        assert any("给猫梳毛" in text for text in town.said_to(town.counselor))
        assert not any("给猫梳毛" in text for text in town.said_to(other))


async def test_erased_means_that_nothing_is_left_here(town: Town) -> None:
    async with town.bot_running():
        plan = await written(town)
        await tap(town, plan, care.SAFETY_BUTTON["keep"])
        await tap(town, plan, care.SAFETY_BUTTON["erase"])
        await tap(town, plan, care.SAFETY_ERASE_YES)
        assert plan.text == care.SAFETY_ERASED
        assert await stored(town) is None
        assert town.bot is not None
        await note_places(town.bot.services)
        assert await stored(town) is None


async def test_pinning_is_one_tap(town: Town) -> None:
    async with town.bot_running():
        plan = await written(town)
        assert await tap(town, plan, care.SAFETY_BUTTON["pin"]) == care.SAFETY_PINNED
        assert plan.chat.pinned == [plan.id]


async def test_a_sad_answer_alarms_nobody_an_act_under_way_does(town: Town) -> None:
    async with town.bot_running():
        first = await begun(town)
        await say(town, "会觉得不想活了", first)
        assert not town.cards(town.counselor)
        await say(town, "不写了吧，今晚就走", newest(town))
        assert len(town.cards(town.counselor)) == 1


async def test_too_long_an_answer_is_said_and_the_question_stays(town: Town) -> None:
    async with town.bot_running():
        first = await begun(town)
        await say(town, "长" * 500, first)
        assert newest(town).text == care.SAFETY_TOO_LONG.format(most=plantext.MOST)
        await say(town, "短", first)
        assert plantext.asked(newest(town).text or "") == 1


async def test_in_a_group_there_is_only_a_door(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "/safetyplan")
        await town.settled()
        (door,) = town.from_bot(town.group)
        assert door.text == care.SAFETY_IN_GROUP
        town.world.follow(town.lan, door, 0)
        await town.settled()
        assert newest(town).text == care.SAFETY_INTRO


@pytest.mark.parametrize("data", ["sp:fly", "sp", "sp:s9", "sp:share-yes", "sp:erase-yes:1", "sp:"])
async def test_forged_buttons_do_nothing(town: Town, data: str) -> None:
    async with town.bot_running():
        await say(town, "/help")
        query = town.world.tap_data(town.lan, newest(town), data)
        await town.settled()
        assert told(query) == words.OLD_BUTTON
        assert await stored(town) is None


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60)
NASTY = st.sampled_from([*care.SAFETY_STEP, care.SAFETY_RULE, care.SAFETY_TITLE, care.SAFETY_FOOT])


@given(st.lists(TEXT | NASTY, min_size=STEPS, max_size=STEPS), st.integers(0, STEPS - 1))
def test_whatever_is_written_is_read_back(answers: list[str], step: int) -> None:
    plan = SafetyPlan()
    for number, text in enumerate(answers):
        plan = plan.with_answer(number, text)
    assert plantext.read(plantext.write(plan)) == plan
    assert plantext.read(plantext.ask(plan, step)) == plan
    assert plantext.asked(plantext.ask(plan, step)) == step
    assert plantext.read("随便说点什么") is None


def test_the_longest_plan_fits_into_one_message() -> None:
    plan = SafetyPlan(("😀" * (plantext.MOST // 2),) * STEPS)
    assert len(plantext.ask(plan, 5).encode("utf-16-le")) // 2 <= 4096


@pytest.mark.parametrize("text", [*care.SAFETY_ASK, *care.SAFETY_STEP, care.SAFETY_INTRO])
def test_the_form_names_no_methods_and_promises_no_contract(text: str) -> None:
    assert not any(
        word in text for word in ("刀", "药", "绳", "跳", "楼顶", "承诺", "保证", "必须")
    )
