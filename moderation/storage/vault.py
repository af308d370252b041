"""A file of any size, sealed with a key in pieces: what is cut off, swapped or changed is noticed.

Layout: magic; length of the label (4 bytes, big-endian); the label, JSON in clear; pieces of 1 MiB, each with
its 16-byte tag. Each file has a key of its own (HKDF of the key and a random salt in the label). The nonce of a piece
is its number and whether it is the last (the STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár,
CRYPTO 2015); the label is authenticated with every piece.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from moderation.errors import InputError

MAGIC = b"QUNHU-1\n"
PIECE = 1 << 20
TAG = 16
LONGEST_LABEL = 10_000


@dataclass(frozen=True, slots=True)
class Label:
    """What may be read without the key."""

    made_at: str
    """ISO 8601, UTC."""
    revision: str
    """The schema's revision."""
    salt: str
    key: str
    """Tells keys apart, and tells nothing of them."""

    def to_bytes(self) -> bytes:
        """The label as it stands in the file."""
        fields = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(fields, sort_keys=True).encode()


def label_for(key: bytes, made_at: str, revision: str) -> Label:
    """A fresh label."""
    return Label(made_at, revision, os.urandom(16).hex(), key_mark(key))


def key_mark(key: bytes) -> str:
    """16 hexadecimal digits that tell keys apart."""
    return _derived(key, b"qunhu backup key mark", b"")[:8].hex()


def seal_file(source: Path, target: BinaryIO, key: bytes, label: Label) -> None:
    """Write the sealed content of `source` to `target`."""
    written = label.to_bytes()
    target.write(MAGIC + len(written).to_bytes(4, "big") + written)
    cipher = _cipher(key, label)
    with source.open("rb") as file:
        for number, piece, last in _pieces(file, PIECE):
            target.write(cipher.encrypt(_nonce(number, last), piece, written))


def open_file(source: Path, target: BinaryIO, key: bytes) -> Label:
    """Write the content of a sealed file to `target`; its label.

    InputError if it is no such file, of another key, cut off or damaged.
    """
    try:
        with source.open("rb") as file:
            label, written = _read_label(source, file)
            if label.key != key_mark(key):
                raise InputError(
                    f"The key does not open {source}: it was made with another one. Set QUNHU_KEY to "
                    "the key of that time (or restore the key file)."
                )
            cipher = _cipher(key, label)
            for number, piece, last in _pieces(file, PIECE + TAG):
                target.write(cipher.decrypt(_nonce(number, last), piece, written))
    except InvalidTag:
        raise InputError(
            f"{source} is cut off or damaged: it is not as it was written. Take another backup."
        ) from None
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror or error}.") from None
    return label


def read_label(source: Path) -> Label:
    """What the file says of itself, unproven; InputError if it is no such file."""
    try:
        with source.open("rb") as file:
            return _read_label(source, file)[0]
    except OSError as error:
        raise InputError(f"{source} cannot be read: {error.strerror or error}.") from None


def _read_label(source: Path, file: BinaryIO) -> tuple[Label, bytes]:
    head = file.read(len(MAGIC) + 4)
    size = int.from_bytes(head[len(MAGIC) :], "big")
    if not head.startswith(MAGIC) or len(head) < len(MAGIC) + 4 or size > LONGEST_LABEL:
        raise InputError(f"{source} is not a backup that this version of Qunhu can read.")
    written = file.read(size)
    try:
        fields: dict[str, Any] = json.loads(written)
        label = Label(**fields)
        bytes.fromhex(label.salt)
    except (ValueError, TypeError):
        raise InputError(f"{source} is cut off or damaged at its very start.") from None
    return label, written


def _pieces(file: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    """Number, content, and whether it is the last; an empty file has one empty piece."""
    number, piece = 0, file.read(size)
    while True:
        following = file.read(size)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


def _cipher(key: bytes, label: Label) -> AESGCM:
    return AESGCM(_derived(key, b"qunhu backup", bytes.fromhex(label.salt)))


def _derived(key: bytes, purpose: bytes, salt: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt or None, info=purpose).derive(key)
