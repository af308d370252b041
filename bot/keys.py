"""The key for what is kept at rest: from settings, or made once in the data folder."""

from __future__ import annotations

import os

from bot.settings import Settings
from moderation.errors import CannotWrite, ConfigError
from moderation.storage import ring
from moderation.storage.database import make_folder
from moderation.storage.ring import Ring
from moderation.storage.sealing import Sealer, make_key, parse_key, wrapping_key

BACKUPS = "backups"
"""Where in the data folder backups are written, with a copy of the members' keys beside them."""


def load_key(settings: Settings) -> tuple[bytes, bool]:
    """The key, and whether it was made just now."""
    if settings.key is not None:
        return parse_key(settings.key.get_secret_value()), False
    if settings.key_file.exists():
        return _parsed_file(settings), False
    database = settings.data / "qunhu.db"
    if database.exists():
        raise ConfigError(
            f"There is a database {database} but no key for it: QUNHU_KEY is not set and "
            f"{settings.key_file} is missing. Restore that file or set QUNHU_KEY; without the key "
            "what is stored cannot be read. To start afresh, move the database away."
        )
    text = make_key()
    make_folder(settings.data)
    try:
        handle = os.open(settings.key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CannotWrite(settings.key_file, error.strerror or str(error)) from None
    return parse_key(text), True


def sealer_of(settings: Settings, key: bytes) -> Sealer:
    """What seals and opens, with the members' own keys."""
    file, copy = settings.data / ring.FILE, settings.data / BACKUPS / ring.FILE
    return Sealer(key, Ring(file, wrapping_key(key), [copy]))


def existing_key(settings: Settings) -> bytes:
    """The key that is there; ConfigError where one would have to be made."""
    if settings.key is None and not settings.key_file.exists():
        raise ConfigError(
            f"There is no key: QUNHU_KEY is not set and {settings.key_file} is missing. Set or "
            "restore the key with which the data was made; no backup holds it."
        )
    return load_key(settings)[0]


def _parsed_file(settings: Settings) -> bytes:
    text = _read(settings)
    try:
        return parse_key(text)
    except ConfigError:
        raise ConfigError(
            f"The key file {settings.key_file} holds no key. Restore it from your copy, or set "
            "QUNHU_KEY; without the key what is stored cannot be read."
        ) from None


def _read(settings: Settings) -> str:
    try:
        return settings.key_file.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise ConfigError(
            f"The key file {settings.key_file} cannot be read: {error.strerror}. "
            "Give this user the right to read it, or set QUNHU_KEY."
        ) from None
