from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator

import pytest

from bot.hearing import modelworker as module
from bot.hearing.classifiers import RULES_ONLY
from bot.hearing.modelworker import AwayError, ModelWorker, working_model
from moderation.safewords import SafeWords
from moderation.vocabulary import Crisis, Excerpt, Scores
from tests.fakes import scores

SAFEWORDS = SafeWords.load()
GOODBYE = "今晚我就离开这个世界"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are short."""
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)


@contextlib.asynccontextmanager
async def working(mode: str = "works", patience: float = 20.0) -> AsyncIterator[ModelWorker]:
    """A worker whose process pretends."""
    command = [sys.executable, "-m", "tests.bot.pretender", mode]
    worker = ModelWorker(command, SAFEWORDS, patience)
    task = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(60):
            await worker.loaded()
        yield worker
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def one(worker: ModelWorker, text: str) -> Scores:
    """The answer to one message."""
    return (await worker.classify([Excerpt(text)]))[0]


async def back(worker: ModelWorker) -> None:
    """Wait until it works again."""
    async with asyncio.timeout(60):
        await worker.ready.wait()


async def test_answers_come_from_another_process_raised_by_safe_words() -> None:
    async with working() as worker:
        assert worker.degraded is None
        assert worker.points == RULES_ONLY
        calm, danger = await worker.classify([Excerpt("抱抱"), Excerpt(GOODBYE)])
        assert calm == scores(supportive=0.95)
        assert danger.crisis[Crisis.IMMINENT] > 0.9
        assert not danger.by_rules_only


@pytest.mark.parametrize(
    ("text", "why"), [("崩溃", "ended"), ("死机", "does not answer")], ids=["crash", "hang"]
)
async def test_after_a_crash_or_a_hang_it_is_started_again(text: str, why: str) -> None:
    async with working(patience=20 if text == "崩溃" else 0.2) as worker:
        with pytest.raises(AwayError, match=why):
            await one(worker, text)
        assert worker.degraded is not None
        assert worker.expected
        with pytest.raises(AwayError):
            await one(worker, "抱抱")
        await back(worker)
        assert worker.degraded is None
        assert await one(worker, "抱抱") == scores(supportive=0.95)


@pytest.mark.parametrize("text", ["出错", "漏"], ids=["raises", "answers too little"])
async def test_an_error_of_the_model_leaves_its_process_alive(text: str) -> None:
    async with working() as worker:
        with pytest.raises(AwayError):
            await one(worker, text)
        assert worker.degraded is not None
        assert worker.ready.is_set()
        await one(worker, "抱抱")
        assert worker.degraded is None


async def test_one_who_stops_waiting_does_not_leave_an_answer_for_the_next() -> None:
    async with working() as worker:
        asking = asyncio.create_task(one(worker, "死机"))
        await asyncio.sleep(0.1)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        await asyncio.sleep(0.01)
        await back(worker)
        assert await one(worker, "抱抱") == scores(supportive=0.95)


async def test_damaged_weights_are_told_and_not_expected_to_heal() -> None:
    async with working("broken") as worker:
        assert worker.degraded == "The model in /nowhere cannot be loaded."
        assert not worker.expected
        assert not worker.ready.is_set()


async def test_a_process_that_ends_while_loading_is_tried_again_ever_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    sleep = asyncio.sleep

    async def note(seconds: float) -> None:
        slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", note)
    async with working("dies"):
        async with asyncio.timeout(60):
            while len(slept) < 3:
                await sleep(0.01)
    assert slept[:3] == [0.01, 0.02, 0.04]


async def test_a_process_that_cannot_be_started_is_a_reason_not_a_crash() -> None:
    worker = ModelWorker(["/nowhere/python"], SAFEWORDS)
    task = asyncio.create_task(worker.run())
    await worker.loaded()
    assert worker.degraded == "the model's process cannot be started: No such file or directory"
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_process_ends_with_the_bot() -> None:
    async with working() as worker:
        assert worker.pid is not None
        os.kill(worker.pid, 0)
        pid = worker.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.weights
async def test_the_shipped_model_works_in_its_own_process() -> None:
    @contextlib.asynccontextmanager
    async def keep(work: module.Work, _name: str) -> AsyncIterator[None]:
        task = asyncio.ensure_future(work())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    async with working_model(None, 1, SAFEWORDS, keep) as model:
        assert model.degraded is None
        assert model.points != RULES_ONLY
        (answer,) = await model.classify([Excerpt("活着太累了，想就这样死掉")])
        assert answer.danger > 0.5
        assert not answer.by_rules_only
