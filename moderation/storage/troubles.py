"""What a database's driver says, as one clear sentence with the remedy."""

from __future__ import annotations

from moderation.errors import CannotWrite, StorageError

UNWRITABLE = ("disk is full", "readonly database", "unable to open", "disk i/o error")
DAMAGED = ("not a database", "malformed")
HELD = ("database is locked", "database table is locked", "lock timeout", "deadlock")


def trouble(where: str, found: str) -> StorageError:
    """The sentence for what the driver found; only its first line, the others may hold values."""
    why = next(iter(found.splitlines()), "no reason given")
    text = why.lower()
    if any(words in text for words in UNWRITABLE):
        return CannotWrite(where, why)
    if any(words in text for words in DAMAGED):
        return damaged(where, why)
    if any(words in text for words in HELD):
        return StorageError(
            f"Another process holds the database {where} ({why}). "
            "Find the program that keeps it open (a backup, a database browser) and end it."
        )
    return StorageError(f"The database {where} refused the work: {why}.")


def damaged(where: str, why: str) -> StorageError:
    """The file is no longer what was written."""
    return StorageError(
        f"The database {where} is damaged ({why}). Restore the last backup: "
        "`qunhu restore FILE --replace` moves the damaged one aside and puts the backup in its place."
    )
