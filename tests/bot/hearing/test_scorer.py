from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator

import pytest

from bot.hearing import scorer as module
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.hearing.scorer import BATCH, InThread, Scorer
from moderation.look import Look
from moderation.safewords import SafeWords
from moderation.vocabulary import Crisis, Excerpt, Scores
from tests.bot.fake_model import FakeModel
from tests.fakes import KeywordClassifier, scores

LOOK = Look.load(SafeWords.load())
PLAIN_DANGER = "今晚我就离开这个世界"
"""A safe word."""
LIKELY_DANGER = "谢谢大家，我走了"
"""No safe word, but the quick look leans towards danger."""


@contextlib.asynccontextmanager
async def serving(model: module.Model) -> AsyncIterator[Scorer]:
    """A scorer at work."""
    scorer = Scorer(model, LOOK)
    task = asyncio.create_task(scorer.run())
    try:
        yield scorer
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def asking(scorer: Scorer, *texts: str) -> list[asyncio.Task[Scores]]:
    """Messages that have just come, in this order."""
    tasks = [asyncio.create_task(scorer.score(Excerpt(text))) for text in texts]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return tasks


async def test_everybody_gets_the_answer_to_their_own_message() -> None:
    texts = ["今晚就走", "你好", "不想活", "抱抱"] * 40
    async with serving(FakeModel()) as scorer:
        answers = await asyncio.gather(*(scorer.score(Excerpt(text)) for text in texts))
    assert answers == KeywordClassifier().classify([Excerpt(text) for text in texts])


async def test_messages_that_wait_are_judged_together_up_to_a_limit() -> None:
    model = FakeModel()
    async with serving(model) as scorer:
        await asyncio.gather(*(scorer.score(Excerpt(str(n))) for n in range(BATCH * 2)))
    assert max(len(batch) for batch in model.batches) <= BATCH
    assert len(model.batches) <= 4


async def test_a_slow_model_is_asked_a_little_at_a_time_so_that_danger_waits_for_little() -> None:
    model = FakeModel()
    async with serving(model) as scorer:
        scorer.note_pace(0.25)
        await asyncio.gather(*(scorer.score(Excerpt(str(n))) for n in range(8)))
    assert len(model.batches[0]) == 4


async def test_danger_is_judged_first_then_what_may_be_danger_then_the_rest_in_order() -> None:
    model = FakeModel()
    model.let_go.clear()
    async with serving(model) as scorer:
        tasks = await asking(scorer, "早")
        while not model.batches:  # noqa: ASYNC110
            await asyncio.sleep(0)
        tasks += await asking(
            scorer, "今天拆线了", "求推荐疤膏", LIKELY_DANGER, "哈哈哈哈", PLAIN_DANGER
        )
        model.let_go.set()
        await asyncio.gather(*tasks)
    assert model.asked == [
        "早",
        PLAIN_DANGER,
        LIKELY_DANGER,
        "今天拆线了",
        "求推荐疤膏",
        "哈哈哈哈",
    ]


async def test_a_safe_word_speaks_alone_where_the_model_keeps_it_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "DANGER_WAITS", 0.05)
    model = FakeModel()
    model.let_go.clear()
    async with serving(model) as scorer:
        (bulk,) = await asking(scorer, "你好")
        danger = await scorer.score(Excerpt(PLAIN_DANGER))
        assert danger.by_rules_only
        assert danger.crisis[Crisis.IMMINENT] > 0.9
        assert not bulk.done(), "the rest waits for the model; nothing of it is dropped"
        model.let_go.set()
        assert not (await bulk).by_rules_only
    assert model.asked == ["你好"], "what was answered is not asked any more"


async def test_while_the_model_is_away_danger_speaks_at_once_and_the_rest_waits_for_it() -> None:
    model = FakeModel()
    model.ready.clear()
    async with serving(model) as scorer:
        (bulk,) = await asking(scorer, "你好")
        assert (await scorer.score(Excerpt(PLAIN_DANGER))).by_rules_only
        assert not bulk.done()
        model.ready.set()
        assert not (await bulk).by_rules_only


async def test_a_model_that_stays_away_is_waited_for_once_not_by_every_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "GRACE", 0.2)
    model = FakeModel(broken=RuntimeError())
    model.ready.clear()
    async with serving(model) as scorer, asyncio.timeout(2):
        for n in range(30):
            assert (await scorer.score(Excerpt(str(n)))).by_rules_only


async def test_a_model_that_will_not_come_back_is_not_waited_for() -> None:
    model = FakeModel(expected=False, broken=RuntimeError())
    model.ready.clear()
    async with serving(model) as scorer, asyncio.timeout(2):
        assert (await scorer.score(Excerpt("你好"))).by_rules_only


async def test_where_the_model_fails_safe_words_answer() -> None:
    model = FakeModel(broken=RuntimeError("out of memory"))
    async with serving(model) as scorer:
        first, second = await asking(scorer, "你好", PLAIN_DANGER)
        assert (await first).crisis[Crisis.NONE] > 0.9
        assert (await second).crisis[Crisis.IMMINENT] > 0.9
        model.broken = None
        assert not (await scorer.score(Excerpt("好"))).by_rules_only


async def test_too_few_answers_are_none() -> None:
    async with serving(FakeModel()) as scorer:
        assert (await scorer.score(Excerpt("漏"))).by_rules_only


async def test_an_error_of_the_model_never_brings_words_of_members_into_the_log(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(FakeModel(broken=ValueError("小岚说的话"))) as scorer:
        await scorer.score(Excerpt("早"))
    gc.collect()
    assert "小岚" not in caplog.text + "".join(capsys.readouterr())


async def test_one_who_stops_waiting_does_not_disturb_the_others() -> None:
    model = FakeModel()
    model.let_go.clear()
    async with serving(model) as scorer:
        leaving, staying = await asking(scorer, "走了", "今晚就走")
        leaving.cancel()
        model.let_go.set()
        assert (await staying).crisis[Crisis.IMMINENT] > 0.9


async def test_a_scorer_that_was_stopped_can_be_started_again() -> None:
    scorer = Scorer(FakeModel(), LOOK)
    for _ in range(2):
        task = asyncio.create_task(scorer.run())
        async with asyncio.timeout(2):
            assert (await scorer.score(Excerpt("今晚就走"))).crisis[Crisis.IMMINENT] > 0.9
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_who_asked_when_it_was_stopped_does_not_wait_for_ever() -> None:
    model = FakeModel()
    model.let_go.clear()
    async with serving(model) as scorer:
        (asked,) = await asking(scorer, "等")
        await asyncio.sleep(0.01)
    with pytest.raises(RuntimeError, match="was stopped"):
        async with asyncio.timeout(1):
            await asked


async def test_a_classifier_of_this_process_works_beside_the_event_loop() -> None:
    loaded = Loaded(KeywordClassifier(), RULES_ONLY)
    model = InThread(loaded)
    assert await model.classify([Excerpt("抱抱")]) == [scores(supportive=0.95)]
    assert model.degraded is None
