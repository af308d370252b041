from __future__ import annotations

import asyncio
import contextlib
import gc
import threading
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest

from bot.scorer import BATCH, MOST_HUNG, Scorer
from moderation.ports import Classifier
from moderation.vocabulary import Crisis, Excerpt, Scores
from tests.fakes import KeywordClassifier, scores


@dataclass
class SlowClassifier(KeywordClassifier):
    """Takes its time in its own thread; remembers how much it was asked at once."""

    seconds: float = 0.05
    batches: list[int] = field(default_factory=list)
    threads: set[int] = field(default_factory=set)

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """As slowly as a model."""
        self.batches.append(len(excerpts))
        self.threads.add(threading.get_ident())
        time.sleep(self.seconds)
        return super().classify(excerpts)


@dataclass
class BrokenClassifier:
    """Raises when it reads 坏, leaves out 漏, and does not come back from 等 until it is let go."""

    asked: int = 0
    let_go: threading.Event = field(default_factory=threading.Event)

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """Trouble on demand."""
        self.asked += 1
        texts = [excerpt.text for excerpt in excerpts]
        if "坏" in texts:
            raise RuntimeError("out of memory")
        if "等" in texts:
            self.let_go.wait(10)
        return [scores() for text in texts if text != "漏"]


@contextlib.asynccontextmanager
async def serving(
    classifier: Classifier, fallback: Classifier | None = None, patience: float = 5
) -> AsyncIterator[Scorer]:
    """A scorer at work."""
    scorer = Scorer(classifier, fallback or KeywordClassifier(), patience)
    task = asyncio.create_task(scorer.run())
    try:
        yield scorer
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_everybody_gets_the_answer_to_their_own_message() -> None:
    texts = ["今晚就走", "你好", "不想活", "抱抱"] * 40
    async with serving(KeywordClassifier()) as scorer:
        answers = await asyncio.gather(*(scorer.score(Excerpt(text)) for text in texts))
    assert answers == KeywordClassifier().classify([Excerpt(text) for text in texts])


async def test_messages_that_wait_are_judged_together_up_to_a_limit() -> None:
    classifier = SlowClassifier()
    async with serving(classifier) as scorer:
        await asyncio.gather(*(scorer.score(Excerpt(str(n))) for n in range(BATCH * 2)))
    assert len(classifier.batches) <= 4
    assert max(classifier.batches) == BATCH


async def test_the_event_loop_goes_on_while_the_model_works() -> None:
    classifier = SlowClassifier(seconds=0.3)
    async with serving(classifier) as scorer:
        answer = asyncio.create_task(scorer.score(Excerpt("你好")))
        ticks = 0
        while not answer.done():
            await asyncio.sleep(0.01)
            ticks += 1
    assert ticks > 5
    assert threading.get_ident() not in classifier.threads


@pytest.mark.parametrize("text", ["坏", "漏"], ids=["raises", "answers too little"])
async def test_where_the_model_fails_safe_words_answer(text: str) -> None:
    model = BrokenClassifier()
    async with serving(model) as scorer:
        first = asyncio.create_task(scorer.score(Excerpt(text)))
        second = asyncio.create_task(scorer.score(Excerpt("今晚就走")))
        assert (await first).crisis[Crisis.NONE] > 0.9
        assert (await second).crisis[Crisis.IMMINENT] > 0.9
        assert (await scorer.score(Excerpt("好"))).crisis[Crisis.NONE] > 0.9
    assert model.asked == 2


async def test_where_even_safe_words_fail_those_who_asked_learn_it_and_nobody_after() -> None:
    async with serving(BrokenClassifier(), BrokenClassifier()) as scorer:
        with pytest.raises(RuntimeError, match="out of memory"):
            await scorer.score(Excerpt("坏"))
        with pytest.raises(ValueError, match="0 answers to 1 messages"):
            await scorer.score(Excerpt("漏"))
        assert (await scorer.score(Excerpt("好"))).crisis[Crisis.NONE] > 0.9


async def test_a_model_that_hangs_is_not_waited_for() -> None:
    model = BrokenClassifier()
    async with serving(model, patience=0.1) as scorer:
        async with asyncio.timeout(3):
            for _ in range(4):
                assert (await scorer.score(Excerpt("等"))).crisis[Crisis.NONE] > 0.9
        assert model.asked == MOST_HUNG
        model.let_go.set()
        await asyncio.sleep(0.1)
        await scorer.score(Excerpt("好"))
        assert model.asked == MOST_HUNG + 1


async def test_an_error_of_the_model_never_brings_words_of_members_into_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    @dataclass
    class Talkative:
        def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
            """Repeat in the error what was read, at once or late."""
            time.sleep(0.2 if excerpts[0].text == "晚" else 0)
            raise ValueError(excerpts[0].text)

    async with serving(Talkative(), patience=0.1) as scorer:
        await scorer.score(Excerpt("早"))
        await scorer.score(Excerpt("晚"))
        await asyncio.sleep(0.3)
    gc.collect()
    assert "ValueError" not in caplog.text


async def test_one_who_stops_waiting_does_not_disturb_the_others() -> None:
    async with serving(SlowClassifier()) as scorer:
        leaving = asyncio.create_task(scorer.score(Excerpt("走了")))
        staying = asyncio.create_task(scorer.score(Excerpt("今晚就走")))
        await asyncio.sleep(0.01)
        leaving.cancel()
        assert (await staying).crisis[Crisis.IMMINENT] > 0.9


async def test_a_scorer_that_was_stopped_can_be_started_again() -> None:
    scorer = Scorer(KeywordClassifier(), KeywordClassifier())
    for _ in range(2):
        task = asyncio.create_task(scorer.run())
        async with asyncio.timeout(2):
            assert (await scorer.score(Excerpt("今晚就走"))).crisis[Crisis.IMMINENT] > 0.9
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_who_asked_when_it_was_stopped_does_not_wait_for_ever() -> None:
    model = BrokenClassifier()
    async with serving(model) as scorer:
        asked = asyncio.create_task(scorer.score(Excerpt("等")))
        await asyncio.sleep(0.1)
    model.let_go.set()
    with pytest.raises(RuntimeError, match="was stopped"):
        async with asyncio.timeout(1):
            await asked
