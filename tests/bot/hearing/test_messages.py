"""What comes of what members write, seen from outside: over HTTP, with the real bot."""

from __future__ import annotations

import re

import pytest

from bot import words
from bot.simulator import Message
from bot.words import elsewhere
from moderation.cases import Move
from moderation.storage import casebook, chats
from moderation.vocabulary import Crisis
from tests.bot.town import Town
from tests.fakes import scores

GOODBYE = "谢谢大家，今晚就走"
WEARY = "真的不想活了"
ACCUSED = "给我做的贺医生没有执照"


async def levels(town: Town, message: Message) -> list[str]:
    """The levels of the cases that rest on a message."""
    assert town.bot is not None
    async with town.bot.services.database.reading() as tx:
        cases = await casebook.of_message(tx, message.chat.id, message.id)
    return [case.level for case in cases]


async def test_imminent_danger_reaches_counselor_moderators_and_the_member(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1
        assert len(town.cards(town.moderators)) == 1
        assert any(text in words.TO_IMMINENT.values() for text in town.said_to(town.lan))


async def test_ideation_reaches_the_counselor_and_the_member_but_not_the_moderators(
    town: Town,
) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, WEARY)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1
        assert not town.cards(town.moderators)
        assert any(text in words.TO_IDEATION.values() for text in town.said_to(town.lan))


async def test_somebody_who_fears_for_another_is_told_what_to_do(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "小雨电话不接，她说对不起我们")
        await town.settled()
        assert any(text in words.TO_BYSTANDER.values() for text in town.said_to(town.lan))
        assert "说的是别人" in (town.cards(town.counselor)[0].text or "")


async def test_distress_is_only_counted(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.mei, "这阵子撑得好辛苦")
        await town.settled()
        assert not town.cards(town.counselor)
        assert not town.cards(town.moderators)
        async with qunhu.services.database.reading() as tx:
            chat = await chats.get(tx, town.group.id)
        assert chat is not None


async def test_an_accusation_in_a_new_group_is_only_rehearsed(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, ACCUSED)
        await town.settled()
        (card,) = town.cards(town.moderators)
        assert words.REHEARSAL in (card.text or "")
        assert not town.from_bot(town.mei)


async def test_an_accusation_after_the_first_day_is_no_rehearsal(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.mei, "大家好")
        await town.settled()
        async with qunhu.services.database.transaction() as tx:
            await chats.change(tx, town.group.id, rehearse_until=None)
        town.world.say(town.group, town.mei, ACCUSED)
        await town.settled()
        (card,) = town.cards(town.moderators)
        assert words.REHEARSAL not in (card.text or "")


async def test_private_details_reach_the_moderators(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, "贺医生他家住哪，谁知道")
        await town.settled()
        assert words.HEADLINE["doxxing", "true"] in (town.cards(town.moderators)[0].text or "")  # type: ignore[index]


async def test_a_spiral_is_seen_once(town: Town) -> None:
    xia = town.world.add_user("夏夏")
    town.world.join(town.group, xia)
    async with town.bot_running():
        for who in (town.lan, town.mei, xia, town.lan, town.mei):
            town.world.say(town.group, who, "我们全都毁了")
        await town.settled()
        assert len(town.cards(town.moderators)) == 1
        assert "🔵" in town.cards(town.moderators)[0].words


async def test_the_decisive_words_are_marked_on_the_card(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "今晚就走，别找我")
        await town.settled()
        card = town.cards(town.counselor)[0]
        marked = [e for e in card.entities if e["type"] == "underline"]
        assert [e["length"] for e in marked] == [4]


async def test_a_caption_is_read_like_text(town: Town) -> None:
    async with town.bot_running():
        message = town.world.photo(town.group, town.lan, GOODBYE)
        await town.settled()
        assert await levels(town, message) == ["imminent"]
        assert "带照片" in (town.cards(town.counselor)[0].text or "")


