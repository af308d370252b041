"""The process stays small, however long it works; each looked at in a process of its own."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

import pytest

from bot.heaps import HEAPS, OPERATORS_OWN, keep_few

THREADS = 16
LOOK = f"""
import ctypes, os, tempfile, threading
from bot import heaps
print(heaps.keep_few())
everybody = threading.Barrier({THREADS})
def work():
    kept = bytearray(4096)
    everybody.wait()
crowd = [threading.Thread(target=work) for _ in range({THREADS})]
for one in crowd:
    one.start()
for one in crowd:
    one.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as file:
    opened = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, opened)
    libc.fclose(opened)
    print(file.read().count(b"<heap nr="))
"""


def looked_at(**more: str) -> tuple[bool, int]:
    """Whether the bot limited the heaps, and how many there are after a rush of threads."""
    clean = {key: value for key, value in os.environ.items() if key != OPERATORS_OWN}
    done = subprocess.run(
        [sys.executable, "-c", LOOK], env={**clean, **more}, capture_output=True, check=True
    )
    limited, heaps = done.stdout.decode().split()
    return limited == "True", int(heaps)


@pytest.fixture
def glibc() -> None:
    """Only there can heaps be counted."""
    if not sys.platform.startswith("linux") or "glibc" not in (
        os.confstr("CS_GNU_LIBC_VERSION") or ""
    ):
        pytest.skip("another C library")


@pytest.mark.usefixtures("glibc")
def test_however_many_threads_work_at_once_there_are_few_heaps() -> None:
    assert looked_at() == (True, HEAPS)


@pytest.mark.usefixtures("glibc")
def test_what_the_operator_has_chosen_stands() -> None:
    limited, heaps = looked_at(**{OPERATORS_OWN: "4"})
    assert not limited
    assert heaps == 4


@pytest.mark.parametrize(
    "trouble", [OSError("no such library"), AttributeError("mallopt")], ids=["none", "another one"]
)
def test_where_the_c_library_is_another_one_nothing_is_done(
    trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_name: None) -> None:
        raise trouble

    monkeypatch.delenv(OPERATORS_OWN, raising=False)
    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert keep_few() is False


LARGE = 300_000
WASTED = 100_000
HELD = 10_000
"""What is in use for a while has grown old when it is let go."""
WASTE = f"""
import sys
from collections import deque
from bot import heaps
class Knot:
    alive = 0
    def __init__(self):
        self.itself = self
        Knot.alive += 1
    def __del__(self):
        Knot.alive -= 1
loaded = [[n] for n in range({LARGE})]
if sys.argv[1] == "aside":
    heaps.set_aside()
most, held = 0, deque(maxlen={HELD})
for _ in range({WASTED}):
    held.append(Knot())
    most = max(most, Knot.alive - len(held))
print(most)
"""


def left_lying(how: str) -> int:
    """How much garbage that refers to itself there is at most, beside much that is loaded."""
    done = subprocess.run([sys.executable, "-c", WASTE, how], capture_output=True, check=True)
    return int(done.stdout)


def test_garbage_does_not_pile_up_beside_all_that_is_loaded() -> None:
    assert left_lying("aside") < WASTED // 4
