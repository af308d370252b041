"""Methods about the topics of a forum."""

from bot.simulator.errors import bad_request
from bot.simulator.methods.lookup import need_admin, reach_chat
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.records import JSON, Chat, Topic
from bot.simulator.world import World


def _forum(world: World, params: Params) -> Chat:
    chat = reach_chat(world, params)
    if not chat.is_forum:
        raise bad_request("the chat is not a forum")
    need_admin(world, chat, "can_manage_topics", "not enough rights to manage topics")
    return chat


def _topic(chat: Chat, params: Params) -> Topic:
    topic = chat.topics.get(params.integer("message_thread_id"))
    if topic is None:
        raise bad_request("message thread not found")
    return topic


@method
def create_forum_topic(world: World, params: Params) -> JSON:
    """Open a topic."""
    chat, name = _forum(world, params), params.text("name") or ""
    number = world.add_topic(chat, name, world.bot)
    return {"message_thread_id": number, "name": name, "icon_color": 7322096}


@method
def edit_forum_topic(world: World, params: Params) -> bool:
    """Rename a topic."""
    topic = _topic(_forum(world, params), params)
    topic.name = params.text("name") or topic.name
    return True


@method
def close_forum_topic(world: World, params: Params) -> bool:
    """Close a topic to plain members."""
    return _set_closed(world, params, True)


@method
def reopen_forum_topic(world: World, params: Params) -> bool:
    """Open a closed topic again."""
    return _set_closed(world, params, False)


def _set_closed(world: World, params: Params, closed: bool) -> bool:
    topic = _topic(_forum(world, params), params)
    if topic.closed == closed:
        raise bad_request("TOPIC_NOT_MODIFIED")
    topic.closed = closed
    return True
