"""`qunhu replay` from the outside: what it prints, writes and answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app, main
from bot.hearing.classifiers import RULES_ONLY, Loaded
from moderation.errors import InputError
from tests.fakes import KeywordClassifier

SAMPLES = Path(__file__).parents[2] / "data" / "replay"
CHAT = (
    "2024-03-05 21:14:02 小鱼\n谢谢大家，今晚就走\n\n"
    "2024-03-05 21:15:40 老[K]\n那个医生没有执照\n\n"
    "2024-03-05 21:16:00 momo\n吃了吗\n"
)


@pytest.fixture(autouse=True)
def models(monkeypatch: pytest.MonkeyPatch) -> list[Path | None]:
    """Plain words instead of the model; the folders that were asked for."""
    asked: list[Path | None] = []

    def load(folder: Path | None) -> Loaded:
        asked.append(folder)
        return Loaded(KeywordClassifier(), RULES_ONLY)

    monkeypatch.setattr("bot.replay.show.load_classifier", load)
    return asked


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """A WeChat export with a farewell and an accusation."""
    file = tmp_path / "群.txt"
    file.write_text(CHAT, "utf-8")
    return file


def replay(*words: str | Path) -> Result:
    """`qunhu replay …`"""
    return CliRunner().invoke(app, ["replay", *map(str, words)], env={"COLUMNS": "200"})


def written(out: Path) -> list[dict[str, Any]]:
    """The JSON lines of a file."""
    return [json.loads(line) for line in out.read_text("utf-8").splitlines()]


def test_a_replay_prints_time_name_words_and_level(export: Path) -> None:
    result = replay(export)
    assert result.exit_code == 0
    for part in ("03-05 21:14", "小鱼", "今晚就走", "🔴", "老[K]", "🟡"):
        assert part in result.stdout
    assert "吃了吗" not in result.stdout
    assert "1 段对话，3 条消息，会提醒 2 次。什么都没有发出去。" in result.stdout


def test_what_a_member_wrote_does_nothing_to_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "c.jsonl"
    said = {"t": 0, "user": "小\x1b[31m鱼", "text": "\x1b]0;x\x07\x1b[2J\x9b1m今晚就走\r\x08"}
    file.write_text(json.dumps({"id": "c\x1b[7m", "messages": [said]}), "utf-8")
    shown = replay(file).stdout
    assert "今晚就走" in shown
    assert not set("\x1b\x07\x9b\r\x08") & set(shown)


def test_progress_is_not_mixed_into_the_table(export: Path) -> None:
    result = replay(export)
    assert "重看一遍" in result.stderr
    assert "重看一遍" not in result.stdout


def test_the_written_object_is_that_of_the_issue(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    assert replay(export, "--json", out).exit_code == 0
    (conversation,) = written(out)
    assert list(conversation) == ["id", "alerts"]
    assert conversation["id"] == "群"
    farewell, accusation = conversation["alerts"]
    assert list(farewell) == ["kind", "at", "until", "level", "reasons"]
    assert (farewell["kind"], farewell["at"], farewell["level"]) == ("crisis", 0, "imminent")
    assert (accusation["kind"], accusation["at"], accusation["until"]) == ("allegation", 1, None)
    assert all(reason for alert in conversation["alerts"] for reason in alert["reasons"])


def test_a_quiet_chat_is_one_object_without_alerts(tmp_path: Path) -> None:
    file, out = tmp_path / "quiet.jsonl", tmp_path / "out.jsonl"
    lines = [{"id": f"c-{n}", "messages": [{"t": 0, "user": "u", "text": "早"}]} for n in (1, 2)]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    assert replay(file, "--json", out).exit_code == 0
    assert written(out) == [{"id": "c-1", "alerts": []}, {"id": "c-2", "alerts": []}]


def test_a_spiral_is_written_with_its_end(tmp_path: Path) -> None:
    file, out = tmp_path / "c.jsonl", tmp_path / "out.jsonl"
    messages = [{"t": 60 * n, "user": f"u{n}", "text": "都毁了"} for n in range(4)]
    file.write_text(json.dumps({"id": "c", "messages": messages}), "utf-8")
    result = replay(file, "--json", out)
    assert "2–3" in result.stdout
    (spiral,) = written(out)[0]["alerts"]
    assert (spiral["kind"], spiral["at"], spiral["until"]) == ("spiral", 2, 3)


@pytest.mark.parametrize(
    ("name", "conversations"),
    [
        ("telegram/result.json", 1),
        ("wechat.txt", 1),
        ("wechat-name-first.txt", 1),
        ("conversations.jsonl", 8),
    ],
)
def test_every_sample_is_replayed_whole(tmp_path: Path, name: str, conversations: int) -> None:
    out = tmp_path / "out.jsonl"
    result = replay(SAMPLES / name, "--json", out)
    assert result.exit_code == 0
    assert f"{conversations} 段对话" in result.stdout
    assert len(written(out)) == conversations


def test_another_model_is_asked_for_by_its_folder(
    export: Path, tmp_path: Path, models: list[Path | None]
) -> None:
    replay(export)
    replay(export, "--model", tmp_path)
    assert models == [None, tmp_path]


def test_working_without_the_model_is_said(export: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = Loaded(KeywordClassifier(), RULES_ONLY, trouble="The model [x] cannot be loaded.")
    monkeypatch.setattr("bot.replay.show.load_classifier", lambda _: loaded)
    assert "The model [x] cannot be loaded." in replay(export).stdout


def test_a_missing_file_is_an_error_before_any_model_is_loaded(
    tmp_path: Path, models: list[Path | None]
) -> None:
    result = replay(tmp_path / "nowhere.json")
    assert result.exit_code == 1
    assert isinstance(result.exception, InputError)
    assert models == []


def test_a_broken_file_writes_nothing(tmp_path: Path) -> None:
    file, out = tmp_path / "rubbish.txt", tmp_path / "out.jsonl"
    file.write_text("今天天气不错", "utf-8")
    assert replay(file, "--json", out).exit_code == 1
    assert not out.exists()


def test_a_forgotten_file_is_a_mistake_of_use() -> None:
    assert replay().exit_code == 2


def run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int | str | None:
    """The exit code of the whole program."""
    monkeypatch.setattr(sys, "argv", ["qunhu", "replay", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def test_a_missing_file_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "nowhere.json"
    assert run(monkeypatch, missing) == 1
    told = capsys.readouterr()
    assert told.err == f"qunhu: Cannot read {missing}: No such file or directory.\n"
    assert told.out == ""


def test_a_place_that_takes_no_writing_is_told_in_one_sentence(
    export: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, export, "--json", tmp_path) == 1
    assert f"qunhu: Cannot write {tmp_path}: Is a directory." in capsys.readouterr().err
