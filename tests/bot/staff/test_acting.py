"""What a moderator does towards a member by a button, and how it is taken back."""

from __future__ import annotations

from bot import words
from bot.simulator import Message
from bot.simulator.records import CallbackQuery
from bot.words import duty as words_duty
from bot.words import member as words_member
from moderation.storage import people
from tests.bot.town import Town

ACCUSATION = "贺医生没有执照"
GOODBYE = "谢谢大家，今晚就走"
BUTTON = words_duty.BUTTON_ACT
PLAIN = words_member.REMIND_PLAIN
REMINDERS = {text.format(phrase=PLAIN) for text in words_member.REMIND.values()}


async def accused(town: Town, text: str = ACCUSATION) -> tuple[Message, Message]:
    """小岚's message, and the card about it in the moderators' chat."""
    town.world.set_bot(town.group, "administrator")
    said = town.world.say(town.group, town.lan, text)
    await town.settled()
    return said, town.cards(town.moderators)[-1]


async def tapped(town: Town, card: Message, button: str) -> CallbackQuery:
    """The moderator taps, and all that follows happens."""
    query = town.world.tap(town.moderator, card, button)
    await town.settled()
    return query


def told(query: CallbackQuery) -> str:
    """What the tapper was told."""
    assert query.answer is not None
    return query.answer.text


def undo(kind: str) -> str:
    """The button that takes an act back."""
    return words_duty.BUTTON_UNDO_ACT.format(what=words_duty.DID[kind])


async def test_an_accuser_is_told_how_to_say_it_and_the_card_says_who_did_it(town: Town) -> None:
    async with town.bot_running():
        _, card = await accused(town)
        query = await tapped(town, card, BUTTON["remind"])
        assert told(query) == words_duty.ACT_DONE["remind"]
        note = town.from_bot(town.lan)[-1]
        buttons = [button["text"] for row in note.buttons for button in row]
        assert note.text in REMINDERS
        assert buttons == [
            words_member.BUTTON_STATEMENT,
            words_member.BUTTON_WITHDRAW,
            words_member.BUTTON_APPEAL,
        ]
        assert "管理员小何：提醒陈述方式" in (town.cards(town.moderators)[-1].text or "")


async def test_the_second_of_two_moderators_is_told_who_was_faster(town: Town) -> None:
    async with town.bot_running():
        _, card = await accused(town)
        first = town.world.tap(town.moderator, card, BUTTON["remind"])
        second = town.world.tap(town.admin, card, BUTTON["remind"])
        await town.settled()
        assert told(first) == words_duty.ACT_DONE["remind"]
        what = words_duty.DID["remind"]
        assert told(second) == words_duty.ACT_TWICE.format(who="管理员小何", what=what)
        assert len([t for t in town.said_to(town.lan) if t in REMINDERS]) == 1


async def test_what_has_not_gone_out_yet_is_held_back_in_one_tap(town: Town) -> None:
    async with town.bot_running(take_back_seconds=30):
        _, card = await accused(town)
        before = town.said_to(town.lan)
        query = town.world.tap(town.moderator, card, BUTTON["remind"])
        await town.world.wait_for(lambda: query.answer, 20)
        await town.world.wait_for(lambda: undo("remind") in str(card.buttons), 20)
        await tapped(town, card, undo("remind"))
        assert town.said_to(town.lan) == before
        assert words_duty.UNDONE in (card.text or "")


async def test_a_note_that_went_out_is_taken_back_from_the_members_chat(town: Town) -> None:
    async with town.bot_running():
        _, card = await accused(town)
        before = town.said_to(town.lan)
        await tapped(town, card, BUTTON["remind"])
        assert len(town.said_to(town.lan)) == len(before) + 1
        query = await tapped(town, card, undo("remind"))
        assert told(query) == words_duty.ACT_RECALLED
        assert town.said_to(town.lan) == before


async def test_a_muted_member_hears_why_can_appeal_and_is_freed_by_undo(town: Town) -> None:
    async with town.bot_running():
        _, card = await accused(town)
        await tapped(town, card, BUTTON["mute"])
        member = town.group.members[town.lan.id]
        assert member.status == "restricted"
        assert words_member.MUTED in town.said_to(town.lan)
        query = await tapped(town, card, undo("mute"))
        assert told(query) == words_duty.ACT_UNMUTED
        assert town.group.members[town.lan.id].status == "member"
        assert words_member.UNMUTED in town.said_to(town.lan)


