"""Each member's own data key, in a small file beside the database: destroying the key erases her words
in every copy of the database, backups too.

One JSON line a key: its number, the keyed hash of the member, and the key wrapped with the master key
(AES-256-GCM, number and hash authenticated with it), or nothing once it was destroyed. Lines are appended and synced before
anything is sealed with a new key; destroying rewrites the file and overwrites the old one. A line that
was cut off by a crash was never used.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from moderation.errors import CannotWrite, ConfigError
from moderation.storage.keycopies import Copies

FILE = "members.keys"
COPIES = f"{FILE}.copies"
NUMBER = 16
NONCE = 12
KEY = 32
LONGEST_LINE = 1024
"""Bytes that no line reaches: so far back the end of the last whole one is found."""


class Ring:
    """The members' keys, in memory and in their file. One process writes it at a time."""

    def __init__(
        self,
        file: Path,
        wrapping: bytes,
        copies: Iterable[Path] = (),
        before: bytes | None = None,
    ) -> None:
        """Open the ring; ConfigError if its keys were wrapped with another master key.

        `copies`, where they exist, and all that `copy_to` ever made are brought up to date whenever keys
        are destroyed. Keys wrapped with the master key of `before` open too; `write` wraps them anew.
        """
        self.file = file
        self._copies = tuple(copies)
        self.noted = Copies(file.with_name(COPIES))
        self._mark = hashlib.sha256(b"copies" + wrapping).hexdigest()[:8]
        self._wrap = AESGCM(wrapping)
        self._old = AESGCM(before) if before else None
        self._keys: dict[str, tuple[str, bytes]] = {}
        """Member and key, by the number of the key."""
        self._newest: dict[str, str] = {}
        """The number of the key with which a member's values are sealed now."""
        self._gone: dict[str, str] = {}
        """Whose keys were destroyed, by their numbers."""
        if file.exists():
            self._read()

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def forgotten(self) -> frozenset[str]:
        """Members whose keys were destroyed and who have none now."""
        return frozenset(self._gone.values()) - set(self._newest)

    def has(self, person: str) -> bool:
        """Whether anything was ever sealed for this member that can be opened."""
        return person in self._newest

    def get(self, number: str) -> bytes | None:
        """A key by its number; None if it was destroyed or never was here."""
        found = self._keys.get(number)
        return found[1] if found else None

    def destroyed(self, number: str) -> bool:
        """Whether this key was here and was destroyed."""
        return number in self._gone

    def key_for(self, person: str) -> tuple[str, bytes]:
        """Number and key with which to seal for this member; made and on disk before it is used."""
        if person not in self._newest:
            self.renew(person)
        number = self._newest[person]
        return number, self._keys[number][1]

    def renew(self, person: str) -> None:
        """From now on seal with another key; what was sealed before still opens."""
        number, key = os.urandom(NUMBER).hex(), os.urandom(KEY)
        self._append(self._line(number, person, key))
        self._keys[number], self._newest[person] = (person, key), number

    def destroy(self, person: str, *, newest: bool) -> None:
        """Let nobody open again what was sealed for her, up to the last renewal or (`newest`) at all."""
        kept = None if newest else self._newest.get(person)
        numbers = [n for n, (of, _) in self._keys.items() if of == person and n != kept]
        for number in numbers:
            del self._keys[number]
            self._gone[number] = person
        if newest:
            self._newest.pop(person, None)
        if numbers:
            self.write()

    def copy_to(self, target: Path) -> None:
        """Put the keys as they are now beside backups, over the older copy."""
        if target.resolve() == self.file.resolve():
            return
        self.noted.note(target)
        replace(target, self._lines())
        self.noted.note(target, self._like())

    def is_ours(self, copy: Path) -> bool:
        """Whether a file may be written over: it holds no key that is not here too. OSError if unreadable."""
        return numbers_in(copy) <= {*self._keys, *self._gone}

    def write(self) -> None:
        """Write the whole file anew; what it held before is overwritten."""
        replace(self.file, self._lines())
        self._renew(self._copies)
        self.catch_up()

    def behind(self) -> list[Path]:
        """Copies in which keys may open that were destroyed, or that another master key opens."""
        return sorted(copy for copy, like in self.noted.known().items() if like != self._like())

    def catch_up(self) -> None:
        """Bring up to date what can be reached of these; the others stay `behind`."""
        self._renew(self.behind())

    def _renew(self, copies: Iterable[Path]) -> None:
        for copy in copies:
            with contextlib.suppress(CannotWrite, OSError):
                if self.is_ours(copy):
                    self.copy_to(copy)

    def _like(self) -> str:
        """What tells apart the keys before and after some were destroyed, or wrapped anew."""
        return f"{len(self._gone)}:{self._mark}"

    def _lines(self) -> str:
        lines = [self._line(number, *found) for number, found in self._keys.items()]
        gone = ({"id": number, "of": of, "key": None} for number, of in self._gone.items())
        return "".join(f"{line}\n" for line in [*lines, *map(json.dumps, gone)])

    def _line(self, number: str, person: str, key: bytes) -> str:
        nonce = os.urandom(NONCE)
        wrapped = nonce + self._wrap.encrypt(nonce, key, f"{number}:{person}".encode())
        entry = {"id": number, "of": person, "key": base64.b64encode(wrapped).decode()}
        return json.dumps(entry)

    def _append(self, line: str) -> None:
        with _clear(self.file):
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
            with os.fdopen(handle, "r+b") as file:
                end = file.seek(0, os.SEEK_END)
                start = file.seek(max(0, end - LONGEST_LINE))
                file.seek(start + file.read().rfind(b"\n") + 1)
                file.truncate()
                file.write(f"{line}\n".encode())
                file.flush()
                os.fsync(file.fileno())

    def _read(self) -> None:
        with _clear(self.file):
            text = self.file.read_text(encoding="ascii", errors="replace")
        whole = text[: text.rfind("\n") + 1]
        for line in whole.splitlines():
            try:
                self._take(json.loads(line))
            except InvalidTag:
                raise ConfigError(
                    f"The members' keys in {self.file} were wrapped with another key. Set or restore "
                    "the key with which the data was made (QUNHU_KEY or qunhu.key)."
                ) from None
            except (ValueError, KeyError, TypeError):
                raise ConfigError(
                    f"The file of members' keys {self.file} is damaged. Put back the copy that lies "
                    f"beside your backups ({FILE})."
                ) from None

    def _unwrapped(self, raw: bytes, bound: bytes) -> bytes:
        try:
            return self._wrap.decrypt(raw[:NONCE], raw[NONCE:], bound)
        except InvalidTag:
            if self._old is None:
                raise
            return self._old.decrypt(raw[:NONCE], raw[NONCE:], bound)

    def _take(self, entry: dict[str, str | None]) -> None:
        number, person, wrapped = str(entry["id"]), str(entry["of"]), entry["key"]
        if wrapped is None:
            self._gone[number] = person
            return
        raw = base64.b64decode(wrapped, validate=True)
        bound = f"{number}:{person}".encode()
        self._keys[number] = person, self._unwrapped(raw, bound)
        self._newest[person] = number


def numbers_in(file: Path) -> set[str]:
    """The numbers of all keys in a file; one that holds others than ours is not ours to write over."""
    found = set()
    for line in file.read_text(encoding="ascii", errors="replace").splitlines():
        with contextlib.suppress(ValueError, KeyError, TypeError):
            found.add(str(json.loads(line)["id"]))
    return found


def shred(file: Path) -> None:
    """Overwrite a file and delete it. On disks that copy on write, this cannot reach every old block."""
    with _clear(file), contextlib.suppress(FileNotFoundError):
        with file.open("r+b") as opened:
            opened.write(os.urandom(file.stat().st_size))
            opened.flush()
            os.fsync(opened.fileno())
        file.unlink()


def replace(target: Path, text: str) -> None:
    """Put a new file in the place of an old one, which is overwritten; a crash leaves one of both."""
    fresh, old = target.with_name(f"{target.name}.new"), target.with_name(f"{target.name}.old")
    with _clear(target):
        shred(old)
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileNotFoundError):
            os.link(target, old)
        fresh.replace(target)
        _sync_folder(target.parent)
    shred(old)


@contextlib.contextmanager
def _clear(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(file, error.strerror or str(error)) from None


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
