"""Where copies of the members' keys lie beside backups, so that an erasure reaches each of them.

One JSON line each time a copy was written: where, and what the keys were like then. The last line of a
copy counts. Lines are only added, by the bot and by `qunhu backup` alike; one that a crash cut is ignored.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from moderation.errors import CannotWrite

NOT_YET = ""
"""A copy that is about to be written: noted first, so that none is ever unknown."""


@dataclass(frozen=True, slots=True)
class Copies:
    """The list, in a file beside the keys."""

    file: Path

    def known(self) -> dict[Path, str]:
        """All copies, each with what the keys were like when it was written."""
        found = {}
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            for line in self.file.read_text(encoding="utf-8", errors="replace").splitlines():
                with contextlib.suppress(ValueError, KeyError, TypeError):
                    entry = json.loads(line)
                    found[Path(entry["at"])] = str(entry["like"])
        return found

    def note(self, copy: Path, like: str = NOT_YET) -> None:
        """Remember a copy; on disk when this returns."""
        at = copy.resolve()
        if self.known().get(at) == like:
            return
        try:
            handle = os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(f"\n{json.dumps({'at': str(at), 'like': like})}\n".encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise CannotWrite(self.file, error.strerror or str(error)) from None
