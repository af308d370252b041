"""/mydata shows a member all that is held of her; /forgetme leaves nothing but hashes in the log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import telegram

from bot import words as common
from bot.app import Qunhu
from bot.mine import commands
from bot.mine.forgetting import go_on
from bot.operating.backup import back_up, keys_behind
from bot.operating.keys import existing_key
from bot.settings import load_settings
from bot.simulator import Message, User
from bot.taps import Tap
from bot.wallclock import utc_now
from bot.words import duty as words_duty
from bot.words import learning as words_learning
from bot.words import mine as words
from bot.words import papers as words_papers
from moderation.cases import CaseState
from moderation.storage import audit, duty, open_database, papers, people, safetyplans, vault
from moderation.storage.papers import PaperKind
from moderation.storage.people import Role
from moderation.storage.ring import FILE, Ring
from moderation.storage.sealing import wrapping_key
from tests.bot.mine.traces import places_of, traces
from tests.bot.standstill import Standstill, standing_still
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"
ACCUSED = "贺医生没有执照"
NOTE = "首诊病历在家里蓝色文件袋"
HERS = (GOODBYE, ACCUSED, NOTE, "小岚", "门口那家便利店")
LOG = {"audit.actor"}
A_MINUTE = 60.0
"""Within which /privacy says that she is forgotten."""


async def wrote(town: Town, user: User, text: str) -> Message:
    """The bot's newest message after somebody wrote to it."""
    town.world.say(town.world.private(user), user, text)
    await town.settled()
    return town.from_bot(user)[-1]


async def tapped(town: Town, message: Message, button: str) -> None:
    """小岚 taps."""
    town.world.tap(town.lan, message, button)
    await town.settled()


async def lived_through_a_lot(town: Town, qunhu: Qunhu) -> None:
    """Danger that was settled, an accusation, papers, a plan, choices, a form, a report."""
    town.world.say(town.group, town.lan, GOODBYE)
    town.world.say(town.group, town.lan, ACCUSED)
    said = town.world.say(town.group, town.mei, "你们都毁了")
    await town.settled()
    town.world.say(town.group, town.lan, "/report", reply_to=said)
    await town.settled()
    card = next(c for c in town.cards(town.counselor) if GOODBYE in (c.text or ""))
    town.world.tap(town.counselor, card, "我来")
    await town.settled()
    town.world.tap(town.counselor, card, "处理好了")
    await town.settled()
    teach = await wrote(town, town.lan, "/teach")
    await tapped(town, teach, words_learning.BUTTON_TEACH[True])
    await wrote(town, town.lan, "/statement")
    await wrote(town, town.lan, "去年三月在门口那家便利店旁边")
    async with qunhu.services.database.transaction() as tx:
        note = {"slot": "records", "done": True, "notes": [NOTE]}
        await papers.add(tx, town.lan.id, PaperKind.EVIDENCE, note)
        await papers.remind(tx, town.lan.id, tx.now)
        await safetyplans.keep(tx, town.lan.id, "难熬时给小岚看的单子")


