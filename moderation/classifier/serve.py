"""The model in a process of its own: lists of excerpts come in on standard input, scores go out.

`python -m moderation.classifier.serve THREADS [FOLDER]`; it ends when the other end of the pipe does.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import BinaryIO

from moderation.classifier.model import ModelClassifier, load_model
from moderation.errors import ModelError
from moderation.normalise import forget
from moderation.wire import Broken, Failed, Ready, framed, read

FIRST_TO_GO = 500
"""Added to this process's badness: where memory runs out, the kernel ends the model, not the bot."""


def main() -> None:
    """Load, say so, and answer until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(FIRST_TO_GO))
    threads, *folder = sys.argv[1:]
    try:
        model = load_model(Path(folder[0]) if folder else None, int(threads) or None)
    except ModelError as error:
        _say(answers, Broken(str(error)))
        return
    points = {point.value: values for point, values in model.operating_points.items()}
    _say(answers, Ready(points))
    with contextlib.suppress(EOFError, BrokenPipeError):
        _serve(model, sys.stdin.buffer, answers)


def _serve(model: ModelClassifier, questions: BinaryIO, answers: BinaryIO) -> None:
    """No text stays in memory once it is answered."""
    while True:
        excerpts = read(questions)
        try:
            _say(answers, model.classify(excerpts))
            forget()
        except BrokenPipeError:
            raise
        except Exception as error:
            _say(answers, Failed(type(error).__name__))


def _say(answers: BinaryIO, value: object) -> None:
    answers.write(framed(value))
    answers.flush()


if __name__ == "__main__":
    main()
