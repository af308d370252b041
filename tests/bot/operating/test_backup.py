"""Backups: made while the bot runs, sealed, verified; brought back whole or not at all."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.operating.backup import PATTERN, Restored, back_up, restore
from bot.settings import Settings, load_settings
from migrations import upgrade
from migrations.upgrade import newest_revision
from moderation.errors import ConfigError, InputError, NewerDatabase, StorageError
from moderation.storage import Database, Sealer, audit, inbox, open_database, outbox, vault
from moderation.storage.outbox import Lane, Outgoing, State
from moderation.storage.ring import FILE, Ring
from moderation.storage.sealing import make_key, parse_key, wrapping_key
from tests.bot.town import a_town
from tests.fakes import SOMEWHERE
from tests.migrations.old_data import down

KEY = make_key()
CANARY = "今晚就走，别找我"


def settings_in(folder: Path, **changed: object) -> Settings:
    """An operator's settings with this data folder."""
    known = {"bot_token": "123456:TEST-token-0000", "moderator_chat": -100, "key": KEY}
    return load_settings(_env_file=None, data=folder, **{**known, **changed})


def database_in(folder: Path, key: str = KEY) -> Database:
    """The database of a data folder."""
    url = f"sqlite+aiosqlite:///{folder / 'qunhu.db'}"
    return open_database(url, Sealer(parse_key(key)), lambda: datetime.now(UTC))


async def made(folder: Path, revision: str = "") -> Settings:
    """A data folder with an update that waits."""
    database = database_in(folder)
    await upgrade(database)
    await database.check_key()
    async with database.transaction() as tx:
        await inbox.add(tx, 7, {"text": CANARY}, SOMEWHERE)
    await database.close()
    if revision:
        await down(folder / "qunhu.db", revision)
    return settings_in(folder)


async def waiting_in(folder: Path) -> list[object]:
    """The texts of the updates that wait."""
    database = database_in(folder)
    async with database.reading() as tx:
        found = [pending.update["text"] for pending in await inbox.pending(tx)]
    await database.close()
    return found


async def restored(settings: Settings, file: Path, *, replace: bool = False) -> Restored:
    """As the command does it, outside this event loop."""
    import asyncio

    return await asyncio.to_thread(restore, settings, file, replace=replace)


async def test_a_running_bots_evening_comes_back_on_another_machine(tmp_path: Path) -> None:
    async with a_town(tmp_path / "here") as town:
        async with town.bot_running(key=KEY):
            town.world.say(town.group, town.lan, CANARY)
            await town.settled()
            file = back_up(settings_in(tmp_path / "here"))
            assert len(town.cards(town.counselor)) == 1
        content = file.read_bytes()
        assert CANARY.encode() not in content
        assert "小岚".encode() not in content
        assert b"SQLite" not in content
        assert KEY.encode() not in content
        await restored(settings_in(tmp_path / "there"), file)
        town.folder = tmp_path / "there"
        async with town.bot_running(key=KEY) as qunhu:
            async with qunhu.services.database.reading() as tx:
                chain = await audit.look_at_chain(tx)
            assert chain.whole
            assert chain.entries > 0
            assert len(town.cards(town.counselor)) == 1
            town.world.tap(town.counselor, town.cards(town.counselor)[0], "我来")
            await town.settled()
            assert "沈咨询" in (town.cards(town.counselor)[0].text or "")


async def test_only_its_owner_may_read_the_file(tmp_path: Path) -> None:
    file = back_up(await made(tmp_path / "data"))
    assert file.parent == tmp_path / "data" / "backups"
    assert file.stat().st_mode & 0o077 == 0
    assert [other.name for other in file.parent.iterdir()] == [file.name]


async def test_what_was_waiting_waits_again(tmp_path: Path) -> None:
    file = back_up(await made(tmp_path / "here"))
    found = await restored(settings_in(tmp_path / "there"), file)
    assert (found.revision, found.updates, found.messages) == (newest_revision(), 1, 0)
    assert await waiting_in(tmp_path / "there") == [CANARY]


async def test_a_message_that_waited_is_marked_as_perhaps_sent_since(tmp_path: Path) -> None:
    settings = await made(tmp_path / "here")
    database = database_in(tmp_path / "here")
    async with database.transaction() as tx:
        row = await outbox.put(tx, Outgoing("card:1", Lane.CRISIS, 5, "sendMessage", {"text": "x"}))
    await database.close()
    found = await restored(settings_in(tmp_path / "there"), back_up(settings))
    assert found.messages == 1
    database = database_in(tmp_path / "there")
    async with database.reading() as tx:
        assert row is not None
        delivery = await outbox.get(tx, row)
    await database.close()
    assert delivery is not None
    assert (delivery.state, delivery.maybe_sent) == (State.PENDING, True)


async def test_a_backup_of_an_earlier_version_is_brought_up_to_this_one(tmp_path: Path) -> None:
    file = back_up(await made(tmp_path / "here", "0004"))
    found = await restored(settings_in(tmp_path / "there"), file)
    assert found.revision == "0004"
    assert await waiting_in(tmp_path / "there") == [CANARY]
    with sqlite3.connect(tmp_path / "there" / "qunhu.db") as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (newest_revision(),)
        ]
    connection.close()


