"""`qunhu doctor --live`: the running bot and Telegram are asked; each red has its remedy."""

from __future__ import annotations

import io
import re
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
import telegram
from rich.console import Console

from bot.operating.live import START, examine_live, judge_updates, judged, read_samples
from bot.settings import Settings, variable
from tests.bot.town import Town

HOOK = "https://bot.example.org/telegram"


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, town: Town) -> int:
    """The town's settings, as an operator has them in the environment; where the bot's pages are."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)
    given = town.settings(http_port=number)
    for name, value in given.items():
        text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        if name in Settings.model_fields:
            monkeypatch.setenv(variable(name), text)
    return number


async def asked() -> tuple[int, str]:
    """The exit code and what was printed, a line for each thing."""
    out = io.StringIO()
    code = await examine_live(Console(file=out, width=250))
    return code, re.sub(" +", " ", out.getvalue())


async def test_a_bot_at_work_is_green(town: Town, port: int) -> None:
    async with town.bot_running(http_port=port):
        code, text = await asked()
    assert "✓ running bot" in text
    assert "✓ unanswered: imminent nobody waits" in text
    assert "✓ hears Telegram" in text
    assert "✓ updates" in text
    assert f"counselor {town.counselor.id}" in text
    assert (code, "✗" in text) == (0, False)


async def test_a_bot_that_is_not_running_is_red_with_what_to_do(town: Town, port: int) -> None:
    code, text = await asked()
    assert code == 1
    assert f"✗ running bot http://127.0.0.1:{port} does not answer" in text
    assert START in text


async def test_an_unhealthy_bot_without_its_model_and_a_blocked_counselor_are_red(
    town: Town, port: int
) -> None:
    town.classifier.degraded = "The model cannot be loaded."
    async with town.bot_running(http_port=port):
        town.world.block(town.counselor)
        code, text = await asked()
    assert code == 1
    assert "✗ degraded" in text
    assert "The model cannot be loaded." in text
    assert f"✗ counselor {town.counselor.id}" in text
    assert "ask them to send /start to the bot once" in text


async def test_with_its_pages_turned_off_the_bot_cannot_be_asked(
    town: Town, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUNHU_HTTP_PORT", "0")
    code, text = await asked()
    assert code == 1
    assert "set QUNHU_HTTP_PORT" in text


@pytest.mark.parametrize(
    ("line", "red"),
    [
        ('qunhu_unanswered_seconds{level="imminent"} 700', "unanswered: imminent"),
        ('qunhu_unanswered_seconds{level="ideation"} 4000', "unanswered: ideation"),
        ("qunhu_inbox_age_seconds 300", "to be judged"),
        ('qunhu_outbox_age_seconds{lane="crisis"} 90', "to go out: crisis"),
        ('qunhu_outbox_age_seconds{lane="bulk"} 1000', "to go out: bulk"),
        ("qunhu_telegram_silence_seconds 400", "hears Telegram"),
    ],
)
def test_what_waits_too_long_is_red(line: str, red: str) -> None:
    found = list(judged(read_samples(f"{line}\n")))
    assert [one.what for one in found if not one.good] == [red]
    assert all(one.remedy for one in found)


def test_what_waits_within_reason_is_green() -> None:
    lines = (
        'qunhu_unanswered_seconds{level="ideation"} 700\nqunhu_outbox_age_seconds{lane="bulk"} 90\n'
    )
    assert all(one.good for one in judged(read_samples(lines)))


@pytest.mark.parametrize(
    ("hook", "wanted", "good", "said"),
    [
        (telegram.WebhookInfo("", False, 3), None, True, "3 wait at Telegram"),
        (telegram.WebhookInfo("", False, 300), None, False, "300 wait at Telegram"),
        (telegram.WebhookInfo(HOOK, False, 0), None, False, "a webhook is set"),
        (telegram.WebhookInfo("", False, 0), HOOK, False, "another webhook is set"),
        (telegram.WebhookInfo(HOOK, False, 0), HOOK, True, "0 wait"),
        (
            telegram.WebhookInfo(HOOK, False, 0, datetime.now(UTC), "Connection refused"),
            HOOK,
            False,
            "Connection refused",
        ),
    ],
)
def test_the_way_of_updates_is_judged(
    hook: telegram.WebhookInfo, wanted: str | None, good: bool, said: str
) -> None:
    found = judge_updates(hook, wanted)
    assert found.good is good
    assert said in found.found
