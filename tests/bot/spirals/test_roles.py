"""Who may calm a group and thank its members: every role, every tap, on a spiral that is going on."""

from __future__ import annotations

import pytest

from bot import words
from bot.alerting.cardview import ActKind
from bot.simulator import User
from bot.words import duty as words_duty
from moderation.storage import audit, people, spirals
from moderation.storage.people import Role
from moderation.vocabulary import CaseKind
from tests.bot.spirals.test_card import story
from tests.bot.standstill import GROUP, Standstill, standing_still
from tests.bot.town import Town


def taps(case_id: int) -> list[str]:
    """Every button of a spiral's card and of its preview."""
    return [
        f"x:{case_id}:calm",
        f"x:{case_id}:thank",
        *[f"calm:{case_id}:{what}" for what in ("next:calm-2", "send:calm-2", "drop")],
    ]


async def spiral(still: Standstill) -> int:
    """A spiral that is going on; its case."""
    case = await still.crisis("onset", kind=CaseKind.SPIRAL)
    async with still.services.database.transaction() as tx:
        await spirals.keep_story(tx, case.id, story())
    return case.id


@pytest.mark.parametrize("role", ["herself", "stranger"])
async def test_members_are_told_politely_and_nothing_is_said(town: Town, role: str) -> None:
    user: User = {"herself": town.lan, "stranger": town.mei}[role]
    async with standing_still(town) as still:
        case_id = await spiral(still)
        for data in taps(case_id):
            assert await still.tap(user, data) == words.NOT_FOR_YOU, data
        assert await still.rows() == []


async def test_staff_calm_and_thank_once_and_both_are_in_the_audit(town: Town) -> None:
    async with standing_still(town) as still:
        async with still.services.database.transaction() as tx:
            await people.set_from_settings(tx, Role.COUNSELOR, [town.counselor.id])
        case_id = await spiral(still)
        said = [await still.tap(town.counselor, data) for data in taps(case_id)]
        assert said == ["", words_duty.ACT_DONE["thank"], "", words_duty.ACT_DONE["calm"], ""]
        assert {row.chat_id for row in await still.rows()} == {town.counselor.id, 4, GROUP}
        for act, data in ((ActKind.THANK, 1), (ActKind.CALM, 3)):
            again = await still.tap(town.moderator, taps(case_id)[data], town.moderators.id)
            who = town.counselor.name
            assert again == words_duty.ACT_TWICE.format(who=who, what=words_duty.DID[act])
        assert await still.rows() == []
        async with still.services.database.reading() as tx:
            done = [entry["what"] async for entry in audit.entries(tx)]
            assert await audit.first_broken(tx) is None
        assert [what for what in done if what.startswith("act:")] == ["act:thank", "act:calm"]
