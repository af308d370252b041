"""What taps on cards do, for whom, and in which order."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot import words
from bot.alerting.escalation import call_again
from bot.simulator import Message
from bot.simulator.records import CallbackQuery
from bot.words import duty as words_duty
from moderation.cases import Move
from moderation.storage import audit
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


async def alarmed(town: Town, text: str = GOODBYE) -> Message:
    """A card in the moderators' chat."""
    town.world.say(town.group, town.lan, text)
    await town.settled()
    return town.cards(town.moderators)[0]


def told(query: CallbackQuery) -> str:
    """What the tapper was told."""
    assert query.answer is not None
    return query.answer.text


async def test_claiming_a_case_shows_on_every_card_who_has_it(town: Town) -> None:
    async with town.bot_running():
        card = await alarmed(town)
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        for place in (town.moderators, town.counselor):
            assert "管理员小何 接了" in (town.cards(place)[0].text or "")


async def test_the_member_hears_that_somebody_comes(town: Town) -> None:
    async with town.bot_running():
        card = await alarmed(town)
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        assert words.HUMAN_TAKEN.format(who="管理员小何") in town.said_to(town.lan)


async def test_second_moderator_cannot_claim_a_claimed_case(town: Town) -> None:
    async with town.bot_running():
        card = await alarmed(town)
        first = town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.CLAIM])
        second = town.world.tap(town.admin, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        assert told(first) == words.MOVE_DONE[Move.CLAIM]
        assert "管理员小何" in told(second)


async def test_a_second_tap_takes_the_first_one_back(town: Town) -> None:
    async with town.bot_running():
        card = await alarmed(town)
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.DISMISS])
        await town.settled()
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.UNDO])
        await town.settled()
        assert "还没有人接" in (town.cards(town.moderators)[-1].text or "")


async def test_a_member_cannot_move_a_case_with_a_forged_button(town: Town) -> None:
    async with town.bot_running():
        await alarmed(town)
        town.world.say(town.world.private(town.mei), town.mei, "/help")
        await town.settled()
        query = town.world.tap_data(town.mei, town.from_bot(town.mei)[-1], "m:1:dismiss")
        await town.settled()
        assert told(query) == words.NOT_FOR_YOU
        assert "还没有人接" in (town.cards(town.moderators)[0].text or "")


async def test_rubbish_in_a_button_does_nothing(town: Town) -> None:
    async with town.bot_running() as qunhu:
        card = await alarmed(town)
        for data in ("", "m", "m:1", "m:x:claim", "m:1:fly", "d:1:999", "h:-1", "p:../x", "::::"):
            query = town.world.tap_data(town.moderator, card, data or " ")
            await town.settled()
            assert told(query) in {words.OLD_BUTTON, words.PAGE_GONE}, data
        assert qunhu.queue.idle
        assert "还没有人接" in (card.text or "")


async def test_deleting_removes_the_members_message(town: Town) -> None:
    async with town.bot_running():
        town.world.set_bot(town.group, "administrator")
        message = town.world.say(town.group, town.lan, "贺医生没有执照")
        await town.settled()
        town.world.tap(
            town.moderator, town.cards(town.moderators)[0], words_duty.BUTTON_ACT["delete"]
        )
        await town.settled()
        assert message.deleted


async def test_a_message_that_cannot_be_deleted_is_said_to_the_moderators(town: Town) -> None:
    async with town.bot_running():
        town.world.set_bot(town.group, "administrator")
        message = town.world.say(town.group, town.lan, "贺医生没有执照")
        await town.settled()
        town.world.delete(message)
        town.world.tap(
            town.moderator, town.cards(town.moderators)[0], words_duty.BUTTON_ACT["delete"]
        )
        await town.settled()
        assert any("没删成" in text for text in town.said_to(town.moderators))


