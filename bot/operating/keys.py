"""The key for what is kept at rest: from settings, or made once in the data folder."""

from __future__ import annotations

import os

from bot.settings import Settings
from moderation.errors import CannotWrite, ConfigError
from moderation.storage import ring
from moderation.storage.database import make_folder
from moderation.storage.ring import Ring, replace
from moderation.storage.sealing import Sealer, make_key, parse_key, parse_keys, wrapping_key

BACKUPS = "backups"
"""Where in the data folder backups are written, with a copy of the members' keys beside them."""


def load_key(settings: Settings) -> tuple[bytes, bool]:
    """The key, and whether it was made just now."""
    if settings.key is not None:
        return parse_keys(settings.key.get_secret_value())[0], False
    if settings.key_file.exists():
        return _parsed_file(settings)[0], False
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
    """What seals and opens, with the members' own keys, and the old key while it is being changed."""
    file, copy = settings.data / ring.FILE, settings.data / BACKUPS / ring.FILE
    before = key_before(settings)
    wrapping = wrapping_key(before) if before else None
    return Sealer(key, Ring(file, wrapping_key(key), [copy], wrapping), before)


def key_before(settings: Settings) -> bytes | None:
    """The old key, while it is being changed."""
    if settings.key is not None:
        return parse_keys(settings.key.get_secret_value())[1]
    return _parsed_file(settings)[1] if settings.key_file.exists() else None


def begin_change(settings: Settings) -> bool:
    """Put a new key before the old one in the key file; False if there are two already."""
    if settings.key is not None:
        raise ConfigError(
            "The key is set by QUNHU_KEY. Make a new one (`qunhu doctor --new-key`), set QUNHU_KEY to "
            "the new one, a space, and the old one, and start the bot again; the log and `qunhu doctor` "
            "say when the old one can be taken out."
        )
    existing_key(settings)
    if key_before(settings) is not None:
        return False
    replace(settings.key_file, f"{make_key()}\n{_read(settings)}")
    return True


def end_change(settings: Settings) -> None:
    """Let go of the old key: nothing depends on it any more."""
    if settings.key is None and key_before(settings) is not None:
        replace(settings.key_file, _read(settings).split()[0] + "\n")


def existing_key(settings: Settings) -> bytes:
    """The key that is there; ConfigError where one would have to be made."""
    if settings.key is None and not settings.key_file.exists():
        raise ConfigError(
            f"There is no key: QUNHU_KEY is not set and {settings.key_file} is missing. Set or "
            "restore the key with which the data was made; no backup holds it."
        )
    return load_key(settings)[0]


def _parsed_file(settings: Settings) -> tuple[bytes, bytes | None]:
    text = _read(settings)
    try:
        return parse_keys(text)
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
