"""Whether the bot still hears Telegram and all its parts still work; asked by /healthz and by `run`."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram.error import InvalidToken
from telegram.request import HTTPXRequest

from bot import metrics
from bot.door.reception import all_readable
from moderation.errors import ConfigError, QunhuError

log = structlog.get_logger()

DEAF_AFTER = 120.0
"""Seconds without an answer of Telegram after which the bot counts as deaf."""
CRASHES = 3
WITHIN = 60.0
"""A part that crashed so often in so many seconds does not work, though it is started again."""
POLLING = "polling_task"
FETCHING = "update_fetcher"
"""How the names end that PTB gives to the two tasks by which updates come in."""
WHAT_NOW = "Start Qunhu again (a supervisor does it by itself); updates wait at Telegram for a day."


Keep = Callable[[list[dict[str, Any]]], Awaitable[None]]


class ListeningRequest(HTTPXRequest):
    """The request that fetches updates; tells of each answer, makes odd updates readable, keeps them."""

    def __init__(self, heard: Callable[[], None], keep: Keep) -> None:
        super().__init__(connection_pool_size=1)
        self._heard = heard
        self._keep = keep

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """As ever; an answer that is no refusal is a sign of life, and what it brings is kept at once."""
        code, payload = await super().do_request(*args, **kwargs)
        if code != 200:
            return code, payload
        self._heard()
        answer = self.parse_json_payload(payload)
        if not answer.get("result") or not isinstance(answer["result"], list):
            return code, payload
        answer["result"] = all_readable(answer["result"])
        await self._keep(answer["result"])
        return code, json.dumps(answer).encode()


class Pulse:
    """When Telegram was last heard, and the tasks that must not end."""

    def __init__(self) -> None:
        self.parts: dict[asyncio.Task[Any], str] = {}
        self._heard_at = time.monotonic()
        self._crashes: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=CRASHES))

    def heard(self) -> None:
        """Telegram has answered just now."""
        self._heard_at = time.monotonic()

    def watch(self, task: asyncio.Task[Any], name: str) -> None:
        """This task must not end while the bot runs."""
        self.parts[task] = name

    async def watch_new(self, starting: Awaitable[object], ending: str) -> None:
        """Watch the task that `starting` starts under a name that ends so: PTB keeps it to itself."""
        before = asyncio.all_tasks()
        await starting
        for task in asyncio.all_tasks() - before:
            if task.get_name().endswith(ending):
                self.watch(task, ending)

    async def keep(self, work: Callable[[], Awaitable[None]], name: str) -> None:
        """Do this work for ever: if it crashes it starts again."""
        while True:
            try:
                await work()
            except Exception as error:
                self._crashes[name].append(time.monotonic())
                metrics.ERRORS.labels(name).inc()
                log.critical("crashed", what=name, exc_info=error)
                await asyncio.sleep(1)

    def trouble(self) -> str | None:
        """What is wrong; None if all is well."""
        for task, name in self.parts.items():
            if task.done():
                return f"{name} has ended"
        now = time.monotonic()
        for name, crashes in self._crashes.items():
            if len(crashes) == CRASHES and now - crashes[0] < WITHIN:
                return f"{name} keeps crashing"
        silence = self.silence()
        return f"Telegram was last heard {silence:.0f} s ago" if silence > DEAF_AFTER else None

    def silence(self) -> float:
        """Seconds since Telegram was last heard."""
        return time.monotonic() - self._heard_at

    def ended(self) -> QunhuError:
        """Why the bot cannot go on, to be raised."""
        task, name = next((task, name) for task, name in self.parts.items() if task.done())
        error = None if task.cancelled() else task.exception()
        if isinstance(error, InvalidToken):
            return ConfigError(
                "Telegram refuses QUNHU_BOT_TOKEN now: it was revoked or replaced. Ask BotFather "
                "for the token of your bot (/mybots, API Token), set it and start again."
            )
        why = type(error).__name__ if error else "no error"
        return QunhuError(f"Qunhu cannot go on: {name} has ended ({why}). {WHAT_NOW}")
