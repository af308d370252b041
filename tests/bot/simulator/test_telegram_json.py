"""PTB must find nothing in our JSON that Telegram would not send."""

from collections.abc import Iterator

from telegram import Bot, TelegramObject, Update

from bot.simulator import Chat, User, World

from .conftest import Inbox

LEGACY = {  # what Telegram still sends beside newer fields
    "new_chat_member",
    "new_chat_participant",
    "left_chat_participant",
    "forward_date",
    "forward_from",
    "forward_from_chat",
    "forward_from_message_id",
    "forward_sender_name",
}


def strange(thing: object) -> Iterator[str]:
    """Names of fields that PTB does not know, anywhere inside."""
    if isinstance(thing, TelegramObject):
        yield from thing.api_kwargs
        for name in thing.to_dict(recursive=False):
            yield from strange(getattr(thing, name, None))
    elif isinstance(thing, (list, tuple)):
        for part in thing:
            yield from strange(part)


async def test_updates_hold_no_unknown_fields(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    _live_a_day(world, group, rain)
    updates = await inbox.settled()
    assert len(updates) >= 25
    assert {name for update in updates for name in strange(update)} <= LEGACY


def _live_a_day(world: World, group: Chat, rain: User) -> None:
    friend, channel = world.add_user("朋友"), world.add_channel("频道")
    first = world.say(group, rain, "一 @qunhu_bot https://a.cn")
    world.say(group, rain, "二", reply_to=first, quote="一")
    for source in (friend, channel, group, "隐身的人"):
        world.say(group, rain, "转", forward_from=source)
    world.edit(world.album(group, rain, ["图", None])[0], "改")
    world.photo(group, rain, spoiler=True)
    world.voice(group, rain)
    world.document(group, rain)
    world.video(group, rain)
    world.sticker(group, rain)
    world.dice(group, rain)
    world.location(group, rain)
    world.poll(group, rain, "去吗", ["去", "不"])
    world.join(group, friend)
    world.promote(group, friend, anonymous=True)
    world.say(group, friend, "匿名")
    world.mute(group, rain)
    world.kick(group, rain)
    world.react(group, first, friend, "❤")
    world.request_join(group, rain)
    world.pin(group, first)
    forum = world.add_group("论坛", is_forum=True, members=[rain])
    world.say(forum, rain, "话题里", thread=world.add_topic(forum, "求助"))
    world.migrate(world.add_group("小群", kind="group", members=[rain]))
    world.start(rain, "x")
    world.block(rain)
    world.broadcast(group, channel, "频道新帖")


async def test_answers_hold_no_unknown_fields(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    message = world.say(group, rain, "一")
    answers = [
        await bot.get_me(),
        await bot.get_chat(group.id),
        await bot.get_chat(rain.id),
        await bot.get_chat_administrators(group.id),
        await bot.send_message(group.id, "<b>二</b>", "HTML", reply_to_message_id=message.id),
        await bot.send_photo(group.id, b"\x89PNG"),
        await bot.send_document(group.id, b"%PDF"),
        await bot.forward_message(group.id, group.id, message.id),
        await bot.send_poll(group.id, "去吗", ["去", "不"]),
        await bot.get_webhook_info(),
        await bot.create_chat_invite_link(group.id),
    ]
    assert {name for answer in answers for name in strange(answer)} <= LEGACY


async def test_json_survives_ptbs_own_round_trip(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    world.say(group, rain, "一")
    update = await inbox.newest("message")
    assert Update.de_json(update.to_dict(), None) == update
