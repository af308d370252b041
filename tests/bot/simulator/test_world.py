"""The world as tests and the demo drive it, without any HTTP."""

import asyncio
import threading

import pytest

from bot.simulator import Chat, Message, User, World
from bot.simulator.posting import CannotSpeakError
from bot.simulator.world import NoSuchButtonError

KEYBOARD = {
    "inline_keyboard": [
        [{"text": "我来", "callback_data": "claim:7"}],
        [{"text": "单独说", "url": "https://t.me/qunhu_bot?start=talk-7"}],
        [{"text": "看看", "url": "https://a.cn/"}],
    ]
}


@pytest.fixture
def card(world: World, group: Chat, rain: User) -> Message:
    """A message with three buttons."""
    message = world.say(group, rain, "按钮")
    message.reply_markup = KEYBOARD
    return message


def test_the_same_steps_give_the_same_ids() -> None:
    def play() -> list[int]:
        world = World()
        user = world.add_user("甲")
        group = world.add_group("群", members=[user])
        return [user.id, group.id, world.say(group, user, "一").id, world.start(user).id]

    assert play() == play()


def test_ids_look_like_telegrams(world: World) -> None:
    assert world.add_group("小群", kind="group").id > -1_000_000_000
    assert str(world.add_group("大群").id).startswith("-100")
    assert world.bot.id == int(world.token.split(":")[0])


def test_private_chats_and_basic_groups_share_their_message_numbers(world: World) -> None:
    first, second = world.add_user("甲"), world.add_user("乙")
    assert world.start(first).id + 1 == world.start(second).id


def test_time_comes_from_the_clock() -> None:
    world = World(clock=lambda: 1_700_000_000.9)
    user = world.add_user("甲")
    assert world.start(user).date == 1_700_000_000


def test_a_ready_group_tells_no_update_a_new_one_does(world: World, rain: User) -> None:
    world.add_group("本来就有", members=[rain])
    assert world.updates.pending == []
    world.set_bot(world.add_group("新加的", members=[rain], bot_status=None), "member")
    assert [list(one)[1] for one in world.updates.pending] == ["my_chat_member", "message"]


def test_who_may_not_speak(world: World, group: Chat, rain: User) -> None:
    with pytest.raises(CannotSpeakError, match="不在"):
        world.say(group, world.add_user("外人"), "在吗")
    world.mute(group, rain)
    with pytest.raises(CannotSpeakError, match="禁言"):
        world.say(group, rain, "说不了")
    small = world.add_group("小群", kind="group", members=[rain])
    world.migrate(small)
    with pytest.raises(CannotSpeakError, match="升级"):
        world.say(small, rain, "还在吗")


def test_messages_are_what_people_see(world: World, group: Chat, rain: User) -> None:
    first, second = world.say(group, rain, "一"), world.say(group, rain, "二")
    world.edit(first, "壹")
    world.delete(second)
    assert [message.text for message in world.messages(group)] == ["壹"]


@pytest.mark.parametrize("button", ["我来", "claim:7", 0], ids=["text", "data", "place"])
def test_a_button_has_three_names(
    world: World, rain: User, card: Message, button: str | int
) -> None:
    assert world.tap(rain, card, button).data == "claim:7"


@pytest.mark.parametrize("button", ["没有", 3, "看看"], ids=["unknown", "too far", "a link"])
def test_what_cannot_be_tapped(world: World, rain: User, card: Message, button: str | int) -> None:
    with pytest.raises(NoSuchButtonError):
        world.tap(rain, card, button)


def test_old_and_forged_taps_can_be_played(world: World, rain: User, card: Message) -> None:
    assert world.tap_data(rain, card, "claim:8").data == "claim:8"
    assert world.updates.pending[-1]["callback_query"]["data"] == "claim:8"


def test_deep_links_open_the_private_chat(world: World, rain: User, card: Message) -> None:
    assert world.follow(rain, card, "单独说").text == "/start talk-7"
    assert rain.conversation == "open"
    with pytest.raises(NoSuchButtonError):
        world.follow(rain, card, "看看")


@pytest.mark.parametrize(
    ("url", "payload"),
    [
        ("https://t.me/qunhu_bot?start=a", "a"),
        ("t.me/Qunhu_Bot", ""),
        ("tg://resolve?domain=qunhu_bot&start=b", "b"),
        ("https://t.me/other_bot?start=a", None),
        ("https://a.cn/qunhu_bot", None),
    ],
)
def test_what_is_a_deep_link(world: World, url: str, payload: str | None) -> None:
    assert world.deep_link(url) == payload


async def test_waiting_gives_the_first_true_value(world: World, group: Chat, rain: User) -> None:
    waiting = asyncio.create_task(world.wait_for(lambda: world.messages(group)))
    await asyncio.sleep(0)
    message = world.say(group, rain, "来了")
    assert await waiting == [message]


async def test_waiting_ends(world: World) -> None:
    with pytest.raises(TimeoutError, match=r"not true within 0\.05 s"):
        await world.wait_for(lambda: False, timeout=0.05)


async def test_another_thread_may_act(world: World, group: Chat, rain: User) -> None:
    thread = threading.Timer(0.05, world.say, (group, rain, "线程里"))
    thread.start()
    await world.wait_for(lambda: world.messages(group))
    thread.join()


async def test_waiting_for_the_bots_words(world: World, group: Chat, rain: User) -> None:
    world.say(group, rain, "你好")
    ours = world.say(group, rain, "群护说你好")
    ours.sender = world.bot
    assert await world.wait_message(group, "你好") is ours
    assert await world.wait_message(group, lambda message: message.id == ours.id) is ours
