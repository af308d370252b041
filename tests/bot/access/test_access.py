"""Role by action by chat: whoever may is obeyed; everybody else hears a polite word, and nothing changes."""

from __future__ import annotations

import ast
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import bot
from bot import handlers
from bot.members.commands import NOTE, PAGE, TALK
from bot.operating import http
from resources import Section
from tests.bot.access.rehearsal import Outcome, Rehearsal, rehearsing
from tests.bot.access.rows import ALL, COMMANDS, LINKS, MODERATORS, PRIVATE, TAPS, TELLING, Seat
from tests.bot.access.scene import (
    COLLEAGUE,
    COUNSELOR,
    HER,
    HERS,
    OWNER,
    ROLED,
    STRANGER,
    command_update,
    set_scene,
    tap_update,
)
from tests.bot.standstill import standing_still
from tests.bot.town import Town

SOURCES = sorted(Path(bot.__file__).parent.rglob("*.py"))


@pytest.fixture
async def rehearsal(town: Town) -> AsyncIterator[Rehearsal]:
    async with (
        standing_still(town) as still,
        set_scene(still) as scene,
        rehearsing(scene) as rehearsal,
    ):
        yield rehearsal


EVERYBODY = pytest.mark.parametrize(
    "seats",
    [
        pytest.param(TELLING, id="telling seats"),
        pytest.param(ALL - TELLING, id="all others", marks=[pytest.mark.long]),
    ],
)


@EVERYBODY
async def test_every_button(rehearsal: Rehearsal, seats: frozenset[Seat]) -> None:
    wrong = await _wrong(rehearsal, seats, TAPS, tap_update, "{}")
    assert not wrong, "\n".join(wrong)


@EVERYBODY
async def test_every_command(rehearsal: Rehearsal, seats: frozenset[Seat]) -> None:
    wrong = await _wrong(rehearsal, seats, COMMANDS, command_update, "{}")
    assert not wrong, "\n".join(wrong)


