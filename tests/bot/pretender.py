"""Pretends to be the model's process: `python -m tests.bot.pretender`, told by words in the messages.

死机 hangs, 崩溃 ends the process, 出错 raises, 漏 is left out; the others are judged
by plain words.
"""

from __future__ import annotations

import os
import sys
import time

from moderation.wire import Broken, Failed, Ready, framed, read
from tests.fakes import KeywordClassifier

POINTS: dict[str, dict[str, float]] = {name: {} for name in ("keen", "balanced", "quiet")}


def main() -> None:
    """Say how it is, then answer."""
    mode = sys.argv[1]
    if mode == "dies":
        sys.exit(1)
    say(Broken("The model in /nowhere cannot be loaded.") if mode == "broken" else Ready(POINTS))
    if mode == "broken":
        return
    while True:
        try:
            excerpts = read(sys.stdin.buffer)
        except EOFError:
            return
        texts = [excerpt.text for excerpt in excerpts]
        if "崩溃" in texts:
            os._exit(9)
        if "死机" in texts:
            time.sleep(60)
        kept = [excerpt for excerpt in excerpts if excerpt.text != "漏"]
        say(Failed("KeyError") if "出错" in texts else KeywordClassifier().classify(kept))


def say(value: object) -> None:
    """One frame."""
    sys.stdout.buffer.write(framed(value))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
