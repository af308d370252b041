"""`qunhu replay --pictures`: one picture for each spiral and for each month with enough talk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.replay.album import Album
from bot.replay.conversation import Conversation, Said
from bot.replay.watch import watch
from moderation.errors import InputError
from moderation.spiral import Ending
from moderation.vocabulary import CaseKind
from tests.fakes import KeywordClassifier

START = datetime(2026, 10, 31, 12, tzinfo=UTC)
CHINA = ZoneInfo("Asia/Shanghai")
SINKING = ["我们都毁了"] * 9
CALM = ["抱抱，慢慢来"] * 8


def conversation(*said: str) -> Conversation:
    """Four members who speak in turn, a message a minute."""
    names = ("小岚", "阿梅", "momo", "小鱼")
    return Conversation(
        "群/一", tuple(
            Said(START + timedelta(minutes=n), names[n % 4], text) for n, text in enumerate(said)
        )
    )  # fmt: skip


def replayed(talk: Conversation) -> tuple[Album, int]:
    """The album of a replay, and how many spirals would have been told."""
    album = Album(CHINA)
    alerts = watch(talk, Loaded(KeywordClassifier(), RULES_ONLY), album=album)
    return album, sum(alert.kind is CaseKind.SPIRAL for alert in alerts)


def test_a_spiral_gets_its_picture_and_the_month_its_climate(tmp_path: Path) -> None:
    album, told = replayed(conversation("早", *SINKING, *CALM))
    assert told == len(album.spirals) == 1
    assert album.spirals[0].ending is Ending.STEADIED
    assert album.write(tmp_path / "new", "群/一") == 2
    names = sorted(file.name for file in (tmp_path / "new").iterdir())
    assert names == ["群-一-climate-2026-10.png", f"群-一-spiral-{album.spirals[0].onset}.png"]
    assert all((tmp_path / "new" / n).read_bytes().startswith(b"\x89PNG") for n in names)


def test_a_spiral_that_runs_until_the_last_line_is_drawn_too(tmp_path: Path) -> None:
    album, told = replayed(conversation(*SINKING))
    assert (told, album.spirals) == (1, [])
    assert album.write(tmp_path, "x") == 1


def test_calm_talk_of_a_few_lines_has_no_picture(tmp_path: Path) -> None:
    album, _ = replayed(conversation(*CALM))
    assert album.write(tmp_path, "x") == 0


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    taken = tmp_path / "file"
    taken.write_text("")
    with pytest.raises(InputError, match="Cannot write pictures"):
        replayed(conversation(*SINKING))[0].write(taken, "x")
