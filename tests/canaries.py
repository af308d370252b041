"""Looks for sentences in clear in files, in every way in which a program may have written them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path


def in_clear(folders: Iterable[Path], sentences: Iterable[str]) -> set[tuple[str, str]]:
    """Which of these sentences stand readable in which files below these folders."""
    found = set()
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    signs = [(sentence, sign) for sentence in sentences for sign in _written(sentence)]
    for file in files:
        content = file.read_bytes()
        found |= {(file.name, sentence) for sentence, sign in signs if sign in content}
    return found


def _written(sentence: str) -> Iterator[bytes]:
    """The sentence as bytes: encodings, escapes of JSON and Python, base64 at each offset."""
    plain = sentence.encode()
    yield plain
    yield from (sentence.encode(name) for name in ("utf-16-le", "utf-16-be", "gb18030"))
    yield json.dumps(sentence).strip('"').encode()
    yield repr(plain)[2:-1].encode()
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + plain)
        yield whole[4 if offset else 0 : len(whole) - 4]
