"""The file of /mydata has all that is held of a member, table by table, and of others not a word."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import telegram

from bot.mine import report
from bot.papers.folder import folder_of
from bot.simulator import User
from bot.words import checkin as words_checkin
from bot.words import kept
from bot.words import mine as words
from moderation.cases import CaseState
from moderation.drift import OwnDay
from moderation.rota import Absence, Away, Shift
from moderation.spiral.story import Known, Point, Story, Trail
from moderation.storage import (
    Transaction,
    acts,
    appeals,
    casebook,
    chats,
    checkins,
    duty,
    erasure,
    followups,
    forms,
    holdings,
    learning,
    outbox,
    papers,
    people,
    rates,
    safetyplans,
    scripts,
    secondlooks,
    sightings,
    spirals,
    spoken,
)
from moderation.storage.casebook import Person, Signal
from moderation.storage.forms import Form
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.papers import PaperKind
from moderation.storage.people import Role
from moderation.storage.retention import RULES, Mine
from moderation.storage.scripts import Script
from moderation.vocabulary import CaseKind, Certainty, Subject
from tests.bot.standstill import GROUP, Standstill, standing_still
from tests.bot.town import a_town

DAY = date(2026, 3, 2)
OTHER_GROUP = -1002004000009
TITLES = {GROUP: "鼻修复互助群", OTHER_GROUP: "别人的群"}
HERS = {
    "second_looks": "模型停着时我说的话",
    "cases": "怎么联系上的：打了她留的电话",
    "signals": "自己的事里我写的",
    "acts": words.ACT["mute"],
    "appeals": "我不服，因为",
    "follow_contacts": "好一点了",
    "people": words.WRITABLE[True],
    "forms": "填了一半的字",
    "safety_plans": "难熬时看的单子",
    "papers": "首诊病历在文件袋",
    "nudges": words.REMINDED[True],
    "consents": words.LEARNING[True],
    "scripts": words.SCRIPT[Script.TRADITIONAL],
    "checkins": words_checkin.SHARE["ask"],
    "checkin_days": words.CHECKIN_DAY.format(day=DAY, messages=7, affect=4.5, nights=2),
    "sightings": words.SEEN.format(place="「鼻修复互助群」", day="2026-11-22"),
    "roles": words.ROLES["counselor"],
    "staff": "小岚值班",
}
"""What of each table stands in the file."""
COUNTED = {
    "outbox": "messages on their way to her: she is about to read them herself",
    "erasures": "her wish to be forgotten, which she knows",
    "rates": "counts of what she asked for today",
    "spirals": "numbers without words, in one value with all others of her group",
    "spiral_trails": "as long as two hours, in one value with all others of her group",
    "spiral_stories": "in one value with others; the names in it are theirs",
    "shifts": "her own hours, which /oncall shows and changes",
    "absences": "her own leave, which /oncall shows and changes",
}
"""Of these the file tells how many there are, and why."""
NOT_SHOWN = {
    "reminders": "when staff are called again; nothing of hers but the case, which is shown",
    "follow_plans": "who of the staff is reminded; the days and her answers are shown",
}
OTHERS = ("阿梅", "阿梅说的话", "被点名的人说的", "陪着她的妈妈", "别人的群", "阿梅在回的那句")


@pytest.fixture
async def still(tmp_path: Path) -> AsyncIterator[Standstill]:
    """Time stands still."""
    async with a_town(tmp_path) as town, standing_still(town) as still:
        yield still


async def file_for(still: Standstill, user: User) -> str:
    """What this one is given."""
    async with still.services.database.reading() as tx:
        held = await holdings.held_of(tx, user.id)
        folder = await folder_of(tx, user.id)
        return "\n".join(report.lines_of(held, folder, DAY, ZoneInfo("Asia/Shanghai")))


def said(number: int, text: str, author: int | None, **more: object) -> Signal:
    """A flagged message."""
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    signal = {"phrases": (), "reasons": (), "at": at, "author": author, **more}
    return Signal(GROUP, number, "ideation", text, **signal)  # type: ignore[arg-type]


async def on_somebody(
    tx: Transaction, user: User, kind: CaseKind, subject: Subject, chat_id: int = GROUP
) -> int:
    """A case of this member's; the bot knows both groups."""
    for group, title in TITLES.items():
        await chats.ensure(tx, group, "supergroup", title, None)
    who = None if kind is CaseKind.SPIRAL else Person(user.id, user.name)
    made = await casebook.open_case(tx, kind, chat_id, who, "asked", subject, Certainty.LIKELY)
    return made.id


