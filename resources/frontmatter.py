"""Front matter of a page file, read field by field with errors an editor can act on."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

import yaml

from resources.errors import ResourceError

Chosen = TypeVar("Chosen", bound=StrEnum)

_LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_FENCED = re.compile(r"\A---\n(.*?)\n---\n(.*)\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fields:
    """A mapping of a file with typed readers; `where` names the file in every error."""

    where: str
    values: dict[str, object]

    def only(self, known: Iterable[str]) -> None:
        """Refuse keys nobody reads: they are typing errors."""
        wanted = tuple(known)
        for key in self.values:
            if key not in wanted:
                raise ResourceError(self.where, str(key), key, "这些字段之一", "、".join(wanted))

    def text(self, key: str, example: str) -> str:
        """A line of text that must be there."""
        value = self.optional_text(key)
        if value is None:
            raise ResourceError(self.where, key, None, "一行文字", f"{key}: {example}")
        return value

    def optional_text(self, key: str) -> str | None:
        """A line of text, or None; numbers are taken as written."""
        value = self.values.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int, date)):
            raise ResourceError(self.where, key, value, "一行文字", f'{key}: "文字"')
        return str(value).strip()

    def texts(self, key: str, example: str) -> tuple[str, ...]:
        """A list of lines; a single value counts as a list of one, absence as none."""
        value = self.values.get(key)
        if value is None:
            return ()
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, (str, int)) and not isinstance(item, bool) for item in items):
            raise ResourceError(self.where, key, value, "文字的列表", f"{key}: {example}")
        return tuple(str(item).strip() for item in items)

    def required_texts(self, key: str, example: str) -> tuple[str, ...]:
        """A list of lines that must be written, even if empty."""
        if self.values.get(key) is None:
            raise ResourceError(self.where, key, None, "文字的列表", f"{key}: {example}")
        return self.texts(key, example)

    def day(self, key: str) -> date:
        """A date that must be there."""
        value = self.optional_day(key)
        if value is None:
            raise ResourceError(self.where, key, None, "一个日期", f"{key}: 2026-11-21")
        return value

    def optional_day(self, key: str) -> date | None:
        """A date, or None."""
        value = self.values.get(key)
        if value is None:
            return None
        if type(value) is not date:
            raise ResourceError(self.where, key, value, "一个日期", f"{key}: 2026-11-21")
        return value

    def flag(self, key: str) -> bool:
        """True or false; must be there."""
        value = self.values.get(key)
        if not isinstance(value, bool):
            raise ResourceError(self.where, key, value, " true 或 false", f"{key}: false")
        return value

    def choice(self, key: str, kind: type[Chosen]) -> Chosen:
        """One member of an enumeration."""
        value = self.values.get(key)
        names = [member.value for member in kind]
        if value not in names:
            expected = f" {'、'.join(names)} 之一"
            raise ResourceError(self.where, key, value, expected, f"{key}: {names[0]}")
        return kind(str(value))

    def parts(self, key: str, example: str) -> list["Fields"]:
        """A list of mappings, each with its own place in the errors."""
        value = self.values.get(key)
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise ResourceError(self.where, key, value, "一组条目，每条几个字段", example)
        return [Fields(f"{self.where} 的 {key} 第 {n} 条", item) for n, item in enumerate(value, 1)]


def read_page_file(path: Path) -> tuple[Fields, str]:
    """The front matter and the body of one Markdown file."""
    return read_page_text(path.name, _content(path))


def read_page_text(name: str, text: str) -> tuple[Fields, str]:
    """The same of a page's text; `name` stands for it in errors."""
    matched = _FENCED.match(text.replace("\r\n", "\n"))
    if matched is None:
        raise ResourceError(name, "开头", None, "两行 --- 之间的字段", "---\\nid: …\\n---\\n正文")
    return Fields(name, _mapping(name, matched[1])), matched[2].strip()


def read_yaml_file(path: Path) -> Fields:
    """A YAML file whose top is a mapping."""
    return Fields(path.name, _mapping(path.name, _content(path)))


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ResourceError(
            path.name, "文件", error, "读得开的 UTF-8 文本", "用 UTF-8 另存"
        ) from error


def _mapping(name: str, text: str) -> dict[str, object]:
    try:
        loaded = yaml.load(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError) as error:
        first = str(error).splitlines()[0]
        raise ResourceError(name, "字段区", first, "合规矩的 YAML", "title: 复印病历") from error
    if not isinstance(loaded, dict):
        raise ResourceError(name, "字段区", loaded, "「字段: 值」一行一个", "title: 复印病历")
    return {str(key): value for key, value in loaded.items()}
