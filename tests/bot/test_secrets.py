"""Whatever goes wrong at whatever door: no token, key, secret, address or word of a member is told."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from telegram.ext import TypeHandler

from bot.cli import main
from bot.logs import set_up
from bot.settings import Settings, variable
from bot.simulator.errors import ApiError
from moderation.storage.sealing import make_key
from tests.bot.alerting.test_phone import an_operator
from tests.bot.door.test_webhook import free_port
from tests.bot.test_logs import StumblingClassifier
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"
PLAIN = "隔壁群约周六去喝茶"
TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
WEBHOOK_SECRET = "only-telegram-knows-this"
PHONE_SECRET = "only-the-phone-knows-this"
PASSWORD = "hunter2-hunter2"
KEY = make_key()


async def test_troubles_at_every_door_leave_no_secret_and_no_word_in_logs_and_metrics(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up("json")
    town.classifier = StumblingClassifier()
    port, pages = free_port(), free_port()
    webhook = f"http://127.0.0.1:{port}/a-secret-path"
    doors: dict[str, Any] = {
        "webhook_url": webhook,
        "webhook_port": port,
        "webhook_secret": WEBHOOK_SECRET,
    }
    faults = town.world.faults
    async with an_operator(500, 403) as operator:
        phone = f"http://qunhu:{PASSWORD}@127.0.0.1:{operator.port}/ring"
        doors |= {"phone_url": phone, "phone_secret": PHONE_SECRET, "key": KEY}
        async with town.bot_running(**doors, http_port=pages, ack_imminent_minutes=0.01) as qunhu:
            town.world.say(town.group, town.mei, PLAIN)
            await town.settled()
            faults.add("server_error", "sendMessage")
            faults.add("retry", "sendMessage")
            refusal = ApiError(400, f"Bad Request: {GOODBYE} {town.world.token}")
            faults.add("error", "sendMessage", chat_id=town.moderators.id, error=refusal)
            town.world.say(town.group, town.lan, GOODBYE)
            await town.world.wait_for(lambda: len(operator.rung) > 1, timeout=60)
            qunhu.application.add_handler(TypeHandler(object, _falls), group=-99)
            async with httpx.AsyncClient(timeout=60) as client:
                forged = {"X-Telegram-Bot-Api-Secret-Token": f"{WEBHOOK_SECRET}x"}
                await client.post(
                    webhook, json={"update_id": 1, "message": {"text": GOODBYE}}, headers=forged
                )
                right = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
                await client.post(
                    webhook, json={"update_id": 2, "message": {"text": GOODBYE}}, headers=right
                )
                town.world.say(town.group, town.mei, GOODBYE)
                shown = await _until(capsys, "RuntimeError")
                async with qunhu.services.database.transaction() as tx:
                    await tx.connection.execute(text("DROP TABLE outbox"))
                shown += await _until(capsys, "StorageError")
                shown += (await client.get(f"http://127.0.0.1:{pages}/metrics")).text
    shown += "".join(capsys.readouterr())
    for noted in (
        "webhook_refused",
        "odd_update",
        "ValueError",
        "RuntimeError",
        "StorageError",
        "qunhu_errors_total",
    ):
        assert noted in shown
    secrets = (town.world.token, WEBHOOK_SECRET, PHONE_SECRET, PASSWORD, KEY, "a-secret-path")
    words = (GOODBYE, PLAIN, "今晚就走", "小岚", "阿梅", "互助群")
    assert [line for line in shown.splitlines() for one in (*secrets, *words) if one in line] == []


async def _falls(update: object, _context: object) -> None:
    """A handler that breaks, and says all it knows."""
    raise RuntimeError(f"{GOODBYE} {update} {KEY}")


async def _until(capsys: pytest.CaptureFixture[str], wanted: str) -> str:
    """What is logged until this is in it."""
    shown = ""
    async with asyncio.timeout(60):
        while wanted not in shown:
            shown += "".join(capsys.readouterr())
            await asyncio.sleep(0.05)
    return shown


Trouble = Callable[[pytest.MonkeyPatch, Path], None]


def _set(name: str, value: str) -> Trouble:
    return lambda patch, _: patch.setenv(name, value)


def _broken_key_file(patch: pytest.MonkeyPatch, folder: Path) -> None:
    (folder / "data").mkdir()
    (folder / "data" / "qunhu.key").write_text(f"{KEY[:30]}\n{PASSWORD}")


@pytest.mark.parametrize("command", ["migrate", "doctor"])
@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(_set("QUNHU_KEY", f"{KEY[:30]}{PASSWORD}"), id="a key that is none"),
        pytest.param(_broken_key_file, id="a broken key file"),
        pytest.param(_set("QUNHU_BOT_TOKEN", f"{PASSWORD}:{KEY}"), id="a token that is none"),
        pytest.param(_set("QUNHU_COUNSELORS", TOKEN), id="the token in another line"),
        pytest.param(_set("QUNHU_DATABASE_URL", f"postgresql+asyncpg://q:{PASSWORD}@127.0.0.1:1/q"), id="no database there"),
        pytest.param(_set("QUNHU_DATABASE_URL", f"nothing://q:{PASSWORD}@h/q"), id="no such database"),
        pytest.param(_set("QUNHU_PHONE_URL", f"ftp://q:{PASSWORD}@h/"), id="no such phone"),
        pytest.param(_set("QUNHU_WEBHOOK_SECRET", f"{PASSWORD} {PASSWORD}"), id="a webhook secret with a space"),
        pytest.param(_set("QUNHU_API_BASE_URL", f"http://q:{PASSWORD}@127.0.0.1:1/bot"), id="no Telegram there"),
    ],
)  # fmt: skip
def test_no_command_shows_a_secret_when_its_settings_are_wrong(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    trouble: Trouble,
    command: str,
) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUNHU_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("QUNHU_MODERATOR_CHAT", "-1001234567890")
    monkeypatch.setenv("QUNHU_API_BASE_URL", "http://127.0.0.1:1/bot")
    trouble(monkeypatch, tmp_path)
    monkeypatch.setattr(sys, "argv", ["qunhu", command])
    with pytest.raises(SystemExit):
        main()
    shown = "".join(capsys.readouterr())
    assert "Traceback" not in shown
    assert [one for one in (PASSWORD, KEY[:30], TOKEN[10:]) if one in shown] == []
