"""The table of methods and how a function enters it."""

from collections.abc import Callable
from typing import Any, TypeAlias

from bot.simulator.params import Params
from bot.simulator.world import World

Handler: TypeAlias = Callable[[World, Params], Any]
TABLE: dict[str, Handler] = {}


def method(handler: Handler) -> Handler:
    """Enter a handler under its name without underscores: send_message answers sendMessage."""
    TABLE[handler.__name__.replace("_", "")] = handler
    return handler