async def put_everywhere(still: Standstill) -> None:
    """Something of 小岚 in every table."""
    lan, services = still.town.lan, still.services
    case = await still.crisis(state=CaseState.CONTACTED, holder=still.town.counselor)
    async with services.database.transaction() as tx:
        person = Person(lan.id, lan.name)
        await casebook.keep_signal(tx, case.id, said(1, HERS["signals"], lan.id))
        await casebook.note_how(tx, case.id, "打了她留的电话")
        await casebook.plan_reminder(tx, case.id, 1, tx.now)
        await acts.note(tx, case.id, "mute", still.town.counselor.id, "沈咨询")
        await appeals.open_appeal(tx, case.id, person, HERS["appeals"])
        await followups.offer(tx, case.id, still.town.counselor.id, [tx.now])
        (contact,) = await followups.contacts_of(tx, case.id)
        await followups.set_contact(tx, contact.id, contact.state, answer=HERS["follow_contacts"])
        await people.note_writable(tx, lan.id, writable=True)
        await forms.keep(tx, lan.id, Form("statement", {"text": HERS["forms"]}, tx.now))
        await safetyplans.keep(tx, lan.id, HERS["safety_plans"])
        note = {"slot": "records", "done": True, "notes": [HERS["papers"]]}
        await papers.add(tx, lan.id, PaperKind.EVIDENCE, note)
        await papers.remind(tx, lan.id, tx.now)
        await learning.set_consent(tx, lan.id, True)
        await scripts.choose(tx, lan.id, Script.TRADITIONAL)
        await checkins.begin(tx, lan.id, lan.name, tx.now)
        await checkins.note(tx, lan.id, DAY, OwnDay(7, 4.5, 2))
        await sightings.note(tx, GROUP, lan.id)
        await rates.allow(tx, "report", lan.id, 3, erasure.HELD_AT_MOST)
        await secondlooks.keep(tx, 77, lan.id, 1, update_of(lan, HERS["second_looks"]))
        await outbox.put(tx, Outgoing("x", Lane.ANSWER, lan.id, "sendMessage", {"text": "在"}))
        await erasure.ask(tx, lan.id, lan.name)
        await people.grant(tx, lan.id, Role.COUNSELOR)
        await duty.note_colleague(tx, lan.id, HERS["staff"])
        await duty.add_shift(tx, Shift(lan.id, frozenset({0}), time(20), time(8)))
        await duty.add_absence(tx, Absence(lan.id, Away.LEAVE, tx.now, tx.now))
        me, them = (tx.sealer.hash_id(n)[: chats.MEMBER] for n in (lan.id, 5))
        people_in = {me: Known(lan.id, lan.name), them: Known(5, "阿梅")}
        trail = Trail((Point(tx.now.timestamp(), me, 2.5, 0.0, 0),), people_in)
        spiral = await on_somebody(tx, lan, CaseKind.SPIRAL, Subject.NONE)
        await spirals.keep_story(tx, spiral, Story(trail, (), (), (me,), 1, 3, 0.7, ()))
        await spirals.keep_trail(tx, GROUP, trail)
        await chats.keep_spiral_state(tx, GROUP, me.encode())


def update_of(user: User, text: str) -> dict[str, object]:
    """An update as Telegram sends it: an answer to what 阿梅 wrote."""
    chat = telegram.Chat(GROUP, "supergroup", title="鼻修复互助群")
    mei = telegram.User(5, "阿梅", is_bot=False)
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    before = telegram.Message(8, at, chat, from_user=mei, text="阿梅在回的那句")
    who = telegram.User(user.id, user.name, is_bot=False)
    message = telegram.Message(9, at, chat, from_user=who, text=text, reply_to_message=before)
    return telegram.Update(77, message).to_dict()


