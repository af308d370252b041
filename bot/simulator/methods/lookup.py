"""Finding what a call speaks of, and whether the bot may act on it."""

from bot.simulator.errors import bad_request, forbidden, outsider, upgraded
from bot.simulator.params import Params
from bot.simulator.records import Chat, Member, Message, User
from bot.simulator.rights import BOSSES
from bot.simulator.world import World


def find_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat a parameter names by id or @username, whether or not the bot may write there."""
    value = (params.text(name) or "").strip()
    if not value:
        raise bad_request(f"{name} is empty")
    named = value.startswith("@")
    chat = _by_username(world, value[1:]) if named else _by_id(world, value)
    if chat is None or (chat.kind != "private" and not _heard_of(chat)):
        raise bad_request("chat not found")
    return chat


def _by_username(world: World, name: str) -> Chat | None:
    chats = (chat for chat in world.chats.values() if chat.kind != "private")
    return next((chat for chat in chats if (chat.username or "").lower() == name.lower()), None)


def _by_id(world: World, value: str) -> Chat | None:
    try:
        number = int(value)
    except ValueError:
        return None
    if number in world.users and number != world.bot.id and _acquainted(world, world.users[number]):
        return world.private(world.users[number])
    return world.chats.get(number)


def _heard_of(chat: Chat) -> bool:
    return chat.bot_known or chat.kind == "channel" or chat.username is not None


def _acquainted(world: World, user: User) -> bool:
    """Telegram knows no private chat with somebody the bot has never come across."""
    if user.conversation != "none" or user.id in world.chats:
        return True
    return any(chat.bot_known and user.id in chat.members for chat in world.chats.values())


def reach_chat(world: World, params: Params, name: str = "chat_id") -> Chat:
    """The chat, if the bot is in it and nobody has shut it out."""
    chat = find_chat(world, params, name)
    if chat.migrated_to:
        raise upgraded(chat)
    if chat.user:
        _reach_user(chat.user)
    elif chat.kind != "channel" or world.bot.id in chat.members:
        status = chat.status(world.bot)
        if status in ("left", "kicked"):
            raise outsider(chat, status == "kicked")
    else:
        raise outsider(chat, kicked=False)
    return chat


def _reach_user(user: User) -> None:
    if user.deactivated:
        raise forbidden("user is deactivated")
    if user.is_bot:
        raise forbidden("bot can't send messages to bots")
    if user.conversation == "none":
        raise forbidden("bot can't initiate conversation with a user")
    if user.conversation == "blocked":
        raise forbidden("bot was blocked by the user")


def bot_may(world: World, chat: Chat, right: str) -> bool:
    """Whether the bot has this right here, as admin or as ordinary member."""
    member = chat.members.get(world.bot.id)
    if chat.kind == "private" or (member and member.status == "creator"):
        return True
    if member is None:
        return False
    if member.status == "administrator":
        return member.rights.get(
            right, right.startswith("can_send") or right == "can_react_to_messages"
        )
    if member.status == "restricted":
        return member.rights.get(right, False)
    return chat.permissions.get(right, False)


def need_admin(world: World, chat: Chat, right: str, refusal: str) -> None:
    """Refuse unless the bot is an admin here with this right."""
    if chat.status(world.bot) not in BOSSES or not bot_may(world, chat, right):
        raise bad_request(refusal)


def find_message(chat: Chat, number: int, refusal: str) -> Message:
    """A message that is still there."""
    message = chat.messages.get(number)
    if message is None or message.deleted:
        raise bad_request(refusal)
    return message


def find_member(world: World, chat: Chat, params: Params) -> Member:
    """The standing of `user_id` in a chat; somebody never seen there has left."""
    if "user_id" not in params:
        raise bad_request("invalid user_id specified")
    user = world.users.get(params.integer("user_id"))
    if user is None:
        raise bad_request("user not found" if chat.kind == "group" else "PARTICIPANT_ID_INVALID")
    return chat.members.get(user.id) or Member(user, "left")
