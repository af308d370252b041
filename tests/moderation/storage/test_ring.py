"""Each member's own key: what was sealed with it goes when it goes, in every copy of the database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from moderation.errors import ConfigError
from moderation.storage import (
    Database,
    Sealer,
    casebook,
    erasure,
    open_database,
    papers,
    safetyplans,
    sweeping,
)
from moderation.storage.casebook import Person, Signal
from moderation.storage.papers import PaperKind
from moderation.storage.ring import COPIES, FILE, Ring, shred
from moderation.storage.sealing import KeyGone, wrapping_key
from moderation.storage.tables import papers as table
from moderation.vocabulary import CaseKind, Certainty, Subject
from tests.fakes import FakeClock

KEY = bytes(range(32))
LAN, MEI = 7000001, 7000002
STORY = {"day": "2025-03-01", "text": "那天在走廊等了三个小时"}


def ring_in(folder: Path, key: bytes = KEY) -> Ring:
    """The ring as a process that starts now sees it."""
    return Ring(folder / FILE, wrapping_key(key), [folder / "backups" / FILE])


def sealer_in(folder: Path) -> Sealer:
    """What a process that starts now seals with."""
    return Sealer(KEY, ring_in(folder))


def test_what_is_sealed_for_a_member_opens_after_a_restart(tmp_path: Path) -> None:
    sealed = sealer_in(tmp_path).seal("papers.paper", STORY, "ab" * 16)
    assert sealer_in(tmp_path).open("papers.paper", sealed) == STORY


def test_without_her_key_nothing_opens_ever_again(tmp_path: Path) -> None:
    sealer = sealer_in(tmp_path)
    hers, others = (sealer.seal("papers.paper", STORY, who * 16) for who in ("ab", "cd"))
    before = (tmp_path / FILE).read_bytes()
    assert sealer.ring is not None
    sealer.ring.destroy("ab" * 16, newest=True)
    for one in (sealer, sealer_in(tmp_path)):
        with pytest.raises(KeyGone):
            one.open("papers.paper", hers)
        assert one.open("papers.paper", others) == STORY
    wrapped = before.splitlines()[0].split(b'"')[-2]
    assert not [file for file in tmp_path.iterdir() if wrapped in file.read_bytes()]


def test_after_a_renewal_the_old_goes_and_the_new_stays(tmp_path: Path) -> None:
    sealer = sealer_in(tmp_path)
    old = sealer.seal("papers.paper", STORY, "ab" * 16)
    ring_in(tmp_path).renew("ab" * 16)
    sealer = sealer_in(tmp_path)
    new = sealer.seal("papers.paper", STORY, "ab" * 16)
    assert sealer.open("papers.paper", old) == STORY
    assert sealer.ring is not None
    sealer.ring.destroy("ab" * 16, newest=False)
    assert sealer_in(tmp_path).open("papers.paper", new) == STORY
    with pytest.raises(KeyGone):
        sealer_in(tmp_path).open("papers.paper", old)


@pytest.mark.parametrize("others", [0, 30])
def test_a_line_cut_off_by_a_crash_is_no_key_and_spoils_none(tmp_path: Path, others: int) -> None:
    before = sealer_in(tmp_path)
    for number in range(others):
        before.seal("papers.paper", STORY, f"{number:032}")
    sealed = before.seal("papers.paper", STORY, "ab" * 16)
    with (tmp_path / FILE).open("a") as file:
        file.write('{"id": "00')
    again = sealer_in(tmp_path)
    assert again.open("papers.paper", sealed) == STORY
    assert again.ring is not None
    assert len(again.ring) == others + 1
    more = again.seal("papers.paper", STORY, "cd" * 16)
    assert sealer_in(tmp_path).open("papers.paper", more) == STORY


@pytest.mark.parametrize("left", [".new", ".old"])
def test_a_crash_while_a_key_is_destroyed_leaves_a_ring_that_opens(
    tmp_path: Path, left: str
) -> None:
    ring = ring_in(tmp_path)
    ring.key_for("ab" * 16)
    shutil.copy(tmp_path / FILE, tmp_path / f"{FILE}{left}")
    again = ring_in(tmp_path)
    again.destroy("ab" * 16, newest=True)
    assert sorted(file.name for file in tmp_path.iterdir()) == [FILE]
    assert not ring_in(tmp_path).has("ab" * 16)


def test_another_key_or_a_damaged_file_is_one_clear_sentence(tmp_path: Path) -> None:
    ring_in(tmp_path).key_for("ab" * 16)
    with pytest.raises(ConfigError, match="wrapped with another key"):
        ring_in(tmp_path, bytes(32))
    (tmp_path / FILE).write_text("never a ring\n")
    with pytest.raises(ConfigError, match="damaged"):
        ring_in(tmp_path)


def test_the_copy_beside_the_backups_forgets_too(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    ring = ring_in(tmp_path)
    number, _ = ring.key_for("ab" * 16)
    ring.copy_to(tmp_path / "backups" / FILE)
    ring.destroy("ab" * 16, newest=True)
    copy = Ring(tmp_path / "backups" / FILE, wrapping_key(KEY))
    assert copy.get(number) is None
    assert copy.destroyed(number)


def test_a_shredded_file_is_gone(tmp_path: Path) -> None:
    file = tmp_path / "old.key"
    file.write_text("secret")
    shred(file)
    shred(file)
    assert not file.exists()


async def a_database(folder: Path, file: str = "qunhu.db") -> Database:
    """The database of a process that starts now."""
    return open_database(f"sqlite+aiosqlite:///{folder / file}", sealer_in(folder), FakeClock())


async def test_an_older_database_that_comes_back_is_swept(
    database: Database, tmp_path: Path
) -> None:
    await database.close()
    one = await a_database(tmp_path)
    async with one.transaction() as tx:
        for member in (LAN, MEI):
            await papers.add(tx, member, PaperKind.STORY, STORY)
            await safetyplans.note_place(tx, member, 7)
    await one.close()
    shutil.copy(tmp_path / "qunhu.db", tmp_path / "older.db")
    ring_in(tmp_path).destroy(one.sealer.hash_id(LAN), newest=True)
    older = await a_database(tmp_path, "older.db")
    assert await sweeping.sweep(older) == 2
    assert await sweeping.sweep(older) == 0
    async with older.reading() as tx:
        assert (await papers.of(tx, MEI))[0].content == STORY
        assert await papers.of(tx, LAN) == []
        assert await safetyplans.kept_for(tx, LAN) is None
    await older.close()


async def test_lost_keys_stop_the_start_and_delete_nothing(
    database: Database, tmp_path: Path
) -> None:
    await database.close()
    one = await a_database(tmp_path)
    async with one.transaction() as tx:
        await papers.add(tx, LAN, PaperKind.STORY, STORY)
    await one.close()
    (tmp_path / FILE).unlink()
    again = await a_database(tmp_path)
    with pytest.raises(ConfigError, match="Put back the newest copy"):
        await sweeping.sweep(again)
    async with again.reading() as tx:
        assert (await tx.connection.execute(select(table))).all()
    await again.close()


async def test_what_others_wrote_in_her_case_opens_without_her_key(
    database: Database, tmp_path: Path
) -> None:
    await database.close()
    one = await a_database(tmp_path)
    async with one.transaction() as tx:
        about = (Person(LAN, "小岚"), "imminent", Subject.OTHER, Certainty.LIKELY)
        case = await casebook.open_case(tx, CaseKind.CRISIS, -1001, *about)
        for number, author in enumerate((LAN, MEI)):
            said = Signal(-1001, number, "imminent", f"话{author}", (), (), tx.now, author=author)
            await casebook.keep_signal(tx, case.id, said)
    assert one.sealer.ring is not None
    one.sealer.ring.destroy(one.sealer.hash_id(LAN), newest=True)
    async with one.reading() as tx:
        left = await casebook.signals_of(tx, case.id)
        assert [signal.excerpt for signal in left] == [f"话{MEI}"]
    await one.close()


async def test_who_told_of_anothers_danger_is_forgotten_and_her_words_still_help(
    database: Database, tmp_path: Path
) -> None:
    await database.close()
    one = await a_database(tmp_path)
    async with one.transaction() as tx:
        about = (Person(LAN, "小岚"), "imminent", Subject.SELF, Certainty.LIKELY)
        case = await casebook.open_case(tx, CaseKind.CRISIS, -1001, *about)
        said = Signal(-1001, 1, "imminent", "小岚刚发了遗书", (), (), tx.now, author=MEI)
        await casebook.keep_signal(tx, case.id, said)
        await erasure.erase(tx, await erasure.ask(tx, MEI, "阿梅"))
    assert one.sealer.ring is not None
    one.sealer.ring.destroy(one.sealer.hash_id(MEI), newest=True)
    async with one.reading() as tx:
        assert [s.excerpt for s in await casebook.signals_of(tx, case.id)] == ["小岚刚发了遗书"]
    await one.close()


def test_a_destroyed_key_is_gone_from_copies_elsewhere_too_and_one_out_of_reach_is_named(
    tmp_path: Path,
) -> None:
    usb, away = tmp_path / "usb", tmp_path / "usb-away"
    usb.mkdir()
    members = Ring(tmp_path / "data" / FILE, wrapping_key(KEY))
    first, _ = members.key_for("her")
    second, _ = members.key_for("them")
    members.copy_to(usb / FILE)
    assert members.behind() == []
    members = Ring(tmp_path / "data" / FILE, wrapping_key(KEY))
    members.destroy("her", newest=True)
    assert Ring(usb / FILE, wrapping_key(KEY)).get(first) is None
    usb.rename(away)
    members.destroy("them", newest=True)
    assert members.behind() == [usb / FILE]
    assert Ring(away / FILE, wrapping_key(KEY)).get(second) is not None
    away.rename(usb)
    Ring(tmp_path / "data" / FILE, wrapping_key(KEY)).catch_up()
    assert members.behind() == []
    assert Ring(usb / FILE, wrapping_key(KEY)).get(second) is None
    with (tmp_path / "data" / COPIES).open("a", encoding="utf-8") as file:
        file.write('{"at": "cut o')
    assert members.behind() == []
    members.copy_to(usb / "again")
    assert set(members.noted.known()) == {usb / FILE, usb / "again"}


def test_a_copy_that_holds_keys_unknown_here_is_not_written_over(tmp_path: Path) -> None:
    members = Ring(tmp_path / "data" / FILE, wrapping_key(KEY))
    members.key_for("her")
    members.copy_to(tmp_path / FILE)
    other = Ring(tmp_path / FILE, wrapping_key(KEY))
    number, _ = other.key_for("somebody else")
    members.destroy("her", newest=True)
    assert members.behind() == [tmp_path / FILE]
    assert Ring(tmp_path / FILE, wrapping_key(KEY)).get(number) is not None
