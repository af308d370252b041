"""Methods that change a chat itself or make links to it."""

from bot.simulator import telegram_json as shapes
from bot.simulator.errors import bad_request
from bot.simulator.methods.lookup import need_admin, reach_chat
from bot.simulator.methods.registry import method
from bot.simulator.params import Params
from bot.simulator.records import JSON, Chat
from bot.simulator.world import World


@method
def set_chat_title(world: World, params: Params) -> bool:
    """Rename a group."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_change_info", "not enough rights to change chat title")
    world.set_title(chat, params.text("title") or "", world.bot)
    return True


@method
def set_chat_description(world: World, params: Params) -> bool:
    """Describe a group."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_change_info", "not enough rights to set chat description")
    if (params.text("description") or "") == (chat.description or ""):
        raise bad_request("chat description is not modified")
    chat.description = params.text("description") or None
    return True


@method
def create_chat_invite_link(world: World, params: Params) -> JSON:
    """A fresh invite link."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_invite_users", "not enough rights to manage chat invite link")
    shape: JSON = {
        "invite_link": _link(world, chat),
        "creator": shapes.user_json(world.bot),
        "creates_join_request": params.flag("creates_join_request"),
        "is_primary": False,
        "is_revoked": False,
    }
    return shape | ({"name": params.text("name")} if "name" in params else {})


@method
def export_chat_invite_link(world: World, params: Params) -> str:
    """A fresh primary invite link."""
    chat = reach_chat(world, params)
    need_admin(world, chat, "can_invite_users", "not enough rights to manage chat invite link")
    return _link(world, chat)


def _link(world: World, chat: Chat) -> str:
    return f"https://t.me/+Simulated{abs(chat.id) % 100_000}{next(world.numbers):04d}"


@method
def get_file(world: World, params: Params) -> JSON:
    """Where to download a file from."""
    file = world.files.get(params.text("file_id") or "")
    if file is None:
        raise bad_request("invalid file_id")
    return {
        "file_id": file.id,
        "file_unique_id": file.unique_id,
        "file_size": len(file.data),
        "file_path": file.path,
    }
