"""Delivery under trouble: nothing lost, nothing doubled without saying so, crisis first."""

from __future__ import annotations

import asyncio
import itertools
import re
from dataclasses import replace
from datetime import UTC, datetime

import httpx
import pytest
from telegram.error import NetworkError, TimedOut

from bot import words
from bot.app import Qunhu
from bot.sending import outbox as module
from bot.sending import pacer
from bot.sending.courier import may_have_arrived
from bot.sending.performers import plain
from moderation.storage import outbox
from moderation.storage.outbox import Delivery, Lane, Outgoing
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"
LATER = datetime(2100, 1, 1, tzinfo=UTC)


def because(error: NetworkError, cause: Exception) -> NetworkError:
    """An error as PTB raises it from httpx's."""
    error.__cause__ = cause
    return error


def hello(town: Town, number: int, lane: Lane = Lane.ANSWER) -> Outgoing:
    """A message to the counselor."""
    return Outgoing(f"t{number}", lane, town.counselor.id, "sendMessage", {"text": f"第{number}条"})


async def store(town: Town, *items: Outgoing) -> None:
    """Put rows into the outbox."""
    assert town.bot is not None
    async with town.bot.services.database.transaction() as tx:
        for item in items:
            await outbox.put(tx, item)
    town.bot.services.outbox.wake()


async def held_back(town: Town, qunhu: Qunhu) -> Delivery:
    """A row as the runner read it, with the time to change it before it is delivered."""
    item = replace(hello(town, 1), payload={"text": "旧的"}, not_before=LATER)
    async with qunhu.services.database.transaction() as tx:
        row = await outbox.put(tx, item)
        assert row is not None
        found = await outbox.get(tx, row)
    assert found is not None
    return found


async def test_a_429_is_waited_out(town: Town) -> None:
    async with town.bot_running():
        town.world.faults.add("retry", "sendMessage", chat_id=town.counselor.id, retry_after=2)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        tries = [
            c
            for c in town.world.calls
            if c.method == "sendMessage"
            and "🔴" in str(c.params.get("text", ""))
            and str(c.params["chat_id"]) == str(town.counselor.id)
        ]
        assert len(town.cards(town.counselor)) == 1
        assert len(tries) == 2
        assert tries[1].time - tries[0].time >= 2


async def test_a_500_is_tried_again(town: Town) -> None:
    async with town.bot_running():
        fault = town.world.faults.add("server_error", "sendMessage", count=3)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1
        assert len(town.cards(town.moderators)) == 1
        assert fault.hits == 3


async def test_only_a_card_is_marked_when_a_bad_gateway_may_have_passed_it_on(town: Town) -> None:
    async with town.bot_running():
        town.world.faults.add("bad_gateway", "sendMessage", chat_id=town.counselor.id)
        town.world.faults.add("bad_gateway", "sendMessage", chat_id=town.lan.id)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert (card.text or "").startswith(words.MAYBE_TWICE)
        assert not any(words.MAYBE_TWICE in said for said in town.said_to(town.lan))


async def test_a_card_that_surely_did_not_arrive_is_not_marked(town: Town) -> None:
    async with town.bot_running():
        town.world.faults.add("retry", "sendMessage", chat_id=town.counselor.id)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        (card,) = town.cards(town.counselor)
        assert not (card.text or "").startswith(words.MAYBE_TWICE)


@pytest.mark.parametrize(
    ("error", "maybe"),
    [
        (NetworkError("Bad Gateway (502)"), True),
        (NetworkError("Internal Server Error"), True),
        (because(TimedOut(), httpx.ReadTimeout("")), True),
        (because(NetworkError(""), httpx.RemoteProtocolError("")), True),
        (because(NetworkError(""), httpx.ConnectError("")), False),
        (because(TimedOut(), httpx.ConnectTimeout("")), False),
        (because(TimedOut(), httpx.PoolTimeout("")), False),
        (because(NetworkError(""), httpx.ProxyError("")), False),
        (NetworkError("Too Many Requests (429). Parsing the answer failed"), False),
    ],
    ids=str,
)
def test_what_surely_did_not_arrive_is_known(error: NetworkError, maybe: bool) -> None:
    assert may_have_arrived(error) is maybe


async def test_broken_markup_goes_out_as_plain_text(town: Town) -> None:
    async with town.bot_running():
        text = "<b>1 &lt; 2 <i>今晚</i> <a href='x'>看</a>"
        payload = {"text": text, "parse_mode": "HTML"}
        await store(town, Outgoing("t", Lane.CRISIS, town.counselor.id, "sendMessage", payload))
        await town.settled()
        assert "1 < 2 今晚 看" in town.said_to(town.counselor)


def test_signs_that_are_no_markup_stay_in_plain_text() -> None:
    assert plain({"text": "3 < 5 和 a<b 5 > 3", "parse_mode": "HTML"}) == {
        "text": "3 < 5 和 a<b 5 > 3"
    }


