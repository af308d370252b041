"""What a bot writes: text with a parse mode or entities, measured by Telegram's limits."""

from collections.abc import Callable

from bot.simulator import telegram_json as shapes
from bot.simulator.entities import merge, trim, units
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.html_mode import MarkupError, parse_html
from bot.simulator.markdown_mode import parse_markdown, parse_markdown_v2
from bot.simulator.params import Params
from bot.simulator.records import JSON, User

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
MODES: dict[str, Callable[[str], tuple[str, list[JSON]]]] = {
    "html": parse_html,
    "markdownv2": parse_markdown_v2,
    "markdown": parse_markdown,
}


def read_text(params: Params, users: dict[int, User]) -> tuple[str, list[JSON]]:
    """The `text` parameter with its entities; empty text is refused."""
    text, entities = parse(params, "text", "entities", users)
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return text, entities


def read_caption(params: Params, users: dict[int, User]) -> tuple[str | None, list[JSON]]:
    """The `caption` parameter with its entities, None when there is none."""
    text, entities = parse(params, "caption", "caption_entities", users)
    if units(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return text or None, entities


def parse(
    params: Params, name: str, entities: str, users: dict[int, User]
) -> tuple[str, list[JSON]]:
    """Text and entities of one parameter, by its parse mode."""
    source = (params.text(name) or "").replace("\r", "")
    mode = (params.text("parse_mode") or "").lower()
    if mode not in MODES and mode not in ("", "none"):
        raise bad_request("unsupported parse_mode")
    given: list[JSON] = params.json(entities) or []
    if mode in MODES:
        source, given = _parsed(source, mode)
    text, given = trim(source, [one for one in map(_known(users), given) if one])
    return text, merge(given, text)


def _parsed(source: str, mode: str) -> tuple[str, list[JSON]]:
    try:
        return MODES[mode](source)
    except MarkupError as problem:
        raise ApiError(400, f"Bad Request: can't parse entities: {problem}") from None


def _known(users: dict[int, User]) -> Callable[[JSON], JSON | None]:
    """Mentions by id become mentions of known users; of unknown ones they vanish."""

    def resolve(entity: JSON) -> JSON | None:
        if entity["type"] != "text_mention":
            return entity
        number = entity.get("user_id") or entity.get("user", {}).get("id")
        user = users.get(number or 0)
        kept = {key: value for key, value in entity.items() if key != "user_id"}
        return kept | {"user": shapes.user_json(user)} if user else None

    return resolve
