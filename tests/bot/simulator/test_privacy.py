"""Which messages reach a bot that is no admin."""

import pytest

from bot.simulator import Chat, User, World


@pytest.fixture
def quiet(world: World, rain: User) -> Chat:
    """A group where the bot is a plain member."""
    return world.add_group("群", members=[rain], bot_status="member")


def heard(world: World) -> list[str]:
    """The texts that wait for the bot."""
    return [one["message"]["text"] for one in world.updates.pending if "message" in one]


def test_privacy_mode_hears_only_what_is_meant_for_it(
    world: World, quiet: Chat, rain: User
) -> None:
    for text in ("大家好", "/help", "/help@qunhu_bot", "/help@other_bot", "问 @qunhu_bot"):
        world.say(quiet, rain, text)
    assert heard(world) == ["/help", "/help@qunhu_bot"]


def test_replies_to_the_bot_are_heard(world: World, quiet: Chat, rain: User) -> None:
    ours = world.say(quiet, rain, "占位")
    ours.sender = world.bot
    world.edit(world.say(quiet, rain, "收到", reply_to=ours), "改了")
    assert heard(world) == ["收到"]
    assert [next(iter(update.keys() - {"update_id"})) for update in world.updates.pending] == [
        "message",
        "edited_message",
    ]


def test_bare_commands_go_to_the_bot_that_spoke_last(world: World, quiet: Chat, rain: User) -> None:
    other = world.add_user("别的", is_bot=True, username="other_bot")
    world.join(quiet, other)
    world.say(quiet, other, "我说过话")
    world.updates.clear()
    world.say(quiet, rain, "/help")
    assert heard(world) == []


def test_service_messages_are_heard(world: World, quiet: Chat) -> None:
    world.join(quiet, world.add_user("新人"))
    assert "new_chat_members" in world.updates.pending[0]["message"]


@pytest.mark.parametrize("how", ["privacy off", "admin"])
def test_open_bots_hear_all(world: World, quiet: Chat, rain: User, how: str) -> None:
    if how == "admin":
        world.set_bot(quiet, "administrator")
    else:
        world.can_read_all_group_messages = True
    world.updates.clear()
    world.say(quiet, rain, "大家好")
    assert heard(world) == ["大家好"]


def test_nothing_is_heard_after_removal(world: World, quiet: Chat, rain: User) -> None:
    world.set_bot(quiet, "kicked")
    world.updates.clear()
    world.say(quiet, rain, "/help@qunhu_bot")
    assert heard(world) == []
