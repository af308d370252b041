"""What a visitor of the page can do: one function an act, taking the page's JSON."""

from collections.abc import Callable
from typing import Any, TypeAlias

from bot.simulator.errors import SimulatorError
from bot.simulator.faults import Trouble
from bot.simulator.posting import PostOptions
from bot.simulator.records import JSON, Chat, Message, Status, User
from bot.simulator.world import World

Act: TypeAlias = Callable[[World, JSON], Any]
ACTS: dict[str, Act] = {}
TAP_PATIENCE = 8.0  # seconds a visitor waits for the bot to answer a tap
LONGEST_TEXT = 4096
LONGEST_PASS = 7 * 24 * 60  # minutes


class UnknownThingError(SimulatorError):
    """The page names a person, chat or message that is not there."""


def act(function: Act) -> Act:
    """Enter a function under its name."""
    ACTS[function.__name__] = function
    return function


def _user(world: World, body: JSON) -> User:
    user = world.users.get(int(body.get("user") or 0))
    if user is None:
        raise UnknownThingError("没有这个人")
    return user


def _chat(world: World, body: JSON) -> Chat:
    chat = world.chats.get(int(body.get("chat") or 0))
    if chat is None:
        raise UnknownThingError("没有这个会话")
    return chat


def _message(world: World, body: JSON, name: str = "message") -> Message:
    message = _chat(world, body).messages.get(int(body.get(name) or 0))
    if message is None or message.deleted:
        raise UnknownThingError("这条消息已经不在了")
    return message


def _text(body: JSON) -> str:
    text = str(body.get("text") or "").strip()
    if not text:
        raise UnknownThingError("还没有写字")
    return text[:LONGEST_TEXT]


def _options(world: World, body: JSON) -> PostOptions:
    options: PostOptions = {"thread": int(body.get("thread") or 0) or None}
    if body.get("reply_to"):
        options["reply_to"] = _message(world, body, "reply_to")
    if body.get("anonymous"):
        options["via_anonymous_admin"] = True
    return options


@act
def say(world: World, body: JSON) -> int:
    """Write text."""
    options = _options(world, body)
    return world.say(_chat(world, body), _user(world, body), _text(body), **options).id


@act
def send(world: World, body: JSON) -> int:
    """Send something other than text."""
    chat, user, options = _chat(world, body), _user(world, body), _options(world, body)
    caption = str(body.get("text") or "").strip()[:1024] or None
    match body.get("kind"):
        case "photo":
            return world.photo(chat, user, caption, **options).id
        case "voice":
            return world.voice(chat, user, caption, **options).id
        case "document":
            return world.document(chat, user, caption, **options).id
        case "dice":
            return world.dice(chat, user, **options).id
        case "sticker":
            return world.sticker(chat, user, str(body.get("emoji") or "😢")[:8], **options).id
        case kind:
            raise UnknownThingError(f"不会发送「{kind}」")


@act
def edit(world: World, body: JSON) -> None:
    """Change one's own message."""
    message = _message(world, body)
    if message.author is not _user(world, body):
        raise UnknownThingError("只能改自己的消息")
    world.edit(message, _text(body))


@act
def delete(world: World, body: JSON) -> None:
    """Delete one's own message."""
    message = _message(world, body)
    if message.author is not _user(world, body):
        raise UnknownThingError("只能删自己的消息")
    world.delete(message)


@act
def react(world: World, body: JSON) -> None:
    """React with an emoji; the same again takes it back."""
    message, user, emoji = _message(world, body), _user(world, body), str(body.get("emoji"))[:8]
    again = message.reactions.get(user.id) == [emoji]
    world.react(message.chat, message, user, None if again else emoji)


@act
def vote(world: World, body: JSON) -> None:
    """Vote in a poll."""
    world.vote(_user(world, body), _message(world, body), int(body.get("option") or 0))


@act
async def tap(world: World, body: JSON) -> JSON:
    """Tap a button and wait for what the bot has to say to it."""
    query = world.tap(_user(world, body), _message(world, body), int(body.get("button") or 0))
    try:
        answer = await world.wait_for(lambda: query.answer, TAP_PATIENCE)
    except TimeoutError:
        return {"answered": False}
    assert answer is not None
    return {"answered": True, "text": answer.text, "alert": answer.show_alert}


@act
def start(world: World, body: JSON) -> int:
    """Press «开始», perhaps with a deep link's payload."""
    user = _user(world, body)
    world.start(user, str(body.get("payload") or "")[:64] or None)
    return user.id


@act
def block(world: World, body: JSON) -> None:
    """Block the bot."""
    world.block(_user(world, body))


@act
def add_person(world: World, body: JSON) -> int:
    """A new person who joins a group."""
    user = world.add_user(_text(body)[:32])
    world.join(_chat(world, body), user)
    return user.id


@act
def leave(world: World, body: JSON) -> None:
    """Leave a group."""
    world.leave(_chat(world, body), _user(world, body))


@act
def set_bot(world: World, body: JSON) -> None:
    """Promote, demote or remove the bot."""
    statuses: dict[str, Status] = {
        "administrator": "administrator",
        "member": "member",
        "kicked": "kicked",
    }
    status = statuses.get(str(body.get("status")))
    if status is None:
        raise UnknownThingError("没有这种身份")
    world.set_bot(_chat(world, body), status)


@act
def fault(world: World, body: JSON) -> None:
    """Put a trouble in force."""
    troubles: tuple[Trouble, ...] = (
        "retry",
        "server_error",
        "bad_gateway",
        "cut_before",
        "cut_after",
        "slow",
        "forbidden",
        "duplicate",
        "shuffle",
    )
    found = next((one for one in troubles if one == body.get("trouble")), None)
    if found is None:
        raise UnknownThingError("没有这种故障")
    count = min(max(int(body.get("count") or 1), 1), 50)
    seconds = min(max(int(body.get("seconds") or 3), 1), 60)
    method = str(body.get("method") or "")
    world.faults.add(found, method, count=count, retry_after=seconds, delay=float(seconds))
    world.changes.mark()


@act
def offline(world: World, body: JSON) -> None:
    """Pull the plug, or put it back."""
    world.faults.offline = bool(body.get("on"))
    world.changes.mark()


@act
def limits(world: World, body: JSON) -> None:
    """Enforce Telegram's sending limits, or not."""
    world.limits.enforced = bool(body.get("on"))
    world.changes.mark()


@act
def calm(world: World, _body: JSON) -> None:
    """End all troubles."""
    world.faults.clear()
    world.limits.enforced = False
    world.changes.mark()


@act
def play(world: World, body: JSON) -> None:
    """Begin a scene."""
    if world.stage is None:
        raise UnknownThingError("这里没有排好的场景")
    world.stage.play(str(body.get("scene")))


@act
async def pass_time(world: World, body: JSON) -> None:
    """Move the clock on, with all that falls due."""
    if world.stage is None:
        raise UnknownThingError("这里的时间拨不动")
    await world.stage.forward(min(max(int(body.get("minutes") or 0), 1), LONGEST_PASS))
