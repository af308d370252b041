"""Threads that run the network's batches side by side, one core each."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from queue import SimpleQueue
from typing import TypeVar

import torch

A = TypeVar("A")
B = TypeVar("B")
Job = Callable[[], None]


class Workers:
    """Runs calls on `count` threads, each with one core for torch.

    Several cores in one product must wait for each other at its end: when anything else runs on the
    machine, that costs up to a time slice of the scheduler each time. Batches wait for nobody.
    The threads are daemons: a hung one must not keep the process from ending.
    """

    def __init__(self, count: int | None = None) -> None:
        self.count = count or cores()
        self._jobs: SimpleQueue[Job | None] = SimpleQueue()
        threads = [
            threading.Thread(target=_work, args=(self._jobs,), name="network", daemon=True)
            for _ in range(self.count)
        ]
        for thread in threads:
            thread.start()
        weakref.finalize(self, _end, self._jobs, threads)

    def map(self, ask: Callable[[A], B], questions: Iterable[A]) -> list[B]:
        """The answers in order; the first error is raised once all calls are done."""
        calls = [self._hand_over(ask, question) for question in questions]
        for call in calls:
            call.exception()
        return [call.result() for call in calls]

    def _hand_over(self, ask: Callable[[A], B], question: A) -> Future[B]:
        call: Future[B] = Future()
        self._jobs.put(lambda: _settle(call, ask, question))
        return call


def cores() -> int:
    """The cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _settle(call: Future[B], ask: Callable[[A], B], question: A) -> None:
    try:
        call.set_result(ask(question))
    except BaseException as error:
        call.set_exception(error)


def _work(jobs: SimpleQueue[Job | None]) -> None:
    torch.set_num_threads(1)
    while (job := jobs.get()) is not None:
        job()


def _end(jobs: SimpleQueue[Job | None], threads: Sequence[threading.Thread]) -> None:
    """Lets the threads end before the interpreter does: torch aborts in one that is cut off."""
    for _ in threads:
        jobs.put(None)
    for thread in threads:
        if thread is not threading.current_thread():
            thread.join(timeout=1)
