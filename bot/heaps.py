"""Keeps the process small: few heaps of the C library, and a collector that looks at what is new.

glibc gives almost every new thread a heap of its own, up to eight for each core, and hands hardly any of it
back to the system. Under a day's work each of them grows to the most it ever held. Our threads wait for
the disk and for the interpreter's lock rather than for a heap; the model's process is another one.
"""

from __future__ import annotations

import ctypes
import gc
import os

HEAPS = 2
M_ARENA_MAX = -8
"""The parameter's number in glibc's malloc.h."""
LOOKS = (700, 5, 1)
"""New objects until the newest are looked at; such looks until the next older; such until all."""
OPERATORS_OWN = "MALLOC_ARENA_MAX"
"""In the environment: whoever starts the bot has chosen."""


def keep_few(most: int = HEAPS) -> bool:
    """Keep so many heaps at most, from now on, so that what one thread gave back serves the others.

    False where nothing was done: the operator has chosen, or the C library is another one.
    """
    if OPERATORS_OWN in os.environ:
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(M_ARENA_MAX, most))


def set_aside() -> None:
    """What was built by now lasts to the end: the collector of cycles looks at what came since, and often.

    Left to itself it looks at everything once 70,000 objects have come. Each message leaves some 140
    that refer to each other, with what was sealed of its group among them: ten megabytes came and went.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*LOOKS)
    gc.collect()  # counts what is left: of that a quarter must have come before all is looked at