@EVERYBODY
async def test_every_deep_link(rehearsal: Rehearsal, seats: frozenset[Seat]) -> None:
    wrong = await _wrong(rehearsal, seats, LINKS, command_update, "/start {}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("button", ["me:copy", "e:text", "e:pdf"])
async def test_what_stands_in_a_file_is_seen_too(rehearsal: Rehearsal, button: str) -> None:
    for who, told in ((HER, {HER}), (STRANGER, set())):
        outcome = await rehearsal.play(tap_update(1, who, who, button))
        assert "sendDocument" in {row.method for row in outcome.sent}
        assert outcome.told_of(HERS) == told


async def test_refusals_are_in_the_audit_a_few_times_an_hour(rehearsal: Rehearsal) -> None:
    claim = rehearsal.scene.data("m:{crisis}:claim")
    for number in range(1, 9):
        await rehearsal.perform(tap_update(number, HER, HER, claim))
    entries = [entry for entry in await rehearsal.audit() if entry["what"] == "refused"]
    assert [entry["detail"] for entry in entries] == [{"wanted": claim}] * 5


def test_every_button_in_the_code_has_a_row() -> None:
    made = {shape for source in SOURCES for shape in _button_shapes(source)}
    assert len(made) > 50
    known = [re.sub(r"\{\w+\}", "1", data) for data in TAPS]
    missing = [shape for shape in made if not any(re.fullmatch(shape, data) for data in known)]
    assert missing == [], "who may tap these? Give each a row in tests/bot/access/rows.py"


def test_every_kind_of_tap_that_is_handled_has_a_row() -> None:
    kinds = {kind for source in SOURCES for kind in _kinds_matched(source)}
    patterns = [str(handler.pattern.pattern) for handler in handlers.TAPS if handler.pattern]  # type: ignore[union-attr]
    assert len(kinds) > 20
    rows = {data.partition(":")[0] for data in TAPS}
    assert kinds - rows == set(), "who may tap these? Give each a row in tests/bot/access/rows.py"
    assert [p for p in patterns if not any(re.match(p, data) for data in TAPS)] == []


def test_every_command_has_a_row() -> None:
    commands = {name for handler in handlers.COMMANDS for name in handler.commands}
    assert commands == {shape.split()[0].removeprefix("/") for shape in COMMANDS}


def test_every_deep_link_has_a_row() -> None:
    targets = {section.value for section in Section} | {TALK, NOTE, PAGE}
    for source in SOURCES:
        for line in re.findall(r"^TARGETS? = (.+)$", source.read_text(), re.MULTILINE):
            targets |= set(re.findall(r'"(\w+)"', line))
    assert [t for t in targets if not any(link.startswith(t) for link in LINKS)] == []


async def test_the_operators_pages_are_these_and_take_no_orders(rehearsal: Rehearsal) -> None:
    routes = http.make_app(rehearsal.scene.services).routes
    assert {(r.path, *sorted(r.methods)) for r in routes} == {  # type: ignore[attr-defined]
        (path, "GET", "HEAD") for path in ("/healthz", "/readyz", "/metrics")
    }


def _place(rehearsal: Rehearsal, seat: Seat) -> int:
    who, place = seat
    if place == MODERATORS:
        return rehearsal.scene.moderators
    return who if place == PRIVATE else int(place)


async def _wrong(
    rehearsal: Rehearsal,
    seats: frozenset[Seat],
    rows: Mapping[str, frozenset[Seat]],
    update: Any,
    form: str,
) -> list[str]:
    """Every cell of the table in which something else happens than it says."""
    found = []
    for shape, allowed in rows.items():
        data = form.format(rehearsal.scene.data(shape))
        for seat in sorted(seats, key=str):
            outcome = await rehearsal.play(update(1, seat[0], _place(rehearsal, seat), data))
            trouble = _trouble(rehearsal, seat in allowed, outcome)
            if trouble:
                found.append(f"{data} by {seat}: {trouble}; {outcome}")
    return found


def _trouble(rehearsal: Rehearsal, may: bool, outcome: Outcome) -> str:
    close = {HER, COUNSELOR, COLLEAGUE, OWNER, ROLED, rehearsal.scene.moderators}
    if not outcome.answered:
        return "no answer"
    if outcome.obeyed != may:
        return "refused" if may else "obeyed"
    told = outcome.told_of(HERS)
    return "told the wrong people" if told - close or (told and not may) else ""


def _button_shapes(source: Path) -> Iterator[str]:
    """Regular expressions for all that the code writes into buttons as it stands there."""
    for node in ast.walk(ast.parse(source.read_text())):
        if isinstance(node, ast.Dict):
            keys = [key.value if isinstance(key, ast.Constant) else None for key in node.keys]
            found = [v for k, v in zip(keys, node.values, strict=True) if k == "callback_data"]
        elif isinstance(node, ast.Call) and "_button" in ast.unparse(node.func):
            found = node.args[1:2]
            kind = re.findall(r'"callback_data": f"(\w+:)\{', source.read_text())
            if "def _button" in source.read_text() and kind:
                continue
        elif isinstance(node, ast.Tuple) and len(node.elts) == 2 and _is_data(node.elts[1]):
            found = node.elts[1:]
        else:
            continue
        for value in found:
            shape = _shape(value)
            if shape is not None and not shape.startswith(".+"):
                yield shape


def _is_data(value: ast.expr) -> bool:
    return re.match(r"f?.[a-z]{1,2}:[a-z{]", ast.unparse(value)) is not None


def _shape(value: ast.expr) -> str | None:
    if isinstance(value, ast.Constant):
        return re.escape(str(value.value)) if ":" in str(value.value) else None
    if not isinstance(value, ast.JoinedStr):
        return None
    parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in value.values]
    return "".join(parts)


def _kinds_matched(source: Path) -> Iterator[str]:
    """The kinds of taps that `match tap.kind, tap.args` tells apart."""
    for node in ast.walk(ast.parse(source.read_text())):
        if not (
            isinstance(node, ast.Match) and ast.unparse(node.subject) == "(tap.kind, tap.args)"
        ):
            continue
        for case in node.cases:
            for value in ast.walk(case.pattern.patterns[0]) if isinstance(case.pattern, ast.MatchSequence) else ():  # fmt: skip
                if isinstance(value, ast.MatchValue):
                    yield ast.literal_eval(value.value)
