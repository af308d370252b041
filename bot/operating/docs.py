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
from bot.words import settings as words
from moderation.storage.retention import RULES

MARK = re.compile(r"(<!-- settings (en|zh) -->\n).*?(<!-- /settings -->)", re.DOTALL)
KEPT = re.compile(r"(<!-- kept (en|zh) -->\n).*?(<!-- /kept -->)", re.DOTALL)
METRICS = re.compile(r"(<!-- metrics -->\n).*?(<!-- /metrics -->)", re.DOTALL)
ALARMS = re.compile(r"(<!-- alarms (en|zh) -->\n).*?(<!-- /alarms -->)", re.DOTALL)
HEAD = ("variable", "meaning", "default", "example")
REQUIRED = "**must be set**"
READMES = ("README.md", "README.zh-CN.md")


def settings_table(chinese: bool = False) -> str:
    """One row for each setting."""
    head = words.HEAD if chinese else HEAD
    rows = (_row(name, field, chinese) for name, field in Settings.model_fields.items())
    return f"| {' | '.join(head)} |\n|---|---|---|---|\n" + "".join(rows)


def write(root: Path) -> None:
    """Bring the tables of both READMEs up to date."""
    for name in READMES:
        file = root / name
        text = file.read_text(encoding="utf-8")
        file.write_text(with_table(text), encoding="utf-8")


def with_table(text: str) -> str:
    """A README's text with its tables as the code has them."""
    text = MARK.sub(lambda match: match[1] + settings_table(match[2] == "zh") + match[3], text)
    text = METRICS.sub(lambda match: match[1] + metrics_table() + match[2], text)
    text = ALARMS.sub(lambda match: match[1] + runbook_table(match[2] == "zh") + match[3], text)
    return KEPT.sub(lambda match: match[1] + _kept(match[2]) + match[3], text)


def _kept(language: str) -> str:
    return kept.table(RULES, kept.CHINESE if language == "zh" else kept.ENGLISH)


def _row(name: str, field: FieldInfo, chinese: bool) -> str:
    example = f"`{(field.examples or [''])[0]}`"
    meaning = field.description
    if chinese:
        meaning, example = words.MEANING[name], words.EXAMPLE.get(name, example)
    return f"| `{variable(name)}` | {meaning} | {_default(field, chinese)} | {example} |\n"


def _default(field: FieldInfo, chinese: bool) -> str:
    if field.is_required():
        return words.REQUIRED if chinese else REQUIRED
    if field.default is PydanticUndefined or field.default is None:
        return "–"
    value = field.default.value if isinstance(field.default, Enum) else field.default
    return f"`{value}`"


if __name__ == "__main__":
    write(Path(__file__).parents[2])
