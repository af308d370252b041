"""Every state of a case, every tap, everybody who may tap: what is allowed happens, nothing else."""

from __future__ import annotations

import itertools
import re

import pytest

from bot import words
from bot.advice import reading
from bot.alerting.buttons import CRISIS_ONLY
from bot.alerting.cardview import OFFERED, ActKind
from bot.care import choices, planchoices
from bot.control import roles, settings
from bot.learning import feedback
from bot.simulator import User
from bot.words import duty as words_duty
from bot.words import spirals as words_spirals
from moderation.cases import LEGAL, CaseState, Move
from moderation.storage import audit, chats
from moderation.vocabulary import CaseKind
from tests.bot.standstill import GROUP, Standstill
from tests.bot.town import Town

STAFF = ("moderator", "counselor", "owner")
EVERYBODY = (*STAFF, "herself", "stranger")
HELD = {CaseState.CLAIMED, CaseState.CONTACTED, CaseState.SAFE, CaseState.PASSED_ON}
LEVEL = {kind: level for kind, level in words.HEADLINE if level != "ideation"}
SPOKEN = {CaseKind.ALLEGATION, CaseKind.SPIRAL}
OF_A_STORY = {ActKind.CALM, ActKind.THANK}
DOING = {"sendMessage", "restrictChatMember"}
MODERATING = {ActKind.DELETE, ActKind.MUTE, ActKind.REMIND}


@pytest.fixture
async def still(still: Standstill) -> Standstill:
    async with still.services.database.transaction() as tx:
        await chats.ensure(tx, GROUP, "supergroup", "鼻修复互助群", None)
        await chats.change(tx, GROUP, can_delete=True, can_restrict=True)
    return still


def who(town: Town, role: str) -> tuple[User, int | None]:
    """Somebody in this role, and the chat where she taps (None: in private)."""
    return {
        "moderator": (town.moderator, town.moderators.id),
        "counselor": (town.counselor, None),
        "owner": (town.admin, None),
        "herself": (town.lan, None),
        "stranger": (town.mei, None),
    }[role]


def done(kind: CaseKind, move: Move) -> str:
    """What whoever made this move is told."""
    said = words_spirals.MOVE_DONE if kind is CaseKind.SPIRAL else {}
    return said.get(move, words.MOVE_DONE.get(move, ""))


def is_legal(kind: CaseKind, state: CaseState, move: Move) -> bool:
    """Whether a human can make this move with such a case, whoever she is."""
    fits = move not in CRISIS_ONLY or kind is CaseKind.CRISIS
    return (state, move) in LEGAL and move is not Move.EXPIRE and fits


ROWS = [
    pytest.param(kind, role, id=f"{kind}-{role}", marks=[] if usual else [pytest.mark.long])
    for kind, role in itertools.product(CaseKind, EVERYBODY)
    for usual in [kind is CaseKind.CRISIS or (kind in SPOKEN and role in {"moderator", "stranger"})]
]
"""The usual run takes those in which kinds differ; `make thorough` takes all."""


@pytest.mark.parametrize(("kind", "role"), ROWS)
async def test_states_by_moves_by_roles(still: Standstill, kind: CaseKind, role: str) -> None:
    user, place = who(still.town, role)
    for state, move in itertools.product(CaseState, Move):
        holder = still.town.counselor if state in HELD else None
        case = await still.crisis(LEVEL[kind], state, holder, kind, state_before=None)
        said = await still.tap(user, f"m:{case.id}:{move}", place)
        after = (await still.case(case.id)).standing
        own = move is Move.TAKE_OVER and user is holder
        where = f"{role} {kind} {state} {move}"
        if role not in STAFF:
            assert (said, after.state) == (words.NOT_FOR_YOU, state), where
        elif is_legal(kind, state, move) and not own:
            assert (said, after.state) == (done(kind, move), LEGAL[state, move]), where
        else:
            assert after.state is state, where
            assert said not in {done(kind, one) for one in Move}, where
            assert said, where
        await still.is_over(case)


