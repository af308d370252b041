"""Methods about the bot itself: its name, its commands, its words of welcome."""

import re
from typing import Any

from bot.simulator import telegram_json as shapes
from bot.simulator.errors import bad_request
from bot.simulator.methods.registry import TABLE, Handler, method
from bot.simulator.params import Params
from bot.simulator.records import JSON
from bot.simulator.world import World

WORDS = {"description": 512, "short_description": 120, "name": 64}  # what can be set, and its limit


@method
def get_me(world: World, _params: Params) -> JSON:
    """The bot as a user, with what it is able to do."""
    return shapes.user_json(world.bot) | {
        "can_join_groups": True,
        "can_read_all_group_messages": world.can_read_all_group_messages,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
        "can_manage_bots": False,
        "supports_guest_queries": False,
    }


def _scope(params: Params) -> tuple[Any, ...]:
    scope: JSON = params.json("scope") or {"type": "default"}
    return (
        "commands",
        scope["type"],
        scope.get("chat_id"),
        scope.get("user_id"),
        params.text("language_code") or "",
    )


@method
def set_my_commands(world: World, params: Params) -> bool:
    """The menu of commands, per scope and language."""
    commands: list[JSON] = params.json("commands") or []
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for one in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", one["command"].lstrip("/")):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(one["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.profile[str(_scope(params))] = commands
    world.changes.mark()
    return True


@method
def get_my_commands(world: World, params: Params) -> list[JSON]:
    """The menu as set for one scope and language."""
    commands: list[JSON] = world.profile.get(str(_scope(params)), [])
    return commands


@method
def delete_my_commands(world: World, params: Params) -> bool:
    """Forget the menu of one scope and language."""
    world.profile.pop(str(_scope(params)), None)
    return True


def _setter(word: str, limit: int) -> Handler:
    def set_word(world: World, params: Params) -> bool:
        text = params.text(word) or ""
        if len(text) > limit:
            raise bad_request(f"BOT_{word.upper().replace('SHORT_DESCRIPTION', 'ABOUT')}_TOO_LONG")
        world.profile[f"{word}:{params.text('language_code') or ''}"] = text
        return True

    return set_word


def _getter(word: str) -> Handler:
    def get_word(world: World, params: Params) -> JSON:
        default = world.bot.name if word == "name" else ""
        return {word: world.profile.get(f"{word}:{params.text('language_code') or ''}", default)}

    return get_word


for _word, _limit in WORDS.items():
    TABLE[f"setmy{_word.replace('_', '')}"] = _setter(_word, _limit)
    TABLE[f"getmy{_word.replace('_', '')}"] = _getter(_word)


@method
def set_chat_menu_button(world: World, params: Params) -> bool:
    """The button beside the text field."""
    world.profile["menu_button"] = params.json("menu_button") or {"type": "default"}
    return True


@method
def get_chat_menu_button(world: World, _params: Params) -> JSON:
    """The button as set."""
    button: JSON = world.profile.get("menu_button", {"type": "commands"})
    return button


@method
def get_user_profile_photos(_world: World, _params: Params) -> JSON:
    """Nobody here has a picture."""
    return {"total_count": 0, "photos": []}


@method
def log_out(_world: World, _params: Params) -> bool:
    """Leave the cloud server; nothing to do here."""
    return True


@method
def close(_world: World, _params: Params) -> bool:
    """Close the bot instance; nothing to do here."""
    return True
