"""Delivery under trouble: nothing lost, nothing doubled without saying so, crisis first."""

from __future__ import annotations

import asyncio
import itertools

from bot import words
from moderation.storage import outbox
from moderation.storage.outbox import Lane, Outgoing
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"


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


async def test_a_429_is_waited_out(town: Town) -> None:
    async with town.bot_running():
        town.world.faults.add("retry", "sendMessage", chat_id=town.counselor.id, retry_after=2)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        tries = [
            c
            for c in town.world.calls
            if "🔴" in str(c.params.get("text", ""))
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
        times = [c.time for c in town.world.calls if "第" in str(c.params.get("text", ""))]
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
