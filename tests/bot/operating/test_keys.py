from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot import words
from bot.operating.keys import load_key
from bot.settings import Settings, load_settings
from moderation.cases import Move
from moderation.errors import CannotWrite, ConfigError, QunhuError
from moderation.storage import outbox
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.sealing import make_key, parse_key
from tests.bot.town import Town

REMAINS = """
SELECT (SELECT count(*) FROM inbox WHERE update_sealed IS NOT NULL),
       (SELECT count(*) FROM outbox WHERE payload_sealed IS NOT NULL),
       (SELECT count(*) FROM signals)
"""


def settings_in(folder: Path, **changed: Any) -> Settings:
    """Settings whose data lies in this folder."""
    return load_settings(
        _env_file=None,
        bot_token="123456789:AAEhBOweik6ad9r",
        moderator_chat=-5,
        data=folder,
        **changed,
    )


@pytest.fixture(autouse=True)
def no_key_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The key comes from the test only."""
    monkeypatch.delenv("QUNHU_KEY", raising=False)


def test_a_key_in_the_settings_is_used_and_nothing_is_written(tmp_path: Path) -> None:
    text = make_key()
    assert load_key(settings_in(tmp_path / "data", key=text)) == (parse_key(text), False)
    assert not (tmp_path / "data").exists()


def test_without_one_a_key_is_made_once(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    first, made = load_key(settings)
    assert made
    assert load_key(settings) == (first, False)


def test_a_made_key_is_for_this_user_only(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "data")
    load_key(settings)
    assert settings.key_file.stat().st_mode & 0o777 == 0o600
    assert settings.data.stat().st_mode & 0o777 == 0o700


def test_a_made_key_can_be_put_into_the_settings(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    made, _ = load_key(settings)
    again = settings_in(tmp_path / "elsewhere", key=settings.key_file.read_text())
    assert load_key(again) == (made, False)


def test_the_settings_win_over_the_file(tmp_path: Path) -> None:
    load_key(settings_in(tmp_path))
    text = make_key()
    assert load_key(settings_in(tmp_path, key=text)) == (parse_key(text), False)


def test_a_database_without_its_key_is_not_given_another(tmp_path: Path) -> None:
    (tmp_path / "qunhu.db").touch()
    with pytest.raises(ConfigError, match=r"no key for it.*Restore") as refused:
        load_key(settings_in(tmp_path))
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "qunhu.key").exists()


def test_a_folder_that_cannot_be_made_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(CannotWrite, match="Cannot write to"):
        load_key(settings_in(tmp_path / "data"))


def test_a_key_file_that_cannot_be_read_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "qunhu.key").mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        load_key(settings_in(tmp_path))


@pytest.mark.parametrize("content", ["", "geheim\n"], ids=["empty", "something else"])
def test_a_key_file_that_holds_no_key_is_refused_without_being_shown(
    tmp_path: Path, content: str
) -> None:
    (tmp_path / "qunhu.key").write_text(content)
    with pytest.raises(ConfigError) as refused:
        load_key(settings_in(tmp_path))
    assert "geheim" not in str(refused.value)


def test_a_key_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "qunhu.key").write_text("")
    with pytest.raises(ConfigError, match=r"qunhu\.key"):
        load_key(settings_in(tmp_path))


def test_a_key_file_of_other_bytes_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "qunhu.key").write_bytes(b"\xff\xfe\x00\x80" * 11)
    with pytest.raises(QunhuError):
        load_key(settings_in(tmp_path))


def stored(folder: Path) -> bytes:
    """Every byte of the database and of what SQLite keeps beside it."""
    return b"".join(file.read_bytes() for file in folder.glob("qunhu.db*"))


def in_any_spelling(text: str) -> list[bytes]:
    """A text as a database, JSON or another encoding would write it."""
    escaped = text.encode("unicode_escape")
    return [text.encode(), escaped, escaped.upper(), text.encode("utf-16-le")]


async def test_no_words_or_names_are_in_clear_on_disk_at_any_time(town: Town) -> None:
    flagged, plain = "谢谢大家，今晚就走，猫托付给阿梅", "隔壁群约周六一起去喝茶"
    secrets = [
        flagged,
        "今晚就走，猫",
        plain,
        "周六一起去",
        "小岚",
        "阿梅",
        "沈咨询",
        "鼻修复互助群",
    ]
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.mei, plain)
        await town.settled()
        async with qunhu.services.database.reading() as tx:
            assert tuple((await tx.connection.exec_driver_sql(REMAINS)).one()) == (0, 0, 0)
        message = town.world.say(town.group, town.lan, flagged)
        await town.settled()
        town.world.tap(town.counselor, town.cards(town.counselor)[0], words.MOVE_BUTTON[Move.CLAIM])
        town.world.edit(message, f"{flagged}，别找我")
        await town.settled()
        at_work = stored(town.folder)
    at_rest = stored(town.folder)
    assert (town.folder / "qunhu.db").exists()
    for secret in secrets:
        for spelling in in_any_spelling(secret):
            assert spelling not in at_work, secret
            assert spelling not in at_rest, secret


async def test_words_that_wait_to_be_delivered_are_not_in_clear_either(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.faults.offline = True
        async with qunhu.services.database.transaction() as tx:
            payload = {"text": "这句话还没有送到沈咨询那里"}
            waiting = Outgoing("w", Lane.ALERT, town.counselor.id, "sendMessage", payload)
            await outbox.put(tx, waiting)
        found = stored(town.folder)
        assert not any(spelling in found for spelling in in_any_spelling("这句话还没有送到"))
        town.world.faults.clear()
        await town.settled()
