"""A method's parameters, however they came: query, form, multipart or JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.errors import bad_request


@dataclass(frozen=True)
class Upload:
    """A file sent along with a call."""

    name: str
    mime: str
    data: bytes


@dataclass(frozen=True)
class Params:
    """Typed access to the parameters of one call."""

    values: Mapping[str, Any] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return self.values.get(name) not in (None, "")

    def text(self, name: str) -> str | None:
        """A string parameter."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A number, the default when absent."""
        try:
            return int(self.values[name]) if name in self else default
        except (TypeError, ValueError):
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def flag(self, name: str, default: bool = False) -> bool:
        """A Boolean, in Telegram's loose spelling."""
        if name not in self:
            return default
        return str(self.values[name]).lower() in ("true", "yes", "1", "t", "y")

    def json(self, name: str) -> Any:
        """A parameter that is JSON by nature, None when absent."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {name} JSON object") from None

    def upload(self, name: str) -> Upload | None:
        """The file for this parameter: sent under its name, or attached elsewhere."""
        value = self.values.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            return self.uploads.get(value.removeprefix("attach://"))
        return self.uploads.get(name)

    def shown(self) -> dict[str, Any]:
        """The parameters as a reader of the call list wants them: JSON read, files named."""
        plain = {name: _readable(value) for name, value in self.values.items()}
        return plain | {
            name: f"<file {one.name}, {len(one.data)} bytes>" for name, one in self.uploads.items()
        }


def _readable(value: Any) -> Any:
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
