"""After a crisis: the plan, the reminders, the caring note with consent, the answer brought back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot import words
from bot.app import Qunhu, built
from bot.care.followup import follow_up
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.settings import load_settings
from bot.simulator import Message
from bot.simulator.records import CallbackQuery
from bot.words import care
from moderation.cases import CaseState, Move
from moderation.followup import Consent, ContactState, PlanState
from moderation.storage import Transaction, audit, casebook, followups, outbox
from moderation.storage.casebook import Person
from moderation.vocabulary import CaseKind, Certainty, Crisis, Subject
from tests.bot.town import Town
from tests.fakes import FakeClock

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
GOODBYE = "谢谢大家，今晚就走"


def told(query: CallbackQuery) -> str:
    """What the tapper was told."""
    assert query.answer is not None
    return query.answer.text


async def helped(town: Town) -> Message:
    """A crisis in which the counselor made contact; the plan she is offered."""
    town.world.say(town.group, town.lan, GOODBYE)
    await town.settled()
    card = town.cards(town.counselor)[0]
    for move in (Move.CLAIM, Move.CONTACT):
        town.world.tap(town.counselor, card, words.MOVE_BUTTON[move])
        await town.settled()
    await tick(town)
    return plan_card(town)


async def tick(town: Town) -> None:
    """Let the clockwork look once."""
    assert town.bot is not None
    await follow_up(town.bot.services)
    await town.settled()


def plan_card(town: Town) -> Message:
    """The plan in the counselor's chat."""
    return next(
        m
        for m in town.from_bot(town.counselor)
        if "隔几天" in (m.text or "") or "跟进" in (m.text or "")
    )


async def let_it_be_due(town: Town, step: int = 1) -> None:
    """Make one contact due now, at whatever hour the test runs."""
    assert town.bot is not None
    async with town.bot.services.database.transaction() as tx:
        (one,) = [c for c in await followups.contacts_of(tx, 1) if c.step == step]
        await followups.set_contact(tx, one.id, one.state, due_at=tx.now)
    await tick(town)


