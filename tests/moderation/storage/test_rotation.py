"""A new key: everything opens with it alone, whoever is killed on the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from moderation.errors import ConfigError, WrongKey
from moderation.storage import Database, Sealer, audit, casebook, chats, inbox, papers
from moderation.storage import open_database as opened
from moderation.storage.casebook import Person, Signal
from moderation.storage.papers import PaperKind
from moderation.storage.ring import FILE, Ring
from moderation.storage.rotation import seal_anew
from moderation.storage.sealing import make_key, parse_keys, wrapping_key
from moderation.vocabulary import CaseKind, Certainty, Subject
from tests.fakes import SOMEWHERE, FakeClock

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
LAN = 7000001
STORY = {"day": "2025-03-01", "text": "那天在走廊等了三个小时"}
SAID = "真的不想活了"


def a_database(folder: Path, key: bytes, before: bytes | None = None) -> Database:
    """The database as a process opens it that knows these keys."""
    wrapping = wrapping_key(before) if before else None
    ring = Ring(folder / FILE, wrapping_key(key), before=wrapping)
    url = f"sqlite+aiosqlite:///{folder / 'qunhu.db'}"
    return opened(url, Sealer(key, ring, before), FakeClock())


@pytest.fixture
async def folder(tmp_path: Path, empty_file: Path) -> Path:
    """A database with a little of everything, made with the old key."""
    shutil.copy(empty_file, tmp_path)
    database = a_database(tmp_path, OLD)
    await database.check_key()
    async with database.transaction() as tx:
        for number in range(5):
            await inbox.add(tx, number, {"text": SAID}, SOMEWHERE)
        await chats.ensure(tx, -1001, "supergroup", "鼻修复互助群", None)
        case = await casebook.open_case(
            tx,
            CaseKind.CRISIS,
            -1001,
            Person(LAN, "小岚"),
            "ideation",
            Subject.SELF,
            Certainty.LIKELY,
        )
        signal = Signal(-1001, 1, "ideation", SAID, (), (), tx.now)
        await casebook.keep_signal(tx, case.id, signal)
        await papers.add(tx, LAN, PaperKind.STORY, STORY)
        await audit.record(tx, tx.sealer.hash_id(LAN), "opened", case.id, {"level": "ideation"})
    await database.close()
    return tmp_path


async def everything_opens(folder: Path, key: bytes, before: bytes | None = None) -> None:
    """What was stored is read as it was, found by the same hashes; the log is whole and readable."""
    database = a_database(folder, key, before)
    await database.check_key()
    async with database.reading() as tx:
        assert [one.update for one in await inbox.pending(tx)] == [{"text": SAID}] * 5
        (case,) = await casebook.of_message(tx, -1001, 1)
        assert case.person == Person(LAN, "小岚")
        assert [one.excerpt for one in await casebook.signals_of(tx, case.id)] == [SAID]
        assert [paper.content for paper in await papers.of(tx, LAN)] == [STORY]
        assert (await chats.all_present(tx))[0].title == "鼻修复互助群"
        assert await audit.first_broken(tx) is None
        entries = [entry async for entry in audit.entries(tx)]
        assert entries[0]["detail"] == {"level": "ideation"}
        assert entries[0]["actor"] == tx.sealer.hash_id(LAN)
    await database.close()


async def test_everything_is_sealed_anew_and_the_old_key_opens_nothing(folder: Path) -> None:
    database = a_database(folder, NEW, OLD)
    await database.check_key()
    assert await seal_anew(database, at_once=2) == 11
    await database.close()
    await everything_opens(folder, NEW)
    with pytest.raises(ConfigError, match="wrapped with another key"):
        a_database(folder, OLD)
    (folder / FILE).unlink()
    old = a_database(folder, OLD)
    with pytest.raises(WrongKey):
        await old.check_key()
    async with old.reading() as tx:
        with pytest.raises(InvalidTag):
            await inbox.pending(tx)
    await old.close()


@pytest.mark.parametrize("steps", range(0, 40, 3))
async def test_killed_at_any_step_it_goes_on_and_nothing_is_lost(
    folder: Path, steps: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = a_database(folder, NEW, OLD)
    await database.check_key()
    began = database.transaction
    left = iter(range(steps))

    def killed():  # type: ignore[no-untyped-def]
        if next(left, None) is None:
            raise KeyboardInterrupt
        return began()

    monkeypatch.setattr(database, "transaction", killed)
    try:
        await seal_anew(database, at_once=2)
    except KeyboardInterrupt:
        await database.close()
        await everything_opens(folder, NEW, OLD)
        again = a_database(folder, NEW, OLD)
        await again.check_key()
        await seal_anew(again)
        await again.close()
    await database.close()
    await everything_opens(folder, NEW)


async def test_a_second_change_of_key_keeps_hashes_and_log(folder: Path) -> None:
    third = bytes(range(64, 96))
    for key, before in ((NEW, OLD), (third, NEW)):
        database = a_database(folder, key, before)
        await database.check_key()
        await seal_anew(database)
        await database.close()
    await everything_opens(folder, third)


async def test_what_is_written_during_the_change_is_written_with_the_new_key(folder: Path) -> None:
    database = a_database(folder, NEW, OLD)
    await database.check_key()
    async with database.transaction() as tx:
        await inbox.add(tx, 9, {"text": "刚来的"}, SOMEWHERE)
    assert await seal_anew(database) == 11
    await database.close()


def test_two_keys_may_be_set_and_not_three() -> None:
    one, two = make_key(), make_key()
    assert parse_keys(f"{one}\n{two}\n") == (parse_keys(one)[0], parse_keys(two)[0])
    assert parse_keys(one)[1] is None
    with pytest.raises(ConfigError, match="More than two"):
        parse_keys(" ".join([one, two, one]))
    with pytest.raises(ConfigError, match="not a key"):
        parse_keys("")
