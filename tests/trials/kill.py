"""Kills the real bot with SIGKILL at random instants under load, and counts what was lost.

`make kill-trials` prints the table. Each trial: the process starts, members of several groups write,
some of them in danger, the process is killed at a random instant, and starts again.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot import words
from bot.simulator import Chat, Simulator, User, World

FOLDER = Path("build/kill-trials")
GROUPS = 5
DANGERS = ("我真的不想活了", "活着太累了，想就这样死掉", "好想死，一了百了算了")
CHATTER = ("今天拆线了", "求推荐疤膏", "哈哈哈哈", "明天面诊", "晚安大家", "有人在吗", "吃什么好")
DANGERS_A_TRIAL = 3
CHATTER_A_TRIAL = 20
LAST_SECONDS = 240.0

console = Console()


@dataclass
class Trials:
    """The town under trial and what was sent in it."""

    world: World
    base_url: str
    chance: random.Random
    groups: list[Chat] = field(default_factory=list)
    counselor: User | None = None
    sent: list[User] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)

    def settle(self) -> None:
        """People and groups."""
        owner = self.world.add_user("群主")
        self.counselor = self.world.add_user("值班咨询师")
        self.world.start(self.counselor)
        self.groups = [self.world.add_group(f"群{n}", owner=owner) for n in range(GROUPS)]
        self.moderators = self.world.add_group("管理群", owner=owner)

    async def one(self) -> None:
        """Start, load, kill."""
        process = await self._start()
        ready = asyncio.create_task(self._until_running(process))
        speaking = asyncio.create_task(self._speak())
        await asyncio.sleep(self.chance.uniform(0.0, 6.0))
        self.kills["while starting" if not ready.done() else "while running"] += 1
        process.kill()
        await process.wait()
        await speaking
        ready.cancel()

    async def last(self) -> None:
        """Start once more and wait until everything has arrived."""
        process = await self._start()
        assert self.counselor is not None
        with contextlib.suppress(TimeoutError):
            await self.world.wait_for(lambda: not self.missing(), timeout=LAST_SECONDS)
        await asyncio.sleep(5)
        process.terminate()
        await process.wait()

    def received(self) -> Counter[int]:
        """How many cards the counselor got about each member in danger, and marked ones apart."""
        return Counter(self._about(marked=False))

    def marked(self) -> Counter[int]:
        """The same for cards that say they may be repetitions."""
        return Counter(self._about(marked=True))

    def missing(self) -> list[User]:
        """Members in danger about whom nobody heard."""
        heard = self.received() + self.marked()
        return [user for user in self.sent if not heard[user.id]]

    def _about(self, *, marked: bool) -> list[int]:
        assert self.counselor is not None
        names = {user.name: user.id for user in self.sent}
        found = []
        for message in self.world.from_bot(self.world.private(self.counselor)):
            text = message.text or ""
            name = next((name for name in names if f"{name}　" in text), None)
            if name is not None and text.startswith(words.MAYBE_TWICE) is marked:
                found.append(names[name])
        return found

    async def _speak(self) -> None:
        """Chatter, and now and then somebody in danger."""
        lines = [False] * CHATTER_A_TRIAL + [True] * DANGERS_A_TRIAL
        self.chance.shuffle(lines)
        for danger in lines:
            group = self.chance.choice(self.groups)
            user = self.world.add_user(f"成员{len(self.world.users):05d}")
            self.world.join(group, user)
            if not danger:
                self.world.say(group, user, self.chance.choice(CHATTER))
            else:
                self.sent.append(user)
                self.world.say(group, user, self.chance.choice(DANGERS))
            await asyncio.sleep(self.chance.uniform(0, 0.25))

    async def _start(self) -> asyncio.subprocess.Process:
        assert self.counselor is not None
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.cli",
            "run",
            env={
                **os.environ,
                "QUNHU_BOT_TOKEN": self.world.token,
                "QUNHU_MODERATOR_CHAT": str(self.moderators.id),
                "QUNHU_COUNSELORS": str(self.counselor.id),
                "QUNHU_API_BASE_URL": self.base_url,
                "QUNHU_DATA": str(FOLDER),
                "QUNHU_HTTP_PORT": "0",
                "TMPDIR": str(_scratch()),
                "SQLITE_TMPDIR": str(_scratch()),
                "QUNHU_ACK_IDEATION_MINUTES": "600",
                "QUNHU_ACK_IMMINENT_MINUTES": "600",
            },
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )

    async def _until_running(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for line in process.stderr:
            if b"running" in line:
                break
        async for _ in process.stderr:
            pass


def _scratch() -> Path:
    """Where temporary files go: searched, with the rest, for words in clear."""
    folder = FOLDER / "tmp"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


async def main(trials: int, seed: int) -> int:
    """Run the trials and print the table; 1 if anybody was lost or silently doubled."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    async with Simulator(World()) as telegram:
        town = Trials(telegram.world, telegram.base_url, random.Random(seed))
        town.settle()
        for _ in track(range(trials), "kill -9 …", console=console):
            await town.one()
        await town.last()
        received, marked = town.received(), town.marked()
        lost = town.missing()
        doubled = [user for user, count in received.items() if count > 1]
        table = Table("what", "count", title=f"{trials} trials, seed {seed}")
        for kind, count in town.kills.items():
            table.add_row(f"killed {kind}", str(count))
        table.add_row("crises sent", str(len(town.sent)))
        table.add_row("reached the counselor", str(len(town.sent) - len(lost)))
        table.add_row("lost", str(len(lost)))
        table.add_row("doubled without a mark", str(len(doubled)))
        table.add_row("sent again, marked «可能重复»", str(sum(marked.values())))
        console.print(table)
        return 1 if lost or doubled else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    sys.exit(asyncio.run(main(arguments.trials, arguments.seed)))
