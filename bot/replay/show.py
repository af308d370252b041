"""Prints a replay as a table, with a progress bar; writes it as JSON lines if asked."""

from __future__ import annotations

import json
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from bot.hearing.classifiers import load_classifier
from bot.markup import visible
from bot.replay.album import Album
from bot.replay.conversation import Conversation
from bot.replay.readers import read
from bot.replay.watch import Alert, watch
from bot.terminal import as_written
from bot.words import HEADLINE
from moderation.errors import InputError

ZONE = ZoneInfo("Asia/Shanghai")
SHOWN = 60


def replay_file(
    file: Path, json_out: Path | None, model: Path | None, pictures: Path | None = None
) -> None:
    """Replay every conversation of a file."""
    console = Console()
    conversations = read(file)
    loaded = load_classifier(model)
    found: list[tuple[Conversation, list[Alert]]] = []
    total = sum(len(conversation.messages) for conversation in conversations)
    drawn = 0
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("重看一遍…", total=total)
        for conversation in conversations:
            album = Album(ZONE) if pictures is not None else None
            alerts = watch(conversation, loaded, lambda n: progress.advance(task, n), album)
            found.append((conversation, alerts))
            if album is not None and pictures is not None:
                drawn += album.write(pictures, conversation.id)
    if json_out is not None:
        _write(json_out, found)
    for conversation, alerts in found:
        _print(console, conversation, alerts)
    alerts_found = sum(len(alerts) for _, alerts in found)
    console.print(
        f"{len(conversations)} 段对话，{total} 条消息，会提醒 {alerts_found} 次。什么都没有发出去。"
    )
    if pictures is not None:
        console.print(f"{drawn} 张图在 {escape(visible(str(pictures)))}。")
    if loaded.degraded:
        console.print(as_written(loaded.degraded), style="yellow")


def _write(file: Path, found: list[tuple[Conversation, list[Alert]]]) -> None:
    lines = [
        json.dumps({"id": c.id, "alerts": [a.as_json() for a in alerts]}, ensure_ascii=False)
        for c, alerts in found
    ]
    try:
        file.write_text("".join(line + "\n" for line in lines), encoding="utf-8", errors="replace")
    except OSError as error:
        raise InputError(f"Cannot write {file}: {error.strerror}.") from None


def _print(console: Console, conversation: Conversation, alerts: list[Alert]) -> None:
    if not alerts:
        return
    table = Table(
        "第几条",
        "时间",
        "谁",
        "说了什么",
        "级别",
        "凭什么",
        title=as_written(conversation.id),
        expand=True,
    )
    for alert in alerts:
        said = conversation.messages[alert.at]
        until = f"–{alert.until}" if alert.until is not None else ""
        table.add_row(
            f"{alert.at}{until}",
            said.at.astimezone(ZONE).strftime("%m-%d %H:%M"),
            as_written((said.name or said.user)[:12]),
            as_written(said.text[:SHOWN]),
            HEADLINE[alert.kind, alert.level],
            as_written("；".join(alert.reasons)),
        )
    console.print(table)
