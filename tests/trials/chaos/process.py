"""The bot's process as an operator sees it: started, killed, measured."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import sys
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

QUICK = "tests.trials.chaos.bot"
SHIPPED = "bot.cli"
STARTS_WITHIN = 120.0
LOOK_EVERY = 0.1


@dataclass(frozen=True, slots=True)
class Footprint:
    """What the process uses at one moment."""

    memory: int
    """Megabytes of its own, with its children."""
    files: int
    tasks: int
    """asyncio tasks, as /metrics tells."""


@dataclass
class Bot:
    """One data folder and the process that works on it."""

    folder: Path
    settings: Mapping[str, str]
    module: str = QUICK
    said: deque[str] = field(default_factory=lambda: deque(maxlen=300))
    """The last lines of its log."""
    port: int = 0
    _process: asyncio.subprocess.Process | None = None
    _running: asyncio.Event = field(default_factory=asyncio.Event)
    _reader: asyncio.Task[None] | None = None

    async def start(self, module: str | None = None, **more: str) -> None:
        """Start it; does not wait until it runs. `more` are further variables of the environment."""
        self.port = _free_port()
        self._running = asyncio.Event()
        arguments = [module or self.module]
        if arguments == [SHIPPED]:
            arguments.append("run")
        clean = {k: v for k, v in os.environ.items() if not k.startswith("QUNHU_")}
        own = {"QUNHU_DATA": str(self.folder), "QUNHU_HTTP_PORT": str(self.port)}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            env={**clean, **self.settings, **own, **more},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        self._reader = asyncio.create_task(self._listen(self._process))

    async def running(self) -> None:
        """Wait until it says that it runs; RuntimeError with its last words if it ends instead."""
        assert self._process is not None
        ended = asyncio.create_task(self._process.wait())
        runs = asyncio.create_task(self._running.wait())
        await asyncio.wait(
            {ended, runs}, timeout=STARTS_WITHIN, return_when=asyncio.FIRST_COMPLETED
        )
        for task in (ended, runs):
            task.cancel()
        if not self._running.is_set():
            raise RuntimeError("the bot does not start:\n" + "".join(self.said))

    async def kill(self) -> bool:
        """kill -9; whether it was running, rather than starting."""
        assert self._process is not None
        ran = self._running.is_set()
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        return ran

    async def stop(self) -> None:
        """End it in good order."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        await self._process.wait()

    async def ended(self) -> int:
        """Wait for it to end by itself; its exit status."""
        assert self._process is not None
        return await self._process.wait()

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process is not None
        return self._process.pid

    def children(self) -> list[int]:
        """Processes that it started."""
        found: list[int] = []
        for file in Path(f"/proc/{self.pid}/task").glob("*/children"):
            found += [int(number) for number in file.read_text().split()]
        return found

    async def has_child(self, within: float) -> None:
        """Wait until it has started a process; RuntimeError if it does not in so many seconds."""
        for _ in range(int(within / LOOK_EVERY)):
            if self.children():
                return
            await asyncio.sleep(LOOK_EVERY)
        raise RuntimeError(f"no process was started within {within:g} s:\n" + "".join(self.said))

    def kill_children(self) -> int:
        """What the kernel does when memory runs out; how many there were."""
        children = self.children()
        for child in children:
            os.kill(child, signal.SIGKILL)
        return len(children)

    async def footprint(self) -> Footprint:
        """What it uses now; RuntimeError with its last words if it has ended by itself."""
        assert self._process is not None
        if (status := self._process.returncode) is not None:
            raise RuntimeError(f"the bot ended with status {status}:\n" + "".join(self.said))
        memory = sum(memory_of(pid) for pid in (self.pid, *self.children()))
        files = len(os.listdir(f"/proc/{self.pid}/fd"))  # noqa: PTH208
        async with httpx.AsyncClient(timeout=10) as client:
            text = (await client.get(f"http://127.0.0.1:{self.port}/metrics")).text
        found = re.search(r"^qunhu_tasks (\S+)", text, re.MULTILINE)
        return Footprint(memory // 1024, files, int(float(found[1])) if found else 0)

    async def _listen(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        running = self._running
        async for line in process.stderr:
            text = line.decode(errors="replace")
            self.said.append(text)
            if "running" in text:
                running.set()


def memory_of(pid: int) -> int:
    """Kilobytes that the process has taken, swapped out or not; what it shares with forks counts for its share.

    Files that it has mapped are left out: of programs and libraries it is counted the less of, the more
    others run at the moment, by ten megabytes and more.
    """
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    found: list[str] = re.findall(r"^(?:Pss_Anon|SwapPss):\s+(\d+)", rollup, re.MULTILINE)
    return sum(map(int, found))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])
