"""The statement helper: five questions in private, a factual text, and the risky message withdrawn."""

from __future__ import annotations

import pytest

from bot import words
from bot.simulator import Message
from bot.staff.statement import text_of
from bot.words import duty as words_duty
from bot.words import member as words_member
from tests.bot.town import Town

ANSWERS = (
    "2026 年 9 月 3 号",
    "市里一家医美机构",
    "做了鼻综合，主刀姓贺",
    "第五天开始发热，我去了三次，只让我多喝水",
    "合同、收据、出院小结、九张照片",
)


async def asked(town: Town) -> Message:
    """小岚's form is open; her accusation stands in the group."""
    town.world.set_bot(town.group, "administrator")
    said = town.world.say(town.group, town.lan, "贺医生没有执照")
    await town.settled()
    town.world.tap(town.moderator, town.cards(town.moderators)[-1], words_duty.BUTTON_ACT["remind"])
    await town.settled()
    note = town.from_bot(town.lan)[-1]
    town.world.tap(town.lan, note, words_member.BUTTON_STATEMENT)
    await town.settled()
    return said


async def answered(town: Town, text: str) -> str:
    """小岚 writes in private; what she reads last."""
    town.world.say(town.world.private(town.lan), town.lan, text)
    await town.settled()
    return town.said_to(town.lan)[-1]


async def pressed(town: Town, button: str) -> str:
    """小岚 presses a button of the last message that has it; what she reads last."""
    message = [m for m in town.from_bot(town.lan) if button in str(m.buttons)][-1]
    town.world.tap(town.lan, message, button)
    await town.settled()
    return town.said_to(town.lan)[-1]


async def test_five_answers_become_a_text_and_the_risky_message_can_be_withdrawn(
    town: Town,
) -> None:
    async with town.bot_running():
        risky = await asked(town)
        for answer in ANSWERS:
            await answered(town, answer)
        done, text, offer = town.said_to(town.lan)[-3:]
        assert done == words_member.STATEMENT_DONE
        assert [line for line in text.splitlines() if "：" in line] == [
            f"{label}：{answer}"
            for label, answer in zip(words_member.STATEMENT_LABELS.values(), ANSWERS, strict=True)
        ]
        assert offer == words_member.STATEMENT_WITHDRAW
        await pressed(town, words_member.BUTTON_WITHDRAW)
        assert risky.deleted


async def test_an_answer_that_draws_conclusions_is_asked_about_once_and_then_hers(
    town: Town,
) -> None:
    async with town.bot_running():
        await asked(town)
        for _ in range(3):
            await pressed(town, words_member.BUTTON_SKIP)
        said = await answered(town, "他根本没有执照")
        assert said == words_member.STATEMENT_RISKY.format(answer="他根本没有执照")
        assert (
            await answered(town, "我问他要证件看，他没有给") == words_member.STATEMENT_STEPS["have"]
        )
        await pressed(town, words_member.BUTTON_BACK_STEP)
        await answered(town, "他根本没有执照")
        assert await pressed(town, words_member.BUTTON_KEEP) == words_member.STATEMENT_STEPS["have"]


async def test_it_can_be_left_and_gone_on_with_and_survives_a_restart(town: Town) -> None:
    async with town.bot_running():
        await asked(town)
        await answered(town, ANSWERS[0])
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/statement")
        await town.settled()
        assert town.said_to(town.lan)[-1] == words_member.STATEMENT_STEPS["where"]
        await answered(town, ANSWERS[1])
        assert await pressed(town, words_member.BUTTON_STOP) == words_member.STATEMENT_STOPPED
        assert ANSWERS[1] not in await answered(town, "在吗")


async def test_danger_in_an_answer_is_danger(town: Town) -> None:
    async with town.bot_running():
        await asked(town)
        said = await answered(town, "谢谢大家，今晚就走")
        assert said in words.TO_IMMINENT.values()
        assert town.cards(town.counselor)
        town.world.say(town.world.private(town.lan), town.lan, "/statement")
        await town.settled()
        assert words_member.STATEMENT_STEPS["when"] in town.said_to(town.lan)[-1]


async def test_nothing_answered_makes_no_text(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/statement")
        await town.settled()
        for _ in range(5):
            said = await pressed(town, words_member.BUTTON_SKIP)
        assert said.startswith(words_member.STATEMENT_EMPTY)


async def test_another_cannot_withdraw_somebodys_message(town: Town) -> None:
    async with town.bot_running():
        risky = await asked(town)
        town.world.start(town.mei)
        await town.settled()
        query = town.world.tap_data(
            town.mei, town.from_bot(town.mei)[-1], f"fo:withdraw:1:{risky.id}"
        )
        await town.settled()
        assert query.answer is not None
        assert query.answer.text == words.OLD_BUTTON
        assert not risky.deleted


@pytest.mark.parametrize("missing", list(words_member.STATEMENT_STEPS))
def test_a_question_that_was_skipped_leaves_no_line(missing: str) -> None:
    answers = dict(zip(words_member.STATEMENT_STEPS, ANSWERS, strict=True))
    del answers[missing]
    text = text_of(answers)
    assert words_member.STATEMENT_LABELS[missing] not in text
    assert len(text.splitlines()) == len(answers) + 2
