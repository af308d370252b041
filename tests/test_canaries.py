"""After a busy hour no word of anybody stands in clear on disk, flagged or not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot.operating.backup import back_up
from bot.settings import load_settings
from tests.bot.town import Town, a_town
from tests.canaries import in_clear

CHATTER = [f"第{n}条闲话，窗台上的绿萝又长新叶了" for n in range(40)]
FLAGGED = [
    "我真的不想活了，绿萝也不浇了",
    "贺医生没有执照，走廊尽头那间",
    "有人知道他家住哪，东门那栋",
]
PRIVATE = ["私下说一句，昨晚又没睡着，窗外下雨", "/ask 绿萝晒伤了能报销吗"]
NAMES = ["小岚", "鼻修复互助群", "沈咨询"]


def test_the_search_itself_finds_what_is_there(tmp_path: Path) -> None:
    sentence = CHATTER[0]
    ways = [
        sentence.encode(),
        sentence.encode("utf-16-le"),
        sentence.encode("gb18030"),
        b"x" + base64.b64encode(b"??" + sentence.encode()),
    ]
    for number, way in enumerate(ways):
        (tmp_path / str(number)).write_bytes(b"before" + way + b"after")
    found = in_clear([tmp_path], [sentence])
    assert {name for name, _ in found} == {"0", "1", "2", "3"}


async def test_after_a_busy_hour_nothing_stands_in_clear(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    monkeypatch.setenv("TMPDIR", str(scratch))
    monkeypatch.setenv("SQLITE_TMPDIR", str(scratch))
    async with a_town(tmp_path / "data") as town:
        async with town.bot_running():
            await _busy(town)
            said = [*CHATTER, *FLAGGED, *PRIVATE, *NAMES]
            assert in_clear([tmp_path], said) == set(), "while it runs, journal and all"
            back_up(load_settings(**town.settings()))
            assert any((town.folder / "backups").iterdir())
        assert in_clear([tmp_path], said) == set(), "after it ended, backup and all"


async def _busy(town: Town) -> None:
    world = town.world
    for sentence in CHATTER:
        world.say(town.group, town.mei, sentence)
    for sentence in FLAGGED:
        world.say(town.group, town.lan, sentence)
    for sentence in PRIVATE:
        world.say(world.private(town.lan), town.lan, sentence)
    await town.settled()
    assert any(FLAGGED[0] in text for text in town.said_to(town.counselor))
