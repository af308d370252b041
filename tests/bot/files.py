"""Reads the documents that the bot sends; its pictures hold curves, and nothing of theirs is read."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any


def texts_of(payload: dict[str, Any]) -> Iterator[str]:
    """The words of every document in a call; ValueError for a kind that nobody here can read."""
    for value in payload.values():
        if isinstance(value, dict) and "base64" in value:
            yield _text(value["name"], base64.b64decode(value["base64"]))


def shown(pdf: bytes) -> list[str]:
    """What stands on the pages of our PDF, in order."""
    found = re.findall(rb"<([0-9A-F]*)> Tj", pdf)
    return [bytes.fromhex(text.decode()).decode("utf-16-be") for text in found]


def _text(name: str, data: bytes) -> str:
    match name.rpartition(".")[2]:
        case "pdf":
            return "".join(shown(data))  # a long line is cut where the page ends
        case "txt" | "csv" | "json":
            return data.decode("utf-8-sig")
        case kind:
            raise ValueError(f"a file of an unknown kind is sent: {kind}")
