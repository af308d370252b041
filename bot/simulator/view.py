"""What the page is shown: the world as plain JSON."""

from collections.abc import Iterable

from bot.simulator import telegram_json as shapes
from bot.simulator.records import JSON, ApiCall, Chat, Message, User
from bot.simulator.world import World

RECENT_MESSAGES = 200
RECENT_CALLS = 60


def state_view(world: World, chat_ids: Iterable[int]) -> JSON:
    """Everything but messages, and the messages of the chats asked for."""
    chats = [world.chats[number] for number in chat_ids if number in world.chats]
    return {
        "version": world.changes.version,
        "bot": bot_view(world),
        "users": [user_view(user) for user in world.users.values() if user is not world.bot],
        "chats": [chat_view(world, chat) for chat in world.chats.values()],
        "scene": scene_view(world),
        "stage": world.stage.view() if world.stage else None,
        "faults": faults_view(world),
        "calls": [call_view(call) for call in world.calls[-RECENT_CALLS:]],
        "messages": {str(chat.id): messages_view(world, chat) for chat in chats},
    }


def bot_view(world: World) -> JSON:
    """The bot and whether anybody is listening for it."""
    return {
        "id": world.bot.id,
        "name": world.bot.name,
        "username": world.bot.username,
        "delivery": "webhook"
        if world.webhook.get("url")
        else "polling"
        if world.poller
        else "none",
        "pending": len(world.updates.pending),
    }


def user_view(user: User) -> JSON:
    """One person."""
    return {
        "id": user.id,
        "name": user.name,
        "username": user.username,
        "is_bot": user.is_bot,
        "conversation": user.conversation,
    }


def chat_view(world: World, chat: Chat) -> JSON:
    """One chat with its people and topics."""
    members = [
        {"id": one.user.id, "status": one.status, "anonymous": one.anonymous}
        for one in chat.members.values()
        if one.present and one.user is not world.bot
    ]
    return {
        "id": chat.id,
        "kind": chat.kind,
        "title": chat.user.name if chat.user else chat.title,
        "members": members,
        "topics": [{"id": one.id, "name": one.name} for one in chat.topics.values()],
        "is_forum": chat.is_forum,
        "bot_status": chat.status(world.bot),
        "migrated_to": chat.migrated_to,
    }


def scene_view(world: World) -> JSON:
    """What the panes show first."""
    scene = world.scene
    return {
        "group": scene.group and scene.group.id,
        "moderators": scene.moderators and scene.moderators.id,
        "counselor": scene.counselor and scene.counselor.id,
        "member": scene.member and scene.member.id,
    }


def faults_view(world: World) -> JSON:
    """The troubles in force."""
    active = [
        {"trouble": one.trouble, "method": one.method, "count": one.count}
        for one in world.faults.active
    ]
    return {
        "offline": world.faults.offline,
        "limits": world.limits.enforced,
        "active": active,
    }


def call_view(call: ApiCall) -> JSON:
    """One line about a call the bot made."""
    return {
        "method": call.method,
        "chat": call.params.get("chat_id"),
        "text": str(call.params.get("text") or call.params.get("caption") or "")[:120],
        "time": call.time,
        "error": call.error,
    }


def messages_view(world: World, chat: Chat) -> list[JSON]:
    """The chat's latest messages, as people see them."""
    return [message_view(world, one) for one in world.messages(chat)[-RECENT_MESSAGES:]]


def message_view(world: World, message: Message) -> JSON:
    """A message in Telegram's shape, with what only the page needs."""
    emojis = [emoji for given in message.reactions.values() for emoji in given]
    return shapes.message_json(message) | {
        "author": message.author.id if message.author else None,
        "by_bot": message.sender is world.bot,
        "service": message.service,
        "pinned": message.id in message.chat.pinned,
        "reactions": {emoji: emojis.count(emoji) for emoji in emojis},
    }
