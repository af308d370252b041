"""Few heaps, however many threads come and go; each looked at in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.heaps import HEAPS, OPERATORS_OWN

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


@pytest.fixture(autouse=True)
def glibc() -> None:
    """Only there can heaps be counted."""
    if not sys.platform.startswith("linux") or "glibc" not in os.confstr("CS_GNU_LIBC_VERSION"):
        pytest.skip("another C library")


def test_however_many_threads_work_at_once_there_are_few_heaps() -> None:
    assert looked_at() == (True, HEAPS)


def test_what_the_operator_has_chosen_stands() -> None:
    limited, heaps = looked_at(**{OPERATORS_OWN: "4"})
    assert not limited
    assert heaps == 4
