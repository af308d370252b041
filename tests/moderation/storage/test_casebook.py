from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from moderation.cases import CaseState, Standing
from moderation.storage import Database, Transaction, casebook, retention
from moderation.storage.casebook import Case, Person, Signal
from moderation.vocabulary import CaseKind, Certainty, Subject
from tests.fakes import FakeClock

GROUP = -1001
LAN = Person(501, "小岚 <b>")
SIGNAL = Signal(
    chat_id=GROUP,
    message_id=9,
    level="imminent",
    excerpt="今晚就走\ud800",
    phrases=("今晚就走",),
    reasons=("说到时间",),
    at=datetime(2026, 11, 22, 12, 59, tzinfo=UTC),
    note="转发",
)


async def a_case(
    tx: Transaction,
    person: Person | None = LAN,
    kind: CaseKind = CaseKind.CRISIS,
    subject: Subject = Subject.SELF,
    chat_id: int = GROUP,
) -> Case:
    """A fresh case."""
    return await casebook.open_case(
        tx, kind, chat_id, person, "imminent", subject, Certainty.LIKELY
    )


async def live(tx: Transaction, person_id: int | None = LAN.id) -> Case | None:
    """The crisis a next message of this person would join."""
    return await casebook.find_live(tx, CaseKind.CRISIS, GROUP, person_id, Subject.SELF)


async def test_a_case_comes_back_as_it_was_opened(database: Database, clock: FakeClock) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
    async with database.reading() as tx:
        case = await casebook.get(tx, made.id)
    assert case == made
    assert case is not None
    assert case.person == LAN
    assert case.standing == Standing(CaseState.OPEN)
    assert (case.version, case.opened_at, case.rehearsal) == (1, clock.now, False)


async def test_there_is_no_case_with_an_unknown_number(database: Database) -> None:
    async with database.reading() as tx:
        assert await casebook.get(tx, 404) is None


async def test_a_case_may_be_about_nobody(database: Database) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx, person=None)
        found = await live(tx, None)
        assert found == made
        assert await live(tx) is None
        assert await casebook.earlier_cases(tx, made) == 0


async def test_a_channel_that_cannot_be_written_to_stays_so(database: Database) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx, Person(-1009, "频道", writable=False))
    assert made.person is not None
    assert not made.person.writable


@pytest.mark.parametrize(
    ("kind", "chat_id", "person_id", "subject"),
    [
        (CaseKind.ALLEGATION, GROUP, LAN.id, Subject.SELF),
        (CaseKind.CRISIS, GROUP, LAN.id + 1, Subject.SELF),
        (CaseKind.CRISIS, GROUP, LAN.id, Subject.OTHER),
    ],
    ids=["another kind", "another person", "about somebody else"],
)
async def test_only_the_same_matter_is_joined(
    database: Database, kind: CaseKind, chat_id: int, person_id: int, subject: Subject
) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
        assert await live(tx) == made
        assert await casebook.find_live(tx, kind, chat_id, person_id, subject) is None


async def test_her_own_crisis_is_one_case_wherever_she_speaks(database: Database) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx, chat_id=GROUP - 1)
        accused = await a_case(tx, kind=CaseKind.ALLEGATION, chat_id=GROUP - 1)
        assert await live(tx) == made
        assert accused.person is not None
        assert not await casebook.find_live(tx, CaseKind.ALLEGATION, GROUP, LAN.id, Subject.SELF)


@pytest.mark.parametrize("state", CaseState, ids=str)
async def test_a_case_is_joined_while_it_is_live(database: Database, state: CaseState) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
        await casebook.set_standing(tx, made.id, Standing(state, 8), "沈咨询")
        assert (await live(tx) is not None) is state.live


async def test_the_newest_of_two_live_cases_is_joined(database: Database) -> None:
    async with database.transaction() as tx:
        await a_case(tx)
        newer = await a_case(tx)
        assert await live(tx) == newer


