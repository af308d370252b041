"""The bot's standing in groups: what it says, and what it knows after."""

from __future__ import annotations

from bot import words
from bot.simulator import Chat
from bot.words import duty as words_duty
from moderation.storage import casebook, chats
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


def new_group(town: Town, kind: str = "supergroup") -> Chat:
    """A group the bot is not in yet."""
    return town.world.add_group(
        "新群",
        kind=kind,  # type: ignore[arg-type]
        members=[town.lan, town.mei],
        owner=town.admin,
        bot_status=None,
    )


async def test_being_added_it_says_in_three_lines_what_it_reads_and_keeps(town: Town) -> None:
    group = new_group(town)
    async with town.bot_running():
        town.world.set_bot(group, "administrator")
        await town.settled()
        assert town.said_to(group) == [words.NOTICE]
        assert words.NOTICE.count("\n") == 2
        assert "/privacy" in words.NOTICE


async def test_added_without_rights_it_tells_the_admin_once_in_private(town: Town) -> None:
    group = new_group(town)
    town.world.start(town.admin)
    async with town.bot_running():
        town.world.set_bot(group, "member", by=town.admin)
        await town.settled()
        town.world.say(group, town.mei, "/help")
        await town.settled()
        told = [text for text in town.said_to(town.admin) if "还不是管理员" in text]
        assert told == [words.RIGHTS_MISSING.format(chat="新群")]


async def test_an_admin_it_cannot_write_to_is_told_in_the_group(town: Town) -> None:
    group = new_group(town)
    async with town.bot_running():
        town.world.set_bot(group, "member", by=town.mei)
        await town.settled()
        assert words.RIGHTS_MISSING.format(chat="新群") in town.said_to(group)


async def test_being_promoted_it_has_nothing_more_to_ask(town: Town) -> None:
    group = new_group(town)
    town.world.start(town.admin)
    async with town.bot_running() as qunhu:
        town.world.set_bot(group, "member", by=town.admin)
        town.world.set_bot(group, "administrator", by=town.admin)
        await town.settled()
        async with qunhu.services.database.reading() as tx:
            chat = await chats.get(tx, group.id)
        assert chat is not None
        assert chat.can_delete
        assert not chat.told_missing


async def test_without_the_right_to_delete_there_is_no_delete_button(town: Town) -> None:
    group = new_group(town)
    async with town.bot_running():
        town.world.set_bot(group, "administrator", can_delete_messages=False)
        await town.settled()
        town.world.say(group, town.mei, "贺医生没有执照")
        await town.settled()
        buttons = [b["text"] for row in town.cards(town.moderators)[0].buttons for b in row]
        assert words_duty.BUTTON_ACT["delete"] not in buttons


async def test_muted_it_says_so_in_private(town: Town) -> None:
    town.world.start(town.admin)
    async with town.bot_running():
        town.world.set_bot(town.group, "restricted", by=town.admin)
        await town.settled()
        assert words.MUTED.format(chat="鼻修复互助群") in town.said_to(town.admin)


async def test_removed_it_is_silent_and_knows_it(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.mei, "大家好")
        town.world.set_bot(town.group, "kicked")
        await town.settled()
        async with qunhu.services.database.reading() as tx:
            assert town.group.id not in {c.chat_id for c in await chats.all_present(tx)}
            assert await chats.spiral_state(tx, town.group.id) is None
        assert qunhu.services.recent.around(town.group.id, 1) == []


async def test_a_group_that_becomes_a_supergroup_keeps_its_cases(town: Town) -> None:
    group = town.world.add_group("老群", kind="group", members=[town.lan, town.mei])
    async with town.bot_running() as qunhu:
        town.world.say(group, town.lan, GOODBYE)
        await town.settled()
        moved = town.world.migrate(group)
        await town.settled()
        town.world.say(moved, town.lan, "今晚就走，别劝")
        await town.settled()
        assert len(town.cards(town.counselor)) == 1
        async with qunhu.services.database.reading() as tx:
            assert await chats.get(tx, group.id) is None
            chat = await chats.get(tx, moved.id)
        assert chat is not None
        assert chat.kind == "supergroup"


async def test_a_message_to_the_old_id_follows_the_group_to_its_new_one(town: Town) -> None:
    group = town.world.add_group("老群", kind="group", members=[town.mei])
    async with town.bot_running():
        town.world.say(group, town.mei, "大家好")
        await town.settled()
        town.world.faults.add("server_error", "sendMessage", chat_id=group.id, count=1)
        town.world.say(group, town.mei, "/help")
        moved = town.world.migrate(group)
        await town.settled()
        assert words.HELP_IN_GROUP in town.said_to(moved)


async def test_a_member_it_may_not_write_to_gets_a_door_in_the_group(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.mei, GOODBYE)
        await town.settled()
        (door,) = town.from_bot(town.group)
        assert door.reply_to is message
        assert GOODBYE not in (door.text or "")
        town.world.follow(town.mei, door, words.BUTTON_ALONE)
        await town.settled()
        assert any(t in words.TO_IMMINENT.values() for t in town.said_to(town.mei))


async def test_the_door_does_not_open_for_somebody_else(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, GOODBYE)
        await town.settled()
        (door,) = town.from_bot(town.group)
        town.world.follow(town.lan, door, words.BUTTON_ALONE)
        await town.settled()
        assert not any(t in words.TO_IMMINENT.values() for t in town.said_to(town.lan))


async def test_one_who_blocked_the_bot_gets_the_door_too(town: Town) -> None:
    town.world.block(town.lan)
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert len(town.from_bot(town.group)) == 1


async def test_a_counselor_who_never_started_the_bot_does_not_swallow_the_alert(
    town: Town,
) -> None:
    silent = town.world.add_user("新来的咨询师")
    async with town.bot_running(counselors=[silent.id]):
        town.world.say(town.group, town.lan, "真的不想活了")
        await town.settled()
        assert len(town.cards(town.moderators)) == 1
        assert any("/start" in text for text in town.said_to(town.moderators))


async def test_without_counselors_and_moderators_the_admins_are_called(town: Town) -> None:
    town.world.start(town.admin)
    async with town.bot_running(counselors=[], moderator_chat=-1009999999999):
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert len(town.cards(town.admin)) == 1


async def test_at_start_it_says_what_is_missing(town: Town) -> None:
    town.world.start(town.admin)
    async with town.bot_running(counselors=[]):
        await town.settled()
        assert any(words.GAP_COUNSELORS in text for text in town.said_to(town.admin))


async def test_cases_of_a_moved_group_keep_their_messages(town: Town) -> None:
    group = town.world.add_group("老群", kind="group", members=[town.lan])
    async with town.bot_running() as qunhu:
        message = town.world.say(group, town.lan, GOODBYE)
        await town.settled()
        moved = town.world.migrate(group)
        await town.settled()
        async with qunhu.services.database.reading() as tx:
            assert await casebook.of_message(tx, moved.id, -message.id)
