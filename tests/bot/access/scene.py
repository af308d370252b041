"""The scene of the table of access: two groups, two moderators' chats, everybody who could want in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import Any

from telegram import Update

from bot.care.plantext import SafetyPlan, write
from bot.services import Services
from bot.staff.statement import KIND as STATEMENT
from bot.staff.statement import Statement
from moderation.followup import Consent, ContactState, PlanState
from moderation.rota import Absence, Away, Shift
from moderation.storage import (
    Transaction,
    acts,
    appeals,
    casebook,
    chats,
    checkins,
    duty,
    followups,
    forms,
    group_settings,
    learning,
    outbox,
    pages,
    papers,
    people,
)
from moderation.storage.casebook import Person, Signal
from moderation.storage.forms import Form
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.papers import PaperKind
from moderation.storage.people import Role
from moderation.vocabulary import CaseKind, Certainty, Subject
from tests.bot.standstill import Standstill

HERS = "只有她和陪她的人能看的话"
"""Stands in everything that is stored about her; nobody else may be sent it."""
GROUP, OTHER_GROUP, OTHER_MODERATORS, FOREIGN = -1001, -1002, -1003, -1004
HER, MEMBER, GROUP_ADMIN, STRANGER, OTHER_ADMIN = 11, 12, 13, 14, 15
SITTER, ROLED, COUNSELOR, COLLEAGUE, OWNER, OTHER_SITTER = 21, 22, 23, 24, 25, 26
PLAN = write(SafetyPlan())
"""A message of a safety plan, as it stands above its buttons."""
NAMES = {HER: "小岚", MEMBER: "管理员小何", COUNSELOR: "沈咨询", OWNER: "老周"}


@dataclass
class Scene:
    """What is there to reach for, by number."""

    still: Standstill
    ids: dict[str, int] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def moderators(self) -> int:
        """The moderators' chat of all groups that have none of their own."""
        return self.still.town.moderators.id

    @property
    def services(self) -> Services:
        """The bot's parts."""
        return self.still.services

    def data(self, shape: str) -> str:
        """A button's data with the numbers of this scene in it."""
        return shape.format(**self.ids, **self.keys)


@asynccontextmanager
async def set_scene(still: Standstill) -> AsyncIterator[Scene]:
    """Everything that a button could reach for is there."""
    scene = Scene(still)
    async with still.services.database.transaction() as tx:
        await _people(tx)
        await _groups(tx)
        await _cases(tx, scene)
        await _follow_up(tx, scene)
        await _rota(tx, scene)
        await _papers(tx, scene)
    scene.ids |= {"group": GROUP, "sitter": SITTER, "colleague": COLLEAGUE}
    yield scene


async def _people(tx: Transaction) -> None:
    await people.set_from_settings(tx, Role.OWNER, [OWNER])
    await people.set_from_settings(tx, Role.COUNSELOR, [COUNSELOR])
    await people.grant(tx, COLLEAGUE, Role.COUNSELOR)
    await people.grant(tx, ROLED, Role.MODERATOR)


async def _groups(tx: Transaction) -> None:
    for chat_id, title in ((GROUP, "甲群"), (OTHER_GROUP, "乙群"), (OTHER_MODERATORS, "乙群管理")):
        await chats.ensure(tx, chat_id, "supergroup", title, None)
        await chats.change(tx, chat_id, can_delete=True, can_restrict=True)
    await group_settings.change(tx, OTHER_GROUP, moderators=OTHER_MODERATORS)


async def _cases(tx: Transaction, scene: Scene) -> None:
    scene.ids["crisis"] = await _case(tx, CaseKind.CRISIS, "imminent", 101)
    scene.ids["accusation"] = await _case(tx, CaseKind.ALLEGATION, "unverified", 102)
    scene.ids["message"] = 102
    scene.ids["act"] = await _act(tx, scene.ids["accusation"], "comfort")
    scene.ids["disputed"] = await _case(tx, CaseKind.DOXXING, "found", 103)
    await _act(tx, scene.ids["disputed"], "remind")
    appealed = await _case(tx, CaseKind.REPORT, "asked", 104)
    await _act(tx, appealed, "mute")
    her = Person(HER, NAMES[HER])
    scene.ids["appeal"] = await appeals.open_appeal(tx, appealed, her, HERS)
    contacted = await _case(tx, CaseKind.CRISIS, "ideation", 105, Subject.OTHER)
    await casebook.change(tx, contacted, state="contacted", holder=COUNSELOR)
    scene.ids["contacted"] = contacted


