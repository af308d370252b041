"""Checking the reply markup a bot sends, as strictly as Telegram."""

from urllib.parse import urlparse

from bot.simulator.errors import bad_request
from bot.simulator.params import Params
from bot.simulator.records import JSON

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
MAX_DATA = 64  # bytes
MAX_BUTTONS = 100


def read_markup(params: Params) -> JSON | None:
    """The reply_markup parameter, checked; None when absent or an empty keyboard."""
    markup = params.json("reply_markup")
    if not markup:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return markup
    rows = [[_button(one) for one in row] for row in markup["inline_keyboard"]]
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    rows = [row for row in rows if row]
    return {"inline_keyboard": rows} if rows else None


def _button(button: JSON) -> JSON:
    if "text" not in button:
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not str(button["text"]).strip():
        raise bad_request("can't parse inline keyboard button: Text must be non-empty")
    if not any(action in button for action in ACTIONS):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if (
        "callback_data" in button
        and not 1 <= len(str(button["callback_data"]).encode()) <= MAX_DATA
    ):
        raise bad_request("BUTTON_DATA_INVALID")
    return button | {"url": _url(button["url"])} if "url" in button else button


def _url(url: str) -> str:
    parts = urlparse(url if "//" in url else f"http://{url}")
    if parts.scheme not in ("http", "https", "tg", "ton", "tonsite"):
        raise bad_request(
            f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )
    if parts.scheme in ("http", "https") and "." not in (parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return parts.geturl()
