"""Everything Qunhu raises on purpose.

QunhuError
├── ConfigError        the operator: a setting is wrong or missing
├── StorageError       the operator: the database cannot be used
│   ├── WrongKey
│   ├── NewerDatabase
│   └── CannotWrite
├── ModelError         the operator: the model is missing or damaged; the bot goes on with safe words
└── InputError         the one who ran a command: a file or line cannot be read
"""

from __future__ import annotations

from pathlib import Path


class QunhuError(Exception):
    """Base of all; its text is one clear sentence with the remedy."""


class ConfigError(QunhuError):
    """One or more settings are wrong; the text lists them all."""


class StorageError(QunhuError):
    """The database cannot be used."""


class WrongKey(StorageError):
    """The key does not open this database."""

    def __init__(self, where: str) -> None:
        super().__init__(
            f"The key does not open the database {where}. "
            "Set QUNHU_KEY to the key it was made with (or restore the key file beside it)."
        )


class NewerDatabase(StorageError):
    """The database was written by a newer version of Qunhu."""

    def __init__(self, where: str, revision: str) -> None:
        super().__init__(
            f"The database {where} is at revision {revision}, which this version of Qunhu does not "
            "know: it was written by a newer version. Install that version, or restore a backup."
        )


class CannotWrite(StorageError):
    """The folder or disk does not take writes."""

    def __init__(self, where: str | Path, why: str) -> None:
        super().__init__(
            f"Cannot write to {where}: {why}. Free some space or give this user the right to write "
            "there, then start again; nothing already stored is lost."
        )


class ModelError(QunhuError):
    """The model cannot be loaded; safe words still work."""

    def __init__(self, where: str | Path, why: str) -> None:
        super().__init__(
            f"The model in {where} cannot be loaded: {why}. Reinstall Qunhu, or set QUNHU_MODEL to "
            "a folder that holds a complete model."
        )


class InputError(QunhuError):
    """A file or a line that somebody gave cannot be read."""
