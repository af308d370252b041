from __future__ import annotations

import threading

import pytest
import torch

from moderation.classifier.windows import Window, batches_by_length
from moderation.classifier.workers import Workers


def test_answers_come_in_the_order_of_the_questions() -> None:
    assert Workers(3).map(lambda n: n * 2, range(50)) == [n * 2 for n in range(50)]


def test_no_questions_no_answers() -> None:
    assert Workers(2).map(str, []) == []


def test_an_error_reaches_the_asker_and_the_threads_live_on() -> None:
    workers = Workers(1)
    with pytest.raises(ZeroDivisionError):
        workers.map(lambda n: 1 // n, [1, 0, 2])
    assert workers.map(lambda n: 1 // n, [1]) == [1]


def test_each_thread_has_one_core() -> None:
    assert Workers(1).map(lambda _: torch.get_num_threads(), [0]) == [1]


def test_threads_end_with_their_owner() -> None:
    workers = Workers(2)
    [thread, *_] = workers.map(lambda _: threading.current_thread(), [0])
    del workers
    thread.join(timeout=5)
    assert not thread.is_alive()


def test_batches_give_every_worker_something() -> None:
    windows = [Window((5,) * n, ((0, 1),) * n, (), "我", 0) for n in (3, 9, 4, 7)]
    assert batches_by_length(windows, workers=2) == [[1, 3], [2, 0]]
    assert batches_by_length([], workers=2) == []
