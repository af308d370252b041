"""A world, its server and python-telegram-bot on the other end of real HTTP."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TypeVar

import pytest
from telegram import Bot, Update
from telegram.error import BadRequest
from telegram.ext import Application, ApplicationBuilder, TypeHandler

from bot.simulator import Chat, Simulator, User, World

T = TypeVar("T")


def there(value: T | None) -> T:
    """The value, which must not be None."""
    assert value is not None
    return value


def refused(why: str) -> "pytest.RaisesExc[BadRequest]":
    """Expect a 400 with these words, whose capitals PTB changes."""
    return pytest.raises(BadRequest, match=f"(?i){re.escape(why)}")


@dataclass
class Inbox:
    """What a running PTB application has received."""

    world: World
    updates: list[Update] = field(default_factory=list)

    async def find(self, fits: Callable[[Update], object]) -> Update:
        """The first update that fits, waiting for it."""
        return there(
            await self.world.wait_for(
                lambda: next((one for one in self.updates if fits(one)), None)
            )
        )

    async def newest(self, kind: str) -> Update:
        """The latest update of a kind, once there is one."""
        await self.find(lambda update: getattr(update, kind))
        return [update for update in self.updates if getattr(update, kind)][-1]

    async def settled(self) -> list[Update]:
        """Everything received once nothing is left to receive."""
        await self.world.wait_for(lambda: not self.world.updates.pending)
        return self.updates


@pytest.fixture
def world() -> World:
    """An empty world."""
    return World()


@pytest.fixture
def rain(world: World) -> User:
    """A member."""
    return world.add_user("小雨", username="xiaoyu")


@pytest.fixture
def group(world: World, rain: User) -> Chat:
    """A supergroup where the bot is an admin."""
    return world.add_group("互助群", members=[rain])


@pytest.fixture
async def telegram(world: World) -> AsyncIterator[Simulator]:
    """The world, served."""
    async with Simulator(world) as simulator:
        yield simulator


@pytest.fixture
async def bot(telegram: Simulator) -> AsyncIterator[Bot]:
    """PTB's Bot on that server."""
    one = Bot(telegram.token, base_url=telegram.base_url, base_file_url=telegram.base_file_url)
    async with one:
        yield one


@pytest.fixture
async def inbox(telegram: Simulator) -> AsyncIterator[Inbox]:
    """A PTB application that polls and keeps all it receives."""
    box = Inbox(telegram.world)

    async def keep(update: Update, _context: object) -> None:
        box.updates.append(update)

    application = _application(telegram)
    application.add_handler(TypeHandler(Update, keep))
    updater = application.updater
    assert updater is not None
    async with application:
        await application.start()
        await updater.start_polling(poll_interval=0, allowed_updates=Update.ALL_TYPES)
        await telegram.world.wait_for(lambda: telegram.world.updates.allowed)
        yield box
        await updater.stop()
        await application.stop()


def _application(telegram: Simulator) -> "Application":  # type: ignore[type-arg]
    builder = ApplicationBuilder().token(telegram.token)
    return builder.base_url(telegram.base_url).base_file_url(telegram.base_file_url).build()
