"""What goes wrong. Each trouble is done to the running bot, and undone at its end."""

from __future__ import annotations

import asyncio
import math
import resource
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

import moderation
from bot.simulator.faults import FOREVER, Trouble
from migrations.upgrade import _config
from moderation.storage import Sealer, open_database
from tests.fakes import FakeClock
from tests.trials.chaos.bot import DIE_AT, STEP_FILE
from tests.trials.chaos.model import NO_MEMORY_FILE
from tests.trials.chaos.process import SHIPPED, Bot
from tests.trials.chaos.town import Town

DAY = 24 * 60 * 60
OLD = "0004"
"""The revision to which the database is taken back, for a migration to be cut off."""
STATEMENTS = (1, 5, 12)
"""Before these of its statements the migration is killed."""
STALL = 60.0
MODEL = Path(moderation.__file__).parent / "model"
MODEL_BACK_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Scene:
    """Where it happens, and how long each trouble lasts."""

    town: Town
    bot: Bot
    seconds: float
    kills: int
    outage: float
    """Seconds for which Telegram is down."""


async def nothing(scene: Scene) -> None:
    """A calm time, to compare with."""
    await asyncio.sleep(scene.seconds)


async def kill_nine(scene: Scene) -> None:
    """Killed at random instants, one time in four while it starts."""
    for number in range(scene.kills):
        if number % 4:
            await scene.bot.running()
        await asyncio.sleep(scene.town.chance.uniform(0.0, 3.0))
        await scene.bot.kill()
        await scene.bot.start()
    await scene.bot.running()


async def network_cut(scene: Scene) -> None:
    """Every connection is cut."""
    await _offline(scene, scene.seconds)


async def telegram_down(scene: Scene) -> None:
    """Telegram is away for long."""
    await _offline(scene, scene.outage)


async def too_many_requests(scene: Scene) -> None:
    """Every call is answered 429."""
    await _telegram(scene, "retry", retry_after=2)


async def server_errors(scene: Scene) -> None:
    """Every call is answered 500."""
    await _telegram(scene, "server_error")


async def cut_after(scene: Scene) -> None:
    """Calls arrive, but the line dies before the answer."""
    await _telegram(scene, "cut_after")


async def stalls(scene: Scene) -> None:
    """Every answer comes a minute late."""
    await _telegram(scene, "slow", delay=STALL)


async def twice_and_shuffled(scene: Scene) -> None:
    """Updates come twice, and out of order."""
    scene.town.world.faults.add("duplicate", count=FOREVER)
    scene.town.world.faults.add("shuffle", count=FOREVER)
    await asyncio.sleep(scene.seconds)
    scene.town.world.faults.clear()


