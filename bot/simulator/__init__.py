"""A simulated Telegram on this machine: a Bot API server with people, faults and a page."""

from bot.simulator.records import ApiCall, CallbackQuery, Chat, Message, User
from bot.simulator.server import Simulator, create_app
from bot.simulator.world import World

__all__ = [
    "ApiCall",
    "CallbackQuery",
    "Chat",
    "Message",
    "Simulator",
    "User",
    "World",
    "create_app",
]
