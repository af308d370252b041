"""Scores messages off the event loop, many at a time."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from bot import metrics
from moderation.ports import Classifier
from moderation.vocabulary import Excerpt, Scores

BATCH = 64


class Scorer:
    """Collects what is waiting into one batch and runs the classifier in its own thread."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="classifier")
        self._waiting: asyncio.Queue[tuple[Excerpt, asyncio.Future[Scores]]] = asyncio.Queue()

    async def score(self, excerpt: Excerpt) -> Scores:
        """The scores of one message."""
        answer: asyncio.Future[Scores] = asyncio.get_running_loop().create_future()
        await self._waiting.put((excerpt, answer))
        return await answer

    async def run(self) -> None:
        """Serve until cancelled."""
        try:
            while True:
                await self._serve(await self._batch())
        finally:
            self._thread.shutdown(wait=False, cancel_futures=True)

    async def _batch(self) -> list[tuple[Excerpt, asyncio.Future[Scores]]]:
        batch = [await self._waiting.get()]
        while len(batch) < BATCH and not self._waiting.empty():
            batch.append(self._waiting.get_nowait())
        return batch

    async def _serve(self, batch: list[tuple[Excerpt, asyncio.Future[Scores]]]) -> None:
        started = time.perf_counter()
        excerpts = [excerpt for excerpt, _ in batch]
        try:
            scores = await asyncio.get_running_loop().run_in_executor(
                self._thread, self._classifier.classify, excerpts
            )
        except Exception as error:
            for _, answer in batch:
                if not answer.done():
                    answer.set_exception(error)
            return
        metrics.MODEL_SECONDS.observe((time.perf_counter() - started) / len(batch))
        for (_, answer), score in zip(batch, scores, strict=True):
            if not answer.done():
                answer.set_result(score)
