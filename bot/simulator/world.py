"""The simulated Telegram as tests and the demo use it: one bot, its people and their chats."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

from bot.simulator import telegram_json as shapes
from bot.simulator.errors import SimulatorError
from bot.simulator.records import JSON, CallbackQuery, Chat, Message, Scene, User
from bot.simulator.talk import Talk


class NoSuchButtonError(SimulatorError):
    """The message has no such button now."""


class World(Talk):
    """Everything above, with private chats, taps and votes."""

    def set_scene(
        self,
        *,
        group: Chat | None = None,
        moderators: Chat | None = None,
        counselor: User | None = None,
        member: User | None = None,
    ) -> None:
        """What the page's four panes show first."""
        self.scene = Scene(group, moderators, counselor, member)
        self.changes.mark()

    def start(self, user: User, payload: str | None = None) -> Message:
        """Press «开始» in the private chat, perhaps by a deep link with a payload."""
        return self.say(self.private(user), user, f"/start {payload}" if payload else "/start")

    def block(self, user: User) -> None:
        """The user blocks the bot."""
        user.conversation = "blocked"
        self._private_status(user, "member", "kicked")
        self.changes.mark()

    def tap(self, user: User, message: Message, button: str | int) -> CallbackQuery:
        """Tap an inline button, named by its text, its callback_data or its place."""
        return self.tap_data(user, message, _callback(find_button(message, button)))

    def tap_data(self, user: User, message: Message, data: str) -> CallbackQuery:
        """A tap with any data: an old button's, or a forged one."""
        number = str(4_382_000_000_000 + next(self.numbers))
        query = CallbackQuery(number, user, message, data, self.now())
        self.queries[number] = query
        self.emit("callback_query", shapes.callback_json(query))
        return query

    def follow(self, user: User, message: Message, button: str | int) -> Message:
        """Tap a t.me/<bot>?start=… button: the private chat opens with that payload."""
        found = find_button(message, button)
        payload = self.deep_link(found.get("url", ""))
        if payload is None:
            raise NoSuchButtonError(f"{found.get('text')!r} does not lead to the bot")
        return self.start(user, payload or None)

    def deep_link(self, url: str) -> str | None:
        """The start payload of a link to our bot ("" for a bare one), None for other links."""
        parts = urlparse(url if "//" in url else f"https://{url}")
        if parts.scheme == "tg" and parts.netloc == "resolve":
            query = parse_qs(parts.query)
            name = query.get("domain", [""])[0]
        else:
            query, name = parse_qs(parts.query), parts.path.strip("/")
            if parts.netloc not in ("t.me", "telegram.me"):
                return None
        mine = name.lower() == (self.bot.username or "").lower()
        return query.get("start", [""])[0] if mine else None

    def vote(self, user: User, message: Message, *options: int) -> None:
        """Vote in a poll that the bot sent; no options take the vote back."""
        poll: JSON = message.content["poll"]
        message.ballots[user.id] = options
        for place, option in enumerate(poll["options"]):
            option["voter_count"] = sum(place in ballot for ballot in message.ballots.values())
        poll["total_voter_count"] = sum(bool(ballot) for ballot in message.ballots.values())
        if message.sender is self.bot:
            self.emit("poll", poll)
        self.changes.mark()

    def from_bot(self, chat: Chat) -> list[Message]:
        """What the bot has said here and people still see."""
        return [message for message in self.messages(chat) if message.sender is self.bot]

    async def wait_message(
        self,
        chat: Chat,
        matches: str | Callable[[Message], bool] = "",
        timeout: float = 5.0,  # noqa: ASYNC109
    ) -> Message:
        """The bot's first message here that holds the words or satisfies the test."""

        def found() -> Message | None:
            said = self.from_bot(chat)
            return next((one for one in said if _fits(one, matches)), None)

        message = await self.wait_for(found, timeout)
        assert message is not None
        return message


def _fits(message: Message, matches: str | Callable[[Message], bool]) -> bool:
    return matches in message.words if isinstance(matches, str) else matches(message)


def find_button(message: Message, button: str | int) -> JSON:
    """The button with this text, callback_data, url or place; NoSuchButtonError otherwise."""
    flat = [one for row in message.buttons for one in row]
    if isinstance(button, int):
        if 0 <= button < len(flat):
            return flat[button]
        raise NoSuchButtonError(f"message {message.id} has {len(flat)} buttons, none at {button}")
    for key in ("callback_data", "text", "url"):
        for one in flat:
            if one.get(key) == button:
                return one
    names = ", ".join(str(one.get("text")) for one in flat) or "none"
    raise NoSuchButtonError(f"message {message.id} has no button {button!r}; it has: {names}")


def _callback(button: JSON) -> str:
    if "callback_data" not in button:
        raise NoSuchButtonError(f"{button.get('text')!r} is not a callback button")
    return str(button["callback_data"])
