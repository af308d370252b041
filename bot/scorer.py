"""Scores messages off the event loop, many at a time; never waits for ever."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from queue import SimpleQueue

import structlog

from bot import metrics
from moderation.ports import Classifier
from moderation.vocabulary import Excerpt, Scores

log = structlog.get_logger()

BATCH = 64
PATIENCE = 20.0
"""Seconds after which a classifier that does not answer is taken to hang."""
MOST_HUNG = 2
"""With so many hung calls the model is left in peace until one of them comes back."""

Job = tuple["Future[list[Scores]]", Sequence[Excerpt]]
Asked = tuple[Excerpt, "asyncio.Future[Scores]"]


class HangsError(RuntimeError):
    """The classifier does not come back."""


class Desk:
    """A classifier with one thread of its own. A call that hangs is left behind with its thread.

    The threads are daemons: a hung one must not keep the process from ending.
    """

    def __init__(self, classifier: Classifier, patience: float) -> None:
        self._classifier = classifier
        self._patience = patience
        self._jobs: SimpleQueue[Job | None] | None = None
        self._hung: list[Future[list[Scores]]] = []

    async def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """One answer for each excerpt; HangsError if none comes in time."""
        self._hung = [call for call in self._hung if not call.done()]
        if len(self._hung) >= MOST_HUNG:
            raise HangsError
        call = self._hand_over(excerpts)
        waiting = asyncio.wrap_future(call)
        waiting.add_done_callback(_look_at)
        done, _ = await asyncio.wait([waiting], timeout=self._patience)
        if not done:
            self._hung.append(call)
            self.close()
            raise HangsError
        scores = call.result()
        if len(scores) != len(excerpts):
            raise ValueError(f"{len(scores)} answers to {len(excerpts)} messages")
        return scores

    def close(self) -> None:
        """Let the thread end after what it is doing; the next call gets a new one."""
        if self._jobs is not None:
            self._jobs.put(None)
            self._jobs = None

    def _hand_over(self, excerpts: Sequence[Excerpt]) -> Future[list[Scores]]:
        if self._jobs is None:
            self._jobs = SimpleQueue()
            threading.Thread(
                target=_work, args=(self._classifier, self._jobs), name="classifier", daemon=True
            ).start()
        call: Future[list[Scores]] = Future()
        self._jobs.put((call, excerpts))
        return call


class Scorer:
    """Collects what waits into one batch for the classifier; if that fails, safe words answer."""

    def __init__(
        self, classifier: Classifier, fallback: Classifier, patience: float = PATIENCE
    ) -> None:
        self._model = Desk(classifier, patience)
        self._fallback = Desk(fallback, patience)
        self._waiting: asyncio.Queue[Asked] = asyncio.Queue()

    async def score(self, excerpt: Excerpt) -> Scores:
        """The scores of one message."""
        answer: asyncio.Future[Scores] = asyncio.get_running_loop().create_future()
        await self._waiting.put((excerpt, answer))
        return await answer

    async def run(self) -> None:
        """Serve until cancelled; may be run again."""
        try:
            while True:
                await self._serve(await self._batch())
        finally:
            self._model.close()
            self._fallback.close()

    async def _batch(self) -> list[Asked]:
        batch = [await self._waiting.get()]
        while len(batch) < BATCH and not self._waiting.empty():
            batch.append(self._waiting.get_nowait())
        return batch

    async def _serve(self, batch: list[Asked]) -> None:
        failure: Exception = RuntimeError("the scorer was stopped")
        scores: list[Scores] = []
        started = time.perf_counter()
        try:
            scores = await self._judge([excerpt for excerpt, _ in batch])
            metrics.MODEL_SECONDS.observe((time.perf_counter() - started) / len(batch))
        except Exception as error:
            failure = error
        finally:
            _answer(batch, scores, failure)

    async def _judge(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        try:
            return await self._model.classify(excerpts)
        except Exception as error:
            metrics.ERRORS.labels("model").inc()
            log.critical("model_failed", error=type(error).__name__, messages=len(excerpts))
        return await self._fallback.classify(excerpts)


def _answer(batch: Sequence[Asked], scores: Sequence[Scores], failure: Exception) -> None:
    """Everybody who still waits gets their scores, or learns that there are none."""
    for place, (_, answer) in enumerate(batch):
        if answer.done():
            continue
        if scores:
            answer.set_result(scores[place])
        else:
            answer.set_exception(failure)


def _look_at(call: asyncio.Future[list[Scores]]) -> None:
    """An error nobody looked at would be logged by asyncio, and may hold words of members."""
    if not call.cancelled():
        call.exception()


def _work(classifier: Classifier, jobs: SimpleQueue[Job | None]) -> None:
    """The thread: one call after the other, until None comes."""
    while (job := jobs.get()) is not None:
        call, excerpts = job
        try:
            call.set_result(classifier.classify(excerpts))
        except BaseException as error:
            call.set_exception(error)
