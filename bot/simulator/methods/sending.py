"""Methods that put a message into a chat."""

from typing import Any

from bot.simulator import samples
from bot.simulator import telegram_json as shapes
from bot.simulator.entities import units
from bot.simulator.errors import bad_request
from bot.simulator.formatting import read_caption, read_text
from bot.simulator.keyboards import read_markup
from bot.simulator.methods.lookup import bot_may, find_chat, find_message, reach_chat
from bot.simulator.methods.media import NAMES, RIGHTS, media_content
from bot.simulator.methods.registry import TABLE, Handler, method
from bot.simulator.params import Params
from bot.simulator.records import JSON, Chat, Message
from bot.simulator.rights import BOSSES
from bot.simulator.world import World


def draft(world: World, params: Params, kind: str) -> Message:
    """A message of the bot's, placed and checked but not yet shown."""
    chat = reach_chat(world, params)
    if not bot_may(world, chat, RIGHTS.get(kind, "can_send_other_messages")):
        raise bad_request(f"not enough rights to send {NAMES.get(kind, kind)} to the chat")
    message = Message(0, chat, world.now(), world.bot)
    message.thread = _thread(world, chat, params.integer("message_thread_id"))
    message.topic = message.thread is not None
    _reply(world, message, params)
    message.reply_markup = read_markup(params)
    if params.flag("protect_content"):
        message.extras["has_protected_content"] = True
    return message


def publish(world: World, message: Message) -> Message:
    """Number a draft and show it, if Telegram's limits allow."""
    world.limits.check(message.chat.id)
    message.id = world.next_message_id(message.chat)
    return world.put_message(message)


def _thread(world: World, chat: Chat, number: int) -> int | None:
    if not number:
        return None
    topic = chat.topics.get(number)
    if topic is None:
        raise bad_request("message thread not found")
    if topic.closed and chat.status(world.bot) not in BOSSES:
        raise bad_request("TOPIC_CLOSED")
    return number


def _reply(world: World, message: Message, params: Params) -> None:
    wish: JSON = params.json("reply_parameters") or {}
    number = int(wish.get("message_id") or params.integer("reply_to_message_id"))
    if not number:
        return
    chat = find_chat(world, Params(wish)) if wish.get("chat_id") else message.chat
    target = chat.messages.get(number)
    if target is None or target.deleted:
        if wish.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply"):
            return
        raise bad_request("message to be replied not found")
    message.reply_to = target
    if quote := wish.get("quote"):
        message.quote = _quote(target, str(quote))
    if message.chat.is_forum and target.chat is message.chat:
        message.thread = message.thread or target.thread
        message.topic = message.thread is not None
    elif message.chat.kind == "supergroup" and target.chat is message.chat:
        message.thread = target.thread or target.id


def _quote(target: Message, quote: str) -> JSON:
    where = target.words.find(quote)
    if where < 0:
        raise bad_request("QUOTE_TEXT_INVALID")
    return {"text": quote, "position": units(target.words[:where])}


@method
def send_message(world: World, params: Params) -> JSON:
    """Text."""
    message = draft(world, params, "text")
    message.text, message.entities = read_text(params, world.users)
    if options := params.json("link_preview_options"):
        message.extras["link_preview_options"] = options
    return shapes.message_json(publish(world, message))


def _sender(kind: str) -> Handler:
    """The handler for one kind of file, e.g. sendPhoto."""

    def send(world: World, params: Params) -> JSON:
        message = draft(world, params, kind)
        message.content = media_content(world, params, kind)
        message.caption, message.entities = read_caption(params, world.users)
        if params.flag("has_spoiler"):
            message.content["has_media_spoiler"] = True
        return shapes.message_json(publish(world, message))

    return send


TABLE.update(
    {
        f"send{kind.replace('_', '')}": _sender(kind)
        for kind in NAMES
        if kind not in ("text", "poll", "dice")
    }
)


@method
def send_media_group(world: World, params: Params) -> list[JSON]:
    """An album of 2 to 10."""
    items: list[JSON] = params.json("media") or []
    if not 2 <= len(items) <= 10:
        raise bad_request("invalid media group: must include 2-10 items")
    album = f"{13_000_000_000_000_000 + next(world.numbers)}"
    drafts = [_album_item(world, params, item, album) for item in items]
    return [shapes.message_json(publish(world, message)) for message in drafts]


def _album_item(world: World, params: Params, item: JSON, album: str) -> Message:
    kind = item["type"]
    message = draft(world, params, kind)
    part = Params({**item, kind: item["media"]}, params.uploads)
    message.content = media_content(world, part, kind)
    message.caption, message.entities = read_caption(part, world.users)
    message.media_group = album
    return message


@method
def send_poll(world: World, params: Params) -> JSON:
    """A poll of 1 to 12 options."""
    message = draft(world, params, "poll")
    options = [
        one["text"] if isinstance(one, dict) else one for one in params.json("options") or []
    ]
    if not 1 <= len(options) <= 12:
        raise bad_request(
            "poll must have at least 1 option"
            if not options
            else "poll can't have more than 12 options"
        )
    number = str(5_000_000 + next(world.numbers))
    anonymous = params.flag("is_anonymous", True)
    message.content["poll"] = samples.poll(
        number, params.text("question") or "", options, anonymous
    )
    return shapes.message_json(publish(world, message))


@method
def send_dice(world: World, params: Params) -> JSON:
    """A dice with a value."""
    message = draft(world, params, "dice")
    message.content["dice"] = {
        "emoji": params.text("emoji") or "🎲",
        "value": next(world.numbers) % 6 + 1,
    }
    return shapes.message_json(publish(world, message))


@method
def send_chat_action(world: World, params: Params) -> bool:
    """「正在输入…」, which leaves nothing behind."""
    reach_chat(world, params)
    return True


@method
def forward_message(world: World, params: Params) -> JSON:
    """Pass a message on, with whose words it holds."""
    message = _again(world, params, params.integer("message_id"), "message to forward not found")
    source = find_chat(world, params, "from_chat_id").messages[params.integer("message_id")]
    message.origin = shapes.origin_of(source)
    return shapes.message_json(publish(world, message))


@method
def copy_message(world: World, params: Params) -> JSON:
    """Repeat a message without its author, perhaps with another caption."""
    message = _again(world, params, params.integer("message_id"), "message to copy not found")
    if "caption" in params and message.text is None:
        message.caption, message.entities = read_caption(params, world.users)
    return {"message_id": publish(world, message).id}


@method
def forward_messages(world: World, params: Params) -> list[Any]:
    """Pass several on."""
    return _each(forward_message, world, params)


@method
def copy_messages(world: World, params: Params) -> list[Any]:
    """Repeat several."""
    return _each(copy_message, world, params)


def _each(handler: Handler, world: World, params: Params) -> list[Any]:
    calls = [
        Params({**params.values, "message_id": number})
        for number in params.json("message_ids") or []
    ]
    return [{"message_id": handler(world, call)["message_id"]} for call in calls]


def _again(world: World, params: Params, number: int, refusal: str) -> Message:
    source = find_message(find_chat(world, params, "from_chat_id"), number, refusal)
    if source.service:
        raise bad_request("message can't be forwarded")
    message = draft(world, params, "text")
    message.text, message.caption = source.text, source.caption
    message.entities, message.content = list(source.entities), dict(source.content)
    return message