async def test_what_is_rewritten_at_the_last_moment_goes_out_as_it_is_now(town: Town) -> None:
    async with town.bot_running() as qunhu:
        stale = await held_back(town, qunhu)
        async with qunhu.services.database.transaction() as tx:
            await outbox.rewrite(tx, stale.id, {"text": "新的"})
        await qunhu.services.outbox._courier.deliver(stale)
        assert "新的" in town.said_to(town.counselor)
        assert "旧的" not in town.said_to(town.counselor)


async def test_what_is_given_up_at_the_last_moment_stays_unsent(town: Town) -> None:
    async with town.bot_running() as qunhu:
        stale = await held_back(town, qunhu)
        async with qunhu.services.database.transaction() as tx:
            await outbox.give_up(tx, stale.id, "replaced")
        await qunhu.services.outbox._courier.deliver(stale)
        assert "旧的" not in town.said_to(town.counselor)


async def test_two_who_take_the_same_row_send_it_once(town: Town) -> None:
    async with town.bot_running() as qunhu:
        stale = await held_back(town, qunhu)
        deliver = qunhu.services.outbox._courier.deliver
        await asyncio.gather(deliver(stale), deliver(stale))
        assert town.said_to(town.counselor).count("旧的") == 1


async def test_an_edit_waits_for_its_message_and_then_finds_it(town: Town) -> None:
    async with town.bot_running() as qunhu:
        async with qunhu.services.database.transaction() as tx:
            parent = await outbox.put(tx, hello(town, 1))
            edit = Outgoing(
                "e", Lane.TAP, town.counselor.id, "editMessageText", {"text": "改"}, follows=parent
            )
            await outbox.put(tx, edit)
        await town.settled()
        assert "改" in town.said_to(town.counselor)


async def test_a_line_cut_after_the_send_is_repeated_with_a_mark(town: Town) -> None:
    async with town.bot_running():
        town.world.faults.add("cut_after", "sendMessage", chat_id=town.counselor.id)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        first, second = town.cards(town.counselor)
        assert not (first.text or "").startswith(words.MAYBE_TWICE)
        assert (second.text or "").startswith(words.MAYBE_TWICE)


async def test_the_network_may_be_down_for_a_while(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        town.world.faults.offline = True
        await asyncio.sleep(2)
        town.world.faults.clear()
        await town.settled()
        assert town.cards(town.counselor)


async def test_updates_that_come_twice_and_shuffled_alert_once(town: Town) -> None:
    async with town.bot_running():
        town.world.faults.add("duplicate", "getUpdates", count=5)
        town.world.faults.add("shuffle", "getUpdates", count=5)
        for text in ("大家好", GOODBYE, "晚安"):
            town.world.say(town.group, town.lan, text)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_a_crisis_does_not_wait_behind_a_slow_chat(town: Town) -> None:
    async with town.bot_running():
        town.world.faults.add("slow", "sendMessage", chat_id=town.group.id, delay=3.0)
        town.world.say(town.group, town.mei, "/help")
        town.world.say(town.group, town.lan, GOODBYE)
        await town.world.wait_for(lambda: town.cards(town.counselor), timeout=2.5)


async def test_a_crisis_overtakes_what_waits_for_the_same_chat(town: Town) -> None:
    async with town.bot_running():
        await store(town, *(hello(town, n) for n in range(4)), hello(town, 9, Lane.CRISIS))
        await town.settled()
        assert town.said_to(town.counselor).index("第9条") <= 1


async def test_one_chat_gets_at_most_one_message_a_second(town: Town) -> None:
    async with town.bot_running():
        await store(town, *(hello(town, n) for n in range(3)))
        await town.settled()
        said = [c for c in town.world.calls if str(c.params.get("text", "")).startswith("第")]
        times = [c.time for c in said]
        assert len(times) == 3
        assert all(later - sooner > 0.95 for sooner, later in itertools.pairwise(times))


async def test_the_same_dedupe_key_goes_out_once(town: Town) -> None:
    async with town.bot_running():
        await store(town, hello(town, 1), hello(town, 1))
        await town.settled()
        assert town.said_to(town.counselor).count("第1条") == 1


async def test_the_text_of_a_sent_row_is_forgotten(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await store(town, hello(town, 1))
        await town.settled()
        async with qunhu.services.database.reading() as tx:
            row = await outbox.get(tx, 1)
        assert row is not None
        assert row.payload == {}


async def test_an_orderly_restart_repeats_nothing(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
    async with town.bot_running():
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_what_is_written_while_the_bot_is_away_is_found_at_its_return(town: Town) -> None:
    async with town.bot_running():
        pass
    town.world.say(town.group, town.lan, GOODBYE)
    async with town.bot_running():
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_a_chat_with_much_to_be_told_does_not_keep_another_waiting(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "AT_ONCE", module.KEPT_FOR_CRISES + 1)
    monkeypatch.setattr(pacer, "CHAT_SPACING", 0.0)
    async with town.bot_running():
        much = [hello(town, number) for number in range(12)]
        last = replace(hello(town, 99), chat_id=town.lan.id)
        await store(town, *much, last)
        await town.settled()
    said = [str(call.params.get("text")) for call in town.world.calls]
    order = [text for text in said if re.fullmatch("第[0-9]+条", text)]
    assert len(order) == 13
    assert order.index("第99条") <= 2
