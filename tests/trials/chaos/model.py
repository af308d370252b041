"""A quick model in the model's process: `python -m tests.trials.chaos.model`; plain words judge.

While the file `no-memory` lies in the folder of data, it gets no memory for any answer.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from moderation.wire import Failed, Ready, framed, read
from tests.plainwords import KeywordClassifier

COMMAND = (sys.executable, "-m", "tests.trials.chaos.model")
NO_MEMORY_FILE = "no-memory"
"""In the folder of data: while it exists, the model gets no memory."""
POINTS: dict[str, dict[str, float]] = {name: {} for name in ("keen", "balanced", "quiet")}


def main(no_memory: Path) -> None:
    """Say that it is ready, and answer until nobody asks any more; it remembers nothing."""
    _say(Ready(POINTS))
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            excerpts = read(sys.stdin.buffer)
            if no_memory.exists():
                _say(Failed(MemoryError.__name__))
            else:
                _say(KeywordClassifier().classify(excerpts))


def _say(value: object) -> None:
    sys.stdout.buffer.write(framed(value))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(Path(os.environ["QUNHU_DATA"]) / NO_MEMORY_FILE)
