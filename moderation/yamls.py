"""Reading the YAML files that ship with the core."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml is ten times quicker than the parser in Python."""


def read_yaml(path: Path) -> Any:
    """The content of a file; OSError, ValueError or yaml.YAMLError where it cannot be read."""
    return yaml.load(path.read_text("utf-8"), Loader=_LOADER)
