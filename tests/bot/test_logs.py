from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog
from telegram.error import InvalidToken

from bot.logs import QUIET, set_up, without_values
from moderation.vocabulary import Excerpt, Scores
from tests.bot.town import Town
from tests.fakes import KeywordClassifier

ROOT = Path(__file__).parent.parent.parent
TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
SENTENCE = "谢谢大家，今晚就走"
PLAIN = "隔壁群约周六去喝茶"
BY_OTHERS = """
import logging, sys
from bot.logs import set_up

set_up("json")
try:
    raise RuntimeError(f"The token {sys.argv[1]} was rejected")
except RuntimeError:
    logging.getLogger("telegram.ext.Application").exception("uncaught error")
"""


@dataclass
class StumblingClassifier(KeywordClassifier):
    """Fails once, with the text in its complaint, as a tokenizer might."""

    stumbled: bool = False

    def classify(self, excerpts: Sequence[Excerpt]) -> list[Scores]:
        """Fail the first time."""
        if not self.stumbled:
            self.stumbled = True
            raise ValueError(f"cannot tokenize {excerpts[0].text!r}")
        return super().classify(excerpts)


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """Whatever a test sets up is taken back."""
    loggers = [logging.getLogger(name) for name in [*QUIET, "telegram.ext.Updater"]]
    levels = [logger.level for logger in loggers]
    yield
    structlog.reset_defaults()
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def raised(text: str) -> Exception:
    """An exception that was really raised."""
    try:
        raise InvalidToken(text)
    except InvalidToken as error:
        return error


@pytest.mark.parametrize("style", ["text", "json"])
def test_of_an_exception_only_kind_and_place_are_told(
    style: str, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(style)
    error = raised(f"The token `{TOKEN}` was rejected while sending {SENTENCE}")
    structlog.get_logger().error("failed", update=7, exc_info=error)
    shown = capsys.readouterr().err
    assert "InvalidToken" in shown
    assert "update" in shown
    assert shown.count("\n") == 1
    assert TOKEN[10:] not in shown
    assert SENTENCE not in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize(
    ("why", "told"),
    [
        ("Chat not found", "Chat not found"),
        ("phone channel answered 403", "phone channel answered 403"),
        ('Can\'t parse entities: unsupported start tag "小岚" at byte offset 5', "Can't parse entities: unsupported start tag"),
        (f"{SENTENCE} {TOKEN}", "…"),
    ],
)  # fmt: skip
def test_of_a_refusal_only_its_own_sentence_is_told(why: str, told: str) -> None:
    assert without_values(None, "warning", {"event": "refused", "why": why})["why"] == told


def test_json_is_one_object_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("json")
    structlog.get_logger().warning("put_aside", update=7, what="两\n行")
    structlog.get_logger().error("failed", exc_info=raised("x"))
    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["event"], first["level"], first["update"]) == ("put_aside", "warning", 7)
    assert first["what"] == "两\n行"
    assert first["timestamp"].endswith("Z")
    assert second["error"] == "InvalidToken"
    assert second["at"].split(":")[1].isdigit()


def test_details_for_developers_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    set_up("text")
    structlog.get_logger().debug("detail")
    assert capsys.readouterr().err == ""
    set_up("text", logging.DEBUG)
    structlog.get_logger().debug("detail")
    assert "detail" in capsys.readouterr().err


def test_an_exception_that_was_never_raised_has_no_place() -> None:
    event = without_values(None, "error", {"event": "x", "exc_info": ValueError(SENTENCE)})
    assert event == {"event": "x", "error": "ValueError", "at": "?"}


def test_the_place_of_an_exception_is_where_it_was_raised() -> None:
    event = without_values(None, "error", {"event": "x", "exc_info": raised(TOKEN)})
    assert str(event["at"]).startswith(f"{__name__}:")


@pytest.mark.parametrize("rest", [True, None, (ValueError, ValueError(TOKEN), None)], ids=repr)
def test_other_ways_to_name_an_exception_show_nothing_of_it(rest: object) -> None:
    assert without_values(None, "error", {"event": "x", "exc_info": rest}) == {"event": "x"}


@pytest.mark.parametrize("name", ["httpx", "httpcore", "telegram.ext.Application", "apscheduler"])
def test_lines_of_libraries_that_may_hold_the_token_are_silenced(name: str) -> None:
    set_up("text")
    assert not logging.getLogger(name).isEnabledFor(logging.INFO)
    assert logging.getLogger(name).isEnabledFor(logging.ERROR)


def test_what_libraries_log_of_an_exception_holds_no_token() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BY_OTHERS, TOKEN],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr
    assert TOKEN not in done.stderr


@pytest.mark.parametrize(
    ("said", "args"),
    [
        ("Received data was %r", ({"text": SENTENCE},)),
        ("%s and %s", (SENTENCE, TOKEN)),
        ("%d of %s", (5, SENTENCE)),
        ("too few %s %s", (SENTENCE,)),
        ("%(text)s", ({"text": SENTENCE},)),
    ],
)
def test_what_libraries_put_into_their_sentences_is_left_out(
    capsys: pytest.CaptureFixture[str], said: str, args: tuple[object, ...]
) -> None:
    set_up("text")
    record = logging.LogRecord("telegram", logging.ERROR, "x", 1, said, args, None)
    shown = logging.root.handlers[0].format(record)
    assert shown.startswith("error telegram: ")
    assert SENTENCE not in shown
    assert TOKEN not in shown


async def test_an_evening_with_trouble_leaves_no_words_names_or_token_in_the_logs(
    town: Town, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    set_up("json")
    caplog.set_level(logging.WARNING)
    town.classifier = StumblingClassifier()
    async with town.bot_running():
        town.world.say(town.group, town.mei, PLAIN)
        await town.settled()
        town.world.faults.add("server_error", "sendMessage")
        town.world.say(town.group, town.lan, SENTENCE)
        await town.settled()
        assert town.cards(town.counselor)
    out, err = capsys.readouterr()
    shown = out + err + caplog.text
    assert "ValueError" in shown
    assert '"event": "sent"' in shown
    for secret in (PLAIN, SENTENCE, "今晚就走", "小岚", "阿梅", "互助群", town.world.token):
        assert secret not in shown


async def test_a_token_refused_in_the_middle_of_the_night_is_not_in_the_logs(
    town: Town, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    set_up("text")
    token = town.world.token
    async with town.bot_running():
        town.world.token = "987654321:another-token-altogether"
        await asyncio.sleep(0.5)
        town.world.token = token
    out, err = capsys.readouterr()
    assert token not in out + err + caplog.text
