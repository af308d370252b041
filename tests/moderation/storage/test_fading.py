"""Words of a crisis that nobody closes: they go after ninety quiet days, the case stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from migrations import upgrade
from moderation.cases import CaseState, Standing
from moderation.storage import Database, Sealer, Transaction, acts, casebook, fading, open_database
from moderation.storage.casebook import Case, Person, Signal
from moderation.storage.ring import FILE, Ring
from moderation.storage.sealing import wrapping_key
from moderation.storage.tables import signals
from moderation.vocabulary import CaseKind, Certainty, Media, Subject
from tests.fakes import FakeClock

GROUP = -1002004000001
LAN = Person(11, "小蓝")
MEI = Person(12, "小梅")
PHOTO = Media("photo", "AgAC-photo", 9)


async def a_crisis(tx: Transaction) -> Case:
    """An open crisis with one message and its picture."""
    case = await casebook.open_case(
        tx, CaseKind.CRISIS, GROUP, LAN, "imminent", Subject.SELF, Certainty.LIKELY
    )
    await casebook.keep_signal(tx, case.id, said(tx, 9))
    return case


def said(tx: Transaction, number: int) -> Signal:
    """A message of now."""
    return Signal(
        chat_id=GROUP,
        message_id=number,
        level="imminent",
        excerpt="今晚就走",
        phrases=("今晚就走",),
        reasons=("说到时间",),
        at=tx.now,
        note="转发自小梅",
        teller=MEI,
        minor=True,
        media=(PHOTO,),
        album_id="7",
    )


async def faded(database: Database) -> list[int]:
    """Let go of what is over; of which cases."""
    async with database.transaction() as tx:
        return await fading.fade(tx)


async def words_of(database: Database, case: Case) -> list[str]:
    """What is kept of her words."""
    async with database.reading() as tx:
        return [signal.excerpt for signal in await casebook.signals_of(tx, case.id)]


async def test_after_ninety_quiet_days_the_words_go_and_the_case_stays(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        case = await a_crisis(tx)
    clock.forward(days=89)
    assert await faded(database) == []
    assert await words_of(database, case) == ["今晚就走"]
    clock.forward(days=1)
    assert await faded(database) == [case.id]
    async with database.reading() as tx:
        (left,) = await casebook.signals_of(tx, case.id)
        after = await casebook.get(tx, case.id)
        sealed = await tx.connection.scalar(select(signals.c.detail_sealed))
    assert (left.excerpt, left.phrases, left.reasons, left.note) == ("", (), (), "")
    assert (left.media, left.album_id, left.faded) == ((), None, True)
    assert (left.message_id, left.level, left.teller, left.minor) == (9, "imminent", MEI, True)
    assert sealed is not None
    assert after is not None
    assert after.standing.state is CaseState.OPEN
    assert after.person == LAN
    assert after.version == case.version + 1
    assert after.updated_at == case.updated_at
    assert await faded(database) == []


async def test_being_called_again_and_again_is_no_news(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        case = await a_crisis(tx)
    clock.forward(days=89)
    async with database.transaction() as tx:
        await casebook.change(tx, case.id, unanswered=40)
        await casebook.note_call(tx, case.id)
    clock.forward(days=2)
    assert await faded(database) == [case.id]


async def test_a_new_message_or_a_step_of_a_human_keeps_the_words(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        spoken, taken = await a_crisis(tx), await a_crisis(tx)
    clock.forward(days=60)
    async with database.transaction() as tx:
        await casebook.keep_signal(tx, spoken.id, said(tx, 10))
        await acts.note(tx, taken.id, "claim", 21, "沈咨询")
    clock.forward(days=80)
    assert await faded(database) == []
    assert await words_of(database, spoken) == ["今晚就走", "今晚就走"]
    clock.forward(days=11)
    assert await faded(database) == [spoken.id, taken.id]


async def test_words_that_an_edit_brought_to_an_old_message_stay_as_long(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        case = await a_crisis(tx)
        first = said(tx, 9)
    clock.forward(days=91)
    async with database.transaction() as tx:
        await casebook.keep_signal(tx, case.id, replace(first, excerpt="现在就走", edited=True))
    assert await faded(database) == []
    clock.forward(days=91)
    assert await faded(database) == [case.id]


async def test_a_closed_case_is_not_touched(database: Database, clock: FakeClock) -> None:
    async with database.transaction() as tx:
        case = await a_crisis(tx)
    clock.forward(days=91)
    async with database.transaction() as tx:
        await casebook.set_standing(tx, case.id, Standing(CaseState.SAFE), "沈咨询")
    assert await faded(database) == []
    assert await words_of(database, case) == ["今晚就走"]


async def test_a_message_whose_writer_is_erased_does_not_hold_up_the_others(
    tmp_path: Path, clock: FakeClock
) -> None:
    key = bytes(range(32))
    sealer = Sealer(key, Ring(tmp_path / FILE, wrapping_key(key), []))
    ringed = open_database(f"sqlite+aiosqlite:///{tmp_path}/qunhu.db", sealer, clock)
    await upgrade(ringed)
    async with ringed.transaction() as tx:
        case = await a_crisis(tx)
        theirs = replace(said(tx, 10), author=MEI.id)
        await casebook.keep_signal(tx, case.id, theirs)
    assert sealer.ring is not None
    sealer.ring.destroy(sealer.hash_id(MEI.id), newest=True)
    clock.forward(days=91)
    assert await faded(ringed) == [case.id]
    assert await words_of(ringed, case) == [""]
    await ringed.close()