async def disk_full(scene: Scene) -> None:
    """No file grows any more: the kernel refuses each write."""
    own = resource.prlimit(scene.bot.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(scene.bot.pid, resource.RLIMIT_FSIZE, (1, own[1]))
    try:
        await asyncio.sleep(scene.seconds)
    finally:
        resource.prlimit(scene.bot.pid, resource.RLIMIT_FSIZE, own)


async def database_locked(scene: Scene) -> None:
    """Another program opens the database and keeps the lock."""
    other = sqlite3.connect(scene.bot.folder / "qunhu.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    await asyncio.sleep(scene.seconds)
    other.execute("ROLLBACK")
    other.close()


async def clock_ahead(scene: Scene) -> None:
    """The clock is a day ahead for a while, and then right again."""
    await _wrong_clock(scene, DAY)


async def clock_behind(scene: Scene) -> None:
    """The clock is a day behind for a while, and then right again."""
    await _wrong_clock(scene, -DAY)


async def no_memory(scene: Scene) -> None:
    """The model's process is killed for its memory, and the next one gets none either, for a while."""
    file = scene.bot.folder / NO_MEMORY_FILE
    file.touch()
    if not scene.bot.kill_children():
        raise RuntimeError("the model has no process that could be killed")
    scene.town.cry()
    await scene.bot.has_child(MODEL_BACK_WITHIN)
    scene.town.cry()
    await asyncio.sleep(scene.seconds)
    file.unlink()


async def damaged_weights(scene: Scene) -> None:
    """The shipped model, with one byte of its weights turned."""
    folder = scene.bot.folder / "damaged-model"
    await asyncio.to_thread(_damage, folder)
    await scene.bot.stop()
    await scene.bot.start(SHIPPED, QUNHU_MODEL=str(folder))
    await scene.bot.running()
    await asyncio.sleep(scene.seconds)
    await scene.bot.stop()
    await scene.bot.start()
    await scene.bot.running()
    await asyncio.to_thread(shutil.rmtree, folder)


async def half_a_migration(scene: Scene) -> None:
    """An older database; the upgrade is killed at one statement after the other."""
    await scene.bot.kill()
    await _take_back(scene.bot.folder / "qunhu.db")
    for statement in STATEMENTS:
        await scene.bot.start("tests.trials.chaos.bot", **{DIE_AT: str(statement)})
        assert await scene.bot.ended() == -9
    await scene.bot.start()
    await scene.bot.running()


@dataclass(frozen=True, slots=True)
class Fault:
    """One trouble, and how many cards it may leave in doubt: those say «可能重复».

    Cards of one chat go out one after the other, so that each cut leaves one in doubt at most.
    """

    play: Callable[[Scene], Awaitable[None]]
    doubts: float = 0
    """`inf` where calls fail: whether they arrived, nobody can know."""
    each_kill: float = 0
    """As many more for each kill."""
    arrives: bool = False
    """Whether calls that look as if they failed arrive: then each try is one more card."""


FAULTS = {
    "calm": Fault(nothing),
    "kill -9": Fault(kill_nine, each_kill=1),
    "network cut": Fault(network_cut, doubts=math.inf),
    "429 storm": Fault(too_many_requests),
    "500s": Fault(server_errors, doubts=math.inf),
    "answers lost": Fault(cut_after, doubts=math.inf, arrives=True),
    "60 s stalls": Fault(stalls, doubts=math.inf, arrives=True),
    "twice, shuffled": Fault(twice_and_shuffled),
    "Telegram down": Fault(telegram_down, doubts=math.inf),
    "disk full": Fault(disk_full, doubts=1),  # a call whose answer could not be stored
    "database locked": Fault(database_locked, doubts=1),
    "clock +1 day": Fault(clock_ahead),
    "clock −1 day": Fault(clock_behind),
    "model out of memory": Fault(no_memory),
    "weights damaged": Fault(damaged_weights, doubts=2),  # stopped twice, perhaps within a call
    "migration cut off": Fault(half_a_migration, doubts=1),
}


async def _telegram(
    scene: Scene, trouble: Trouble, *, retry_after: int = 1, delay: float = 1.0
) -> None:
    faults = scene.town.world.faults
    faults.add(trouble, count=FOREVER, retry_after=retry_after, delay=delay)
    await asyncio.sleep(scene.seconds)
    faults.clear()


async def _offline(scene: Scene, seconds: float) -> None:
    scene.town.world.faults.offline = True
    await asyncio.sleep(seconds)
    scene.town.world.faults.clear()


async def _wrong_clock(scene: Scene, seconds: float) -> None:
    file = scene.bot.folder / STEP_FILE
    file.write_text(str(seconds))
    await asyncio.sleep(scene.seconds)
    file.unlink()
    await asyncio.sleep(scene.seconds)


async def _take_back(file: Path) -> None:
    """Down to an older revision; what that did not know is dropped."""

    def down(connection: Connection) -> None:
        command.downgrade(_config(connection), OLD)

    database = open_database(f"sqlite+aiosqlite:///{file}", Sealer(bytes(32)), FakeClock())
    async with database.engine.begin() as connection:
        await connection.run_sync(down)
    await database.close()


def _damage(folder: Path) -> None:
    """A copy of the shipped model in which one byte is wrong."""
    shutil.copytree(MODEL, folder, dirs_exist_ok=True)
    weights = folder / "model.safetensors"
    content = bytearray(weights.read_bytes())
    content[len(content) // 2] ^= 0xFF
    weights.write_bytes(content)