async def test_a_members_own_case_is_not_hers_to_hand_on(town: Town) -> None:
    async with town.bot_running():
        await alarmed(town)
        word = town.from_bot(town.lan)[-1]
        town.world.start(town.mei)
        await town.settled()
        query = town.world.tap_data(town.mei, town.from_bot(town.mei)[-1], "h:1")
        await town.settled()
        assert told(query) == words.OLD_BUTTON
        query = town.world.tap(town.lan, word, words.BUTTON_HUMAN)
        await town.settled()
        assert told(query) == words.HUMAN_CALLED


async def test_every_move_is_in_the_audit_and_the_chain_is_whole(town: Town) -> None:
    async with town.bot_running() as qunhu:
        card = await alarmed(town)
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        async with qunhu.services.database.reading() as tx:
            assert await audit.first_broken(tx) is None


async def test_a_call_nobody_answers_is_repeated_and_widened(town: Town) -> None:
    async with town.bot_running(ack_imminent_minutes=0.02):
        town.world.start(town.admin)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.world.wait_for(lambda: town.calls_to(town.moderators) >= 2, timeout=20)
        assert "第 2 次叫" in (town.cards(town.moderators)[-1].text or "")


async def test_a_claimed_case_is_not_called_again(town: Town) -> None:
    async with town.bot_running(ack_imminent_minutes=0.05):
        card = await alarmed(town)
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        assert town.bot is not None
        await call_again(town.bot.services)
        await town.settled()
        assert len(town.cards(town.moderators)) == 1


async def test_a_case_taken_back_is_called_again(town: Town) -> None:
    async with town.bot_running(ack_imminent_minutes=0.1) as qunhu:
        card = await alarmed(town)
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.UNDO])
        await town.settled()
        await asyncio.sleep(2)
        await call_again(qunhu.services)
        await town.settled()
        assert town.calls_to(town.moderators) >= 2


async def test_danger_after_contact_was_made_is_called_anew(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.alerting.alerts.PAUSE_HELD", timedelta())
    async with town.bot_running():
        card = await alarmed(town)
        for move in (Move.CLAIM, Move.CONTACT):
            town.world.tap(town.moderator, card, words.MOVE_BUTTON[move])
            await town.settled()
        town.world.say(town.group, town.lan, "还是今晚就走吧")
        await town.settled()
        assert town.calls_to(town.moderators) == 2
        assert town.calls_to(town.counselor) == 2


async def test_no_button_that_the_bot_shows_is_dead(town: Town) -> None:
    async with town.bot_running():
        town.world.set_bot(town.group, "administrator")
        await alarmed(town)
        town.world.say(town.world.private(town.lan), town.lan, "/sos")
        town.world.say(town.world.private(town.mei), town.mei, "/help")
        await town.settled()
        for who in (town.lan, town.mei, town.counselor):
            for message in town.from_bot(who):
                for button in [b for row in message.buttons for b in row if "callback_data" in b]:
                    query = town.world.tap_data(who, message, button["callback_data"])
                    await town.settled()
                    assert told(query) != words.OLD_BUTTON, button


@pytest.mark.parametrize("number", ["²", "99999999999999999999999", "-1", "１"])
async def test_odd_numbers_in_a_forged_button_do_nothing(town: Town, number: str) -> None:
    async with town.bot_running():
        card = await alarmed(town)
        query = town.world.tap_data(town.moderator, card, f"m:{number}:claim")
        await town.settled()
        assert told(query) == words.OLD_BUTTON


async def test_staff_can_act_after_the_moderators_chat_has_moved(town: Town) -> None:
    old = town.world.add_group("管理群", kind="group", members=[town.moderator])
    async with town.bot_running(moderator_chat=old.id):
        new = town.world.migrate(old)
        await town.settled()
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        query = town.world.tap(town.moderator, town.cards(new)[0], words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        assert told(query) == words.MOVE_DONE[Move.CLAIM]
    async with town.bot_running(moderator_chat=old.id) as qunhu:
        assert qunhu.services.alerts.calls.moderator_chat == new.id
