"""Methods that change, remove or decorate messages, and answer taps."""

from bot.simulator import telegram_json as shapes
from bot.simulator.entities import units
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.formatting import TEXT_LIMIT, parse, read_caption
from bot.simulator.keyboards import read_markup
from bot.simulator.methods.lookup import bot_may, find_message, need_admin, reach_chat
from bot.simulator.methods.media import media_content
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.records import JSON, Answer, Message
from bot.simulator.world import World

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)
STALE = "query is too old and response timeout expired or query ID is invalid"
ANSWER_SECONDS = 15 * 60
DELETE_SECONDS = 48 * 3600


def _own(world: World, params: Params) -> Message:
    chat = reach_chat(world, params)
    message = find_message(chat, params.integer("message_id"), "message to edit not found")
    if message.sender is not world.bot or message.service or message.origin:
        raise bad_request("message can't be edited")
    return message


def _finish(world: World, message: Message, before: JSON) -> JSON:
    if _look(message) == before:
        raise bad_request(SAME)
    message.edit_date = world.now()
    world.changes.mark()
    return shapes.message_json(message)


def _look(message: Message) -> JSON:
    return {
        "words": (message.text, message.caption),
        "entities": message.entities,
        "content": message.content,
        "markup": message.reply_markup,
        "preview": message.extras.get("link_preview_options"),
    }


@method
def edit_message_text(world: World, params: Params) -> JSON:
    """New text; the keyboard goes unless it is given again."""
    message = _own(world, params)
    if message.text is None:
        raise bad_request("there is no text in the message to edit")
    text, entities = parse(params, "text", "entities", world.users)
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    markup, before = read_markup(params), _look(message)
    message.text, message.entities, message.reply_markup = text, entities, markup
    if options := params.json("link_preview_options"):
        message.extras["link_preview_options"] = options
    return _finish(world, message, before)


@method
def edit_message_caption(world: World, params: Params) -> JSON:
    """New caption under a file."""
    message = _own(world, params)
    if message.text is not None or not message.content:
        raise bad_request("there is no caption in the message to edit")
    (caption, entities), markup = read_caption(params, world.users), read_markup(params)
    before = _look(message)
    message.caption, message.entities, message.reply_markup = caption, entities, markup
    return _finish(world, message, before)


@method
def edit_message_media(world: World, params: Params) -> JSON:
    """Another file in the place of the old one."""
    message, item = _own(world, params), params.json("media") or {}
    part = Params({**item, item.get("type", "photo"): item.get("media")}, params.uploads)
    content = media_content(world, part, item.get("type", "photo"))
    (caption, entities), markup = read_caption(part, world.users), read_markup(params)
    before = _look(message)
    message.text, message.content = None, content
    message.caption, message.entities, message.reply_markup = caption, entities, markup
    return _finish(world, message, before)


@method
def edit_message_reply_markup(world: World, params: Params) -> JSON:
    """Another keyboard, or none."""
    message, markup = _own(world, params), read_markup(params)
    before = _look(message)
    message.reply_markup = markup
    return _finish(world, message, before)


@method
def delete_message(world: World, params: Params) -> bool:
    """Remove one message for everybody."""
    chat = reach_chat(world, params)
    message = find_message(chat, params.integer("message_id"), "message to delete not found")
    if not _deletable(world, message):
        raise bad_request("message can't be deleted")
    world.delete(message)
    return True


def _deletable(world: World, message: Message) -> bool:
    young = world.clock() - message.date < DELETE_SECONDS
    if message.chat.kind == "private":
        return young
    mine = message.sender is world.bot and young
    boss = world.bot_leads(message.chat) and bot_may(world, message.chat, "can_delete_messages")
    return mine or boss


@method
def delete_messages(world: World, params: Params) -> bool:
    """Remove up to 100; those that cannot be found are skipped."""
    numbers: list[int] = params.json("message_ids") or []
    if not 1 <= len(numbers) <= 100:
        raise bad_request(
            "message identifiers are not specified"
            if not numbers
            else "too many messages to delete"
        )
    found = [
        one
        for one in map(reach_chat(world, params).messages.get, numbers)
        if one and not one.deleted
    ]
    if not all(_deletable(world, message) for message in found):
        raise bad_request("message can't be deleted")
    for message in found:
        world.delete(message)
    return True


@method
def answer_callback_query(world: World, params: Params) -> bool:
    """End the little clock on a tapped button, perhaps with words."""
    query = world.queries.get(params.text("callback_query_id") or "")
    if query is None or world.clock() - query.date > ANSWER_SECONDS:
        raise bad_request(STALE)
    text = params.text("text") or ""
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    query.answer = query.answer or Answer(text, params.flag("show_alert"), params.text("url"))
    world.changes.mark()
    return True


@method
def set_message_reaction(world: World, params: Params) -> bool:
    """The bot's own reaction."""
    chat = reach_chat(world, params)
    message = find_message(chat, params.integer("message_id"), "message to react not found")
    wanted: list[JSON] = params.json("reaction") or []
    if len(wanted) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    message.reactions[world.bot.id] = [str(one.get("emoji", "")) for one in wanted]
    world.changes.mark()
    return True


@method
def pin_chat_message(world: World, params: Params) -> bool:
    """Pin a message."""
    chat = reach_chat(world, params)
    if chat.shared:
        need_admin(
            world,
            chat,
            "can_pin_messages",
            "not enough rights to manage pinned messages in the chat",
        )
    message = find_message(chat, params.integer("message_id"), "message to pin not found")
    world.pin(chat, message, world.bot)
    return True


@method
def unpin_chat_message(world: World, params: Params) -> bool:
    """Unpin one message, the newest unless named."""
    chat = reach_chat(world, params)
    if chat.shared:
        need_admin(
            world,
            chat,
            "can_pin_messages",
            "not enough rights to manage pinned messages in the chat",
        )
    number = params.integer("message_id", chat.pinned[-1] if chat.pinned else 0)
    if number not in chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned.remove(number)
    return True


@method
def unpin_all_chat_messages(world: World, params: Params) -> bool:
    """Unpin everything."""
    reach_chat(world, params).pinned.clear()
    return True


@method
def stop_poll(world: World, params: Params) -> JSON:
    """Close a poll the bot sent."""
    chat = reach_chat(world, params)
    message = find_message(
        chat, params.integer("message_id"), "message with poll to stop not found"
    )
    if message.sender is not world.bot or "poll" not in message.content:
        raise ApiError(400, "Bad Request: poll can't be stopped")
    message.content["poll"] = poll = message.content["poll"] | {"is_closed": True}
    world.changes.mark()
    return dict(poll)
