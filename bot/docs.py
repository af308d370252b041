"""Writes the READMEs' tables from the code: settings, what is kept, metrics, alarms; `make docs` runs it."""

from __future__ import annotations

import re
from enum import Enum
from pathlib import Path

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from bot.ops.runbook import metrics_table, runbook_table
from bot.settings import Settings, variable
from bot.words import kept
from moderation.storage.retention import RULES

MARK = re.compile(r"(<!-- settings -->\n).*?(<!-- /settings -->)", re.DOTALL)
KEPT = re.compile(r"(<!-- kept (en|zh) -->\n).*?(<!-- /kept -->)", re.DOTALL)
METRICS = re.compile(r"(<!-- metrics -->\n).*?(<!-- /metrics -->)", re.DOTALL)
ALARMS = re.compile(r"(<!-- alarms (en|zh) -->\n).*?(<!-- /alarms -->)", re.DOTALL)
HEAD = "| variable | meaning | default | example |\n|---|---|---|---|\n"
READMES = ("README.md", "README.zh-CN.md")


def settings_table() -> str:
    """One row for each setting."""
    rows = (_row(name, field) for name, field in Settings.model_fields.items())
    return HEAD + "".join(rows)


def write(root: Path) -> None:
    """Bring the tables of both READMEs up to date."""
    for name in READMES:
        file = root / name
        text = file.read_text(encoding="utf-8")
        file.write_text(with_table(text), encoding="utf-8")


def with_table(text: str) -> str:
    """A README's text with its tables as the code has them."""
    rows = settings_table()
    text = MARK.sub(lambda match: match[1] + rows + match[2], text)
    text = METRICS.sub(lambda match: match[1] + metrics_table() + match[2], text)
    text = ALARMS.sub(lambda match: match[1] + runbook_table(match[2] == "zh") + match[3], text)
    return KEPT.sub(lambda match: match[1] + _kept(match[2]) + match[3], text)


def _kept(language: str) -> str:
    return kept.table(RULES, kept.CHINESE if language == "zh" else kept.ENGLISH)


def _row(name: str, field: FieldInfo) -> str:
    example = (field.examples or [""])[0]
    return f"| `{variable(name)}` | {field.description} | {_default(field)} | `{example}` |\n"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**must be set**"
    if field.default is PydanticUndefined or field.default is None:
        return "–"
    value = field.default.value if isinstance(field.default, Enum) else field.default
    return f"`{value}`"


if __name__ == "__main__":
    write(Path(__file__).parent.parent)
