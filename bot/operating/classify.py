"""`qunhu classify`: JSON lines of messages in, JSON lines of labels out, in order."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

from bot.hearing.classifiers import Loaded, load_classifier
from moderation.errors import InputError
from moderation.policy import judge
from moderation.vocabulary import Allegation, Crisis, Excerpt, Scores, Sensitivity

BATCH = 256
CONTEXT = 3
UNREADABLE = 2


def classify_lines(source: str, target: str, model: Path | None) -> int:
    """Judge every line; the exit code: 0, or 2 if a line could not be read."""
    if source == target != "-":
        raise InputError(f"--in and --out are the same file, {source}: it would be lost.")
    with _opened(source, "r") as lines, _opened(target, "w") as out:
        loaded = load_classifier(model)
        if loaded.degraded:
            print(f"qunhu: {loaded.degraded} Only safe words speak now.", file=sys.stderr)
        failed = False
        for answer in answers(lines, loaded):
            failed = failed or "error" in answer
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
            out.flush()
    return UNREADABLE if failed else 0


def answers(lines: Iterable[str], loaded: Loaded) -> Iterator[dict[str, Any]]:
    """One answer for each line that is not blank, in order."""
    numbered = ((n, line) for n, line in enumerate(lines, 1) if line.strip())
    while batch := [_read(number, line) for number, line in islice(numbered, BATCH)]:
        good = [item for item in batch if not isinstance(item, dict)]
        scores = iter(loaded.classifier.classify([excerpt for _, excerpt in good]))
        for item in batch:
            if isinstance(item, dict):
                yield item
            else:
                yield label(item[0], next(scores), item[1], loaded)


def label(identity: Any, scores: Scores, excerpt: Excerpt, loaded: Loaded) -> dict[str, Any]:
    """The fields of labels.md at the balanced operating point, with their probabilities."""
    verdict = judge(scores, loaded.points[Sensitivity.BALANCED])
    return {
        "id": identity,
        "crisis": verdict.crisis,
        "crisis_probs": {level: round(scores.crisis[level], 4) for level in Crisis},
        "subject": verdict.subject,
        "allegation": verdict.allegation,
        "allegation_probs": {level: round(scores.allegation[level], 4) for level in Allegation},
        "names": [
            {"text": n.text, "start": n.start, "end": n.end, "kind": n.kind} for n in scores.names
        ],
        "doxxing": verdict.doxxing,
        "doxxing_prob": round(scores.doxxing, 4),
        "affect": round(scores.affect, 3),
        "supportive": verdict.supportive,
        "supportive_prob": round(scores.supportive, 4),
        "reasons": [
            f"{piece.why}：「{excerpt.text[piece.start : piece.end]}」" for piece in scores.evidence
        ],
    }


def _read(number: int, line: str) -> tuple[Any, Excerpt] | dict[str, Any]:
    try:
        return _message(json.loads(line, parse_constant=_no_number))
    except (ValueError, InputError, RecursionError) as error:
        return {"line": number, "error": f"{error}"[:300]}


def _no_number(name: str) -> Any:
    raise InputError(f"{name} is not JSON")


def _message(raw: Any) -> tuple[Any, Excerpt]:
    if not isinstance(raw, dict):
        raise InputError(f"expected an object with id and text, got {type(raw).__name__}")
    for name in ("id", "text"):
        if name not in raw:
            raise InputError(f"the field {name!r} is missing")
    context = raw.get("context") or []
    if not isinstance(raw["text"], str):
        raise InputError(f"text must be a string, got {type(raw['text']).__name__}")
    if not isinstance(context, list) or not all(isinstance(c, str) for c in context):
        raise InputError("context must be a list of strings")
    return raw["id"], Excerpt(raw["text"], tuple(context[-CONTEXT:]))


@contextlib.contextmanager
def _opened(place: str, mode: str) -> Iterator[IO[str]]:
    if place == "-":
        stream = sys.stdin if mode == "r" else sys.stdout
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
        yield stream
        return
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(Path(place).open(mode, encoding="utf-8", errors="replace"))
        except OSError as error:
            raise InputError(f"Cannot open {place}: {error.strerror}.") from None
        yield file