async def test_a_backup_of_a_newer_version_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    settings = await made(tmp_path / "here")
    with sqlite3.connect(tmp_path / "here" / "qunhu.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    file = back_up(settings)
    with pytest.raises(NewerDatabase, match="9999"):
        await restored(settings_in(tmp_path / "there"), file)
    assert not (tmp_path / "there" / "qunhu.db").exists()


async def test_with_another_key_nothing_is_touched(tmp_path: Path) -> None:
    file = back_up(await made(tmp_path / "here"))
    with pytest.raises(InputError, match="another one"):
        await restored(settings_in(tmp_path / "there", key=make_key()), file)
    assert not (tmp_path / "there" / "qunhu.db").exists()


async def test_without_any_key_none_is_made(tmp_path: Path) -> None:
    file = back_up(await made(tmp_path / "here"))
    with pytest.raises(ConfigError, match="no backup holds it"):
        await restored(settings_in(tmp_path / "there", key=None), file)
    assert not (tmp_path / "there").exists()


async def test_a_file_that_is_cut_off_leaves_what_is_there_as_it_is(tmp_path: Path) -> None:
    settings = await made(tmp_path / "here")
    file = back_up(settings)
    os.truncate(file, file.stat().st_size - 100)
    before = (tmp_path / "here" / "qunhu.db").read_bytes()
    with pytest.raises(InputError, match="cut off"):
        await restored(settings, file, replace=True)
    assert (tmp_path / "here" / "qunhu.db").read_bytes() == before
    assert sorted(one.name for one in (tmp_path / "here").iterdir()) == [
        "backups",
        "qunhu.db",
        "qunhu.db.lock",
        "qunhu.db.migrating",
    ]


async def test_a_database_is_replaced_only_when_told_and_is_kept_aside(tmp_path: Path) -> None:
    settings = await made(tmp_path / "here")
    file = back_up(settings)
    with pytest.raises(ConfigError, match="--replace"):
        await restored(settings, file)
    (tmp_path / "here" / "qunhu.db").write_bytes(b"a damaged file")
    found = await restored(settings, file, replace=True)
    assert await waiting_in(tmp_path / "here") == [CANARY]
    assert found.aside is not None
    assert found.aside.read_bytes() == b"a damaged file"


async def test_while_the_bot_runs_nothing_is_restored(tmp_path: Path) -> None:
    async with a_town(tmp_path / "here") as town, town.bot_running(key=KEY):
        settings = settings_in(tmp_path / "here")
        file = back_up(settings)
        with pytest.raises(ConfigError, match="already uses"):
            await restored(settings, file, replace=True)


async def test_a_damaged_database_is_not_backed_up_over_good_ones(tmp_path: Path) -> None:
    settings = await made(tmp_path / "here")
    good = back_up(settings, keep=1)
    database = tmp_path / "here" / "qunhu.db"
    content = bytearray(database.read_bytes())
    content[4096 * 3 : 4096 * 8] = os.urandom(4096 * 5)
    database.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        back_up(settings, keep=1)
    assert good.exists()


async def test_only_as_many_as_wanted_are_kept(tmp_path: Path) -> None:
    settings = await made(tmp_path / "here")
    folder = tmp_path / "far"
    folder.mkdir()
    (folder / "notes.txt").write_text("not ours")
    for day in range(3):
        (folder / f"qunhu-2026-11-0{day + 1}-030000.backup").write_bytes(b"old")
    newest = back_up(settings, folder / "qunhu-2026-11-09-030000.backup", keep=2)
    assert sorted(folder.glob(PATTERN)) == [folder / "qunhu-2026-11-03-030000.backup", newest]
    assert (folder / "notes.txt").exists()


async def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing to back up"):
        back_up(settings_in(tmp_path))


async def test_postgresql_has_tools_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="pg_dump"):
        back_up(settings_in(tmp_path, database_url="postgresql+asyncpg://q:secret@db/qunhu"))


async def test_a_backup_that_does_not_open_again_is_never_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = await made(tmp_path / "here")
    seal = vault.seal_file

    def on_a_bad_disk(source: Path, target: object, key: bytes, label: vault.Label) -> None:
        seal(source, target, key, label)  # type: ignore[arg-type]
        target.truncate(1000)  # type: ignore[attr-defined]

    monkeypatch.setattr(vault, "seal_file", on_a_bad_disk)
    with pytest.raises(InputError, match="cut off"):
        back_up(settings)
    assert list((tmp_path / "here" / "backups").iterdir()) == []


async def test_another_qunhus_keys_are_never_written_over(tmp_path: Path) -> None:
    shared = tmp_path / "usb"
    for home in ("one", "other"):
        members = Ring(tmp_path / home / FILE, wrapping_key(parse_key(KEY)))
        members.key_for(home)
    one, other = await made(tmp_path / "one"), await made(tmp_path / "other")
    back_up(one, shared / "one.backup")
    kept = (shared / FILE).read_bytes()
    with pytest.raises(ConfigError, match="another Qunhu"):
        back_up(other, shared / "other.backup")
    assert (shared / FILE).read_bytes() == kept
    assert not (shared / "other.backup").exists()
    back_up(one, shared / "later.backup")
