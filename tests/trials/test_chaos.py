"""A short bad day: every fault once. `make chaos` makes it long, `make thorough` a little longer."""

from __future__ import annotations

import mmap
import os
from pathlib import Path

import pytest

from tests.trials.chaos.faults import FAULTS
from tests.trials.chaos.process import Footprint, memory_of
from tests.trials.chaos.soak import FILES, MEGABYTES, SAMPLES, TASKS, grew, growth
from tests.trials.chaos.town import Crisis
from tests.trials.chaos.trials import Options, Row, play
from tests.trials.chaos.verdict import complaints, tries

QUICK = [name for name in FAULTS if name not in {"weights damaged", "migration cut off"}]
"""Those that need no further starts of the process."""
MEASURED = 32
"""Megabytes, by which a process is made to grow."""
MOST_FILES = 120
MOST_TASKS = 130
"""After the worst of days a process uses no more than its pools of connections allow, and its model's pipe."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("faults", "kills"),
    [
        pytest.param(QUICK, 2, id="two kills"),
        pytest.param(list(FAULTS), 5, id="all, and five kills", marks=pytest.mark.long),
    ],
)
async def test_whatever_goes_wrong_every_crisis_reaches_a_human_and_none_twice_unmarked(
    tmp_path: Path, faults: list[str], kills: int
) -> None:
    options = Options(
        folder=tmp_path / "data",
        faults=faults,
        a_second=5,
        groups=6,
        crises_a_second=0.4,
        seconds=1.0,
        kills=kills,
        outage=2.0,
        one_by_one=False,
    )
    rows = {row.fault: row async for row in play(options)}
    assert list(rows) == faults
    assert all(len(row.crises) >= 2 for row in rows.values())
    assert complaints(list(rows.values()), kills) == []
    used = rows[faults[-1]].footprint
    assert used.files < MOST_FILES
    assert used.tasks < MOST_TASKS


def row(fault: str, *crises: Crisis, at: float = 0.0) -> Row:
    """A fault that lasted ten seconds."""
    return Row(fault, 100, list(crises), Footprint(200, 22, 18), at, at + 10)


def heard(plain: int, marked: int = 0, *, said: float = 1.0, last: float = 2.0) -> Crisis:
    """Somebody in danger, and the cards that came."""
    return Crisis(said, said + 0.5, last, plain, marked)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([row("500s", Crisis(1.0))], ["500s: nobody heard of somebody"]),
        ([row("calm", heard(2))], ["calm: 2 cards without a mark for one person"]),
        ([row("kill -9", heard(1, 2))], ["kill -9: 3 cards for one person"]),
        *[
            ([row(fault, heard(1, 1))], [f"{fault}: a card is marked without a reason"])
            for fault in ("calm", "429 storm", "twice, shuffled", "clock +1 day")
        ],
        (
            [row("kill -9", heard(1, 1), heard(1, 1), heard(0, 1), heard(1, 1))],
            ["kill -9: 4 cards are marked, where 3 can be in doubt"],
        ),
        (
            [row("disk full", heard(1, 1), heard(1, 1))],
            ["disk full: 2 cards are marked, where 1 can be in doubt"],
        ),
        (
            [row("answers lost", heard(1, 20))],
            ["answers lost: 21 cards for one person"],
        ),
    ],
)
def test_whoever_has_reason_to_complain_does(rows: list[Row], expected: list[str]) -> None:
    assert complaints(rows, kills=3) == expected


@pytest.mark.parametrize(
    "rows",
    [
        [row("calm", heard(1))],
        [row("kill -9", heard(1, 1), heard(0, 1), heard(1), heard(1, 1))],
        [row("500s", *[heard(0, 1)] * 20)],
        [row("answers lost", heard(1, 5))],
        [row("calm", heard(1, 1, said=9.0, last=12.0)), row("kill -9", at=10.5)],
    ],
    ids=["calm", "a mark for each kill", "calls fail", "tries arrive", "it met the next fault"],
)
def test_what_cannot_be_known_is_no_reason_to_complain(rows: list[Row]) -> None:
    assert complaints(rows, kills=3) == []


def test_tries_are_as_many_as_the_pauses_between_them_allow() -> None:
    assert [tries(seconds) for seconds in (0.0, 1.0, 20.0)] == [2, 4, 9]


def test_growth_is_what_the_last_third_uses_more_than_the_second() -> None:
    steady = [Footprint(200, 22, 18)] * SAMPLES
    warming_up = [Footprint(100, 10, 5)] * (SAMPLES // 3) + steady[SAMPLES // 3 :]
    assert growth(warming_up) == Footprint(0, 0, 0)
    assert not grew(warming_up)


@pytest.mark.parametrize(
    "leak", [Footprint(MEGABYTES, 0, 0), Footprint(0, FILES, 0), Footprint(0, 0, TASKS)]
)
def test_a_leak_of_memory_files_or_tasks_is_seen(leak: Footprint) -> None:
    leaking = [
        Footprint(200 + leak.memory * n, 22 + leak.files * n, 18 + leak.tasks * n)
        for n in range(SAMPLES)
    ]
    assert grew(leaking)


def test_memory_is_what_the_process_took_and_not_the_files_it_looks_at(tmp_path: Path) -> None:
    file = tmp_path / "library"
    file.write_bytes(bytes([1]) * MEASURED * 2**20)
    before = memory_of(os.getpid())
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, prot=mmap.PROT_READ) as mapped:
        assert mapped.find(b"no such byte") == -1
        assert memory_of(os.getpid()) - before < MEASURED * 1024 // 4
        taken = bytearray(b"\1") * (MEASURED * 2**20)
        assert memory_of(os.getpid()) - before > MEASURED * 1024 * 3 // 4
        assert taken
