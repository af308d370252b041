"""What follows when despair spreads, seen from outside: the card, its buttons, the end; over real HTTP."""

from __future__ import annotations

import pytest

from bot.alerting.buttons import link_to
from bot.simulator import Message, User
from bot.simulator.errors import bad_request
from bot.simulator.records import CallbackQuery
from bot.spirals import stories
from bot.spirals.clock import lapse
from bot.words import duty as words_duty
from bot.words import spirals as said
from moderation import spiral
from moderation.cases import CaseState, Move
from moderation.spiral import Ending
from moderation.spiral.tuning import TUNING
from moderation.storage import audit, chats, learning, people, spirals
from tests.bot.town import Town

HEAVY, HOLDING, GOODBYE = "我们全都毁了", "抱抱，我在", "谢谢大家，今晚就走"
NOT_ONE = said.MOVE_BUTTON[Move.DISMISS]


async def sinking(town: Town, *, held: bool = False) -> tuple[User, User]:
    """Three members sink, one after the other; perhaps a fourth holds them. 夏夏 and 林姐."""
    xia, lin = town.world.add_user("夏夏"), town.world.add_user("林姐")
    for user in (xia, lin):
        town.world.join(town.group, user)
        town.world.start(user)
    await opened(town)
    town.world.say(town.group, town.lan, HEAVY)
    if held:
        town.world.say(town.group, lin, HOLDING)
    await sink(town, town.mei, xia, town.lan)
    return xia, lin


async def opened(town: Town) -> None:
    """The group is known, its day of rehearsal over."""
    town.world.set_bot(town.group, "administrator")
    await town.settled()
    assert town.bot is not None
    async with town.bot.services.database.transaction() as tx:
        await chats.change(tx, town.group.id, rehearse_until=None)


async def sink(town: Town, *who: User) -> None:
    """They say something heavy."""
    for user in who:
        town.world.say(town.group, user, HEAVY)
    await town.settled()


async def chat_calmly(town: Town, *who: User) -> None:
    """Talk of something else."""
    for user in who:
        town.world.say(town.group, user, "今天楼下奶茶第二杯半价")
    await town.settled()


async def over_again(town: Town, *who: User) -> None:
    """Later that evening, when the detector has calmed down, these sink."""
    assert town.bot is not None
    async with town.bot.services.database.transaction() as tx:
        await chats.keep_spiral_state(tx, town.group.id, b"")
    await sink(town, *who)


async def half_an_hour_later(town: Town) -> None:
    """Nobody said a heavy word for long; the clockwork ticks."""
    assert town.bot is not None
    services = town.bot.services
    async with services.database.transaction() as tx:
        state = spiral.load(await chats.spiral_state(tx, town.group.id))
        assert state.episode is not None
        episode = state.episode._replace(last=state.episode.last - TUNING.silence)
        state = state._replace(episode=episode)
        await chats.keep_spiral_state(tx, town.group.id, spiral.dump(state))
        await spirals.plan_lapse(tx, town.group.id, stories.lapses_at(state, TUNING))
    await lapse(services)
    await town.settled()


def the_card(town: Town) -> Message:
    """The newest card in the moderators' chat."""
    return town.cards(town.moderators)[-1]


async def tapped(town: Town, message: Message, button: str, who: User | None = None) -> str:
    """Somebody (the moderator) taps; what she is told."""
    query: CallbackQuery = town.world.tap(who or town.moderator, message, button)
    await town.settled()
    assert query.answer is not None
    return query.answer.text


def buttons(message: Message) -> list[str]:
    """The words on its buttons."""
    return [button["text"] for row in message.buttons for button in row]


# --- the card -------------------------------------------------------------------------------------


async def test_moderators_see_a_picture_and_who_started_who_caught_it_and_who_steadies(
    town: Town,
) -> None:
    async with town.bot_running():
        await sinking(town, held=True)
        card = the_card(town)
        assert "photo" in card.content
        assert said.STARTED.format(who="① 小岚") in card.words
        assert said.CAUGHT.format(who="② 阿梅、③ 夏夏") in card.words
        assert said.STEADYING.format(who="林姐") in card.words
        assert buttons(card)[:3] == ["我来", "处理好了", NOT_ONE]
        assert {words_duty.BUTTON_ACT["calm"], words_duty.BUTTON_ACT["thank"]} <= {*buttons(card)}


