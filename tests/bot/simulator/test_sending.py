"""What the bot sends: text, files, keyboards, topics, and Telegram's refusals."""

import pytest
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    InputPollOption,
    ReplyParameters,
)
from telegram.error import Forbidden

from bot.simulator import Chat, User, World

from .conftest import refused, there

PNG = b"\x89PNG picture"


def one_button(text: str = "好", **action: str) -> InlineKeyboardMarkup:
    """A keyboard of one button."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(text, **action)]])  # type: ignore[arg-type]


async def test_a_message_comes_back_as_sent(bot: Bot, world: World, group: Chat) -> None:
    sent = await bot.send_message(
        group.id, "  <b>你好</b> & 大家 ", "HTML", reply_markup=one_button(callback_data="a")
    )
    assert (sent.text, sent.text_html) == (
        "你好 & 大家".replace("&", "&"),
        "<b>你好</b> &amp; 大家",
    )
    assert there(there(sent.reply_markup).inline_keyboard[0][0]).callback_data == "a"
    assert there(sent.from_user).id == bot.id
    assert [message.text for message in world.messages(group)] == ["你好 & 大家"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Message text is empty"),
        (" \n ", "Message text is empty"),
        ("字" * 4097, "Message is too long"),
        ("😢" * 2049, "Message is too long"),
    ],
    ids=["nothing", "blanks", "one unit over", "emoji count twice"],
)
async def test_text_has_limits(bot: Bot, group: Chat, text: str, why: str) -> None:
    with refused(why):
        await bot.send_message(group.id, text)


async def test_markup_does_not_count_towards_the_limit(bot: Bot, group: Chat) -> None:
    sent = await bot.send_message(group.id, f"<b>{'字' * 4096}</b>", "HTML")
    assert len(there(sent.text)) == 4096


async def test_a_caption_has_a_limit(bot: Bot, group: Chat) -> None:
    with refused("Message caption is too long"):
        await bot.send_photo(group.id, PNG, caption="字" * 1025)


@pytest.mark.parametrize(
    ("markup", "why"),
    [
        (one_button(callback_data="x" * 65), "Button_data_invalid"),
        (one_button(callback_data="字" * 22), "Button_data_invalid"),
        (one_button(), "Text buttons are unallowed in the inline keyboard"),
        (one_button(url="http://localhost/x"), "Wrong HTTP URL"),
        (one_button(url="ftp://a.cn"), "Unsupported URL protocol"),
    ],
    ids=["65 bytes", "66 bytes in 22 characters", "no action", "no dot in host", "no web link"],
)
async def test_bad_buttons_are_refused(
    bot: Bot, group: Chat, markup: InlineKeyboardMarkup, why: str
) -> None:
    with refused(why):
        await bot.send_message(group.id, "按钮", reply_markup=markup)


async def test_other_markup_is_kept_to_the_person(bot: Bot, group: Chat) -> None:
    sent = await bot.send_message(group.id, "回我", reply_markup=ForceReply())
    assert sent.reply_markup is None


async def test_reply_with_quote(bot: Bot, world: World, group: Chat, rain: User) -> None:
    target = world.say(group, rain, "今天很难受，睡不着")
    wish = ReplyParameters(target.id, quote="睡不着")
    sent = await bot.send_message(group.id, "我在", reply_parameters=wish)
    assert there(sent.reply_to_message).text == target.text
    assert (there(sent.quote).text, there(sent.quote).position) == ("睡不着", 6)


async def test_reply_to_what_is_gone(bot: Bot, world: World, group: Chat, rain: User) -> None:
    target = world.say(group, rain, "删掉的")
    world.delete(target)
    with refused("Message to be replied not found"):
        await bot.send_message(group.id, "我在", reply_to_message_id=target.id)
    loose = ReplyParameters(target.id, allow_sending_without_reply=True)
    sent = await bot.send_message(group.id, "我在", reply_parameters=loose)
    assert sent.reply_to_message is None


async def test_a_false_quote_is_refused(bot: Bot, world: World, group: Chat, rain: User) -> None:
    target = world.say(group, rain, "原话")
    with refused("Quote_text_invalid"):
        await bot.send_message(
            group.id, "?", reply_parameters=ReplyParameters(target.id, quote="假话")
        )


async def test_topics(bot: Bot, world: World, rain: User) -> None:
    forum = world.add_group("论坛", is_forum=True, members=[rain])
    topic = await bot.create_forum_topic(forum.id, "求助")
    sent = await bot.send_message(forum.id, "在", message_thread_id=topic.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (topic.message_thread_id, True)
    for wrong in (1, 999):
        with refused("Message thread not found"):
            await bot.send_message(forum.id, "在", message_thread_id=wrong)
    await bot.edit_forum_topic(forum.id, topic.message_thread_id, name="新名")
    await bot.close_forum_topic(forum.id, topic.message_thread_id)
    with refused("Topic_not_modified"):
        await bot.close_forum_topic(forum.id, topic.message_thread_id)
    world.set_bot(forum, "member")
    with refused("Topic_closed"):
        await bot.send_message(forum.id, "在", message_thread_id=topic.message_thread_id)


async def test_a_plain_group_has_no_topics(bot: Bot, group: Chat) -> None:
    with refused("Message thread not found"):
        await bot.send_message(group.id, "在", message_thread_id=1)
    with refused("The chat is not a forum"):
        await bot.create_forum_topic(group.id, "话题")


async def test_files_of_every_kind(bot: Bot, group: Chat) -> None:
    photo = await bot.send_photo(group.id, PNG, caption="图", has_spoiler=True)
    document = await bot.send_document(group.id, b"%PDF", filename="清单.pdf")
    voice = await bot.send_voice(group.id, b"OggS")
    video = await bot.send_video(group.id, b"mp4")
    sticker = await bot.send_sticker(group.id, b"RIFF", emoji="🙏")
    again = await bot.send_photo(group.id, photo.photo[-1].file_id)
    linked = await bot.send_photo(group.id, "https://example.com/chart.png")
    dice = await bot.send_dice(group.id)
    assert (photo.caption, photo.has_media_spoiler) == ("图", True)
    assert there(document.document).file_name == "清单.pdf"
    assert voice.voice
    assert video.video
    assert there(sticker.sticker).emoji == "🙏"
    assert again.photo[-1].file_unique_id == photo.photo[-1].file_unique_id
    assert linked.photo
    assert there(dice.dice).value
    file = await there(document.document).get_file()
    assert bytes(await file.download_as_bytearray()) == b"%PDF"


async def test_bad_files(bot: Bot, group: Chat) -> None:
    with refused("Image_process_failed"):
        await bot.send_photo(group.id, b"no picture")
    with refused("Wrong file identifier/http url specified"):
        await bot.send_photo(group.id, "unknown")
    with refused("File must be non-empty"):
        await bot.send_document(group.id, b"")
    with refused("Invalid file_id"):
        await bot.get_file("nowhere")


async def test_an_album(bot: Bot, world: World, group: Chat) -> None:
    media = [InputMediaPhoto(PNG, caption="<i>一</i>", parse_mode="HTML"), InputMediaPhoto(PNG)]
    sent = await bot.send_media_group(group.id, media)
    assert len({message.media_group_id for message in sent}) == 1
    assert sent[0].caption_html == "<i>一</i>"
    assert len(world.messages(group)) == 2
    with refused("2-10 items"):
        await bot.send_media_group(group.id, media[:1])


async def test_a_poll_from_ask_to_end(bot: Bot, world: World, group: Chat, rain: User) -> None:
    sent = await bot.send_poll(group.id, "几点？", ["三点", InputPollOption("八点")])
    world.vote(rain, group.messages[sent.message_id], 1)
    ended = await bot.stop_poll(group.id, sent.message_id)
    assert [option.voter_count for option in ended.options] == [0, 1]
    assert ended.is_closed


async def test_forward_and_copy(bot: Bot, world: World, group: Chat, rain: User) -> None:
    other = world.add_group("管理员群")
    source = world.say(group, rain, "原话")
    forwarded = await bot.forward_message(other.id, group.id, source.id)
    copied = await bot.copy_message(other.id, group.id, source.id)
    both = await bot.forward_messages(other.id, group.id, [source.id])
    assert there(forwarded.forward_origin).type == "user"
    assert other.messages[copied.message_id].origin is None
    assert len(both) == 1
    with refused("Message to forward not found"):
        await bot.forward_message(other.id, group.id, 999)
    with refused("Message to copy not found"):
        await bot.copy_message(other.id, group.id, 999)


async def test_typing_leaves_nothing(bot: Bot, world: World, group: Chat) -> None:
    assert await bot.send_chat_action(group.id, "typing")
    assert world.messages(group) == []


@pytest.mark.parametrize(
    ("send", "why"),
    [
        ("send_message", "Not enough rights to send text messages to the chat"),
        ("send_photo", "Not enough rights to send photos to the chat"),
    ],
)
async def test_a_muted_bot_is_refused(
    bot: Bot, world: World, group: Chat, send: str, why: str
) -> None:
    world.set_bot(group, "restricted")
    with refused(why):
        await getattr(bot, send)(group.id, "x" if send == "send_message" else PNG)


async def test_a_closed_group_lets_only_admins_speak(bot: Bot, world: World, group: Chat) -> None:
    group.permissions["can_send_messages"] = False
    await bot.send_message(group.id, "管理员可以")
    world.set_bot(group, "member")
    with refused("Not enough rights to send text messages"):
        await bot.send_message(group.id, "成员不行")


async def test_people_out_of_reach(bot: Bot, world: World, group: Chat, rain: User) -> None:
    with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
        await bot.send_message(rain.id, "你好")
    world.start(rain)
    await bot.send_message(rain.id, "你好")
    world.block(rain)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(rain.id, "你好")
    rain.deactivated = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message(rain.id, "你好")
    robot = world.add_user("机器人", is_bot=True)
    world.join(group, robot)
    with pytest.raises(Forbidden, match="bot can't send messages to bots"):
        await bot.send_message(robot.id, "你好")


async def test_chats_out_of_reach(bot: Bot, world: World, group: Chat, rain: User) -> None:
    stranger = world.add_user("没见过的人")
    hidden = world.add_group("没进过的群", members=[rain], bot_status=None)
    for nobody in (stranger.id, hidden.id, 42, "@nowhere", bot.id):
        with refused("Chat not found"):
            await bot.send_message(nobody, "你好")
    world.set_bot(group, "kicked")
    with pytest.raises(Forbidden, match="bot was kicked from the supergroup chat"):
        await bot.send_message(group.id, "你好")
    world.set_bot(group, "left")
    with pytest.raises(Forbidden, match="bot is not a member of the supergroup chat"):
        await bot.send_message(group.id, "你好")


async def test_a_public_group_answers_to_its_name(bot: Bot, world: World) -> None:
    group = world.add_group("公开群", username="gongkai")
    assert (await bot.send_message("@gongkai", "在")).chat.id == group.id