async def _case(
    tx: Transaction, kind: CaseKind, level: str, message: int, subject: Subject = Subject.SELF
) -> int:
    her = Person(HER, NAMES[HER])
    case = await casebook.open_case(tx, kind, GROUP, her, level, subject, Certainty.LIKELY)
    signal = Signal(GROUP, message, level, HERS, (), (), tx.now)
    await casebook.keep_signal(tx, case.id, signal)
    return case.id


async def _act(tx: Transaction, case_id: int, kind: str) -> int:
    row = Outgoing(
        dedupe=f"scene:{case_id}:{kind}",
        lane=Lane.TAP,
        chat_id=HER,
        method="sendMessage",
        payload={"text": "……"},
        not_before=tx.now + timedelta(hours=1),
        case_id=case_id,
    )
    return await acts.note(tx, case_id, kind, 99, "别的管理员", await outbox.put(tx, row))


async def _follow_up(tx: Transaction, scene: Scene) -> None:
    days = [tx.now + timedelta(days=n) for n in (1, 3)]
    await followups.offer(tx, scene.ids["crisis"], COUNSELOR, days)
    await followups.offer(tx, scene.ids["contacted"], COUNSELOR, days)
    changed = {"state": PlanState.ACCEPTED, "consent": Consent.YES}
    await followups.change_plan(tx, scene.ids["contacted"], **changed)
    first, second = await followups.contacts_of(tx, scene.ids["contacted"])
    await followups.set_contact(tx, first.id, ContactState.REMINDED)
    await followups.set_contact(tx, second.id, ContactState.ASKED)
    scene.ids |= {"due": first.id, "noted": second.id}


async def _rota(tx: Transaction, scene: Scene) -> None:
    every = frozenset(range(7))
    for who in (COUNSELOR, COLLEAGUE):
        await duty.add_shift(tx, Shift(who, every, time(20), time(8)))
    wish = Absence(COLLEAGUE, Away.SWAP, tx.now, tx.now + timedelta(hours=2))
    scene.ids["wish"] = await duty.add_absence(tx, wish)


async def _papers(tx: Transaction, scene: Scene) -> None:
    entry = {"day": "2026-01-01", "text": HERS}
    scene.ids["paper"] = await papers.add(tx, HER, PaperKind.STORY, entry) or 0
    await forms.keep(tx, HER, Form(STATEMENT, vars(Statement(answers={"when": HERS}))))
    await pages.keep_draft(tx, ROLED, "own-page", "---\n")
    await checkins.begin(tx, HER, NAMES[HER], tx.now + timedelta(days=7))
    await learning.set_consent(tx, HER, False)
    scene.keys["question"] = await pages.note_unanswered(tx, "没人写过的问题")


def tap_update(number: int, user: int, chat: int, data: str) -> dict[str, Any]:
    """A tap as Telegram tells of it."""
    text = PLAN if data.startswith("sp:") else "……"
    bot = {"id": 1, "is_bot": True, "first_name": "群护"}
    message = {"message_id": 7, "date": 1, "chat": _chat(user, chat), "from": bot, "text": text}
    query = {"id": f"q{number}", "from": _user(user), "chat_instance": "1", "data": data}
    return {"update_id": number, "callback_query": {**query, "message": message}}


def command_update(number: int, user: int, chat: int, text: str) -> dict[str, Any]:
    """A command, or other words, as Telegram tells of them."""
    length = len(text.split()[0])
    kind = "bot_command" if text.startswith("/") else "bold"
    message = {"message_id": 8, "date": 1, "chat": _chat(user, chat), "from": _user(user)}
    message |= {"text": text, "entities": [{"type": kind, "offset": 0, "length": length}]}
    return {"update_id": number, "message": message}


def _user(user: int) -> dict[str, Any]:
    return {"id": user, "is_bot": False, "first_name": NAMES.get(user, f"某人{user}")}


def _chat(user: int, chat: int) -> dict[str, Any]:
    if chat == user:
        return {"id": user, "type": "private", "first_name": "……"}
    return {"id": chat, "type": "supergroup", "title": "群"}


def as_update(content: dict[str, Any], scene: Scene) -> Update:
    """The update that PTB makes of it."""
    update = Update.de_json(content, scene.still.qunhu.application.bot)
    assert update is not None
    return update