async def test_a_member_is_given_all_that_is_held_of_her_and_nothing_of_others(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await lived_through_a_lot(town, qunhu)
        await wrote(town, town.lan, "/mydata")
        (file,) = [m.content["document"] for m in town.from_bot(town.lan) if m.content]
        text = town.world.files[file["file_id"]].data.decode("utf-8-sig")
        for held in (*HERS[:3], "门口那家便利店", "难熬时给小岚看的单子"):
            assert held in text, held
        assert words.LEARNING[True] in text
        assert words_papers.FILE_EVIDENCE in text
        assert town.mei.name not in text
        assert town.counselor.name not in text


async def test_who_wants_to_be_forgotten_leaves_only_hashes_in_the_log(town: Town) -> None:
    async with town.bot_running() as qunhu:
        database = qunhu.services.database
        await lived_through_a_lot(town, qunhu)
        assert await traces(database, town.lan.id, HERS) > {"cases.person", "papers.person"}
        asked = await wrote(town, town.lan, "/forgetme")
        assert words.FORGET_HELD.format(days=7) not in (asked.text or "")
        await tapped(town, asked, words.BUTTON_YES)
        assert asked.text == words.ERASED
        await go_on(qunhu.services)
        await town.settled()
        assert await traces(database, town.lan.id, HERS) <= LOG
        for place in (town.counselor, town.moderators):
            assert not any(word in text for word in HERS for text in town.said_to(place)), place
            assert words.CARD_ERASED in town.said_to(place)
        async with database.reading() as tx:
            assert await audit.first_broken(tx) is None
        members, person = database.sealer.ring, database.sealer.hash_id(town.lan.id)
        assert members is not None
        assert person in members.forgotten, "in a backup nobody can open her words any more"


async def test_within_the_minute_she_is_forgotten_by_the_clockwork_alone(town: Town) -> None:
    async with town.bot_running() as qunhu:
        database = qunhu.services.database
        await lived_through_a_lot(town, qunhu)
        members, person = database.sealer.ring, database.sealer.hash_id(town.lan.id)
        assert members is not None
        asked = await wrote(town, town.lan, "/forgetme")
        town.world.tap(town.lan, asked, words.BUTTON_YES)
        async with asyncio.timeout(A_MINUTE):
            while await traces(database, town.lan.id, HERS) - LOG:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
            while person not in members.forgotten:  # noqa: ASYNC110
                await asyncio.sleep(0.5)
    assert asked.text == words.ERASED


async def test_every_picture_of_an_album_is_taken_out_of_the_staffs_chats(town: Town) -> None:
    async with town.bot_running() as qunhu:
        first = town.world.album(town.group, town.lan, [None, GOODBYE, None])
        await town.settled()
        shown = [m for m in town.from_bot(town.counselor) if "photo" in m.content]
        assert len(shown) == len(first)
        town.world.tap(town.counselor, town.cards(town.counselor)[-1], "误报")
        await town.settled()
        asked = await wrote(town, town.lan, "/forgetme")
        await tapped(town, asked, words.BUTTON_YES)
        await go_on(qunhu.services)
        await town.settled()
        assert [picture.deleted for picture in shown] == [True, True, True]


def test_she_is_told_before_what_cannot_be_erased() -> None:
    assert "两天以内发的我去删" in words.FORGET
    assert "/ask 里没有一页答得上的问题" in words.FORGET
    assert "90 天" in words.FORGET
    assert "/ask" in words.ELSEWHERE


async def test_an_older_backup_still_tells_her_number_but_neither_her_name_nor_a_word_of_hers(
    town: Town, tmp_path: Path
) -> None:
    async with town.bot_running() as qunhu:
        database = qunhu.services.database
        await lived_through_a_lot(town, qunhu)
        settings = load_settings(**town.settings())
        sealed = await asyncio.to_thread(back_up, settings, tmp_path / "usb" / "older.backup")
        with (tmp_path / "older.db").open("xb") as file:
            vault.open_file(sealed, file, existing_key(settings))
        asked = await wrote(town, town.lan, "/forgetme")
        await tapped(town, asked, words.BUTTON_YES)
        await go_on(qunhu.services)
        beside = Ring(tmp_path / "usb" / FILE, wrapping_key(existing_key(settings)))
        assert database.sealer.hash_id(town.lan.id) in beside.forgotten, "its copy of the keys too"
        assert keys_behind(settings) == []
        url = f"sqlite+aiosqlite:///{tmp_path / 'older.db'}"
        backup = open_database(url, database.sealer, utc_now)
        assert await places_of(backup, HERS) == set(), "nor her name, where she reported 阿梅"
        assert await places_of(backup, [str(town.lan.id)]) == {"outbox.chat_id", "outbox.dedupe"}
        await backup.close()


async def test_a_crisis_a_human_looks_after_stays_until_they_let_go(town: Town) -> None:
    async with town.bot_running() as qunhu:
        database = qunhu.services.database
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        asked = await wrote(town, town.lan, "/forgetme")
        assert words.FORGET_HELD.format(days=7) in (asked.text or "")
        await tapped(town, asked, words.BUTTON_YES)
        assert asked.text == words.ERASED_HELD.format(days=7)
        await go_on(qunhu.services)
        assert "cases.person" in await traces(database, town.lan.id, HERS)
        card = town.cards(town.counselor)[-1]
        assert GOODBYE in (card.text or "")
        town.world.tap(town.counselor, card, "误报")
        await town.settled()
        await go_on(qunhu.services)
        await town.settled()
        assert words.ERASED_LATER in town.said_to(town.lan)
        await go_on(qunhu.services)
        assert await traces(database, town.lan.id, [GOODBYE]) <= LOG


async def test_in_a_group_there_is_only_a_door_and_her_buttons_are_nobodys_elses(
    town: Town,
) -> None:
    async with town.bot_running():
        for command in ("/mydata", "/forgetme"):
            town.world.say(town.group, town.mei, command)
            await town.settled()
            door = town.from_bot(town.group)[-1]
            assert door.text == words.IN_GROUP
            town.world.follow(town.mei, door, common.BUTTON_PRIVATE)
            await town.settled()
        assert words.FORGET in town.said_to(town.mei)
        assert any("document" in m.content for m in town.from_bot(town.mei))


@pytest.fixture
async def still(town: Town) -> AsyncIterator[Standstill]:
    """Time stands still."""
    async with standing_still(town) as still:
        yield still


async def tap(still: Standstill, user: User, what: str, chat_id: int | None = None) -> str:
    """What the tapper of one of these buttons is told."""
    who = telegram.User(user.id, user.name, is_bot=False)
    place = user.id if chat_id is None else chat_id
    still.taps += 1
    one = Tap(f"mine{still.taps}", who, place, 1, "", "me", (what,))
    async with still.services.database.transaction() as tx:
        return await commands.react(still.services, tx, one)


async def test_a_week_after_she_asked_an_open_crisis_goes_too(still: Standstill) -> None:
    case = await still.crisis()
    assert await tap(still, still.town.lan, "yes") == words.ERASED_NOTICE
    still.clock.forward(days=7)
    await go_on(still.services)
    assert (await still.case(case.id)).standing.state is CaseState.OPEN
    still.clock.forward(hours=1)
    await go_on(still.services)
    assert not await traces(still.services.database, still.town.lan.id, ["小岚"]) & {
        "cases.person",
        "signals.detail_sealed",
    }


async def test_what_she_does_afterwards_is_not_erased_with_the_rest(still: Standstill) -> None:
    await still.crisis()
    await tap(still, still.town.lan, "yes")
    still.clock.forward(minutes=1)
    later = await still.crisis("ideation")
    async with still.services.database.transaction() as tx:
        await papers.add(tx, still.town.lan.id, PaperKind.STORY, {"day": "", "text": "重新写"})
    still.clock.forward(days=8)
    await go_on(still.services)
    assert (await still.case(later.id)).standing.state is CaseState.OPEN
    async with still.services.database.reading() as tx:
        assert await papers.of(tx, still.town.lan.id)


@pytest.mark.parametrize("what", ["yes", "copy", "ask", "no"])
async def test_in_another_chat_or_forged_the_buttons_do_nothing(
    still: Standstill, what: str
) -> None:
    await still.crisis()
    assert await tap(still, still.town.lan, what, still.town.group.id) == common.OLD_BUTTON
    assert await tap(still, still.town.lan, f"{what}s") == common.OLD_BUTTON
    assert await still.rows() == []


async def test_pressed_twice_it_is_answered_twice_and_done_once(still: Standstill) -> None:
    await still.crisis(state=CaseState.SAFE)
    for _ in range(2):
        assert await tap(still, still.town.lan, "yes") == words.ERASED_NOTICE
    async with still.services.database.reading() as tx:
        assert await audit.first_broken(tx) is None


async def test_the_button_for_a_human_works_when_her_case_is_erased(still: Standstill) -> None:
    case = await still.crisis(state=CaseState.SAFE)
    await tap(still, still.town.lan, "yes")
    await still.rows()
    assert await still.tap(still.town.lan, f"h:{case.id}") == common.HUMAN_CALLED
    assert still.town.moderators.id in await still.reached()


async def test_staff_keep_what_they_work_with_until_the_role_is_gone(still: Standstill) -> None:
    counselor, services = still.town.counselor, still.services
    case = await still.crisis(state=CaseState.SAFE, holder=counselor)
    async with services.database.transaction() as tx:
        await people.set_from_settings(tx, Role.COUNSELOR, [counselor.id])
        await duty.note_colleague(tx, counselor.id, counselor.name)
    await tap(still, counselor, "yes")
    assert "staff.user_id" in await traces(services.database, counselor.id, [])
    async with services.database.transaction() as tx:
        await people.set_from_settings(tx, Role.COUNSELOR, [])
    await tap(still, counselor, "yes")
    await still.rows()
    await go_on(services)
    assert await traces(services.database, counselor.id, [counselor.name]) <= LOG
    assert (await still.case(case.id)).person is not None


async def test_her_copy_comes_a_few_times_an_hour(still: Standstill) -> None:
    for _ in range(commands.MOST + 1):
        await tap(still, still.town.lan, "copy")
    assert len(await still.rows("sendDocument")) == commands.MOST


async def test_the_sentences_of_what_staff_did_are_all_there() -> None:
    assert set(words_duty.DID) <= set(words.ACT)
