"""A small town to test in: the simulator, a group, moderators, a counselor, and the real bot."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import words
from bot.app import Qunhu, running
from bot.demo.clock import MovedClock
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.settings import load_settings
from bot.simulator import Chat, Message, Simulator, User, World
from moderation.storage import outbox
from moderation.storage.outbox import State
from tests.bot.ready_made import lay_ready_made
from tests.fakes import KeywordClassifier

QUIET_AFTER = 0.15


@dataclass
class Town:
    """The people and their chats."""

    world: World
    folder: Path
    base_url: str
    classifier: KeywordClassifier = field(default_factory=KeywordClassifier)
    bot: Qunhu | None = None

    def __post_init__(self) -> None:
        world = self.world
        self.lan = world.add_user("小岚")
        self.mei = world.add_user("阿梅")
        self.admin = world.add_user("群主老周")
        self.counselor = world.add_user("沈咨询")
        self.moderator = world.add_user("管理员小何")
        self.moderators = world.add_group(
            "群护管理", members=[self.moderator, self.admin], bot_status="administrator"
        )
        self.group = world.add_group(
            "鼻修复互助群", members=[self.lan, self.mei, self.admin], bot_status="administrator"
        )
        world.promote(self.group, self.admin)
        world.start(self.counselor)
        world.start(self.lan)

    def settings(self, **changed: Any) -> dict[str, Any]:
        """Settings of a bot that lives here."""
        return {
            "_env_file": None,
            "bot_token": self.world.token,
            "moderator_chat": self.moderators.id,
            "counselors": [self.counselor.id],
            "owners": [self.admin.id],
            "api_base_url": self.base_url,
            "data": self.folder,
            "http_port": 0,
            "take_back_seconds": 0,
            **changed,
        }

    @contextlib.asynccontextmanager
    async def bot_running(
        self, clock: MovedClock | None = None, **changed: Any
    ) -> AsyncIterator[Qunhu]:
        """The real bot, with a classifier that knows a few words."""
        settings = load_settings(**self.settings(**changed))
        lay_ready_made(settings)
        loaded = Loaded(self.classifier, RULES_ONLY)
        clock = clock or MovedClock()
        async with running(settings, loaded=loaded, clock=clock, steady=clock.steady) as qunhu:
            self.bot = qunhu
            await self.settled()
            yield qunhu

    async def settled(self) -> None:
        """Wait until every update is worked on and every due message is out."""
        assert self.bot is not None
        database = self.bot.services.database
        quiet = 0
        while quiet < 2:
            await self.world.wait_for(lambda: not self.world.updates.pending, timeout=20)
            async with database.reading() as tx:
                counts = await outbox.counts(tx)
            busy = counts.get(State.PENDING, 0) + counts.get(State.SENDING, 0)
            idle = self.bot.queue.idle and not busy
            quiet = quiet + 1 if idle else 0
            await _nap()

    def said_to(self, place: Chat | User) -> list[str]:
        """What the bot said in a chat, as people see it now."""
        return [message.words for message in self.from_bot(place)]

    def from_bot(self, place: Chat | User) -> list[Message]:
        """The bot's messages in a chat."""
        chat = place if isinstance(place, Chat) else self.world.private(place)
        return self.world.from_bot(chat)

    def cards(self, place: Chat | User) -> list[Message]:
        """The bot's messages that are cards."""
        return [m for m in self.from_bot(place) if "现在：" in m.words]

    def calls_to(self, place: Chat | User) -> int:
        """How often humans there were called: the card that stands and those it replaced."""
        return len(self.cards(place)) + self.said_to(place).count(words.SEE_BELOW)


async def _nap() -> None:
    await asyncio.sleep(QUIET_AFTER / 3)


@contextlib.asynccontextmanager
async def a_town(folder: Path) -> AsyncIterator[Town]:
    """A town whose Telegram is up; the bot is not started yet."""
    async with Simulator(World()) as telegram:
        yield Town(telegram.world, folder, telegram.base_url)
