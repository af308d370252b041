"""A member's own papers: gathered over weeks, exported, erased; nobody else's business."""

from __future__ import annotations

import pytest

from bot import words as common
from bot.app import Qunhu
from bot.papers.nudges import remind
from bot.simulator import Message, User
from bot.words import papers as words
from moderation.storage import papers
from tests.bot.town import Town
from tests.fakes import FakeClock

NOTE = "首诊病历在家里蓝色文件袋"


async def kept(qunhu: Qunhu, user: User) -> list[dict[str, object]]:
    """What is stored for somebody."""
    async with qunhu.services.database.reading() as tx:
        return [paper.content for paper in await papers.of(tx, user.id)]


async def opened(town: Town, command: str = "evidence") -> Message:
    """The list or the story, as 小岚 sees it."""
    town.world.say(town.world.private(town.lan), town.lan, f"/{command}")
    await town.settled()
    return town.from_bot(town.lan)[-1]


async def tapped(town: Town, message: Message, button: str | int) -> Message:
    """The newest message after a tap."""
    town.world.tap(town.lan, message, button)
    await town.settled()
    return town.from_bot(town.lan)[-1]


async def replied(town: Town, message: Message, text: str) -> Message:
    """The newest message after a reply."""
    town.world.say(town.world.private(town.lan), town.lan, text, reply_to=message)
    await town.settled()
    return town.from_bot(town.lan)[-1]


async def with_note(town: Town) -> Message:
    """The slot of records after a note was written there."""
    slot = await tapped(town, await opened(town), 0)
    prompt = await tapped(town, slot, words.BUTTON_NOTE)
    return await replied(town, prompt, NOTE)


async def test_a_note_ticks_its_slot_and_stays_over_a_restart(town: Town) -> None:
    async with town.bot_running():
        slot = await with_note(town)
        assert NOTE in (slot.text or "")
    async with town.bot_running():
        home = await opened(town)
        assert home.buttons[0][0]["text"] == "☑ 病历（1）"
        assert words.HOME_COUNT.format(done=1, left=9) in (home.text or "")


async def test_what_is_written_is_ciphertext_on_disk(town: Town) -> None:
    async with town.bot_running():
        await with_note(town)
    stored = b"".join(file.read_bytes() for file in town.folder.iterdir() if file.is_file())
    assert NOTE.encode() not in stored
    assert "蓝色文件袋".encode("utf-16-le") not in stored


async def test_the_story_is_put_in_order_and_days_are_read_as_people_write_them(
    town: Town,
) -> None:
    async with town.bot_running() as qunhu:
        prompt = await tapped(town, await opened(town, "timeline"), words.BUTTON_ADD)
        said = "2025年3月2日 回家发烧\n2025-3-1 做的手术，李护士在场\n第二行接着写\n不记得 打过一次电话"
        story = await replied(town, prompt, said)
        text = story.text or ""
        assert text.index("2025-03-01") < text.index("2025-03-02") < text.index("打过一次电话")
        assert len(await kept(qunhu, town.lan)) == 3


@pytest.mark.parametrize("said", ["昨天做的", "2025-13-40 做的", "2099-1-1 做的"])
async def test_a_day_that_is_none_is_said_kindly_and_nothing_is_stored(
    town: Town, said: str
) -> None:
    async with town.bot_running() as qunhu:
        prompt = await tapped(town, await opened(town, "timeline"), words.BUTTON_ADD)
        answer = await replied(town, prompt, said)
        assert "再回复一次" in (answer.text or "")
        assert await kept(qunhu, town.lan) == []


async def test_dates_give_deadlines_with_the_caution(town: Town) -> None:
    async with town.bot_running():
        dates = await tapped(town, await opened(town), words.BUTTON_DATES)
        prompt = await tapped(town, dates, "知道的那天　—")
        answer = await replied(town, prompt, "2025.3.1")
        assert "2028-03-01　起诉要求赔偿" in (answer.text or "")
        assert words.CAUTION in (answer.text or "")


