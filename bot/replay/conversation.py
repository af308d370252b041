"""A past conversation, whatever file it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Said:
    """One message: when, who, what, and the index of the message it answers."""

    at: datetime
    user: str
    text: str
    reply_to: int | None = None
    forwarded_from: str | None = None
    name: str = ""
    """What the writer is called, where `user` is only an id."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """Messages in the order of the file; their indices are what alerts point to."""

    id: str
    messages: tuple[Said, ...]