async def test_without_its_picture_the_card_comes_as_plain_text_and_stays_up_to_date(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> bytes:
        raise RuntimeError("no font at all")

    monkeypatch.setattr("bot.spirals.picture.draw", broken)
    async with town.bot_running():
        await sinking(town)
        card = the_card(town)
        assert card.text is not None
        await tapped(town, card, "我来")
        assert said.STATE[CaseState.CLAIMED].format(who="管理员小何") in card.words


async def test_a_chat_that_takes_no_pictures_gets_the_words(town: Town) -> None:
    async with town.bot_running():
        refused = bad_request("not enough rights to send photos to the chat")
        town.world.faults.add("error", "sendPhoto", error=refused)
        await sinking(town)
        assert the_card(town).text is not None


async def test_somebody_in_danger_stands_on_top_of_the_card_with_a_link(town: Town) -> None:
    async with town.bot_running():
        xia, _ = await sinking(town)
        goodbye = town.world.say(town.group, xia, GOODBYE)
        await town.settled()
        card = town.cards(town.moderators)[0]
        line = said.IN_DANGER.format(
            who="夏夏", level=said.LEVEL["imminent"], state=said.DANGER_STATE[CaseState.OPEN]
        )
        assert line in card.words
        links = [e["url"] for e in card.entities if e["type"] == "text_link"]
        assert links == [link_to(town.group.id, goodbye.id, None)]
        assert said.STEPS_DANGER in card.words


async def test_moderators_who_do_not_hear_of_ideation_are_not_told_who(town: Town) -> None:
    async with town.bot_running():
        xia, _ = await sinking(town)
        town.world.say(town.group, xia, "真的不想活了")
        await town.settled()
        assert said.IN_DANGER_UNNAMED.format(count=1) in the_card(town).words


async def test_one_more_who_is_caught_appears_on_the_same_card(town: Town) -> None:
    async with town.bot_running():
        _, lin = await sinking(town)
        await sink(town, lin)
        assert "④ 林姐" in the_card(town).words
        assert town.calls_to(town.moderators) == 1


async def test_one_that_grows_untaken_is_shown_again_and_one_in_hand_is_not(town: Town) -> None:
    more = [
        town.world.add_user(name) for name in ("橙子", "苗苗", "静静", "一一", "大刘", "豆豆妈")
    ]
    for user in more:
        town.world.join(town.group, user)
    async with town.bot_running():
        await sinking(town)
        await sink(town, *more[:3])
        assert town.calls_to(town.moderators) == 2
        await tapped(town, the_card(town), "我来")
        await sink(town, *more[3:])
        assert town.calls_to(town.moderators) == 2


# --- the calming word -----------------------------------------------------------------------------


async def test_the_calming_word_is_seen_first_changed_sent_and_taken_back(town: Town) -> None:
    async with town.bot_running():
        await sinking(town)
        card = the_card(town)
        await tapped(town, card, words_duty.BUTTON_ACT["calm"])
        preview = town.from_bot(town.moderators)[-1]
        assert said.CALMING["calm-1"] in preview.words
        assert not [t for t in town.said_to(town.group) if t in said.CALMING.values()]
        await tapped(town, preview, said.BUTTON_OTHER)
        assert said.CALMING["calm-2"] in preview.words
        assert await tapped(town, preview, said.BUTTON_SEND) == words_duty.ACT_DONE["calm"]
        assert town.said_to(town.group)[-1] == said.CALMING["calm-2"]
        assert "管理员小何：群里发了安抚" in card.words
        undo = words_duty.BUTTON_UNDO_ACT.format(what=words_duty.DID["calm"])
        assert await tapped(town, card, undo) == said.CALM_RECALLED
        assert said.CALMING["calm-2"] not in town.said_to(town.group)


async def test_two_moderators_do_not_both_calm_and_the_next_word_is_another(town: Town) -> None:
    async with town.bot_running():
        await sinking(town)
        card = the_card(town)
        for _ in range(2):
            await tapped(town, card, words_duty.BUTTON_ACT["calm"])
        first, second = town.from_bot(town.moderators)[-2:]
        await tapped(town, first, said.BUTTON_SEND)
        told = await tapped(town, second, said.BUTTON_SEND, town.admin)
        what = words_duty.DID["calm"]
        assert told == words_duty.ACT_TWICE.format(who="管理员小何", what=what)
        undo = words_duty.BUTTON_UNDO_ACT.format(what=what)
        await tapped(town, card, undo)
        await tapped(town, card, words_duty.BUTTON_ACT["calm"])
        assert said.CALMING["calm-2"] in town.from_bot(town.moderators)[-1].words


async def test_a_preview_that_was_put_away_sends_nothing(town: Town) -> None:
    async with town.bot_running():
        await sinking(town)
        await tapped(town, the_card(town), words_duty.BUTTON_ACT["calm"])
        preview = town.from_bot(town.moderators)[-1]
        before = town.said_to(town.group)
        await tapped(town, preview, said.BUTTON_DROP)
        assert (preview.words, preview.buttons) == (said.PREVIEW_DROPPED, [])
        assert town.said_to(town.group) == before


# --- thanks ---------------------------------------------------------------------------------------


async def test_who_steadied_is_thanked_in_private_and_it_can_be_taken_back(town: Town) -> None:
    async with town.bot_running():
        _, lin = await sinking(town, held=True)
        card = the_card(town)
        assert (
            await tapped(town, card, words_duty.BUTTON_ACT["thank"]) == words_duty.ACT_DONE["thank"]
        )
        assert town.said_to(lin)[-1] in said.THANKS.values()
        undo = words_duty.BUTTON_UNDO_ACT.format(what=words_duty.DID["thank"])
        assert await tapped(town, card, undo) == said.THANK_RECALLED
        assert not set(town.said_to(lin)) & set(said.THANKS.values())


async def test_nobody_is_thanked_where_those_who_steadied_cannot_be_written_to(town: Town) -> None:
    async with town.bot_running() as qunhu:
        _, lin = await sinking(town, held=True)
        async with qunhu.services.database.transaction() as tx:
            await people.note_writable(tx, lin.id, writable=False)
        told = await tapped(town, the_card(town), words_duty.BUTTON_ACT["thank"])
        assert told == said.THANK_UNREACHABLE


# --- not a spiral ---------------------------------------------------------------------------------


async def test_what_was_no_spiral_is_not_told_again_that_evening_but_another_circle_is(
    town: Town,
) -> None:
    async with town.bot_running() as qunhu:
        xia, _ = await sinking(town)
        card = the_card(town)
        assert await tapped(town, card, NOT_ONE) == said.MOVE_DONE[Move.DISMISS]
        assert said.STATE[CaseState.FALSE_ALARM].format(who="管理员小何") in card.words
        await over_again(town, town.lan, town.mei, xia, town.lan)
        assert town.calls_to(town.moderators) == 1
        async with qunhu.services.database.reading() as tx:
            entries = [entry async for entry in audit.entries(tx)]
            (judged,) = await learning.judged_spirals(tx)
        assert not judged.real
        assert [e["case"] for e in entries if e["what"] == "spiral_muted"] == [1]
        others = [town.world.add_user(name) for name in ("橙子", "苗苗", "静静")]
        for user in others:
            town.world.join(town.group, user)
        await over_again(town, *others, others[0])
        assert town.calls_to(town.moderators) == 2


async def test_undo_lets_the_same_circle_alert_again(town: Town) -> None:
    async with town.bot_running():
        xia, _ = await sinking(town)
        card = the_card(town)
        await tapped(town, card, NOT_ONE)
        await tapped(town, card, "撤销")
        await over_again(town, town.lan, town.mei, xia, town.lan)
        assert town.calls_to(town.moderators) == 2


# --- the end --------------------------------------------------------------------------------------


async def test_one_that_dies_at_night_is_closed_by_the_clock_also_after_a_restart(
    town: Town,
) -> None:
    async with town.bot_running():
        await sinking(town, held=True)
    async with town.bot_running():
        await half_an_hour_later(town)
        line, card = town.from_bot(town.moderators)[-1], the_card(town)
        assert said.OVER[Ending.SILENCE] in line.words
        assert "3 个人" in line.words
        assert line.reply_to is card
        assert said.OVER_CARD.split("：")[0] in card.words
        assert words_duty.BUTTON_ACT["calm"] not in buttons(card)


async def test_a_line_says_who_turned_it(town: Town) -> None:
    async with town.bot_running():
        _, lin = await sinking(town)
        for _ in range(4):
            town.world.say(town.group, lin, HOLDING)
        await town.settled()
        assert said.OVER[Ending.STEADIED].format(who="林姐") in town.said_to(town.moderators)[-1]
        before = len(town.from_bot(town.moderators))
        await lapse_nothing(town)
        assert len(town.from_bot(town.moderators)) == before


async def test_the_end_is_told_once_though_two_cards_were_on_their_way(town: Town) -> None:
    names = ("夏夏", "橙子", "苗苗", "静静", "林姐")
    *more, lin = [town.world.add_user(name) for name in names]
    for user in (*more, lin):
        town.world.join(town.group, user)
    async with town.bot_running():
        await opened(town)
        town.world.faults.add("retry", "sendPhoto", chat_id=town.moderators.id, retry_after=2)
        for user in (town.lan, town.mei, more[0], town.lan, *more[1:]):
            town.world.say(town.group, user, HEAVY)
        for _ in range(4):
            town.world.say(town.group, lin, HOLDING)
        await town.settled()
    ends = [text for text in town.said_to(town.moderators) if "那一阵过去了" in text]
    assert len(ends) == 1


async def lapse_nothing(town: Town) -> None:
    """The clockwork ticks while no spiral runs."""
    assert town.bot is not None
    await lapse(town.bot.services)
    await town.settled()


async def test_of_what_was_no_spiral_no_end_is_told(town: Town) -> None:
    async with town.bot_running():
        await sinking(town)
        await tapped(town, the_card(town), NOT_ONE)
        said_before = town.said_to(town.moderators)
        await half_an_hour_later(town)
        assert town.said_to(town.moderators) == said_before
