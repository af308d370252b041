"""The real bot with a quick model and a clock that can be stepped; started by `process.py`.

Nothing else is changed: what stands in these two places is chosen by files in the folder of data,
so that the trials can turn them from outside while it runs.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

import bot.app
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.logs import set_up
from bot.settings import load_settings
from moderation.guard import GuardedClassifier
from moderation.safewords import SafeWords
from moderation.vocabulary import Excerpt, Scores
from tests.fakes import KeywordClassifier

STEP_FILE = "clock-step"
"""In the folder of data: by how many seconds the clock is wrong."""
NO_MEMORY_FILE = "no-memory"
"""In the folder of data: while it exists, the model gets no memory."""
DIE_AT = "CHAOS_DIE_AT"
"""In the environment: the migration's statement before which the process is killed."""


class QuickModel(KeywordClassifier):
    """Plain words instead of a network; it remembers nothing."""

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """The scores of the first word found."""
        if _file(NO_MEMORY_FILE).exists():
            raise MemoryError
        return [self._one(excerpt.text) for excerpt in excerpts]


def _file(name: str) -> Path:
    return Path(os.environ["QUNHU_DATA"]) / name


def _step() -> float:
    try:
        return float(_file(STEP_FILE).read_text())
    except (OSError, ValueError):
        return 0.0


def _die_while_migrating(statement: int) -> None:
    """Kill this process as the power does, before the given statement that changes the schema."""
    left = [statement]

    @event.listens_for(Engine, "before_cursor_execute")
    def look(_connection: Any, _cursor: Any, text: str, *_rest: Any) -> None:
        if text.lstrip().upper().startswith(("CREATE", "ALTER", "DROP", "UPDATE ALEMBIC")):
            left[0] -= 1
            if left[0] <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


async def _run() -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    loaded = Loaded(GuardedClassifier(QuickModel(), SafeWords.load()), RULES_ONLY)
    await bot.app.run(load_settings(_env_file=None), stop, loaded=loaded, clock=stepped_clock)


def stepped_clock() -> datetime:
    """Now, wrong by what the file says."""
    return datetime.now(UTC) + timedelta(seconds=_step())


if __name__ == "__main__":
    if DIE_AT in os.environ:
        _die_while_migrating(int(os.environ[DIE_AT]))
    set_up(load_settings(_env_file=None).log_format)
    sys.exit(asyncio.run(_run()))
