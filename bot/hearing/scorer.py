"""Scores messages off the event loop: likely danger first, many at a time; never waits for ever.

The rule when messages come faster than they are judged: safe words and a quick look (`moderation.look`)
read every message as it comes. What looks like danger is judged before the rest, and where a safe word
stands it is judged by that alone as soon as the model keeps it waiting. The rest waits for the model;
when that is away for longer than `GRACE`, safe words alone speak, staff are told that they did
(`bot.operating.modes`), and what they judged is judged again when the model is back (`bot.hearing.secondlook`).
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from bot import metrics
from bot.hearing.classifiers import Loaded
from moderation.look import Look
from moderation.policy import OperatingPoints
from moderation.safewords import Hit, scores_of
from moderation.turns import Urgency
from moderation.vocabulary import Excerpt, Scores

log = structlog.get_logger()

BATCH = 64
A_BATCH_TAKES = 1.0
"""Seconds: so many messages are judged together as take about this long, for danger waits so long."""
DANGER_WAITS = 2.0
"""Seconds after which a safe word speaks without the model."""
GRACE = 10.0
"""Seconds that messages wait for a model that is being started again."""
WEIGHT = 0.2
"""Of the newest batch in the running mean of seconds a message."""


class Model(Protocol):
    """What judges, and how it does at present."""

    @property
    def points(self) -> OperatingPoints:
        """From which probability on each judgement is made."""

    @property
    def degraded(self) -> str | None:
        """Why it does not judge; None while it works."""

    @property
    def exists(self) -> bool:
        """Whether there is a model, at work or away; what it missed is judged again."""

    @property
    def expected(self) -> bool:
        """Whether a model that is away may come back by itself."""

    @property
    def ready(self) -> asyncio.Event:
        """Set while it can be asked."""

    async def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """One answer for each excerpt; any error means that there is none."""


class InThread:
    """A classifier in this process, in threads: safe words alone, or another one that is given."""

    def __init__(self, loaded: Loaded) -> None:
        self.ready = asyncio.Event()
        self.ready.set()
        self.exists = False
        self.expected = False
        self.points = loaded.points
        self._loaded = loaded

    @property
    def degraded(self) -> str | None:
        """Why it is not at its best."""
        return self._loaded.degraded

    async def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """One answer for each excerpt."""
        return await asyncio.to_thread(self._loaded.classifier.classify, excerpts)


@dataclass(order=True)
class Asked:
    """One message that waits."""

    urgency: Urgency
    number: int
    excerpt: Excerpt = field(compare=False)
    hits: list[Hit] = field(compare=False)
    answer: asyncio.Future[Scores] = field(compare=False)


class Scorer:
    """Collects what waits into one batch for the model; where that fails, safe words answer."""

    def __init__(self, model: Model, look: Look) -> None:
        self.model = model
        self._look = look
        self._waiting: asyncio.PriorityQueue[Asked] = asyncio.PriorityQueue()
        self._numbers = itertools.count()
        self._pace = 0.0
        """Seconds a message, of late."""
        self._away_since: float | None = None

    @property
    def pace(self) -> float:
        """Seconds that the model takes for a message, of late."""
        return self._pace

    @property
    def waiting(self) -> int:
        """How many messages wait to be judged."""
        return self._waiting.qsize()

    def urgency(self, text: str) -> Urgency:
        """How urgent a text looks."""
        return self._look.urgency(text)

    async def score(self, excerpt: Excerpt) -> Scores:
        """The scores of one message; where a safe word stands, soon."""
        hits = self._look.safewords.find(excerpt.text)
        if hits and not self.model.ready.is_set():
            return scores_of(hits)
        return await self._ask(excerpt, hits, DANGER_WAITS if hits else None)

    async def score_again(self, excerpt: Excerpt) -> Scores:
        """What the model says, however long it is busy; `by_rules_only` if it failed."""
        return await self._ask(excerpt, self._look.safewords.find(excerpt.text), None)

    def is_plain_danger(self, text: str) -> bool:
        """Whether a safe word stands in a text."""
        return bool(self._look.safewords.find(text))

    async def _ask(self, excerpt: Excerpt, hits: list[Hit], patience: float | None) -> Scores:
        """Wait in line; the safe words speak alone after so many seconds."""
        answer: asyncio.Future[Scores] = asyncio.get_running_loop().create_future()
        urgency = self.urgency(excerpt.text)
        self._waiting.put_nowait(Asked(urgency, next(self._numbers), excerpt, hits, answer))
        done, _ = await asyncio.wait([answer], timeout=patience)
        if done:
            return answer.result()
        answer.cancel()
        return scores_of(hits)

    async def run(self) -> None:
        """Serve until cancelled; may be run again."""
        while True:
            first = await self._waiting.get()
            await self._wait_for_model()
            if batch := [asked for asked in self._with_more(first) if not asked.answer.done()]:
                await self._serve(batch)

    def _with_more(self, first: Asked) -> list[Asked]:
        """A batch: the most urgent of those that wait, and `first`."""
        most = BATCH if not self._pace else min(BATCH, int(A_BATCH_TAKES / self._pace))
        found = [first]
        while len(found) < most and not self._waiting.empty():
            found.append(self._waiting.get_nowait())
        return found

    async def _wait_for_model(self) -> None:
        """Wait a while for a model that is away, counted from when it went."""
        if self.model.ready.is_set():
            self._away_since = None
            return
        now = time.monotonic()
        self._away_since = self._away_since or now
        left = self._away_since + GRACE - now if self.model.expected else 0.0
        try:
            async with asyncio.timeout(max(0.0, left)):
                await self.model.ready.wait()
        except TimeoutError:
            return

    async def _serve(self, batch: list[Asked]) -> None:
        scores: list[Scores] = []
        try:
            scores = await self._judge(batch)
        finally:
            _answer(batch, scores)

    async def _judge(self, batch: Sequence[Asked]) -> list[Scores]:
        started = time.perf_counter()
        try:
            scores = await self.model.classify([asked.excerpt for asked in batch])
            self.note_pace((time.perf_counter() - started) / len(batch))
            return [one for one, _ in zip(scores, batch, strict=True)]
        except Exception as error:
            metrics.ERRORS.labels("model").inc()
            log.critical("model_failed", error=type(error).__name__, messages=len(batch))
        return [scores_of(asked.hits) for asked in batch]

    def note_pace(self, seconds: float) -> None:
        """The model took so many seconds for each message of a batch."""
        metrics.MODEL_SECONDS.observe(seconds)
        before = self._pace or seconds
        self._pace = before + WEIGHT * (seconds - before)


def _answer(batch: Sequence[Asked], scores: Sequence[Scores]) -> None:
    """Everybody who still waits gets their scores, or learns that there are none."""
    for place, asked in enumerate(batch):
        if asked.answer.done():
            continue
        if scores:
            asked.answer.set_result(scores[place])
        else:
            asked.answer.set_exception(RuntimeError("the scorer was stopped"))