async def test_an_album_with_one_caption_gives_one_alert(town: Town) -> None:
    async with town.bot_running():
        town.world.album(town.group, town.lan, [GOODBYE, None, None])
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_an_edit_into_danger_is_found(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.lan, "没事")
        await town.settled()
        town.world.edit(message, GOODBYE)
        await town.settled()
        assert await levels(town, message) == ["imminent"]


async def test_an_edit_updates_the_pending_case_and_alerts_nobody_again(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        town.world.edit(message, "今晚就走，对不起妈妈")
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert "对不起妈妈" in (card.text or "")
        assert words.EDITED in (card.text or "")
        assert len([t for t in town.said_to(town.lan) if t in words.TO_IMMINENT.values()]) == 1


async def test_an_edit_that_takes_the_danger_out_leaves_the_case_and_says_so(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        town.world.edit(message, "没事啦")
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert "没事啦" in (card.text or "")
        assert "今晚就走" in (card.text or "")


async def test_an_edit_that_makes_it_worse_raises_the_case_and_calls_again(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.lan, WEARY)
        await town.settled()
        town.world.edit(message, GOODBYE)
        await town.settled()
        assert town.calls_to(town.counselor) == 2
        assert len(town.cards(town.counselor)) == len(town.cards(town.moderators)) == 1
        assert await levels(town, message) == ["imminent"]


async def test_a_second_message_of_the_same_member_joins_her_case(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        town.world.say(town.group, town.lan, "今晚就走，真的")
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert "真的" in (card.text or "")


async def test_a_reply_is_read_with_what_it_quotes(town: Town) -> None:
    async with town.bot_running():
        first = town.world.say(town.group, town.mei, "你什么时候走")
        town.world.say(town.group, town.lan, "就今晚", reply_to=first, quote="什么时候走")
        await town.settled()
        assert town.classifier.asked[-1].context[0] == "什么时候走"


async def test_a_reply_speaks_only_for_its_own_words(town: Town) -> None:
    async with town.bot_running():
        first = town.world.say(town.group, town.lan, GOODBYE)
        second = town.world.say(town.group, town.mei, "你在哪", reply_to=first)
        await town.settled()
        assert await levels(town, second) == []


async def test_a_forward_is_about_the_one_whose_words_they_are(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.mei, GOODBYE, forward_from="小雨")
        await town.settled()
        card = town.cards(town.counselor)[0].text or ""
        assert "小雨" in card
        assert "说的是别人" in card
        assert "阿梅" in "".join(town.said_to(town.group))


async def test_a_poll_is_read_with_its_options(town: Town) -> None:
    async with town.bot_running():
        message = town.world.poll(town.group, town.lan, "我该怎么办", ["今晚就走", "再等等"])
        await town.settled()
        assert await levels(town, message) == ["imminent"]


async def test_a_stickers_emoji_is_read(town: Town) -> None:
    async with town.bot_running():
        town.world.sticker(town.group, town.lan, "😭")
        await town.settled()
        assert town.classifier.asked[-1].text == "😭"


@pytest.mark.parametrize("kind", ["dice", "voice", "document", "video", "location", "photo"])
async def test_things_without_words_are_taken_in_quietly(town: Town, kind: str) -> None:
    async with town.bot_running() as qunhu:
        getattr(town.world, kind)(town.group, town.lan)
        await town.settled()
        assert not town.cards(town.counselor)
        assert qunhu.queue.idle


async def test_a_message_in_a_topic_is_answered_in_its_topic(town: Town) -> None:
    forum = town.world.add_group("有话题的群", members=[town.mei], is_forum=True)
    thread = town.world.add_topic(forum, "修复")
    async with town.bot_running():
        town.world.say(forum, town.mei, "/help", thread=thread)
        await town.settled()
        assert [message.thread for message in town.from_bot(forum)] == [thread]


async def test_an_anonymous_admin_is_judged_but_never_written_to(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.admin, GOODBYE, via_anonymous_admin=True)
        await town.settled()
        card = town.cards(town.counselor)[0].text or ""
        assert "匿名" in card
        assert len(town.from_bot(town.admin)) == len(
            [t for t in town.said_to(town.admin) if "还缺几样" in t]
        )


async def test_a_channel_identity_is_judged_under_its_own_name(town: Town) -> None:
    channel = town.world.add_channel("鼻子日记")
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE, sender_chat=channel)
        await town.settled()
        assert "鼻子日记" in (town.cards(town.counselor)[0].text or "")
        assert not any(text in words.TO_IMMINENT.values() for text in town.said_to(town.lan))


async def test_other_bots_are_not_judged(town: Town) -> None:
    robot = town.world.add_user("天气机器人", is_bot=True)
    town.world.join(town.group, robot)
    town.world.bots_see_bots = True
    async with town.bot_running():
        town.world.say(town.group, robot, GOODBYE)
        await town.settled()
        assert not town.cards(town.counselor)


async def test_service_messages_are_not_judged(town: Town) -> None:
    async with town.bot_running():
        town.world.set_title(town.group, "今晚就走自驾群")
        message = town.world.say(town.group, town.mei, "路上小心")
        town.world.pin(town.group, message)
        await town.settled()
        assert not town.cards(town.counselor)


async def test_the_moderators_own_talk_is_not_judged(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.moderators, town.moderator, "刚才小岚说今晚就走")
        await town.settled()
        assert not town.cards(town.counselor)


async def test_danger_said_to_the_bot_in_private_is_found_too(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, GOODBYE)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1
        assert any(text in words.TO_IMMINENT.values() for text in town.said_to(town.lan))


async def test_ordinary_words_in_private_get_a_way_on(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "你好")
        await town.settled()
        assert words.PRIVATE_HINT in town.said_to(town.lan)


async def test_the_same_sentence_is_not_said_twice_to_the_same_person(town: Town) -> None:
    async with town.bot_running():
        for _ in range(2):
            town.world.say(town.group, town.lan, GOODBYE)
            await town.settled()
            card = town.cards(town.moderators)[-1]
            town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.DISMISS])
            await town.settled()
        said = [text for text in town.said_to(town.lan) if text in words.TO_IMMINENT.values()]
        assert len(said) == len(set(said)) == 2


