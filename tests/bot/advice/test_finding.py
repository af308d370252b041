"""Her own words lead to a page; danger in them is danger first."""

from __future__ import annotations

import sqlite3

import pytest

from bot import words
from bot.app import Qunhu
from bot.words import reading
from moderation.storage import pages
from tests.bot.town import Town

ASKED = "医院不肯给我病历怎么办"
IN_DANGER = "怎么起诉，不然我今晚就走"
FOREIGN = "明天股票会涨吗"


async def kept(qunhu: Qunhu) -> list[str]:
    """What is kept for the editors."""
    async with qunhu.services.database.reading() as tx:
        return [question.words for question in await pages.all_unanswered(tx)]


async def test_ask_shows_the_best_passage_and_a_tap_opens_its_page(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, f"/ask {ASKED}")
        await town.settled()
        answer = town.from_bot(town.lan)[-1]
        assert "不给病历、说没有病历" in (answer.text or "")
        town.world.tap(town.lan, answer, 0)
        await town.settled()
        assert "不给病历、说没有病历（1/" in (answer.text or "")


async def test_search_lists_more_pages_than_ask(town: Town) -> None:
    async with town.bot_running():
        for command in ("ask", "search"):
            town.world.say(town.world.private(town.lan), town.lan, f"/{command} {ASKED}")
        await town.settled()
        asked, searched = town.from_bot(town.lan)[-2:]
        assert len(asked.buttons) < len(searched.buttons)


async def test_what_no_page_answers_is_said_and_kept_without_the_asker(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.world.private(town.lan), town.lan, f"/ask {FOREIGN}，我电话13800001111")
        await town.settled()
        answer = town.from_bot(town.lan)[-1]
        assert reading.FOUND_NOTHING in (answer.text or "") or reading.FOUND_PERHAPS in (
            answer.text or ""
        )
        assert all("13800001111" not in question for question in await kept(qunhu))


async def test_a_kept_question_is_dropped_at_a_tap(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.world.private(town.lan), town.lan, "/ask 哈哈哈哈")
        await town.settled()
        answer = town.from_bot(town.lan)[-1]
        assert reading.FOUND_NOTHING in (answer.text or "")
        assert await kept(qunhu) == ["哈哈哈哈"]
        town.world.tap(town.lan, answer, reading.BUTTON_DROP_QUESTION)
        await town.settled()
        assert await kept(qunhu) == []


@pytest.mark.parametrize("way", ["a command", "a command in the group", "the reply", "plain words"])
async def test_danger_in_a_question_is_danger_first_and_gets_no_list_of_pages(
    town: Town, way: str
) -> None:
    private = town.world.private(town.lan)
    async with town.bot_running():
        match way:
            case "a command":
                town.world.say(private, town.lan, f"/ask {IN_DANGER}")
            case "a command in the group":
                town.world.say(town.group, town.lan, f"/search {IN_DANGER}")
            case "plain words":
                town.world.say(private, town.lan, IN_DANGER)
            case "the reply":
                town.world.say(private, town.lan, "/ask")
                await town.settled()
                prompt = town.from_bot(town.lan)[-1]
                town.world.say(private, town.lan, IN_DANGER, reply_to=prompt)
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert IN_DANGER in (card.text or "")
        assert town.from_bot(town.lan)[-1].buttons[0][0]["text"] == words.BUTTON_HUMAN
        said = [*town.said_to(town.lan), *town.said_to(town.group)]
        assert not any(reading.FOUND in one or "《" in one for one in said)


async def test_what_is_kept_for_the_editors_has_nothing_of_the_asker(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.world.private(town.lan), town.lan, "/ask 哈哈哈哈 @xiaolan 13800001111")
        await town.settled()
        assert await kept(qunhu) == ["哈哈哈哈 □ □"]
        sealer = qunhu.services.database.sealer
    with sqlite3.connect(town.folder / "qunhu.db") as database:
        (row,) = database.execute("SELECT * FROM unanswered").fetchall()
    on_disk = repr(row)
    for trace in (str(town.lan.id), sealer.hash_id(town.lan.id), town.lan.name, "哈哈"):
        assert trace not in on_disk


async def test_a_question_in_plain_private_words_is_answered_with_its_page(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, ASKED)
        await town.settled()
        assert reading.FOUND in town.said_to(town.lan)[-1]


async def test_small_talk_gets_the_hint_once_and_nothing_is_kept(town: Town) -> None:
    async with town.bot_running() as qunhu:
        for said in ("你好呀", "嗯"):
            town.world.say(town.world.private(town.lan), town.lan, said)
            await town.settled()
        assert town.said_to(town.lan).count(words.PRIVATE_HINT) == 1
        assert await kept(qunhu) == []


async def test_without_words_it_asks_and_takes_the_reply(town: Town) -> None:
    async with town.bot_running():
        private = town.world.private(town.lan)
        town.world.say(private, town.lan, "/ask")
        await town.settled()
        prompt = town.from_bot(town.lan)[-1]
        assert prompt.text == reading.ASK_PROMPT
        town.world.say(private, town.lan, "哈哈哈哈", reply_to=prompt)
        await town.settled()
        assert reading.FOUND_NOTHING in town.said_to(town.lan)[-1]


async def test_in_a_group_only_a_title_is_said_with_a_way_to_read_alone(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, f"/ask {ASKED}")
        await town.settled()
        (answer,) = town.from_bot(town.group)
        assert "《不给病历、说没有病历》" in (answer.text or "")
        assert answer.buttons[0][0]["url"].endswith("start=page_records-refused")


async def test_who_chose_traditional_reads_pages_in_it(town: Town) -> None:
    async with town.bot_running():
        private = town.world.private(town.lan)
        town.world.say(private, town.lan, "/help")
        await town.settled()
        menu = town.from_bot(town.lan)[-1]
        town.world.tap(town.lan, menu, reading.BUTTON_TRADITIONAL)
        await town.settled()
        town.world.say(private, town.lan, f"/ask {ASKED}")
        await town.settled()
        answer = town.from_bot(town.lan)[-1]
        assert "這頁最像你問的" in (answer.text or "")
        assert "不給病歷" in answer.buttons[0][0]["text"]


async def test_a_group_set_to_traditional_is_answered_in_it(town: Town) -> None:
    async with town.bot_running(script="traditional"):
        town.world.say(town.group, town.mei, "/help")
        await town.settled()
        (answer,) = town.from_bot(town.group)
        assert "要幫忙點下面" in (answer.text or "")


async def test_cards_are_turned_and_the_whole_page_comes_as_plain_text(town: Town) -> None:
    async with town.bot_running():
        town.world.start(town.lan, "page_records-refused")
        await town.settled()
        card = town.from_bot(town.lan)[-1]
        first = card.text
        town.world.tap(town.lan, card, reading.BUTTON_NEXT)
        await town.settled()
        assert "（2/" in (card.text or "")
        town.world.tap(town.lan, card, reading.BUTTON_BEFORE)
        await town.settled()
        assert card.text == first
        town.world.tap(town.lan, card, reading.BUTTON_PLAIN)
        await town.settled()
        plain = town.from_bot(town.lan)[-1]
        assert plain is not card
        assert "核对日期" in (plain.text or "")
        assert not plain.buttons
