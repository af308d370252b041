"""The model in a process of its own: if it crashes, hangs or takes all the memory, the bot goes on.

The process is started again, ever later while it fails. Meanwhile `ready` is not set.
"""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import structlog

from bot import metrics
from bot.hearing.classifiers import RULES_ONLY, points_of
from moderation.guard import raised
from moderation.policy import OperatingPoints
from moderation.safewords import SafeWords
from moderation.vocabulary import Excerpt, Scores
from moderation.wire import HEAD, Broken, Failed, Ready, framed

log = structlog.get_logger()

PATIENCE = 20.0
"""Seconds after which a model that does not answer is taken to hang."""
LOADING = 120.0
"""Seconds that it may take to load."""
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
STEADY = 60.0
"""A process that lived so many seconds worked: the next pause is the first again."""
SERVE = (sys.executable, "-m", "moderation.classifier.serve")

Work = Callable[[], Awaitable[None]]


class AwayError(RuntimeError):
    """The model does not answer at present; its text holds no words of members."""


class ModelWorker:
    """The model behind a pipe, its answers raised by safe words. One question at a time."""

    def __init__(
        self, command: Sequence[str], safewords: SafeWords, patience: float = PATIENCE
    ) -> None:
        self.points: OperatingPoints = RULES_ONLY
        self.degraded: str | None = "the model is being loaded"
        self.ready = asyncio.Event()
        self.exists = True
        self.expected = True
        """Whether it may come back by itself; not if its files are damaged."""
        self._command = command
        self._safewords = safewords
        self._patience = patience
        self._process: Process | None = None
        self._pause = FIRST_PAUSE
        self._settled = asyncio.Event()
        """Set once it was loaded or is known to be broken."""

    @property
    def pid(self) -> int | None:
        """The process that works or worked last."""
        return self._process.pid if self._process else None

    async def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """One answer for each excerpt; AwayError if there is none in time. A hung process is ended."""
        process = self._process
        if process is None or not self.ready.is_set():
            raise AwayError(self.degraded)
        try:
            async with asyncio.timeout(self._patience):
                answer = await _ask(process, list(excerpts))
        except TimeoutError:
            raise self._ended(process, "the model does not answer") from None
        except (OSError, EOFError, asyncio.IncompleteReadError, pickle.UnpicklingError):
            raise self._ended(process, "the model's process has ended") from None
        except asyncio.CancelledError:
            self._ended(process, "the model was interrupted")  # its answer would be the next one's
            raise
        if isinstance(answer, Failed):
            self.degraded = f"the model failed: {answer.kind}"
            raise AwayError(self.degraded)
        if len(answer) != len(excerpts):
            self.degraded = f"the model gave {len(answer)} answers to {len(excerpts)} messages"
            raise AwayError(self.degraded)
        self.degraded = None
        return [
            raised(own, self._safewords.find(excerpt.text))
            for own, excerpt in zip(answer, excerpts, strict=True)
        ]

    async def loaded(self) -> None:
        """Wait until it is loaded, or known not to be."""
        await self._settled.wait()

    async def run(self) -> None:
        """Keep a process at work until cancelled."""
        try:
            while True:
                began = time.monotonic()
                await self._one_life()
                if time.monotonic() - began > STEADY:
                    self._pause = FIRST_PAUSE
                self._settled.set()
                log.error("model_away", why=self.degraded, again_in=self._pause)
                await asyncio.sleep(self._pause)
                self._pause = min(LONGEST_PAUSE, self._pause * 2)
        finally:
            await self._stop()

    async def _one_life(self) -> None:
        """From the start of a process to its end."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=PIPE, stdout=PIPE, start_new_session=True
            )
        except OSError as error:
            self.degraded = f"the model's process cannot be started: {error.strerror}"
            return
        self._process = process
        try:
            await self._wait_for_model(process)
            if self.ready.is_set():
                log.info("model_ready", pid=process.pid)
                self._settled.set()
            await process.wait()
        finally:
            self.ready.clear()
            _kill(process)
        self.degraded = self.degraded or f"the model's process has ended ({process.returncode})"
        metrics.ERRORS.labels("model").inc()

    async def _wait_for_model(self, process: Process) -> None:
        try:
            async with asyncio.timeout(LOADING):
                word = await _answer(process)
        except (TimeoutError, OSError, EOFError, asyncio.IncompleteReadError):
            self.degraded = "the model's process ended or hung while it was loading"
            _kill(process)
            return
        match word:
            case Ready():
                self.points = points_of(word.points)
                self.degraded, self.expected = None, True
                self.ready.set()
            case Broken():
                self.degraded, self.expected = word.why, False
            case _:
                self.degraded = "the model's process speaks another language"
                _kill(process)

    def _ended(self, process: Process, why: str) -> AwayError:
        self.ready.clear()
        self.degraded = why
        _kill(process)
        return AwayError(why)

    async def _stop(self) -> None:
        self.ready.clear()
        if self._process is not None:
            _kill(self._process)
            await self._process.wait()


@contextlib.asynccontextmanager
async def working_model(
    folder: Path | None,
    threads: int | None,
    safewords: SafeWords,
    keep: Callable[[Work, str], contextlib.AbstractAsyncContextManager[None]],
) -> AsyncIterator[ModelWorker]:
    """The model at work, kept so by `keep`; yields when it is loaded or known to be broken."""
    command = [*SERVE, str(threads or 0), *([str(folder)] if folder else [])]
    worker = ModelWorker(command, safewords)
    async with keep(worker.run, "model"):
        await worker.loaded()
        yield worker


async def _ask(process: Process, excerpts: list[Excerpt]) -> Any:
    assert process.stdin is not None
    process.stdin.write(framed(excerpts))
    await process.stdin.drain()
    return await _answer(process)


async def _answer(process: Process) -> Any:
    assert process.stdout is not None
    (length,) = HEAD.unpack(await process.stdout.readexactly(HEAD.size))
    return pickle.loads(await process.stdout.readexactly(length))


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
