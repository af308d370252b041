from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import bot.cli
import bot.operating.classify
from bot.cli import main
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.settings import Settings, variable
from migrations.upgrade import newest_revision
from moderation.storage.sealing import KEY_BYTES, make_key, parse_key
from tests.fakes import KeywordClassifier

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
Qunhu = Callable[..., tuple[int, str, str]]


@pytest.fixture
def qunhu(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Qunhu:
    """Runs a command as a shell would: its exit code, output and messages."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["qunhu", *words])
        with pytest.raises(SystemExit) as end:
            main()
        shown = capsys.readouterr()
        return int(end.value.code or 0), shown.out, shown.err

    return run


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, qunhu: Qunhu) -> None:
    """The two settings that are needed."""
    monkeypatch.setenv("QUNHU_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("QUNHU_MODERATOR_CHAT", "-1001234567890")


def test_help_names_every_command(qunhu: Qunhu) -> None:
    code, out, _ = qunhu("--help")
    assert code == 0
    for command in ("run", "demo", "migrate", "doctor", "classify", "replay"):
        assert command in out


def test_a_command_that_does_not_exist_is_refused(qunhu: Qunhu) -> None:
    code, _, err = qunhu("fly")
    assert code == 2
    assert "fly" in err


@pytest.mark.parametrize("command", ["run", "migrate", "doctor"])
def test_missing_settings_are_told_together_without_a_traceback(qunhu: Qunhu, command: str) -> None:
    code, out, err = qunhu(command)
    assert code == 1
    assert "QUNHU_BOT_TOKEN is not set" in " ".join(err.split())
    assert "QUNHU_MODERATOR_CHAT" in err
    assert "Traceback" not in out + err


def test_a_new_key_is_printed_alone_and_needs_no_settings(qunhu: Qunhu) -> None:
    code, out, err = qunhu("doctor", "--new-key")
    assert (code, err) == (0, "")
    assert len(parse_key(out)) == KEY_BYTES


def test_migrating_makes_the_database_and_its_key(
    qunhu: Qunhu, settings: None, tmp_path: Path
) -> None:
    code, _, err = qunhu("migrate")
    assert code == 0
    assert f"empty → {newest_revision()}" in " ".join(err.split())
    assert (tmp_path / "data" / "qunhu.db").exists()
    assert (tmp_path / "data" / "qunhu.key").exists()


def test_the_wrong_key_is_one_clear_sentence(
    qunhu: Qunhu, settings: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    qunhu("migrate")
    key = make_key()
    monkeypatch.setenv("QUNHU_KEY", key)
    code, out, err = qunhu("migrate")
    assert code == 1
    assert err.startswith("qunhu: The key does not open the database")
    assert err.count("\n") == 1
    assert key not in out + err


def test_a_lost_key_is_one_clear_sentence(qunhu: Qunhu, settings: None, tmp_path: Path) -> None:
    qunhu("migrate")
    (tmp_path / "data" / "qunhu.key").unlink()
    code, _, err = qunhu("migrate")
    assert code == 1
    assert "no key for it" in err
    assert err.count("\n") == 1


def test_a_data_folder_that_is_a_file_is_one_clear_sentence(
    qunhu: Qunhu, settings: None, tmp_path: Path
) -> None:
    (tmp_path / "data").touch()
    code, _, err = qunhu("run")
    assert code == 1
    assert err.startswith("qunhu: Cannot write to data")
    assert err.count("\n") == 1


def test_classify_reads_and_writes_files_and_says_that_a_line_was_bad(
    qunhu: Qunhu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = Loaded(KeywordClassifier(), RULES_ONLY)
    monkeypatch.setattr(bot.operating.classify, "load_classifier", lambda _folder: loaded)
    (tmp_path / "in").write_text('{"id": 1, "text": "今晚就走"}\n', encoding="utf-8")
    assert qunhu("classify", "--in", "in", "--out", "out") == (0, "", "")
    assert json.loads((tmp_path / "out").read_text(encoding="utf-8"))["crisis"] == "imminent"
    (tmp_path / "in").write_text("?\n")
    code, out, _ = qunhu("classify", "--in", "in")
    assert code == 2
    assert json.loads(out)["line"] == 1


@pytest.mark.parametrize(
    "words",
    [("classify", "--in", "nowhere.jsonl"), ("replay", "nowhere.json")],
    ids=["classify", "replay"],
)
def test_a_file_that_is_not_there_is_one_clear_sentence(
    qunhu: Qunhu, words: tuple[str, ...]
) -> None:
    code, out, err = qunhu(*words)
    assert code == 1
    assert err.startswith("qunhu: ")
    assert "nowhere.json" in err
    assert err.count("\n") == 1
    assert out == ""


def test_brackets_in_a_mistake_stay_brackets(qunhu: Qunhu) -> None:
    code, _, err = qunhu("classify", "--in", "[/chat].jsonl")
    assert code == 1
    assert "[/chat].jsonl" in err


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT], ids=lambda name: name.name)
def test_a_signal_lets_the_work_end_in_order(name: signal.Signals) -> None:
    ended = []

    async def work(stop: asyncio.Event) -> None:
        os.kill(os.getpid(), name)
        async with asyncio.timeout(2):
            await stop.wait()
        ended.append("in order")

    bot.cli._until_stopped(work)
    assert ended == ["in order"]
