"""Whole labelled conversations: for spirals, and message by message for the classifier."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from moderation.company import Past, context_of
from moderation.errors import InputError
from moderation.training.dataset import HERE, Example, example_of

FOLDER = HERE / "conversations"


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a conversation with its labels."""

    seconds: float
    """Since the start of the conversation."""
    user: str
    reply_to: int | None
    """Index of the message that it answers directly."""
    example: Example


@dataclass(frozen=True, slots=True)
class Spiral:
    """A stretch of contagion; indices of messages, both inclusive."""

    onset: int
    end: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """One evening of a group as its writer labelled it."""

    id: str
    writer: str
    start: str
    """Weekday and time of day of the first message, such as `Sat 23:40`."""
    said: tuple[Said, ...]
    spirals: tuple[Spiral, ...]


def read_conversations(part: str, folder: Path = FOLDER) -> list[Conversation]:
    """The conversations of `train` or `test`; `InputError` names a line that cannot be read."""
    found = []
    for path in sorted((folder / part).glob("*.jsonl")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                found.append(_conversation(json.loads(line)))
            except (ValueError, KeyError, TypeError, IndexError) as error:
                raise InputError(f"{path}:{number} is not a conversation: {error!r}") from error
    return found


def _conversation(row: dict[str, object]) -> Conversation:
    name, writer, messages, spirals = (
        row["id"], row["writer"], row["messages"], row["spirals"],
    )  # fmt: skip
    if not isinstance(messages, list) or not isinstance(spirals, list):
        raise TypeError("messages and spirals must be lists")
    past = [
        Past(timedelta(seconds=m["t"]), m["user"], str(m["text"]), m["reply_to"]) for m in messages
    ]
    said = tuple(
        Said(
            float(message["t"]),
            str(message["user"]),
            message["reply_to"],
            example_of(
                {
                    **message,
                    "id": f"{name}-{index:02d}",
                    "context": context_of(past, index),
                    "writer": writer,
                    "talk": name,
                }
            ),
        )
        for index, message in enumerate(messages)
    )
    return Conversation(
        str(name),
        str(writer),
        str(row["start"]),
        said,
        tuple(Spiral(int(s["onset"]), int(s["end"])) for s in spirals),
    )


def read_said(part: str, folder: Path = FOLDER) -> Iterator[Example]:
    """Every message of the conversations, each with the words that came before it."""
    for conversation in read_conversations(part, folder):
        for message in conversation.said:
            yield message.example
