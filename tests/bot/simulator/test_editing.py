"""Editing, deleting, answering taps, reacting, pinning."""

import time

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto

from bot.simulator import Chat, Simulator, User, World

from .conftest import refused, there

PNG = b"\x89PNG picture"
BUTTON = InlineKeyboardMarkup([[InlineKeyboardButton("我来", callback_data="claim")]])


async def test_new_text_replaces_text_and_keyboard(bot: Bot, world: World, group: Chat) -> None:
    sent = await bot.send_message(group.id, "旧", reply_markup=BUTTON)
    edited = await bot.edit_message_text("<b>新</b>", group.id, sent.message_id, parse_mode="HTML")
    assert edited is not True
    assert not isinstance(edited, bool)
    assert edited.edit_date
    assert edited.text_html == "<b>新</b>"
    assert edited.reply_markup is None
    assert [message.words for message in world.messages(group)] == ["新"]


async def test_the_same_again_is_refused(bot: Bot, group: Chat) -> None:
    sent = await bot.send_message(group.id, "一样", reply_markup=BUTTON)
    with refused("message is not modified: specified new message content and reply markup"):
        await bot.edit_message_text("一样", group.id, sent.message_id, reply_markup=BUTTON)
    with refused("message is not modified"):
        await bot.edit_message_reply_markup(group.id, sent.message_id, reply_markup=BUTTON)
    await bot.edit_message_reply_markup(group.id, sent.message_id)


async def test_what_cannot_be_edited(bot: Bot, world: World, group: Chat, rain: User) -> None:
    theirs = world.say(group, rain, "别人的话")
    photo = await bot.send_photo(group.id, PNG)
    text = await bot.send_message(group.id, "字")
    with refused("message to edit not found"):
        await bot.edit_message_text("新", group.id, 999)
    with refused("message can't be edited"):
        await bot.edit_message_text("新", group.id, theirs.id)
    with refused("there is no text in the message to edit"):
        await bot.edit_message_text("新", group.id, photo.message_id)
    with refused("there is no caption in the message to edit"):
        await bot.edit_message_caption(group.id, text.message_id, caption="新")
    with refused("MESSAGE_TOO_LONG"):
        await bot.edit_message_text("字" * 4097, group.id, text.message_id)
    with refused("message text is empty"):
        await bot.edit_message_text(" ", group.id, text.message_id)


async def test_captions_and_files_change(bot: Bot, world: World, group: Chat) -> None:
    sent = await bot.send_photo(group.id, PNG, caption="旧")
    await bot.edit_message_caption(group.id, sent.message_id, caption="新")
    assert world.messages(group)[0].caption == "新"
    media = InputMediaPhoto(b"\xff\xd8\xffother", caption="换图")
    await bot.edit_message_media(media, group.id, sent.message_id)
    changed = world.messages(group)[0]
    assert changed.caption == "换图"
    assert changed.content["photo"][0]["file_id"] != sent.photo[0].file_id


async def test_an_admin_deletes_anything(bot: Bot, world: World, group: Chat, rain: User) -> None:
    message = world.say(group, rain, "撤掉")
    assert await bot.delete_message(group.id, message.id)
    assert world.messages(group) == []
    with refused("message to delete not found"):
        await bot.delete_message(group.id, message.id)
    with refused("message to edit not found"):
        await bot.edit_message_text("新", group.id, message.id)


async def test_a_plain_member_deletes_only_its_own(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    world.set_bot(group, "member")
    with refused("message can't be deleted"):
        await bot.delete_message(group.id, world.say(group, rain, "别人的").id)
    sent = await bot.send_message(group.id, "自己的")
    assert await bot.delete_message(group.id, sent.message_id)


async def test_without_the_right_an_admin_may_not_delete(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    world.set_bot(group, "administrator", can_delete_messages=False)
    with refused("message can't be deleted"):
        await bot.delete_messages(group.id, [world.say(group, rain, "一").id])


async def test_old_messages_in_private_stay(rain: User) -> None:
    now = time.time()
    world = World(clock=lambda: now)
    user = world.add_user("小雨")
    async with Simulator(world) as telegram, Bot(telegram.token, telegram.base_url) as bot:
        first = world.start(user)
        now += 49 * 3600
        with refused("message can't be deleted"):
            await bot.delete_message(user.id, first.id)


async def test_many_at_once_skip_what_is_gone(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    numbers = [world.say(group, rain, text).id for text in "一二三"]
    assert await bot.delete_messages(group.id, [*numbers, 999])
    assert world.messages(group) == []


async def test_a_tap_is_answered_once_in_time(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    sent = await bot.send_message(group.id, "谁来", reply_markup=BUTTON)
    tap = world.tap(rain, group.messages[sent.message_id], "claim")
    with refused("MESSAGE_TOO_LONG"):
        await bot.answer_callback_query(tap.id, "字" * 201)
    await bot.answer_callback_query(tap.id, "好", show_alert=True)
    await bot.answer_callback_query(tap.id, "再说一次")
    assert (there(tap.answer).text, there(tap.answer).show_alert) == ("好", True)
    with refused("query is too old and response timeout expired or query ID is invalid"):
        await bot.answer_callback_query("404")


async def test_a_late_answer_is_refused(rain: User) -> None:
    now = time.time()
    world = World(clock=lambda: now)
    group = world.add_group("群", members=[rain])
    async with Simulator(world) as telegram, Bot(telegram.token, telegram.base_url) as bot:
        sent = await bot.send_message(group.id, "谁来", reply_markup=BUTTON)
        tap = world.tap(rain, group.messages[sent.message_id], 0)
        now += 3600
        with refused("query is too old"):
            await bot.answer_callback_query(tap.id)


async def test_reactions(bot: Bot, world: World, group: Chat, rain: User) -> None:
    message = world.say(group, rain, "谢谢")
    await bot.set_message_reaction(group.id, message.id, "❤")
    assert message.reactions[world.bot.id] == ["❤"]
    await bot.set_message_reaction(group.id, message.id)
    assert message.reactions[world.bot.id] == []
    with refused("message to react not found"):
        await bot.set_message_reaction(group.id, 999, "❤")


async def test_pins(bot: Bot, world: World, group: Chat, rain: User) -> None:
    message = world.say(group, rain, "群规")
    await bot.pin_chat_message(group.id, message.id)
    pinned = (await bot.get_chat(group.id)).pinned_message
    assert there(pinned).message_id == message.id
    await bot.unpin_chat_message(group.id, message.id)
    with refused("message to unpin not found"):
        await bot.unpin_chat_message(group.id, message.id)
    assert await bot.unpin_all_chat_messages(group.id)
    with refused("message to pin not found"):
        await bot.pin_chat_message(group.id, 999)
    world.set_bot(group, "administrator", can_pin_messages=False)
    with refused("not enough rights to manage pinned messages in the chat"):
        await bot.pin_chat_message(group.id, message.id)
