"""Every kind of update, as python-telegram-bot reads it."""

import pytest
from telegram import (
    ChatMemberAdministrator,
    ChatMemberBanned,
    ChatMemberRestricted,
    Message,
    MessageEntity,
    MessageOriginChannel,
    MessageOriginHiddenUser,
    MessageOriginUser,
    Update,
)

from bot.simulator import Chat, User, World

from .conftest import Inbox, there


def said(update: Update) -> Message:
    """The update's message, which is there."""
    return there(update.effective_message)


async def test_text_comes_with_its_commands_links_and_mentions(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    world.say(group, rain, "😢 /help@qunhu_bot 看 https://a.cn/x，问 @xiaoyu #维权")
    message = said(await inbox.newest("message"))
    found = {kind.type: text for kind, text in message.parse_entities().items()}
    assert found == {
        "bot_command": "/help@qunhu_bot",
        "url": "https://a.cn/x",
        "mention": "@xiaoyu",
        "hashtag": "#维权",
    }
    assert there(message.from_user).full_name == "小雨"
    assert message.chat.title == "互助群"
    assert message.chat.type == "supergroup"


async def test_given_entities_are_kept(world: World, group: Chat, rain: User, inbox: Inbox) -> None:
    world.say(group, rain, "粗体", entities=[{"type": "bold", "offset": 0, "length": 2}])
    assert said(await inbox.newest("message")).entities[0].type == MessageEntity.BOLD


async def test_a_captioned_photo_has_a_file(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    world.photo(group, rain, "术后第三天 /help")
    message = said(await inbox.newest("message"))
    assert message.caption == "术后第三天 /help"
    assert message.caption_entities[0].type == MessageEntity.BOT_COMMAND
    file = await message.photo[-1].get_file()
    assert bytes(await file.download_as_bytearray()).startswith(b"\x89PNG")


async def test_an_album_shares_its_group_id(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    world.album(group, rain, ["第一张", None, None])
    await inbox.find(lambda _: len(inbox.updates) == 3)
    messages = [said(update) for update in inbox.updates]
    assert len({message.media_group_id for message in messages}) == 1
    assert [message.caption for message in messages] == ["第一张", None, None]


async def test_an_edit_keeps_the_id_and_has_an_edit_date(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    message = world.say(group, rain, "还好")
    world.edit(message, "不好")
    edited = there((await inbox.newest("edited_message")).edited_message)
    assert edited.edit_date
    assert (edited.message_id, edited.text) == (message.id, "不好")


async def test_an_edited_caption_stays_a_caption(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    world.edit(world.photo(group, rain, "旧"), "新")
    edited = (await inbox.newest("edited_message")).edited_message
    assert (there(edited).text, there(edited).caption) == (None, "新")


async def test_a_reply_carries_what_it_answers_and_the_quote(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    first = world.say(group, rain, "😢今天去了那家医院")
    world.say(group, rain, "哪家", reply_to=first, quote="那家医院")
    message = said(await inbox.find(lambda update: said(update).reply_to_message))
    assert there(message.reply_to_message).text == first.text
    assert (there(message.quote).text, there(message.quote).position) == ("那家医院", 6)
    assert message.message_thread_id == first.id  # as in any supergroup, though it is no topic
    assert not message.is_topic_message


async def test_a_reply_to_another_chat_is_external(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    other = world.add_group("别的群", members=[rain], bot_status=None)
    world.say(group, rain, "看这个", reply_to=world.say(other, rain, "原话"), quote="原话")
    message = said(await inbox.newest("message"))
    assert message.reply_to_message is None
    assert isinstance(there(message.external_reply).origin, MessageOriginUser)
    assert there(message.quote).text == "原话"


async def test_a_forward_says_whose_words_it_holds(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    friend, channel = world.add_user("朋友"), world.add_channel("科普频道", username="kepu")
    for source in (friend, "隐身的人", channel):
        world.say(group, rain, "转的", forward_from=source)
    world.forward(group, rain, world.say(group, rain, "我自己的话"))
    await inbox.find(lambda _: len(inbox.updates) == 5)
    origins = [
        said(update).forward_origin for update in inbox.updates if said(update).forward_origin
    ]
    assert isinstance(origins[0], MessageOriginUser)
    assert origins[0].sender_user.id == friend.id
    assert isinstance(origins[1], MessageOriginHiddenUser)
    assert isinstance(origins[2], MessageOriginChannel)
    assert isinstance(origins[3], MessageOriginUser)
    assert said(inbox.updates[-1]).text == "我自己的话"


async def test_things_without_words(world: World, group: Chat, rain: User, inbox: Inbox) -> None:
    world.sticker(group, rain, "😭")
    world.dice(group, rain, "🎯")
    world.voice(group, rain, duration=7)
    world.document(group, rain, file_name="病历.pdf")
    world.video(group, rain, "看看")
    world.location(group, rain)
    await inbox.find(lambda _: len(inbox.updates) == 6)
    sticker, dice, voice, document, video, place = map(said, inbox.updates)
    assert there(sticker.sticker).emoji == "😭"
    assert (there(dice.dice).emoji, 1 <= there(dice.dice).value <= 6) == ("🎯", True)
    assert there(voice.voice).mime_type == "audio/ogg"
    assert there(document.document).file_name == "病历.pdf"
    assert video.caption == "看看"
    assert place.location
    assert all(message.text is None for message in map(said, inbox.updates))


async def test_a_poll(world: World, group: Chat, rain: User, inbox: Inbox) -> None:
    world.poll(group, rain, "去不去？", ["去", "不去"])
    poll = said(await inbox.newest("message")).poll
    assert [option.text for option in there(poll).options] == ["去", "不去"]


async def test_a_topic_message_hangs_on_its_topic(world: World, rain: User, inbox: Inbox) -> None:
    forum = world.add_group("论坛", is_forum=True, members=[rain])
    thread = world.add_topic(forum, "求助")
    world.say(forum, rain, "在话题里", thread=thread)
    world.say(forum, rain, "在大厅")
    await inbox.find(lambda update: said(update).text == "在大厅")
    created, inside, lobby = map(said, inbox.updates)
    assert created.message_id == thread
    assert inside.message_thread_id == thread
    assert there(inside.reply_to_message).forum_topic_created
    assert lobby.message_thread_id is None
    assert lobby.chat.is_forum


async def test_an_anonymous_admin_speaks_as_the_group(
    world: World, group: Chat, inbox: Inbox
) -> None:
    boss = world.add_user("管理")
    world.join(group, boss)
    world.promote(group, boss, anonymous=True, title="值班")
    world.say(group, boss, "大家好")
    message = said(await inbox.find(lambda update: update.message and update.message.text))
    assert there(message.from_user).username == "GroupAnonymousBot"
    assert there(message.sender_chat).id == group.id
    assert message.author_signature == "值班"


async def test_channel_identities_and_linked_channels(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    channel = world.add_channel("小雨的频道")
    world.say(group, rain, "以频道说", sender_chat=channel)
    world.broadcast(group, channel, "频道新帖")
    await inbox.find(lambda _: len(inbox.updates) == 2)
    identity, post = map(said, inbox.updates)
    assert there(identity.from_user).username == "Channel_Bot"
    assert there(identity.sender_chat).type == "channel"
    assert post.is_automatic_forward
    assert there(post.from_user).id == 777000


async def test_other_bots_stay_unseen_unless_allowed(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    other = world.add_user("别的机器人", is_bot=True)
    world.join(group, other)
    world.say(group, other, "看不见")
    world.bots_see_bots = True
    world.say(group, other, "看得见")
    world.say(group, rain, "借机器人发的", via_bot=other)
    await inbox.find(lambda update: update.message and update.message.via_bot)
    texts = [update.message.text for update in inbox.updates if update.message]
    assert texts == [None, "看得见", "借机器人发的"]


async def test_service_messages(world: World, group: Chat, rain: User, inbox: Inbox) -> None:
    newcomer = world.add_user("新人")
    world.join(group, newcomer)
    world.leave(group, newcomer)
    world.kick(group, rain)
    world.set_title(group, "新名字")
    world.pin(group, world.say(group, world.owner(group), "群规"))
    await inbox.find(lambda update: update.message and update.message.pinned_message)
    messages = [update.message for update in inbox.updates if update.message]
    joined, left, kicked, title, _, pinned = messages
    assert joined.new_chat_members[0].full_name == "新人"
    assert there(left.left_chat_member).id == newcomer.id
    assert there(kicked.from_user).id == world.owner(group).id
    assert title.new_chat_title == "新名字"
    assert isinstance(pinned.pinned_message, Message)
    assert pinned.pinned_message.text == "群规"


async def test_members_changes_reach_an_admin_bot(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    world.promote(group, rain, can_delete_messages=False)
    world.mute(group, rain, until=2_000_000_000)
    world.kick(group, rain)
    await inbox.find(lambda update: update.message)
    changes = [update.chat_member for update in inbox.updates if update.chat_member]
    promoted, muted, kicked = (change.new_chat_member for change in changes)
    assert isinstance(promoted, ChatMemberAdministrator)
    assert not promoted.can_delete_messages
    assert isinstance(muted, ChatMemberRestricted)
    assert not muted.can_send_messages
    assert isinstance(kicked, ChatMemberBanned)
    assert changes[2].old_chat_member.status == "restricted"


async def test_the_bot_is_added_promoted_muted_and_removed(
    world: World, rain: User, inbox: Inbox
) -> None:
    chat = world.add_group("新群", members=[rain], bot_status=None)
    world.set_bot(chat, "member", by=rain)
    world.set_bot(chat, "administrator", can_restrict_members=False)
    world.set_bot(chat, "restricted", can_send_photos=True)
    world.set_bot(chat, "kicked")
    await inbox.find(lambda _: len(inbox.updates) == 5)
    changes = [update.my_chat_member for update in inbox.updates if update.my_chat_member]
    ends = [(one.old_chat_member.status, one.new_chat_member.status) for one in changes]
    assert ends == [
        ("left", "member"),
        ("member", "administrator"),
        ("administrator", "restricted"),
        ("restricted", "kicked"),
    ]
    assert changes[0].from_user.id == rain.id
    greeting = said(inbox.updates[1])
    assert [user.id for user in greeting.new_chat_members] == [world.bot.id]


async def test_a_basic_group_becomes_a_supergroup(world: World, rain: User, inbox: Inbox) -> None:
    old = world.add_group("小群", kind="group", members=[rain])
    new = world.migrate(old)
    world.say(new, rain, "搬好了")
    await inbox.find(lambda _: len(inbox.updates) == 3)
    gone, come, after = map(said, inbox.updates)
    assert (gone.chat.type, gone.migrate_to_chat_id) == ("group", new.id)
    assert (come.chat.id, come.migrate_from_chat_id) == (new.id, old.id)
    assert after.chat.type == "supergroup"


async def test_a_private_chat_from_start_to_block_and_back(
    world: World, rain: User, inbox: Inbox
) -> None:
    world.start(rain, "case-7")
    world.block(rain)
    world.start(rain)
    await inbox.find(lambda _: len(inbox.updates) == 4)
    hello, blocked, back, again = inbox.updates
    assert said(hello).text == "/start case-7"
    assert said(hello).chat.type == "private"
    assert there(blocked.my_chat_member).new_chat_member.status == "kicked"
    assert there(back.my_chat_member).new_chat_member.status == "member"
    assert said(again).text == "/start"


async def test_reactions_join_requests_and_votes(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    world.react(group, world.say(group, rain, "谢谢"), rain, "❤")
    world.request_join(group, world.add_user("想进来"))
    reaction = (await inbox.newest("message_reaction")).message_reaction
    assert there(reaction).new_reaction[0].to_dict() == {"type": "emoji", "emoji": "❤"}
    asked = (await inbox.newest("chat_join_request")).chat_join_request
    assert there(asked).from_user.full_name == "想进来"


async def test_channel_posts(world: World, rain: User, inbox: Inbox) -> None:
    channel = world.add_channel("公告")
    world.set_bot(channel, "administrator")
    world.edit(world.say(channel, rain, "第一帖"), "改过的帖")
    update = await inbox.newest("edited_channel_post")
    assert there(update.edited_channel_post).text == "改过的帖"
    assert any(one.channel_post and one.channel_post.text == "第一帖" for one in inbox.updates)


@pytest.mark.parametrize("deleted", [False, True], ids=["message there", "message deleted"])
async def test_a_tap_is_a_callback_query(
    world: World, group: Chat, rain: User, inbox: Inbox, deleted: bool
) -> None:
    message = world.say(group, rain, "占位")
    message.reply_markup = {"inline_keyboard": [[{"text": "我来", "callback_data": "claim:1"}]]}
    message.deleted = deleted
    tap = world.tap(rain, message, "我来")
    query = there((await inbox.newest("callback_query")).callback_query)
    assert (query.id, query.data) == (tap.id, "claim:1")
    assert there(query.message).is_accessible is not deleted
    await query.answer("好", show_alert=True)
    assert (there(tap.answer).text, there(tap.answer).show_alert) == ("好", True)