@pytest.mark.parametrize("name", sorted(rule.name for rule in RULES if rule.mine is not Mine.NONE))
def test_of_every_table_it_is_decided_what_she_is_given(name: str) -> None:
    lists = [HERS, COUNTED, NOT_SHOWN]
    assert sum(name in one for one in lists) == 1, (
        f"show {name} in bot/mine/report.py, or say why not"
    )


async def test_something_of_hers_from_every_table_stands_in_her_file(still: Standstill) -> None:
    await put_everywhere(still)
    text = await file_for(still, still.town.lan)
    assert [name for name, there in HERS.items() if there not in text] == []
    assert [name for name in COUNTED if kept.TABLES[name].what not in text] == []
    assert [word for word in OTHERS if word in text] == []


async def test_her_words_in_somebody_elses_matter_are_hers_and_the_rest_is_not(
    still: Standstill,
) -> None:
    lan, mei = still.town.lan, still.town.mei
    async with still.services.database.transaction() as tx:
        number = await on_somebody(tx, mei, CaseKind.CRISIS, Subject.OTHER, OTHER_GROUP)
        first, second = Person(mei.id, mei.name), Person(lan.id, lan.name)
        await casebook.keep_signal(tx, number, said(1, "阿梅说的话", mei.id, teller=first))
        await casebook.keep_signal(tx, number, said(2, "我也怕她出事", lan.id, teller=second))
        await casebook.note_how(tx, number, "陪着她的妈妈接的")
        hers = await on_somebody(tx, lan, CaseKind.CRISIS, Subject.OTHER)
        await casebook.keep_signal(tx, hers, said(3, "她今晚不对劲", lan.id, teller=second))
        await casebook.keep_signal(tx, hers, said(4, "阿梅说的话", mei.id, teller=first))
        await casebook.note_how(tx, hers, "陪着她的妈妈接的")
        sinking = await on_somebody(tx, lan, CaseKind.SPIRAL, Subject.NONE)
        await casebook.keep_signal(tx, sinking, said(5, "大家都没希望了", lan.id))
        await casebook.keep_signal(tx, sinking, said(6, "阿梅说的话", mei.id))
    text = await file_for(still, lan)
    for own in ("我也怕她出事", "她今晚不对劲", "大家都没希望了"):
        assert own in text
    assert [word for word in OTHERS if word in text] == []


async def test_who_reported_reads_that_she_did_and_who_was_reported_not_who(
    still: Standstill,
) -> None:
    lan, mei = still.town.lan, still.town.mei
    async with still.services.database.transaction() as tx:
        number = await on_somebody(tx, mei, CaseKind.REPORT, Subject.NONE)
        asked_by = Person(lan.id, lan.name)
        signal = said(1, "被点名的人说的", mei.id, asked_by=asked_by)
        await casebook.keep_signal(tx, number, signal)
    text = await file_for(still, lan)
    assert "你在「鼻修复互助群」请管理员看过一条别人的话" in text
    assert [word for word in OTHERS if word in text] == []
    reported = await file_for(still, mei)
    assert "被点名的人说的" in reported
    assert lan.name not in reported


async def test_who_is_feared_for_reads_that_much_and_neither_who_said_it_nor_what(
    still: Standstill,
) -> None:
    lan, mei = still.town.lan, still.town.mei
    async with still.services.database.transaction() as tx:
        number = await on_somebody(tx, mei, CaseKind.CRISIS, Subject.OTHER, OTHER_GROUP)
        await spoken.name(tx, number, spoken.key_of(tx, Person(lan.id, lan.name)), None)
        told = said(1, "阿梅说的话", mei.id, teller=Person(mei.id, mei.name))
        await casebook.keep_signal(tx, number, told)
        await casebook.note_how(tx, number, "陪着她的妈妈接的")
    text = await file_for(still, lan)
    assert "有人替你担心" in text
    assert [word for word in OTHERS if word in text] == []
    async with still.services.database.transaction() as tx:
        await spoken.turn_to(tx, number, Person(lan.id, lan.name))
        await casebook.note_how(tx, number, None)
        await casebook.keep_signal(tx, number, said(2, "是我自己撑不住", lan.id))
    text = await file_for(still, lan)
    assert "是我自己撑不住" in text
    assert [word for word in OTHERS if word in text] == []
