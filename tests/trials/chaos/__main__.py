"""`make chaos`: play every fault, print the table; exit code 1 if anybody was lost, or heard of too often.

`make soak` (`--soak SECONDS`) has no faults: it looks whether memory, files or tasks grow.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from rich.console import Console

from tests.trials.chaos import soak
from tests.trials.chaos.faults import FAULTS
from tests.trials.chaos.process import Footprint
from tests.trials.chaos.trials import Options, Row, play, table
from tests.trials.chaos.verdict import complaints


def _options() -> tuple[Options, float | None]:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--folder", type=Path, default=Path("build/chaos"), help="for the bot's data"
    )
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--rate", type=float, default=50.0, help="messages a second")
    parser.add_argument("--groups", type=int, default=100)
    parser.add_argument("--crises", type=float, default=0.5, help="people in danger a second")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long each fault lasts")
    parser.add_argument("--outage", type=float, default=3600.0, help="seconds without Telegram")
    parser.add_argument("--only", nargs="*", choices=list(FAULTS), default=list(FAULTS))
    parser.add_argument("--shipped", action="store_true", help="the shipped model, not plain words")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--soak", type=float, metavar="SECONDS", help="no faults, only time")
    found = parser.parse_args()
    options = Options(
        folder=found.folder,
        faults=found.only,
        a_second=found.rate,
        groups=found.groups,
        crises_a_second=found.crises,
        seconds=found.seconds,
        kills=found.kills,
        outage=found.outage,
        seed=found.seed,
        shipped=found.shipped,
    )
    return options, found.soak


async def main(options: Options) -> int:
    """Play, and print each row as it comes."""
    console, rows = Console(width=140), list[Row]()
    async for row in play(options):
        rows.append(row)
        console.print(table([row], row.fault))
    model = "the shipped model" if options.shipped else "plain words for a model"
    title = f"{options.a_second:g} messages/s, {options.groups} groups, {model}"
    console.print(table(rows, title))
    for complaint in (wrong := complaints(rows, options.kills)):
        console.print(complaint, style="bold red")
    return 1 if wrong else 0


async def endure(options: Options, seconds: float) -> int:
    """Let people talk for so long; 1 if anything grew that should not."""
    samples: list[Footprint] = []
    async for one in soak.soak(options, seconds):
        samples.append(one)
        print(f"{len(samples):3} {one.memory} MB, {one.files} files, {one.tasks} tasks", flush=True)
    Console().print(soak.table(samples, seconds))
    return 1 if soak.grew(samples) else 0


if __name__ == "__main__":
    options, seconds = _options()
    sys.exit(asyncio.run(endure(options, seconds) if seconds else main(options)))
