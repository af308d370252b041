"""How the bot and its model's process speak: each value is pickled and led by its length.

Both ends are this program, on a pipe that nobody else holds.
"""

from __future__ import annotations

import pickle
import struct
from dataclasses import dataclass
from typing import Any, BinaryIO

HEAD = struct.Struct(">I")


@dataclass(frozen=True, slots=True)
class Ready:
    """The model is loaded; its operating points as they stand in its `config.json`."""

    points: dict[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Broken:
    """The model cannot be loaded; why, with the remedy."""

    why: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The model raised; the kind of error only, its text may hold words of members."""

    kind: str


def framed(value: Any) -> bytes:
    """A value as it goes over the pipe."""
    body = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return HEAD.pack(len(body)) + body


def read(stream: BinaryIO) -> Any:
    """The next value; EOFError where the other end is gone."""
    (length,) = HEAD.unpack(_exactly(stream, HEAD.size))
    return pickle.loads(_exactly(stream, length))


def _exactly(stream: BinaryIO, count: int) -> bytes:
    found = stream.read(count)
    if len(found) < count:
        raise EOFError
    return found
