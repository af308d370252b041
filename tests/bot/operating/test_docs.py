"""The READMEs tell the truth about settings, commands and words of make."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer import Typer

from bot import words
from bot.cli import app
from bot.operating.docs import with_table
from bot.settings import Settings, variable

ROOT = Path(__file__).parents[3]
READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]


@pytest.mark.parametrize("readme", READMES, ids=lambda file: file.name)
def test_every_setting_stands_in_the_readme_as_the_code_has_it(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert with_table(text) == text
    assert all(f"`{variable(name)}`" in text for name in Settings.model_fields)


@pytest.mark.parametrize("readme", READMES, ids=lambda file: file.name)
def test_every_chat_command_stands_in_the_readme(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    assert all(f"`/{name}`" in text for name in ("start", *words.COMMANDS, *words.STAFF_COMMANDS))


@pytest.mark.parametrize("readme", READMES, ids=lambda file: file.name)
def test_every_word_of_the_command_line_stands_in_the_readme(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    names = _words_of(app)
    assert names
    assert all(f"`qunhu {name}`" in text for name in names)


def _words_of(command_line: Typer) -> list[str]:
    own = [word.name or word.callback.__name__ for word in command_line.registered_commands]  # type: ignore[union-attr]
    groups = command_line.registered_groups
    return own + [
        f"{group.name} {word}"
        for group in groups
        for word in _words_of(group.typer_instance)  # type: ignore[arg-type]
    ]


def test_every_word_of_make_stands_in_the_readme() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    text = READMES[0].read_text(encoding="utf-8")
    assert targets
    assert all(f"`{target}`" in text or f"make {target}" in text for target in targets)


@pytest.mark.parametrize("readme", READMES, ids=lambda file: file.name)
def test_every_file_a_readme_points_to_is_there(readme: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", readme.read_text(encoding="utf-8"))
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
