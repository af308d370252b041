"""Telegram's refusals, word for word.

SimulatorError
└── ApiError        what the bot is answered: code, description, parameters
"""

from bot.simulator.records import JSON, Chat

CHAT_NAMES = {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}


class SimulatorError(Exception):
    """Something the simulator refuses."""


class ApiError(SimulatorError):
    """A refusal in Telegram's own form; the bot sees it as an HTTP answer."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> JSON:
        """The JSON body Telegram would send."""
        body: JSON = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = dict(self.parameters)
        return body


def bad_request(text: str) -> ApiError:
    """A 400 with Telegram's prefix."""
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    """A 403 with Telegram's prefix."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """A 409 with Telegram's prefix."""
    return ApiError(409, f"Conflict: {text}")


def too_many(retry_after: int) -> ApiError:
    """A 429 that names the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def upgraded(chat: Chat) -> ApiError:
    """The 400 that tells a group's new id."""
    return ApiError(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=chat.migrated_to or 0,
    )


def outsider(chat: Chat, kicked: bool) -> ApiError:
    """The 403 for a group that the bot is no longer in."""
    name = CHAT_NAMES.get(chat.kind, "chat")
    return forbidden(
        f"bot was kicked from the {name}" if kicked else f"bot is not a member of the {name}"
    )