async def test_a_case_is_joined_for_twelve_hours_after_it_last_moved(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
    clock.forward(hours=11)
    async with database.transaction() as tx:
        await casebook.change(tx, made.id, level="ideation")
    clock.forward(hours=11)
    async with database.reading() as tx:
        assert await live(tx) is not None
    clock.forward(hours=2)
    async with database.reading() as tx:
        assert await live(tx) is None


async def test_every_change_counts_the_version_up(database: Database) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
        await casebook.change(tx, made.id, level="ideation")
        await casebook.set_standing(tx, made.id, Standing(CaseState.CLAIMED, 8), "沈")
        case = await casebook.get(tx, made.id)
    assert case is not None
    assert (case.version, case.level) == (3, "ideation")


async def test_a_standing_is_stored_whole_with_the_name_of_the_holder(database: Database) -> None:
    standing = Standing(CaseState.CONTACTED, 8, before=CaseState.CLAIMED, holder_before=8)
    async with database.transaction() as tx:
        made = await a_case(tx)
        await casebook.set_standing(tx, made.id, standing, "沈咨询")
        case = await casebook.get(tx, made.id)
    assert case is not None
    assert (case.standing, case.holder_name) == (standing, "沈咨询")


async def test_the_name_of_the_holder_before_stays_known(database: Database) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
        await casebook.set_standing(tx, made.id, Standing(CaseState.CLAIMED, 8), "沈咨询")
        await casebook.set_standing(tx, made.id, Standing(CaseState.OPEN), None)
        case = await casebook.get(tx, made.id)
    assert case is not None
    assert (case.holder_name, case.holder_name_before) == (None, "沈咨询")


async def test_a_message_comes_back_as_it_was_kept(database: Database) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
        assert await casebook.keep_signal(tx, made.id, SIGNAL)
        assert await casebook.signals_of(tx, made.id) == [SIGNAL]
        assert [case.id for case in await casebook.of_message(tx, GROUP, 9)] == [made.id]
        assert await casebook.of_message(tx, GROUP, 10) == []


async def test_an_edited_message_replaces_itself_and_keeps_its_time(database: Database) -> None:
    edited = replace(SIGNAL, excerpt="没事了", phrases=(), level="none", edited=True)
    async with database.transaction() as tx:
        made = await a_case(tx)
        await casebook.keep_signal(tx, made.id, SIGNAL)
        await casebook.keep_signal(tx, made.id, replace(SIGNAL, message_id=10))
        assert not await casebook.keep_signal(tx, made.id, edited)
        first, second = await casebook.signals_of(tx, made.id)
    assert first == edited
    assert second.message_id == 10


async def test_one_message_can_carry_two_cases(database: Database) -> None:
    async with database.transaction() as tx:
        crisis = await a_case(tx)
        doxxing = await a_case(tx, kind=CaseKind.DOXXING)
        for case in (crisis, doxxing):
            await casebook.keep_signal(tx, case.id, SIGNAL)
        assert len(await casebook.of_message(tx, GROUP, 9)) == 2


async def test_earlier_cases_of_a_person_are_counted_over_all_groups(database: Database) -> None:
    async with database.transaction() as tx:
        await a_case(tx)
        await a_case(tx, kind=CaseKind.DOXXING)
        wrong = await a_case(tx)
        await casebook.set_standing(tx, wrong.id, Standing(CaseState.FALSE_ALARM), None)
        await a_case(tx, Person(999, "别人"))
        await a_case(tx, replace(LAN, name="换了名字"), chat_id=GROUP - 1)
        newest = await a_case(tx)
        await a_case(tx)
        assert await casebook.earlier_cases(tx, newest) == 2


async def test_live_cases_are_counted_by_kind(database: Database) -> None:
    async with database.transaction() as tx:
        await a_case(tx)
        await a_case(tx, kind=CaseKind.DOXXING)
        done = await a_case(tx)
        await casebook.set_standing(tx, done.id, Standing(CaseState.SAFE), None)
        assert await casebook.live_counts(tx) == {"crisis": 1, "doxxing": 1}


async def test_a_reminder_comes_when_it_is_due_and_only_once(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
        await casebook.plan_reminder(tx, made.id, 1, clock.now)
        ((reminder, case_id, step),) = await casebook.due_reminders(tx)
        assert (case_id, step) == (made.id, 1)
        await casebook.finish_reminder(tx, reminder)
        assert await casebook.due_reminders(tx) == []


async def test_the_steps_of_a_case_are_counted_up(database: Database, clock: FakeClock) -> None:
    async with database.transaction() as tx:
        made, other = await a_case(tx), await a_case(tx)
        assert await casebook.next_step(tx, made.id) == 1
        await casebook.plan_reminder(tx, made.id, 1, clock.now)
        assert await casebook.next_step(tx, made.id) == 2
        assert await casebook.next_step(tx, other.id) == 1


async def test_a_planned_call_can_be_brought_forward_but_never_put_off(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        made = await a_case(tx)
        assert not await casebook.bring_forward(tx, made.id, clock.now)
        await casebook.plan_reminder(tx, made.id, 1, clock.now + timedelta(minutes=15))
        assert await casebook.bring_forward(tx, made.id, clock.now + timedelta(hours=1))
        assert await casebook.bring_forward(tx, made.id, clock.now + timedelta(minutes=3))
    clock.forward(minutes=3)
    async with database.transaction() as tx:
        ((reminder, _, _),) = await casebook.due_reminders(tx)
        await casebook.finish_reminder(tx, reminder)
        assert not await casebook.bring_forward(tx, made.id, clock.now)


async def test_the_longest_overdue_reminder_comes_first(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        late, later = await a_case(tx), await a_case(tx)
        start = clock.now
        clock.forward(minutes=5)
        await casebook.plan_reminder(tx, later.id, 1, clock.now)
        await casebook.plan_reminder(tx, late.id, 1, start)
        assert [case_id for _, case_id, _ in await casebook.due_reminders(tx)] == [late.id]
    clock.forward(minutes=5)
    async with database.reading() as tx:
        found = [case_id for _, case_id, _ in await casebook.due_reminders(tx)]
    assert found == [late.id, later.id]


async def test_what_nobody_closed_is_closed_after_a_week_but_never_a_crisis(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        crisis, accused = await a_case(tx), await a_case(tx, kind=CaseKind.ALLEGATION)
    clock.forward(days=8)
    async with database.transaction() as tx:
        await casebook.expire_old(tx)
        left = [await casebook.get(tx, case.id) for case in (crisis, accused)]
    assert [case.standing.state for case in left if case] == [CaseState.OPEN, CaseState.EXPIRED]


async def test_closed_cases_are_forgotten_with_their_words_after_ninety_days(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        made, live_one = await a_case(tx), await a_case(tx)
        await casebook.keep_signal(tx, made.id, SIGNAL)
        await casebook.set_standing(tx, made.id, Standing(CaseState.SAFE), "沈咨询")
    clock.forward(days=89)
    async with database.transaction() as tx:
        await retention.purge(tx)
        assert await casebook.signals_of(tx, made.id)
    clock.forward(days=2)
    async with database.transaction() as tx:
        await retention.purge(tx)
        assert await casebook.get(tx, made.id) is None
        assert await casebook.signals_of(tx, made.id) == []
        assert await casebook.get(tx, live_one.id) is not None