@pytest.fixture(autouse=True)
def always_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests through the town run at any hour."""
    monkeypatch.setattr("bot.care.followup.awake", lambda moment, zone: True)


async def consented(town: Town) -> None:
    """The plan is accepted and the member wants to be asked after."""
    card = await helped(town)
    town.world.tap(town.counselor, card, care.BUTTON_ACCEPT_ASK)
    await town.settled()
    question = town.from_bot(town.lan)[-1]
    town.world.tap(town.lan, question, care.BUTTON_CONSENT_YES)
    await town.settled()


async def test_after_contact_the_counselor_is_offered_five_days(town: Town) -> None:
    async with town.bot_running():
        card = await helped(town)
        days = [row[0]["text"] for row in card.buttons[:5]]
        assert all(step in day for step, day in zip(care.STEP, days, strict=True))
        await tick(town)
        assert sum("隔几天" in text for text in town.said_to(town.counselor)) == 1


async def test_nothing_is_asked_of_a_member_before_the_plan_is_accepted(town: Town) -> None:
    async with town.bot_running():
        await helped(town)
        before = len(town.from_bot(town.lan))
        await let_it_be_due(town)
        assert len(town.from_bot(town.lan)) == before


async def test_days_can_be_taken_out_and_the_counselor_is_reminded_of_the_rest(town: Town) -> None:
    async with town.bot_running() as qunhu:
        card = await helped(town)
        town.world.tap(town.counselor, card, "f:1:t2")
        await town.settled()
        town.world.tap(town.counselor, card, care.BUTTON_ACCEPT)
        await town.settled()
        assert "去掉了" in (card.text or "")
        await let_it_be_due(town)
        assert any("该问问" in text for text in town.said_to(town.counselor))
        async with qunhu.services.database.reading() as tx:
            states = [one.state for one in await followups.contacts_of(tx, 1)]
        assert states[:2] == [ContactState.REMINDED, ContactState.OFF]


async def test_without_consent_the_member_hears_nothing(town: Town) -> None:
    async with town.bot_running():
        card = await helped(town)
        town.world.tap(town.counselor, card, care.BUTTON_ACCEPT)
        await town.settled()
        before = town.said_to(town.lan)
        await let_it_be_due(town)
        assert town.said_to(town.lan) == before


async def test_a_member_who_says_no_is_left_alone_and_the_counselor_knows(town: Town) -> None:
    async with town.bot_running():
        card = await helped(town)
        town.world.tap(town.counselor, card, care.BUTTON_ACCEPT_ASK)
        await town.settled()
        town.world.tap(town.lan, town.from_bot(town.lan)[-1], care.BUTTON_CONSENT_NO)
        await town.settled()
        assert any("先不用问候" in text for text in town.said_to(town.counselor))
        before = town.said_to(town.lan)
        await let_it_be_due(town)
        assert town.said_to(town.lan) == before


async def test_with_consent_the_note_goes_out_and_the_tap_comes_back(town: Town) -> None:
    async with town.bot_running():
        await consented(town)
        await let_it_be_due(town)
        note = town.from_bot(town.lan)[-1]
        assert note.text in {text.format(holder="沈咨询") for text in care.NOTE.values()}
        query = town.world.tap(town.lan, note, care.BUTTON_OK)
        await town.settled()
        assert told(query) == care.HEARD_OK
        assert any("还行" in text for text in town.said_to(town.counselor))
        again = town.world.tap(town.lan, note, care.BUTTON_OK)
        await town.settled()
        assert told(again) == care.HEARD_ALREADY


async def test_not_so_well_offers_a_human_and_reaches_the_counselor_first(town: Town) -> None:
    async with town.bot_running():
        await consented(town)
        await let_it_be_due(town)
        town.world.tap(town.lan, town.from_bot(town.lan)[-1], care.BUTTON_LOW)
        await town.settled()
        assert any("不太好" in text for text in town.said_to(town.counselor))
        answer = town.from_bot(town.lan)[-1]
        assert answer.buttons[0][0]["text"] == words.BUTTON_HUMAN


async def test_what_she_writes_is_brought_to_the_counselor_and_kept_nowhere(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await consented(town)
        async with qunhu.services.database.transaction() as tx:
            await casebook.change(tx, 1, state=CaseState.SAFE)
        await let_it_be_due(town)
        town.world.say(town.world.private(town.lan), town.lan, "今天下楼走了一圈")
        await town.settled()
        assert any("今天下楼走了一圈" in text for text in town.said_to(town.counselor))
        async with qunhu.services.database.reading() as tx:
            answers = [one.answer for one in await followups.contacts_of(tx, 1)]
        assert answers[0] == care.ANSWER["words"]


async def test_saying_stop_in_words_stops_it(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await consented(town)
        async with qunhu.services.database.transaction() as tx:
            await casebook.change(tx, 1, state=CaseState.SAFE)
        await let_it_be_due(town)
        town.world.say(town.world.private(town.lan), town.lan, "别再问了。")
        await town.settled()
        assert town.said_to(town.lan)[-1] == care.HEARD_STOP
        async with qunhu.services.database.reading() as tx:
            plan = await followups.plan_of(tx, 1)
        assert plan is not None
        assert plan.consent is Consent.NO


async def test_a_member_who_closed_the_chat_is_told_to_the_counselor(town: Town) -> None:
    async with town.bot_running():
        await consented(town)
        town.world.block(town.lan)
        await let_it_be_due(town)
        assert any("没发进去" in text for text in town.said_to(town.counselor))


async def test_nobody_else_can_answer_or_change_a_plan(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await consented(town)
        await let_it_be_due(town)
        town.world.start(town.mei)
        await town.settled()
        mine = town.from_bot(town.mei)[-1]
        forged = [
            "f:1:stop",
            "f:1:t1",
            "fc:1:made",
            "fm:1:no",
            "fn:1:low",
            "f:99:go",
            "fn:9:ok",
            "f:1",
        ]
        for data in forged:
            query = town.world.tap_data(town.mei, mine, data)
            await town.settled()
            assert told(query) in {words.NOT_FOR_YOU, care.NOT_YOURS, words.OLD_BUTTON}, data
        async with qunhu.services.database.reading() as tx:
            plan = await followups.plan_of(tx, 1)
            assert plan is not None
            assert (plan.state, plan.consent) == (PlanState.ACCEPTED, Consent.YES)


async def test_every_button_of_plan_and_reminder_does_what_it_says_and_is_audited(
    town: Town,
) -> None:
    async with town.bot_running() as qunhu:
        card = await helped(town)
        for label, said in [
            (care.BUTTON_DECLINE, care.DONE_DECLINE),
            (care.BUTTON_AGAIN, care.DONE_TOGGLE),
            (care.BUTTON_ACCEPT, care.DONE_ACCEPT),
            (care.BUTTON_STOP_PLAN, care.DONE_STOP),
            (care.BUTTON_AGAIN, care.DONE_TOGGLE),
            (care.BUTTON_ACCEPT, care.DONE_ACCEPT),
        ]:
            query = town.world.tap(town.counselor, card, label)
            await town.settled()
            assert told(query) == said
        await let_it_be_due(town)
        reminder = town.from_bot(town.counselor)[-1]
        query = town.world.tap(town.counselor, reminder, care.BUTTON_TOMORROW)
        await town.settled()
        assert told(query) == care.DONE_TOMORROW
        late = town.world.tap_data(town.counselor, reminder, "f:1:go")
        await town.settled()
        assert told(late) == words.OLD_BUTTON
        async with qunhu.services.database.reading() as tx:
            assert await audit.first_broken(tx) is None
            (one, *_) = await followups.contacts_of(tx, 1)
        assert one.state is ContactState.PLANNED


@asynccontextmanager
async def still(town: Town, clock: FakeClock) -> AsyncIterator[Qunhu]:
    """A bot that is built but not at work, whose time a test moves."""
    settings = load_settings(**town.settings())
    async with built(settings, loaded=Loaded(town.classifier, RULES_ONLY), clock=clock) as qunhu:
        yield qunhu


async def a_closed_crisis(tx: Transaction, person: int, keeper: int) -> None:
    """A crisis that this keeper has brought to a good end."""
    case = await casebook.open_case(
        tx,
        CaseKind.CRISIS,
        -100,
        Person(person, f"成员{person}"),
        Crisis.IDEATION,
        Subject.SELF,
        Certainty.LIKELY,
    )
    await casebook.change(tx, case.id, state=CaseState.SAFE, holder=keeper)


async def to_whom(qunhu: Qunhu) -> list[int]:
    """The chats of everything that waits to be sent, oldest first."""
    async with qunhu.services.database.reading() as tx:
        rows = [*await outbox.due(tx)]
    return [row.chat_id for row in rows]


async def test_ten_people_missed_during_a_week_of_downtime_are_one_list_not_a_flood(
    town: Town,
) -> None:
    clock = FakeClock(NOON)
    async with still(town, clock) as qunhu:
        database = qunhu.services.database
        async with database.transaction() as tx:
            for person in range(1, 11):
                await a_closed_crisis(tx, person, town.counselor.id)
        await follow_up(qunhu.services)
        async with database.transaction() as tx:
            for case_id in range(1, 11):
                await followups.change_plan(tx, case_id, state=PlanState.ACCEPTED)
            for row in await outbox.due(tx):
                await outbox.give_up(tx, row.id, "read")
        await _empty(qunhu)
        clock.forward(days=8)
        await follow_up(qunhu.services)
        async with database.reading() as tx:
            (message,) = [r for r in await outbox.due(tx) if r.chat_id == town.counselor.id]
            states = [[c.state for c in await followups.contacts_of(tx, n)] for n in range(1, 11)]
        assert "10 个人" in message.payload["text"]
        assert all(
            one[:3] == [ContactState.MISSED, ContactState.MISSED, ContactState.REMINDED]
            for one in states
        )


async def _empty(qunhu: Qunhu) -> None:
    """Everything that waits is taken as sent."""
    while True:
        async with qunhu.services.database.transaction() as tx:
            rows = await outbox.due(tx)
            for row in rows:
                await outbox.sent(tx, row.id, row.id)
        if not rows:
            return


async def test_a_second_crisis_of_the_same_member_takes_over_plan_and_consent(town: Town) -> None:
    clock = FakeClock(NOON)
    async with still(town, clock) as qunhu:
        database = qunhu.services.database
        async with database.transaction() as tx:
            await a_closed_crisis(tx, 5, town.counselor.id)
        await follow_up(qunhu.services)
        async with database.transaction() as tx:
            await followups.change_plan(tx, 1, state=PlanState.ACCEPTED, consent=Consent.YES)
        clock.forward(days=2)
        async with database.transaction() as tx:
            await a_closed_crisis(tx, 5, town.counselor.id)
        await follow_up(qunhu.services)
        async with database.reading() as tx:
            first, second = await followups.plan_of(tx, 1), await followups.plan_of(tx, 2)
        assert first is not None
        assert second is not None
        assert first.state is PlanState.STOPPED
        assert second.consent is Consent.YES


async def test_at_night_nobody_is_asked_after(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    clock = FakeClock(NOON)
    async with still(town, clock) as qunhu:
        async with qunhu.services.database.transaction() as tx:
            await a_closed_crisis(tx, 5, town.counselor.id)
        await follow_up(qunhu.services)
        async with qunhu.services.database.transaction() as tx:
            await followups.change_plan(tx, 1, state=PlanState.ACCEPTED)
        await _empty(qunhu)
        clock.forward(days=1, hours=14)
        await follow_up(qunhu.services)
        assert await to_whom(qunhu) == []
        clock.forward(hours=8)
        await follow_up(qunhu.services)
        assert await to_whom(qunhu) == [town.counselor.id]
