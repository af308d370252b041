"""The Bot API's methods, by name: one table, filled by the modules beside this one."""

from bot.simulator.methods import chats, delivery, editing, forums, members, profile, sending
from bot.simulator.methods.registry import TABLE, Handler

__all__ = [
    "TABLE",
    "Handler",
    "chats",
    "delivery",
    "editing",
    "forums",
    "members",
    "profile",
    "sending",
]
