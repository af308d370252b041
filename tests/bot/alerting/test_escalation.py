from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot import metrics
from bot.alerting.calls import CARD, EVERYBODY, Calls
from bot.alerting.escalation import call_again, forget
from bot.alerting.pictures import PICTURES
from bot.app import Qunhu, built
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.operating.measuring import measure
from bot.settings import load_settings
from bot.words import kept
from moderation.cases import CaseState
from moderation.storage import Transaction, casebook, outbox, people
from moderation.storage.casebook import Case, Person, Signal
from moderation.storage.outbox import Lane, Outgoing, State
from moderation.storage.people import Role
from moderation.vocabulary import CaseKind, Certainty, Crisis, Media, Subject
from tests.bot.town import Town
from tests.fakes import FakeClock


@pytest.fixture
def clock() -> FakeClock:
    """The bot's clock, which stands."""
    return FakeClock()


@pytest.fixture
async def qunhu(town: Town, clock: FakeClock) -> AsyncIterator[Qunhu]:
    """A bot that is built but not at work: nothing ticks by itself."""
    settings = load_settings(**town.settings())
    loaded = Loaded(town.classifier, RULES_ONLY)
    async with built(settings, loaded=loaded, clock=clock) as qunhu:
        yield qunhu


async def waiting_case(qunhu: Qunhu, person: int) -> Case:
    """An open crisis whose time to be answered is over."""
    async with qunhu.services.database.transaction() as tx:
        case = await casebook.open_case(
            tx,
            CaseKind.CRISIS,
            -100,
            Person(person, "小岚"),
            Crisis.IMMINENT,
            Subject.SELF,
            Certainty.LIKELY,
        )
        await casebook.plan_reminder(tx, case.id, 1, tx.now - timedelta(minutes=1))
    return case


async def called(qunhu: Qunhu) -> set[int | None]:
    """The cases that cards were stored for."""
    async with qunhu.services.database.reading() as tx:
        return {row.case_id for row in await outbox.due(tx)}


async def still_due(qunhu: Qunhu) -> list[int]:
    """The cases whose reminder still waits."""
    async with qunhu.services.database.reading() as tx:
        return [case_id for _, case_id, _ in await casebook.due_reminders(tx)]


def stumble_on(qunhu: Qunhu, case_id: int) -> Calls:
    """Let calls for one case fail; what was there before."""
    before = qunhu.services.alerts.calls

    class Stumbling(Calls):
        async def call_again(self, tx: Transaction, case: Case, step: int) -> None:
            """Fail for one."""
            if case.id == case_id:
                raise KeyError(case.id)
            await super().call_again(tx, case, step)

    object.__setattr__(qunhu.services.alerts, "calls", Stumbling(**vars(before)))
    return before


async def test_a_call_nobody_answered_is_repeated(qunhu: Qunhu) -> None:
    case = await waiting_case(qunhu, 1)
    await call_again(qunhu.services)
    assert await called(qunhu) == {case.id}
    assert await still_due(qunhu) == []


async def test_a_case_somebody_took_is_not_called_again(qunhu: Qunhu) -> None:
    case = await waiting_case(qunhu, 1)
    async with qunhu.services.database.transaction() as tx:
        await casebook.change(tx, case.id, state=CaseState.CLAIMED)
    await call_again(qunhu.services)
    assert await called(qunhu) == set()
    assert await still_due(qunhu) == []


async def test_one_bad_case_does_not_hold_up_the_others_and_comes_again(qunhu: Qunhu) -> None:
    bad, good = await waiting_case(qunhu, 1), await waiting_case(qunhu, 2)
    before = stumble_on(qunhu, bad.id)
    await call_again(qunhu.services)
    assert await called(qunhu) == {good.id}
    assert await still_due(qunhu) == [bad.id]
    object.__setattr__(qunhu.services.alerts, "calls", before)
    await call_again(qunhu.services)
    assert await still_due(qunhu) == []


async def test_words_that_fade_fade_on_cards_too_and_the_case_is_called_on(
    qunhu: Qunhu, clock: FakeClock
) -> None:
    case = await waiting_case(qunhu, 1)
    photo = Media("photo", "AgAC-photo", 9)
    async with qunhu.services.database.transaction() as tx:
        said = Signal(-100, 9, "imminent", "今晚就走", ("今晚就走",), (), tx.now, media=(photo,))
        await casebook.keep_signal(tx, case.id, said)
        await people.grant(tx, 21, Role.COUNSELOR)
        await qunhu.services.alerts.calls.call(tx, case, EVERYBODY, "first")
        card = (await outbox.of_case(tx, case.id, CARD))[0]
        await outbox.sent(tx, card.id, 5)
        assert await outbox.of_case(tx, case.id, PICTURES)
    clock.forward(days=91)
    await forget(qunhu.services)
    async with qunhu.services.database.reading() as tx:
        edits = [row for row in await outbox.due(tx) if row.method == "editMessageText"]
        cards = await outbox.of_case(tx, case.id, CARD)
        assert await outbox.of_case(tx, case.id, PICTURES) == []
    waiting = [row for row in cards if row.state is State.PENDING]
    assert (len(edits), len(waiting)) == (1, 1)
    for text in (row.payload["text"] for row in (*edits, *waiting)):
        assert kept.faded() in text
        assert "今晚就走" not in text
    await call_again(qunhu.services)
    async with qunhu.services.database.reading() as tx:
        rows = [await outbox.of_case(tx, case.id, CARD), await outbox.due(tx)]
        assert "今晚就走" not in str([row.payload for some in rows for row in some])
        live = await casebook.get(tx, case.id)
    assert live is not None
    assert live.unanswered == 1
    assert live.standing.state is CaseState.OPEN


async def test_what_there_is_no_more_of_is_measured_as_nothing(qunhu: Qunhu) -> None:
    case = await waiting_case(qunhu, 1)
    item = Outgoing("a", Lane.ANSWER, 11, "sendMessage", {"text": "你好"})
    async with qunhu.services.database.transaction() as tx:
        row = await outbox.put(tx, item)
    assert row is not None
    await measure(qunhu.services)
    assert metrics.OUTBOX_ROWS.labels(State.PENDING)._value.get() == 1
    assert metrics.LIVE_CASES.labels(CaseKind.CRISIS)._value.get() == 1
    async with qunhu.services.database.transaction() as tx:
        await outbox.sent(tx, row, 5)
        await casebook.change(tx, case.id, state=CaseState.SAFE)
    await measure(qunhu.services)
    assert metrics.OUTBOX_ROWS.labels(State.PENDING)._value.get() == 0
    assert metrics.LIVE_CASES.labels(CaseKind.CRISIS)._value.get() == 0
