"""What the simulated Telegram remembers, and the few ways it changes."""

import itertools
import time
from collections.abc import Callable
from typing import TypeVar

from bot.simulator import telegram_json as shapes
from bot.simulator.changes import Changes
from bot.simulator.faults import Faults
from bot.simulator.limits import RateLimits
from bot.simulator.privacy import reaches_bot
from bot.simulator.records import (
    JSON,
    ApiCall,
    CallbackQuery,
    Chat,
    Clock,
    File,
    Message,
    Scene,
    User,
)
from bot.simulator.rights import BOSSES
from bot.simulator.stage import Stage
from bot.simulator.updates import UpdateQueue

T = TypeVar("T")
TOKEN = "123456:TEST-simulated-token-of-Qunhu-000000"
TELEGRAM = User(777000, "Telegram", language_code=None)
ANONYMOUS = User(1087968824, "Group", "GroupAnonymousBot", is_bot=True)
CHANNEL_BOT = User(136817688, "Channel", "Channel_Bot", is_bot=True)


class State:
    """Users, chats, files, taps, the bot's calls and the updates that wait for it."""

    def __init__(
        self,
        token: str = TOKEN,
        bot_name: str = "群护",
        bot_username: str = "qunhu_bot",
        *,
        clock: Clock = time.time,
        can_read_all_group_messages: bool = False,
    ) -> None:
        self.token = token
        self.clock = clock
        self.bot = User(int(token.partition(":")[0]), bot_name, bot_username, is_bot=True)
        self.can_read_all_group_messages = can_read_all_group_messages
        self.bots_see_bots = False
        self.users: dict[int, User] = {self.bot.id: self.bot}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, File] = {}
        self.queries: dict[str, CallbackQuery] = {}
        self.calls: list[ApiCall] = []
        self.profile: JSON = {}
        self.scene = Scene()
        self.stage: Stage | None = None
        self.webhook: JSON = {}
        self.poller = 0
        self.closing = False
        self.updates = UpdateQueue()
        self.changes = Changes()
        self.faults = Faults()
        self.limits = RateLimits(clock)
        self.numbers = itertools.count(1)
        self._user_ids = itertools.count(7_000_001)
        self._group_ids = itertools.count(4_000_001)
        self._message_ids = itertools.count(1)

    def now(self) -> int:
        """The clock's time in whole UTC seconds."""
        return int(self.clock())

    async def wait_for(self, predicate: Callable[[], T], timeout: float = 30.0) -> T:  # noqa: ASYNC109
        """The predicate's first true value; TimeoutError when `timeout` seconds pass first."""
        return await self.changes.until(predicate, timeout)

    def emit(self, kind: str, body: JSON) -> None:
        """Queue an update for the bot, if it asked for this kind."""
        self.updates.put(kind, body)
        self.changes.mark()

    def next_message_id(self, chat: Chat) -> int:
        """Supergroups and channels count for themselves; all other chats share one count."""
        if chat.kind in ("supergroup", "channel"):
            return next(reversed(chat.messages), 1) + 1  # 1 was the chat's creation
        return next(self._message_ids)

    def put_message(self, message: Message) -> Message:
        """Show a message to everybody who may see it, the bot among them."""
        message.chat.messages[message.id] = message
        if self.bot_receives(message):
            kind = "channel_post" if message.chat.kind == "channel" else "message"
            self.emit(kind, shapes.message_json(message))
        self.changes.mark()
        return message

    def bot_receives(self, message: Message) -> bool:
        """Whether Telegram shows the bot this message."""
        return reaches_bot(message, self.bot, self.can_read_all_group_messages, self.bots_see_bots)

    def bot_leads(self, chat: Chat) -> bool:
        """Whether the bot is an administrator here."""
        return chat.status(self.bot) in BOSSES

    def service(self, chat: Chat, user: User | None, **content: object) -> Message:
        """A service message, e.g. `service(chat, user, new_chat_title="…")`."""
        number = self.next_message_id(chat)
        return self.put_message(Message(number, chat, self.now(), user, content=dict(content)))

    def store_file(self, name: str, mime: str, data: bytes, folder: str = "documents") -> File:
        """Keep a file; its id says nothing, as at Telegram's."""
        number = next(self.numbers)
        suffix = name.rpartition(".")[2] if "." in name else "bin"
        path = f"{folder}/file_{number}.{suffix}"
        file = File(f"FILE-{number:08d}", f"UNIQUE{number:06d}", name, mime, data, path)
        self.files[file.id] = file
        return file

    def messages(self, chat: Chat) -> list[Message]:
        """The chat as people see it now: edits applied, deleted messages gone."""
        return [message for message in chat.messages.values() if not message.deleted]

    def add_user(
        self,
        name: str,
        *,
        username: str | None = None,
        user_id: int | None = None,
        language_code: str | None = "zh-hans",
        is_bot: bool = False,
    ) -> User:
        """A new person (or another bot); nobody has written to our bot yet."""
        number = next(self._user_ids) if user_id is None else user_id
        user = User(number, name, username, language_code=language_code, is_bot=is_bot)
        self.users[number] = user
        self.changes.mark()
        return user

    def private(self, user: User) -> Chat:
        """The user's private chat with the bot, whether or not it has been started."""
        if user.id not in self.chats:
            self.chats[user.id] = Chat(user.id, "private", user=user)
        return self.chats[user.id]

    def next_chat_id(self, supergroup: bool) -> int:
        """A fresh id of Telegram's shape."""
        number = next(self._group_ids)
        return -1_002_000_000_000 - number if supergroup else -number
