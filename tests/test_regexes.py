"""No regular expression can run away: none repeats what overlaps, so that a text costs its square at most.

regexploit reads them; of alternatives inside a repetition it sees only the plain cases.
"""

from __future__ import annotations

import ast
import dataclasses
import importlib
import pkgutil
import re
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import bot
import moderation
import resources
from moderation.normalise.lexicon import lexicon
from moderation.safewords import SafeWords

WORST = 2
"""Stars that read the same characters one after the other; regexploit calls more than ten exponential."""
FUNCTIONS = {"compile", "match", "search", "fullmatch", "sub", "split", "findall", "finditer"}
ROOTS = (bot, moderation, resources)
NOT_AT_WORK = ("training", "__main__", "bench", ".fit")


def runs_away(pattern: str, flags: int = 0) -> list[str]:
    """Texts for which the time grows faster than with the square of their length."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        sre, redos = (
            importlib.import_module(f"regexploit.{name}") for name in ("ast.sre", "redos")
        )
        found = redos.find(sre.SreOpParser().parse_sre(pattern, flags))
    return [one.example() for one in found if one.starriness > WORST]


def compiled() -> Iterator[re.Pattern[str]]:
    """Every pattern that a module or a list of words holds."""
    for root in ROOTS:
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if not any(part in module.name for part in NOT_AT_WORK):
                yield from _within(vars(importlib.import_module(module.name)).values())
    yield from _within([SafeWords.load(), lexicon()])


def _within(values: Iterable[Any]) -> Iterator[re.Pattern[str]]:
    for value in values:
        if isinstance(value, re.Pattern):
            yield value
        elif isinstance(value, list | tuple | set | frozenset):
            yield from _within(value)
        elif isinstance(value, dict):
            yield from _within(value.values())
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            yield from _within(getattr(value, field.name) for field in dataclasses.fields(value))


def written() -> Iterator[tuple[str, str]]:
    """Every pattern that stands in the code itself, with its place; what is put in stands as a letter."""
    for root in ROOTS:
        for file in sorted(Path(root.__path__[0]).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                if _is_regex(node) and isinstance(node, ast.Call) and node.args:
                    text = _literal(node.args[0])
                    if text is not None:
                        yield f"{file.name}:{node.lineno}", text


def _is_regex(node: ast.AST) -> bool:
    called = node.func if isinstance(node, ast.Call) else None
    return (
        isinstance(called, ast.Attribute)
        and isinstance(called.value, ast.Name)
        and called.value.id == "re"
        and called.attr in FUNCTIONS
    )


def _literal(value: ast.expr) -> str | None:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.JoinedStr):
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "x" for p in value.values)
    return None


def test_no_pattern_in_the_code_runs_away() -> None:
    found = dict(written())
    assert len(found) > 60
    assert {where: bad for where, text in found.items() if (bad := runs_away(text))} == {}


def test_no_pattern_of_a_module_or_a_list_of_words_runs_away() -> None:
    found = {(one.pattern, one.flags) for one in compiled()}
    assert len(found) > 150
    assert {text: bad for text, flags in found if (bad := runs_away(text, flags))} == {}


@pytest.mark.parametrize("pattern", ["(a+)+b", r"\s*([0-9\s]+)\s*x", ".*我*.*b"])
def test_a_pattern_that_runs_away_is_found(pattern: str) -> None:
    assert runs_away(pattern)
