"""The real bot with a quick model and a clock that can be stepped; started by `process.py`.

The model is plain words (`model.py`), but in the model's own process, which can be killed. Nothing else is
changed: files in the folder of data turn both from outside while it runs.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

import bot.app
from bot.hearing import modelworker
from bot.logs import set_up
from bot.settings import load_settings
from tests.trials.chaos.model import COMMAND

STEP_FILE = "clock-step"
"""In the folder of data: by how many seconds the clock is wrong."""
DIE_AT = "CHAOS_DIE_AT"
"""In the environment: the migration's statement before which the process is killed."""


def _step() -> float:
    try:
        return float((Path(os.environ["QUNHU_DATA"]) / STEP_FILE).read_text())
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
    modelworker.SERVE = COMMAND
    await bot.app.run(load_settings(_env_file=None), stop, clock=stepped_clock)


def stepped_clock() -> datetime:
    """Now, wrong by what the file says."""
    return datetime.now(UTC) + timedelta(seconds=_step())


if __name__ == "__main__":
    if DIE_AT in os.environ:
        _die_while_migrating(int(os.environ[DIE_AT]))
    set_up(load_settings(_env_file=None).log_format)
    sys.exit(asyncio.run(_run()))
