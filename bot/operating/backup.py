"""`qunhu backup` and `qunhu restore`: one sealed file that holds everything but the key."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from bot.operating.keys import BACKUPS, existing_key, sealer_of
from bot.settings import Settings
from migrations import upgrade
from migrations.upgrade import is_known
from moderation.errors import CannotWrite, ConfigError, InputError, NewerDatabase
from moderation.storage import Sealer, inbox, open_database, outbox, ring, vault
from moderation.storage.database import held
from moderation.storage.keycopies import Copies
from moderation.storage.retention import NOT_IN_BACKUPS
from moderation.storage.snapshot import copy_of, file_of, leave_out, look_whole, revision_in

NAME = "qunhu-%Y-%m-%d-%H%M%S.backup"
PATTERN = "qunhu-????-??-??-??????.backup"
SIDE_FILES = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    made_at: str
    revision: str
    """The schema's revision in the backup; it is brought to this version's."""
    updates: int
    """Updates that had come and were not worked on."""
    messages: int
    """Messages that had not gone out; they do now, marked as perhaps repeated."""
    aside: Path | None
    """Where the database that was there lies now."""


def back_up(settings: Settings, target: Path | None = None, keep: int | None = None) -> Path:
    """Write a verified backup, while the bot runs or not; where it lies.

    `keep` deletes the oldest of the backups that lie in the same folder under our names.
    """
    source = file_of(settings.database)
    if not source.exists():
        raise ConfigError(f"There is no database {source} yet: nothing to back up.")
    key, now = existing_key(settings), datetime.now(UTC)
    target = target or settings.data / BACKUPS / now.strftime(NAME)
    with _clear(target), _workplace(target) as folder:
        _look_for_others_keys(settings, key, target.parent)
        copy = folder / "copy.db"
        copy_of(source, copy)
        leave_out(copy, NOT_IN_BACKUPS)
        look_whole(copy, thoroughly=True)
        label = vault.label_for(key, now.isoformat(timespec="seconds"), revision_in(copy))
        sealed = folder / "sealed"
        with _made(sealed) as file:
            vault.seal_file(copy, file, key, label)
            file.flush()
            os.fsync(file.fileno())
        _verify(sealed, copy, folder / "again.db", key)
        sealed.replace(target)
        _sync_folder(target.parent)
        _keep_members_keys(settings, key, target.parent)
        _forget_oldest(target.parent, keep)
    return target


def restore(settings: Settings, source: Path, *, replace: bool = False) -> Restored:
    """Bring a backup back and up to this version; what was there is moved aside, never deleted.

    ConfigError if there is a database and `replace` does not say so, or if the bot runs.
    """
    target, key = file_of(settings.database), existing_key(settings)
    label = vault.read_label(source)
    if label.revision and not is_known(label.revision):
        raise NewerDatabase(str(source), label.revision)
    with _clear(target), held(settings.database), _workplace(target) as folder:
        if target.exists() and not replace:
            raise ConfigError(
                f"There is a database {target} already. Say --replace to put the backup in its "
                "place; the one there is then moved aside, not deleted."
            )
        back = folder / target.name
        with _made(back) as file:
            label = vault.open_file(source, file, key)
        look_whole(back, thoroughly=True)
        updates, messages = asyncio.run(_bring_up_to_date(back, Sealer(key)))
        _bring_back_members_keys(settings, source.parent)
        aside = _move_aside(target)
        _sync(back)
        back.replace(target)
        _sync_folder(target.parent)
    return Restored(label.made_at, label.revision, updates, messages, aside)


async def _bring_up_to_date(file: Path, sealer: Sealer) -> tuple[int, int]:
    database = open_database(f"sqlite+aiosqlite:///{file}", sealer, lambda: datetime.now(UTC))
    try:
        await upgrade(database)
        await database.check_key()
        async with database.transaction() as tx:
            return await inbox.waiting(tx), await outbox.doubt(tx)
    finally:
        await database.close()


def _look_for_others_keys(settings: Settings, key: bytes, folder: Path) -> None:
    """Refuse a folder in which keys lie that are nowhere else: writing over them would destroy words."""
    members, copy = sealer_of(settings, key).ring, folder / ring.FILE
    if members is not None and len(members) and copy.exists() and not members.is_ours(copy):
        raise ConfigError(
            f"{copy} holds members' keys that this Qunhu does not have: those of another Qunhu, or newer "
            "ones of this one. Choose another folder, or move that file away first."
        )


def _keep_members_keys(settings: Settings, key: bytes, folder: Path) -> None:
    """One copy beside all backups, always the newest: what was erased opens in none of them."""
    members = sealer_of(settings, key).ring
    if members is not None and len(members):
        members.copy_to(folder / ring.FILE)
        members.catch_up()


def keys_behind(settings: Settings) -> list[Path]:
    """Copies of the members' keys that an erasure has not reached."""
    members = sealer_of(settings, existing_key(settings)).ring
    return members.behind() if members is not None else []


def _bring_back_members_keys(settings: Settings, folder: Path) -> None:
    """Where the machine is a new one; keys that are here are newer than any copy."""
    here, copy = settings.data / ring.FILE, folder / ring.FILE
    if not here.exists() and copy.exists():
        with _made(here) as file:
            file.write(copy.read_bytes())
        _sync(here)
        Copies(settings.data / ring.COPIES).note(copy)


def _verify(sealed: Path, copy: Path, again: Path, key: bytes) -> None:
    """Open what was written and compare it, byte by byte, with what was meant."""
    with _made(again) as file:
        vault.open_file(sealed, file, key)
    with again.open("rb") as one, copy.open("rb") as other:
        while (piece := one.read(vault.PIECE)) == other.read(vault.PIECE):
            if not piece:
                return
    raise InputError(f"The backup {sealed} does not open to what was written. Try another disk.")


def _move_aside(target: Path) -> Path | None:
    if not target.exists():
        return None
    stamp = datetime.now(UTC).strftime("%Y-%m-%d-%H%M%S")
    aside = target.with_name(f"{target.name}.before-{stamp}")
    for side in SIDE_FILES:
        file = Path(f"{target}{side}")
        if file.exists():
            file.rename(f"{aside}{side}")
    return aside


def _forget_oldest(folder: Path, keep: int | None) -> None:
    if keep is not None:
        for old in sorted(folder.glob(PATTERN))[:-keep]:
            old.unlink()


@contextmanager
def _workplace(target: Path) -> Iterator[Path]:
    """A folder of our own beside the target, on the same disk; gone at the end."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".qunhu-", dir=target.parent) as folder:
        yield Path(folder)


@contextmanager
def _clear(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CannotWrite(target.parent, error.strerror or str(error)) from None


def _made(file: Path) -> BinaryIO:
    """A new file that only its owner may read."""
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _sync(file: Path) -> None:
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
