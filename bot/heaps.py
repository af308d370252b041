"""How many heaps the C library keeps: few, so that memory which one thread gave back serves the others.

glibc gives almost every new thread a heap of its own, up to eight for each core, and hands hardly any of it
back to the system. Under a day's work each of them grows to the most it ever held. Our threads wait for
the disk and for the interpreter's lock rather than for a heap; the model's process is another one.
"""

from __future__ import annotations

import ctypes
import os

HEAPS = 2
M_ARENA_MAX = -8
"""The parameter's number in glibc's malloc.h."""
OPERATORS_OWN = "MALLOC_ARENA_MAX"
"""In the environment: whoever starts the bot has chosen."""


def keep_few(most: int = HEAPS) -> bool:
    """Keep so many at most, from now on; whether that was done here.

    Not where the operator has chosen, and not where the C library is another one.
    """
    if OPERATORS_OWN in os.environ:
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(M_ARENA_MAX, most))