async def test_danger_in_a_note_is_danger_and_the_note_is_kept_all_the_same(town: Town) -> None:
    async with town.bot_running() as qunhu:
        prompt = await tapped(town, await opened(town, "timeline"), words.BUTTON_ADD)
        await replied(town, prompt, "2025-3-1 那天我就不想活了")
        assert len(town.cards(town.counselor)) == 1
        assert len(await kept(qunhu, town.lan)) == 1


async def test_export_brings_a_pdf_and_a_text_with_everything(town: Town) -> None:
    async with town.bot_running():
        await with_note(town)
        home = await opened(town)
        for button in (words.BUTTON_PDF, words.BUTTON_TEXT):
            await tapped(town, home, button)
        files = [file for file in town.world.files.values() if file.name.startswith("我的材料")]
        pdf, text = sorted(files, key=lambda file: file.name)
        assert pdf.data.startswith(b"%PDF-")
        assert NOTE in text.data.decode("utf-8-sig")


async def test_an_export_for_a_reader_of_traditional_leaves_her_own_words_alone(town: Town) -> None:
    async with town.bot_running(script="traditional"):
        slot = await tapped(town, await opened(town), 0)
        prompt = await tapped(town, slot, "記一句")
        await replied(town, prompt, NOTE)
        await tapped(town, await opened(town), "導出文字")
        (text,) = [file for file in town.world.files.values() if file.name.endswith(".txt")]
        said = text.data.decode("utf-8-sig")
        assert text.name.startswith("我的材料")
        assert "1. ［有］病歷" in said
        assert NOTE in said
        assert "首診" not in said


async def test_erasing_asks_once_and_then_leaves_nothing(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await with_note(town)
        home = await opened(town)
        await tapped(town, home, words.BUTTON_REMIND)
        ask = await tapped(town, home, words.BUTTON_ERASE)
        assert await kept(qunhu, town.lan)
        await tapped(town, ask, words.BUTTON_ERASE_YES)
        assert await kept(qunhu, town.lan) == []
        async with qunhu.services.database.reading() as tx:
            assert await papers.reminded_at(tx, town.lan.id) is None


async def test_nobody_elses_taps_change_anything(town: Town) -> None:
    async with town.bot_running() as qunhu:
        home = await opened(town)
        query = town.world.tap(town.mei, home, words.BUTTON_ERASE)
        await town.settled()
        assert query.answer is not None
        assert query.answer.text == common.OLD_BUTTON
        assert await kept(qunhu, town.lan) == []


async def test_a_forged_number_takes_nobody_elses_day_away(town: Town) -> None:
    async with town.bot_running() as qunhu:
        async with qunhu.services.database.transaction() as tx:
            content = {"day": "", "text": "别人的"}
            number = await papers.add(tx, town.mei.id, papers.PaperKind.STORY, content)
            assert number is not None
            assert not await papers.remove(tx, town.lan.id, number)
            assert not await papers.change(tx, town.lan.id, number, {})
        assert await kept(qunhu, town.mei) == [content]


async def test_in_a_group_it_is_not_opened(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "/evidence")
        await town.settled()
        (answer,) = town.from_bot(town.group)
        assert answer.text == words.IN_GROUP
        town.world.follow(town.lan, answer, 0)
        await town.settled()
        assert "证据单子" in (town.said_to(town.lan)[-1])


async def test_reminders_come_weekly_once_after_a_pause_and_stop_at_a_tap(town: Town) -> None:
    clock = FakeClock()
    async with town.bot_running() as qunhu:
        home = await opened(town)
        await tapped(town, home, words.BUTTON_REMIND)
        qunhu.services.database._clock = clock
        for _ in range(2):
            clock.forward(days=30)
            await remind(qunhu.services)
            await remind(qunhu.services)
            await town.settled()
        async with qunhu.services.database.reading() as tx:
            assert await papers.due(tx) == []
        assert sum("一周了" in said for said in town.said_to(town.lan)) == 2
        await tapped(town, town.from_bot(town.lan)[-1], words.BUTTON_STOP)
        clock.forward(days=30)
        await remind(qunhu.services)
        await town.settled()
        assert len([said for said in town.said_to(town.lan) if "一周了" in said]) == 1