async def test_somebody_in_danger_is_never_muted(town: Town) -> None:
    async with town.bot_running():
        _, card = await accused(town)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        query = await tapped(town, card, BUTTON["mute"])
        assert told(query) == words_duty.NOT_IN_CRISIS
        assert town.group.members[town.lan.id].status == "member"


async def test_one_whose_message_was_deleted_is_told_so_kindly(town: Town) -> None:
    async with town.bot_running():
        message, card = await accused(town)
        await tapped(town, card, BUTTON["delete"])
        assert message.deleted
        assert words_member.DELETED in town.said_to(town.lan)
        query = await tapped(town, card, undo("delete"))
        assert told(query) == words_duty.ACT_GONE


async def test_one_who_cannot_be_written_to_finds_a_door_that_says_nothing(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.set_bot(town.group, "administrator")
        town.world.say(town.group, town.mei, ACCUSATION)
        await town.settled()
        card = town.cards(town.moderators)[-1]
        await tapped(town, card, BUTTON["remind"])
        door = town.from_bot(town.group)[-1]
        assert door.text == words_member.DOOR_NOTE.format(name="阿梅")
        async with qunhu.services.database.reading() as tx:
            assert await people.is_writable(tx, town.mei.id) is False
        link = door.buttons[0][0]["url"]
        town.world.start(town.mei, link.partition("start=")[2])
        await town.settled()
        assert town.said_to(town.mei)[-1] in REMINDERS


async def test_the_door_of_another_opens_nothing(town: Town) -> None:
    async with town.bot_running():
        town.world.set_bot(town.group, "administrator")
        town.world.say(town.group, town.mei, ACCUSATION)
        await town.settled()
        await tapped(town, town.cards(town.moderators)[-1], BUTTON["remind"])
        link = town.from_bot(town.group)[-1].buttons[0][0]["url"]
        town.world.start(town.admin, link.partition("start=")[2])
        await town.settled()
        assert town.said_to(town.admin)[-1] == words.START


async def test_counselors_get_what_a_moderator_sends_on(town: Town) -> None:
    async with town.bot_running():
        _, card = await accused(town)
        assert town.cards(town.counselor) == []
        await tapped(town, card, BUTTON["counselor"])
        assert ACCUSATION in (town.cards(town.counselor)[-1].text or "")


async def test_comfort_and_pages_are_sent_in_private(town: Town) -> None:
    async with town.bot_running():
        town.world.set_bot(town.group, "administrator")
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        card = town.cards(town.moderators)[-1]
        await tapped(town, card, BUTTON["comfort"])
        await tapped(town, card, BUTTON["pages"])
        said = town.said_to(town.lan)
        assert said[-2] in words_member.COMFORT.values()
        assert said[-1] == words_member.PAGES_INTRO


async def test_the_messages_around_one_are_shown_on_demand_and_never_stored(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, "今天拆线啦，晚上吃什么")
        _, card = await accused(town)
        town.world.say(town.group, town.mei, "先别急，慢慢说")
        await town.settled()
        await tapped(town, card, words_duty.BUTTON_CONTEXT)
        shown = town.said_to(town.moderators)[-1]
        assert "今天拆线啦" in shown
        assert "先别急" in shown
        files = [f.read_bytes() for f in town.folder.iterdir() if f.is_file()]
        assert all("今天拆线".encode() not in content for content in files)


async def test_after_a_restart_the_messages_around_are_gone_and_said_so(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, "今天拆线啦，晚上吃什么")
        _, card = await accused(town)
    async with town.bot_running():
        await tapped(town, card, words_duty.BUTTON_CONTEXT)
        assert town.said_to(town.moderators)[-1] == words_duty.CONTEXT_GONE


async def test_the_card_says_whether_the_private_word_arrived(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert "给 ta 的私信：送到了" in (town.cards(town.moderators)[-1].text or "")
        town.world.say(town.group, town.mei, GOODBYE)
        await town.settled()
        card = town.cards(town.moderators)[-1]
        assert words_duty.WORD_DOOR in (card.text or "")
        link = town.from_bot(town.group)[-1].buttons[0][0]["url"]
        town.world.start(town.mei, link.partition("start=")[2])
        await town.settled()
        assert "给 ta 的私信：送到了" in (card.text or "")
