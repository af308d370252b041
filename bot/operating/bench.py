"""What the model's own process costs: one message at a time there and here, in turns; `make bench`."""

from __future__ import annotations

import argparse
import asyncio
import time
from statistics import quantiles

from rich.console import Console
from rich.table import Table

from bot.hearing.classifiers import load_classifier
from bot.hearing.modelworker import SERVE, ModelWorker
from moderation.safewords import SafeWords
from moderation.vocabulary import Excerpt

TEXTS = (
    "今天拆线了，肿得厉害，是不是都这样",
    "谁知道哪里可以做伤残鉴定，急",
    "我真的撑不住了，活着太累",
    "抱抱，慢慢来，我们都在",
)
WARM_UP = 8


async def measure(rounds: int, threads: int) -> tuple[list[float], list[float]]:
    """Milliseconds a message: in a thread of this process, and in the model's own."""
    here = load_classifier(None, threads).classifier
    there = ModelWorker([*SERVE, str(threads)], SafeWords.load())
    running = asyncio.create_task(there.run())
    await there.loaded()
    own, other = list[float](), list[float]()
    try:
        for number in range(WARM_UP + rounds):
            excerpts = [Excerpt(TEXTS[number % len(TEXTS)])]
            began = time.perf_counter()
            await asyncio.to_thread(here.classify, excerpts)
            between = time.perf_counter()
            await there.classify(excerpts)
            ended = time.perf_counter()
            if number >= WARM_UP:
                own.append(1000 * (between - began))
                other.append(1000 * (ended - between))
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return own, other


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bot.operating.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    found = parser.parse_args()
    own, other = asyncio.run(measure(found.rounds, found.threads))
    shown = Table("one message, ms", "p50", "p95")
    for name, times in (("in this process", own), ("in the model's own", other)):
        cuts = quantiles(times, n=100, method="inclusive")
        shown.add_row(name, f"{cuts[49]:.1f}", f"{cuts[94]:.1f}")
    Console().print(shown)


if __name__ == "__main__":
    main()