@pytest.mark.parametrize(("kind", "role"), ROWS)
async def test_a_move_can_be_taken_back_by_staff_once(
    still: Standstill, kind: CaseKind, role: str
) -> None:
    user, place = who(still.town, role)
    for (state, move), target in LEGAL.items():
        if not is_legal(kind, state, move):
            continue
        holder = still.town.counselor if state in HELD else None
        case = await still.crisis(LEVEL[kind], state, holder, kind, state_before=None)
        await still.tap(still.town.moderator, f"m:{case.id}:{move}", still.town.moderators.id)
        assert (await still.case(case.id)).standing.state is target
        said = await still.tap(user, f"m:{case.id}:undo", place)
        after = await still.case(case.id)
        where = f"{role} {kind} {state} {move}"
        if role in STAFF:
            assert (said, after.standing.state) == (words.MOVE_DONE[Move.UNDO], state), where
            again = await still.tap(user, f"m:{case.id}:undo", place)
            assert again not in words.MOVE_DONE.values(), where
            assert (await still.case(case.id)).standing.state is state, where
        else:
            assert (said, after.standing.state) == (words.NOT_FOR_YOU, target), where
        await still.is_over(case)


def answer(role: str, kind: CaseKind, state: CaseState, act: ActKind) -> str:
    """What somebody hears who taps an act of a case that has no story of a spiral."""
    if role not in STAFF:
        return words.NOT_FOR_YOU
    if role == "counselor" and act in MODERATING:
        return words_duty.NOT_FOR_COUNSELORS
    if act not in OFFERED[kind]:
        return words.OLD_BUTTON
    if not state.live:
        return words_duty.ACT_CLOSED
    return words.OLD_BUTTON if act in OF_A_STORY else words_duty.ACT_DONE[act]


@pytest.mark.parametrize("role", EVERYBODY)
async def test_acts_by_kinds_by_states_by_roles(still: Standstill, role: str) -> None:
    user, place = who(still.town, role)
    acts = set(ActKind) - {ActKind.DELETE}
    for kind, act, state in itertools.product(CaseKind, acts, (CaseState.OPEN, CaseState.SAFE)):
        case = await still.crisis(LEVEL[kind], state, kind=kind)
        said = await still.tap(user, f"x:{case.id}:{act}", place)
        sent = any(row.method in DOING for row in await still.taken())
        where = f"{role} {kind} {act} {state}"
        wanted = answer(role, kind, state, act)
        assert said == wanted, where
        assert sent is (wanted in words_duty.ACT_DONE.values()), where
        await still.tap(still.town.admin, f"m:{case.id}:dismiss")
        await still.taken()


async def test_the_audit_of_all_of_it_is_one_whole_chain(still: Standstill) -> None:
    for move in (Move.CLAIM, Move.CONTACT, Move.PASS_ON, Move.REOPEN, Move.DISMISS, Move.UNDO):
        case = await still.crisis()
        await still.tap(still.town.counselor, f"m:{case.id}:{move}")
    async with still.services.database.reading() as tx:
        assert await audit.first_broken(tx) is None


FORGED = (
    "w:1:swim",
    "w:x:phone",
    "x:1:delete",
    "x:1:fly",
    "u:99",
    "u:-1",
    "c:1:1",
    "v:9:upheld",
    "v:9:fly",
    "o:fly",
    "o:swap:x",
    "fo:fly",
    "fo:withdraw:1:x",
    "fo:withdraw:77:1",
    "a:77",
    "a:send:77",
    "a",
    "fo",
    "m:999999999999:claim",
    "calm:1:send:fly",
    "calm:1:send:calm-1",
    "calm:1:next:calm-1",
    "calm:77:drop",
    "calm:x:drop",
    "calm",
)


@pytest.mark.parametrize(
    "data",
    [
        "m:1",
        "w:1",
        "d:1",
        "x:1",
        "u:1",
        "c:1",
        "v:1",
        "o:1",
        "h:1",
        "n",
        "fo:1",
        "a:1",
        "calm:1",
        "k:1",
    ],
)
def test_no_other_handler_takes_these_taps(data: str) -> None:
    others = (choices, planchoices, settings, roles, feedback, reading)
    assert [other.__name__ for other in others if re.match(other.PATTERN, data)] == []


async def test_a_forged_button_does_nothing(still: Standstill) -> None:
    case = await still.crisis()
    for data, role in itertools.product(FORGED, EVERYBODY):
        user, place = who(still.town, role)
        said = await still.tap(user, data, place)
        assert said in {words.OLD_BUTTON, words.NOT_FOR_YOU}, (data, role, said)
    assert await still.case(case.id) == case
    assert await still.rows() == []
