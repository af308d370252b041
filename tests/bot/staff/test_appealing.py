"""A member appeals; another moderator than the one who acted decides; she hears the answer."""

from __future__ import annotations

from bot import words
from bot.simulator import Message, User
from bot.staff.appealing import remind
from bot.words import duty as words_duty
from bot.words import member as words_member
from moderation.storage import audit
from moderation.vocabulary import CaseKind
from tests.bot.standstill import standing_still
from tests.bot.town import Town


async def muted(town: Town) -> None:
    """小岚 was muted by 管理员小何."""
    town.world.set_bot(town.group, "administrator")
    town.world.say(town.group, town.lan, "贺医生没有执照")
    await town.settled()
    town.world.tap(town.moderator, town.cards(town.moderators)[-1], words_duty.BUTTON_ACT["mute"])
    await town.settled()


async def appealed(town: Town, reason: str | None = "我有他的处罚书") -> Message:
    """小岚 appeals; the card about it."""
    note = [m for m in town.from_bot(town.lan) if words_member.BUTTON_APPEAL in str(m.buttons)][-1]
    town.world.tap(town.lan, note, words_member.BUTTON_APPEAL)
    await town.settled()
    if reason is None:
        question = town.from_bot(town.lan)[-1]
        town.world.tap(town.lan, question, words_member.BUTTON_APPEAL_SEND)
    else:
        town.world.say(town.world.private(town.lan), town.lan, reason)
    await town.settled()
    return appeals_in(town)[-1]


def appeals_in(town: Town) -> list[Message]:
    """The cards of appeals."""
    return [m for m in town.from_bot(town.moderators) if "申诉" in (m.text or "").splitlines()[0]]


async def decided(town: Town, who: User, card: Message, button: str) -> str:
    """Somebody decides; what she is told."""
    query = town.world.tap(who, card, button)
    await town.settled()
    assert query.answer is not None
    return query.answer.text


async def test_the_one_who_acted_cannot_decide_but_another_can_and_she_hears_it(
    town: Town,
) -> None:
    async with town.bot_running() as qunhu:
        await muted(town)
        card = await appealed(town)
        assert words_member.APPEAL_SENT in town.said_to(town.lan)
        assert "我有他的处罚书" in (card.text or "")
        said = await decided(town, town.moderator, card, words_duty.BUTTON_LIFT)
        assert said == words_duty.APPEAL_NOT_OWN
        said = await decided(town, town.admin, card, words_duty.BUTTON_LIFT)
        assert said == words_duty.APPEAL_DONE
        assert words_member.APPEAL_LIFTED in town.said_to(town.lan)
        assert town.group.members[town.lan.id].status == "member"
        assert "群主老周 看过，改过来了" in (card.text or "")
        assert not card.buttons
        async with qunhu.services.database.reading() as tx:
            assert await audit.first_broken(tx) is None


async def test_an_appeal_may_be_upheld_and_is_made_once(town: Town) -> None:
    async with town.bot_running():
        await muted(town)
        card = await appealed(town, None)
        assert words_duty.APPEAL_SILENT in (card.text or "")
        await decided(town, town.admin, card, words_duty.BUTTON_UPHOLD)
        assert words_member.APPEAL_UPHELD in town.said_to(town.lan)
        assert town.group.members[town.lan.id].status == "restricted"
        note = [m for m in town.from_bot(town.lan) if words_member.BUTTON_APPEAL in str(m.buttons)]
        said = await decided(town, town.lan, note[0], words_member.BUTTON_APPEAL)
        assert said == words_member.APPEAL_ANSWERED
        assert len(appeals_in(town)) == 1


async def test_two_decisions_at_once_make_one(town: Town) -> None:
    async with town.bot_running():
        await muted(town)
        third = town.world.add_user("管理员阿敏")
        town.world.join(town.moderators, third)
        card = await appealed(town)
        first = town.world.tap(town.admin, card, words_duty.BUTTON_LIFT)
        second = town.world.tap(third, card, words_duty.BUTTON_UPHOLD)
        await town.settled()
        assert first.answer is not None
        assert second.answer is not None
        assert first.answer.text == words_duty.APPEAL_DONE
        assert second.answer.text == words_duty.APPEAL_DECIDED.format(who="群主老周")
        assert words_member.APPEAL_UPHELD not in town.said_to(town.lan)


async def test_danger_in_the_reason_is_danger_first(town: Town) -> None:
    async with town.bot_running():
        await muted(town)
        note = town.from_bot(town.lan)[-1]
        town.world.tap(town.lan, note, words_member.BUTTON_APPEAL)
        await town.settled()
        town.world.say(town.world.private(town.lan), town.lan, "那我今晚就走")
        await town.settled()
        assert town.said_to(town.lan)[-1] in words.TO_IMMINENT.values()
        assert appeals_in(town) == []


async def test_an_appeal_nobody_looks_at_is_shown_again_after_a_day(town: Town) -> None:
    async with standing_still(town) as still:
        case = await still.crisis(kind=CaseKind.ALLEGATION, level="unverified")
        place = town.moderators.id
        await still.tap(town.moderator, f"x:{case.id}:remind", place)
        await still.tap(town.lan, f"a:send:{case.id}")
        await still.rows()
        for hours, count in ((23, 0), (2, 1), (1, 0)):
            still.clock.forward(hours=hours)
            async with still.services.database.transaction() as tx:
                assert await remind(still.services, tx) == count
        assert await still.reached() == {place}


async def test_who_appeals_under_a_name_like_staff_is_marked(town: Town) -> None:
    town.lan.name = "心理咨詢小沈"
    async with town.bot_running():
        await muted(town)
        card = await appealed(town)
        assert f"心理咨詢小沈{words_duty.LOOKS_LIKE_STAFF}" in (card.text or "")
