"""Counts the labelled text: `python -m moderation.training.counts`."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table

from moderation.training.conversations import read_said
from moderation.training.dataset import Example, read_own
from moderation.vocabulary import Allegation, Crisis

_COLUMNS = (*Crisis, "other", *list(Allegation)[1:], "doxxing", "supportive", "names", "context")


def count(examples: list[Example]) -> Counter[str]:
    """How many messages have each label."""
    found: Counter[str] = Counter()
    for example in examples:
        found.update([next(iter(example.crisis)).value])
        found.update(a.value for a in example.allegation if a is not Allegation.NONE)
        flags = {
            "other": example.other,
            "doxxing": example.doxxing,
            "supportive": example.supportive,
        }
        found.update(name for name, value in flags.items() if value)
        found.update({"names": len(example.names or ()), "context": bool(example.context)})
    return found


def main() -> None:
    """Prints a row for each writer."""
    table = Table("writer", "messages", *map(str, _COLUMNS))
    for part in ("train", "test"):
        examples = [*read_own(part), *read_said(part)]
        for writer in sorted({example.writer for example in examples}):
            own = [example for example in examples if example.writer == writer]
            counts = count(own)
            table.add_row(
                f"{part}/{writer}", str(len(own)), *(str(counts[str(c)]) for c in _COLUMNS)
            )
    Console(width=180).print(table)


if __name__ == "__main__":
    main()
