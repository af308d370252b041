"""A group that the bot does not watch any more: those who answer for it hear it once."""

from __future__ import annotations

from bot import words
from bot.simulator import Chat, User
from bot.words import duty as words_duty
from moderation.storage import group_settings
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"
GROUP = "鼻修复互助群"
GONE = words_duty.GONE_FROM_GROUP.format(chat=GROUP)
BLIND = words_duty.BLIND_IN_GROUP.format(chat=GROUP)


def lost(town: Town, where: Chat | User) -> list[str]:
    """What was said there of groups that nobody watches."""
    marks = ("没有我了", "看不到大家说的话")
    return [text for text in town.said_to(where) if any(mark in text for mark in marks)]


async def test_removed_it_tells_moderators_and_owners_once_and_the_group_nothing(
    town: Town,
) -> None:
    town.world.start(town.admin)
    async with town.bot_running():
        town.world.set_bot(town.group, "kicked")
        await town.settled()
        assert lost(town, town.moderators) == [GONE]
        assert lost(town, town.admin) == [GONE]
        assert lost(town, town.counselor) == []
        assert town.said_to(town.group) == []


async def test_one_who_leaves_and_is_then_banned_is_gone_only_once(town: Town) -> None:
    async with town.bot_running():
        town.world.set_bot(town.group, "left")
        town.world.set_bot(town.group, "kicked")
        await town.settled()
        assert lost(town, town.moderators) == [GONE]


async def test_coming_back_needs_no_word_and_the_next_removal_is_told_again(town: Town) -> None:
    async with town.bot_running():
        town.world.set_bot(town.group, "kicked")
        town.world.set_bot(town.group, "administrator")
        await town.settled()
        assert lost(town, town.moderators) == [GONE]
        town.world.set_bot(town.group, "kicked")
        await town.settled()
        assert lost(town, town.moderators) == [GONE, GONE]


async def test_open_crises_of_the_group_stand_in_the_same_line(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        town.world.set_bot(town.group, "kicked")
        await town.settled()
        assert lost(town, town.moderators) == [GONE + words_duty.CRISES_LEFT.format(count=1)]


async def test_a_group_with_moderators_of_its_own_is_told_to_them(town: Town) -> None:
    own = town.world.add_group("鼻修复管理", members=[town.mei])
    async with town.bot_running() as qunhu:
        async with qunhu.services.database.transaction() as tx:
            await group_settings.change(tx, town.group.id, moderators=own.id)
        town.world.set_bot(town.group, "kicked")
        await town.settled()
        assert lost(town, own) == [GONE]
        assert lost(town, town.moderators) == []


async def test_without_moderators_and_owners_the_counselors_hear_it(town: Town) -> None:
    other = town.world.add_group("另一个群", members=[town.mei])
    async with town.bot_running(owners=[]) as qunhu:
        qunhu.services.alerts.calls.moderator_chat = None
        town.world.set_bot(other, "kicked")
        await town.settled()
        assert lost(town, town.counselor) == [words_duty.GONE_FROM_GROUP.format(chat="另一个群")]


async def test_no_admin_any_more_it_says_that_it_sees_nothing_to_others_than_who_did_it(
    town: Town,
) -> None:
    town.world.start(town.admin)
    async with town.bot_running():
        town.world.set_bot(town.group, "member", by=town.admin)
        town.world.set_bot(town.group, "restricted", by=town.admin)
        await town.settled()
        assert lost(town, town.moderators) == [BLIND]
        assert lost(town, town.admin) == []
        assert words.RIGHTS_MISSING.format(chat=GROUP) in town.said_to(town.admin)


async def test_where_a_plain_member_reads_all_nothing_is_lost(town: Town) -> None:
    town.world.can_read_all_group_messages = True
    async with town.bot_running():
        town.world.set_bot(town.group, "member")
        await town.settled()
        assert lost(town, town.moderators) == []
        town.world.set_bot(town.group, "kicked")
        await town.settled()
        assert lost(town, town.moderators) == [GONE]


async def test_without_the_right_to_delete_it_still_watches(town: Town) -> None:
    async with town.bot_running():
        town.world.set_bot(town.group, "administrator", can_delete_messages=False)
        await town.settled()
        assert lost(town, town.moderators) == []


async def test_removed_from_the_moderators_chat_it_tells_the_owners(town: Town) -> None:
    town.world.start(town.admin)
    async with town.bot_running():
        town.world.set_bot(town.moderators, "kicked")
        await town.settled()
        title = town.moderators.title or ""
        assert lost(town, town.admin) == [words_duty.GONE_FROM_STAFF.format(chat=title)]


async def test_a_title_acts_nowhere(town: Town) -> None:
    town.world.start(town.admin)
    town.world.set_title(town.group, "<b>@evil_stranger /evil")
    async with town.bot_running():
        town.world.set_bot(town.group, "administrator", can_delete_messages=False, by=town.admin)
        town.world.set_bot(town.group, "kicked")
        await town.settled()
        told = [*town.from_bot(town.admin), *town.from_bot(town.moderators)]
        about = [one for one in told if "evil_stranger" in (one.text or "")]
        assert len(about) == 3
        for message in about:
            assert "<b>" in (message.text or "")
            assert message.entities == []