async def test_a_name_full_of_markup_stays_a_name(town: Town) -> None:
    sly = town.world.add_user("<b>管理员</b>\n‮<a href='x'>")
    town.world.join(town.group, sly)
    async with town.bot_running():
        town.world.say(town.group, sly, GOODBYE)
        await town.settled()
        card = town.cards(town.counselor)[0].text or ""
        assert "<b>管理员</b> <a href='x'>" in card


async def test_one_persons_crisis_is_one_case_wherever_she_speaks(town: Town) -> None:
    other = town.world.add_group("另一个群", members=[town.lan])
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        town.world.say(other, town.lan, GOODBYE)
        await town.settled()
        assert len(town.cards(town.counselor)) == town.calls_to(town.counselor) == 1


async def test_what_she_answers_in_private_belongs_to_her_case(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        town.world.say(town.world.private(town.lan), town.lan, "没有人，就我一个")
        await town.settled()
        assert "就我一个" in (town.cards(town.counselor)[0].text or "")
        assert words.PRIVATE_HINT not in town.said_to(town.lan)


async def test_who_writes_on_in_private_reads_that_it_was_seen_but_not_at_every_word(
    town: Town,
) -> None:
    home = town.world.private(town.lan)
    async with town.bot_running():
        for text in (GOODBYE, "没有人，就我一个", "在吗"):
            town.world.say(home, town.lan, text)
            await town.settled()
        (told,) = _heard(town)
        assert told in elsewhere.HEARD_URGENT.values()


async def test_once_somebody_has_it_she_reads_who_sees_her_words(town: Town) -> None:
    home = town.world.private(town.lan)
    async with town.bot_running():
        town.world.say(home, town.lan, GOODBYE)
        await town.settled()
        card = town.cards(town.counselor)[-1]
        town.world.tap(town.counselor, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        town.world.say(home, town.lan, GOODBYE)
        await town.settled()
        held = {text.format(who=town.counselor.name) for text in elsewhere.HEARD_HELD.values()}
        assert town.said_to(town.lan)[-1] in held


async def test_what_she_writes_on_in_the_group_is_not_answered_there_or_in_private(
    town: Town,
) -> None:
    async with town.bot_running():
        for text in (GOODBYE, "没有人，就我一个", GOODBYE):
            town.world.say(town.group, town.lan, text)
            await town.settled()
        assert _heard(town) == []


def _heard(town: Town) -> list[str]:
    """What 小岚 was told of her words being seen."""
    texts = {*elsewhere.HEARD.values(), *elsewhere.HEARD_URGENT.values()}
    return [text for text in town.said_to(town.lan) if text in texts]


async def test_who_is_abroad_gets_no_number_that_does_not_work_there(town: Town) -> None:
    home = town.world.private(town.lan)
    async with town.bot_running():
        town.world.say(home, town.lan, f"我在香港，{GOODBYE}")
        await town.settled()
        word = town.from_bot(town.lan)[-1]
        assert "999" in word.words
        assert not {"110", "120", "12356"} & set(re.findall("[0-9]+", word.words))
        town.world.tap(town.lan, word, words.BUTTON_NUMBERS)
        await town.settled()
        assert "18111" in town.said_to(town.lan)[-1]


async def test_what_hurts_is_answered_kindly_and_not_with_what_the_chat_is_for(
    town: Town,
) -> None:
    home = town.world.private(town.lan)
    town.classifier.words = {"随便写写": scores(Crisis.DISTRESS)}
    async with town.bot_running():
        for _ in range(2):
            town.world.say(home, town.lan, "随便写写")
            await town.settled()
        said = town.said_to(town.lan)
        assert said[-2] in elsewhere.SAD.values()
        assert said[-1] == words.PRIVATE_HINT


async def test_two_people_whose_words_are_forwarded_are_two_cases(town: Town) -> None:
    async with town.bot_running():
        for name in ("小雨", "阿丽"):
            town.world.say(town.group, town.mei, GOODBYE, forward_from=name)
        await town.settled()
        assert len(town.cards(town.counselor)) == 2


async def test_danger_after_a_false_alarm_is_a_new_case(town: Town) -> None:
    async with town.bot_running():
        message = town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        card = town.cards(town.moderators)[0]
        town.world.tap(town.moderator, card, words.MOVE_BUTTON[Move.DISMISS])
        await town.settled()
        town.world.edit(message, "今晚就走，药已经吞了")
        await town.settled()
        assert len(town.cards(town.moderators)) == 2


async def test_a_claimed_case_that_becomes_worse_is_open_again(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, WEARY)
        await town.settled()
        card = town.cards(town.counselor)[0]
        town.world.tap(town.counselor, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert "还没有人接" in (town.cards(town.counselor)[0].text or "")
        assert town.calls_to(town.counselor) == 2


async def test_a_message_after_the_move_is_not_taken_for_an_old_one(town: Town) -> None:
    group = town.world.add_group("老群", kind="group", members=[town.lan, town.mei])
    async with town.bot_running():
        town.world.say(group, town.lan, GOODBYE)
        await town.settled()
        town.world.tap(
            town.moderator, town.cards(town.moderators)[0], words.MOVE_BUTTON[Move.DISMISS]
        )
        moved = town.world.migrate(group)
        await town.settled()
        for text in ("大家好", GOODBYE, GOODBYE):
            town.world.say(moved, town.mei, text)
        await town.settled()
        assert any("阿梅" in (card.text or "") for card in town.cards(town.moderators))
