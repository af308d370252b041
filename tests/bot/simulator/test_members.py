"""Who is in a chat and what they may do, asked and changed by the bot."""

import pytest
from telegram import (
    Bot,
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberLeft,
    ChatMemberMember,
    ChatMemberOwner,
    ChatMemberRestricted,
    ChatPermissions,
)
from telegram.error import ChatMigrated, Forbidden

from bot.simulator import Chat, User, World

from .conftest import refused


async def test_a_group_tells_all_about_itself(bot: Bot, group: Chat) -> None:
    group.description = "互相帮忙"
    chat = await bot.get_chat(group.id)
    assert (chat.title, chat.description, chat.type) == ("互助群", "互相帮忙", "supergroup")
    assert chat.permissions
    assert chat.permissions.can_send_messages
    assert await bot.get_chat_member_count(group.id) == 3


async def test_a_person_seen_in_a_group_can_be_looked_up(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    assert (await bot.get_chat(rain.id)).first_name == "小雨"
    with refused("chat not found"):
        await bot.get_chat(world.add_user("没见过").id)


async def test_every_status_is_a_class_of_its_own(bot: Bot, world: World, group: Chat) -> None:
    admin, muted, banned, plain, stranger = (world.add_user(name) for name in "管禁踢普陌")
    for user in (admin, muted, banned, plain):
        world.join(group, user)
    world.promote(group, admin, title="值班")
    world.mute(group, muted, until=2_000_000_000)
    world.kick(group, banned)
    expected = [
        (world.owner(group), ChatMemberOwner),
        (admin, ChatMemberAdministrator),
        (muted, ChatMemberRestricted),
        (banned, ChatMemberBanned),
        (plain, ChatMemberMember),
        (stranger, ChatMemberLeft),
        (world.bot, ChatMemberAdministrator),
    ]
    for user, kind in expected:
        assert isinstance(await bot.get_chat_member(group.id, user.id), kind)
    with refused("PARTICIPANT_ID_INVALID"):
        await bot.get_chat_member(group.id, 42)


async def test_admins_are_listed_without_other_bots(bot: Bot, world: World, group: Chat) -> None:
    robot = world.add_user("别的机器人", is_bot=True)
    world.join(group, robot)
    world.promote(group, robot)
    admins = await bot.get_chat_administrators(group.id)
    assert {admin.user.id for admin in admins} == {world.owner(group).id, world.bot.id}


async def test_mute_and_unmute(bot: Bot, world: World, group: Chat, rain: User) -> None:
    await bot.restrict_chat_member(group.id, rain.id, ChatPermissions.no_permissions())
    with pytest.raises(Exception, match="禁言"):
        world.say(group, rain, "说不了")
    await bot.restrict_chat_member(group.id, rain.id, ChatPermissions.all_permissions())
    assert world.say(group, rain, "又能说了").text


async def test_ban_and_unban(bot: Bot, world: World, group: Chat, rain: User) -> None:
    await bot.ban_chat_member(group.id, rain.id)
    with pytest.raises(Exception, match="不在"):
        world.say(group, rain, "进不来")
    await bot.unban_chat_member(group.id, rain.id, only_if_banned=True)
    assert group.status(rain) == "left"
    world.join(group, rain)
    await bot.unban_chat_member(group.id, rain.id, only_if_banned=True)
    assert group.status(rain) == "member"


async def test_whom_the_bot_may_not_touch(bot: Bot, world: World, group: Chat, rain: User) -> None:
    admin = world.add_user("管理")
    world.join(group, admin)
    world.promote(group, admin)
    none = ChatPermissions.no_permissions()
    with refused("user is an administrator of the chat"):
        await bot.restrict_chat_member(group.id, admin.id, none)
    with refused("can't remove chat owner"):
        await bot.ban_chat_member(group.id, world.owner(group).id)
    with refused("can't restrict self"):
        await bot.ban_chat_member(group.id, bot.id)
    world.set_bot(group, "administrator", can_restrict_members=False)
    with refused("not enough rights to restrict/unrestrict chat member"):
        await bot.restrict_chat_member(group.id, rain.id, none)


async def test_a_channel_identity_is_banned_and_let_back(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    channel = world.add_channel("小雨的频道")
    world.say(group, rain, "以频道说", sender_chat=channel)
    await bot.ban_chat_sender_chat(group.id, channel.id)
    with pytest.raises(Exception, match="被封"):
        world.say(group, rain, "说不了", sender_chat=channel)
    await bot.unban_chat_sender_chat(group.id, channel.id)
    assert world.say(group, rain, "又能说了", sender_chat=channel).sender_chat is channel


async def test_promote_needs_the_right(bot: Bot, world: World, group: Chat, rain: User) -> None:
    with refused("not enough rights"):
        await bot.promote_chat_member(group.id, rain.id, can_pin_messages=True)
    world.set_bot(group, "administrator", can_promote_members=True)
    await bot.promote_chat_member(group.id, rain.id, can_pin_messages=True)
    member = await bot.get_chat_member(group.id, rain.id)
    assert isinstance(member, ChatMemberAdministrator)
    assert member.can_be_edited


async def test_join_requests(bot: Bot, world: World, group: Chat) -> None:
    first, second = world.add_user("甲"), world.add_user("乙")
    world.request_join(group, first)
    world.request_join(group, second)
    await bot.approve_chat_join_request(group.id, first.id)
    await bot.decline_chat_join_request(group.id, second.id)
    assert (group.status(first), group.status(second)) == ("member", "left")
    with refused("HIDE_REQUESTER_MISSING"):
        await bot.approve_chat_join_request(group.id, second.id)


async def test_basic_groups_cannot_mute(bot: Bot, world: World, rain: User) -> None:
    group = world.add_group("小群", kind="group", members=[rain])
    with refused("method is available only for supergroups"):
        await bot.restrict_chat_member(group.id, rain.id, ChatPermissions.no_permissions())


async def test_an_upgraded_group_names_its_new_id(bot: Bot, world: World, rain: User) -> None:
    old = world.add_group("小群", kind="group", members=[rain])
    new = world.migrate(old)
    with pytest.raises(ChatMigrated) as moved:
        await bot.send_message(old.id, "还在吗")
    assert moved.value.new_chat_id == new.id
    assert (await bot.send_message(new.id, "在")).chat.id == new.id


async def test_the_bot_leaves(bot: Bot, group: Chat) -> None:
    await bot.leave_chat(group.id)
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.get_chat(group.id)


async def test_titles_links_and_permissions(bot: Bot, world: World, group: Chat) -> None:
    with refused("not enough rights to change chat title"):
        await bot.set_chat_title(group.id, "新名")
    world.set_bot(group, "administrator", can_change_info=True)
    await bot.set_chat_title(group.id, "新名")
    await bot.set_chat_description(group.id, "说明")
    with refused("chat description is not modified"):
        await bot.set_chat_description(group.id, "说明")
    await bot.set_chat_permissions(group.id, ChatPermissions(can_send_messages=False))
    assert (group.title, group.description) == ("新名", "说明")
    assert not group.permissions["can_send_messages"]
    link = await bot.create_chat_invite_link(group.id, name="朋友")
    assert link.invite_link.startswith("https://t.me/+")
    assert (await bot.export_chat_invite_link(group.id)).startswith("https://t.me/+")
