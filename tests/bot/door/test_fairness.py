from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import telegram

from bot.door.fairness import REFILL_AT, WINDOW, Backlog, urgency_of
from bot.door.inbox import DurableQueue
from bot.door.ordering import ChatOrder
from migrations import upgrade
from moderation.look import Look
from moderation.safewords import SafeWords
from moderation.storage import Database, Sealer, inbox, open_database
from moderation.storage.inbox import Line
from moderation.turns import URGENCY, Turns, Urgency
from tests.fakes import FakeClock

LOOK = Look.load(SafeWords.load())
FLOODED, QUIET = -1, -2
CHATTER, ALARM = Line(FLOODED, Urgency.REST), Line(FLOODED, Urgency.DANGER)
DANGER = "今晚我就离开这个世界"
MEMBER = telegram.User(7, "小岚", False)


def said(number: int, text: str = "今天拆线了", chat_id: int = FLOODED) -> telegram.Update:
    """A message arrives."""
    chat = telegram.Chat(chat_id, "private" if chat_id > 0 else "supergroup")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    message = telegram.Message(number, at, chat, from_user=MEMBER, text=text)
    return telegram.Update(number, message=message)


def tapped(number: int, chat_id: int) -> telegram.Update:
    """A button is tapped."""
    query = telegram.CallbackQuery("1", MEMBER, "x", message=said(number, chat_id=chat_id).message)
    return telegram.Update(number, callback_query=query)


@pytest.mark.parametrize(
    ("update", "urgency"),
    [
        (said(1), Urgency.REST),
        (said(1, DANGER), Urgency.DANGER),
        (said(1, "谢谢大家，我走了"), Urgency.LIKELY),
        (said(1, "/sos"), Urgency.DANGER),
        (tapped(1, FLOODED), Urgency.DANGER),
        (said(1, "/sos", chat_id=5), Urgency.DANGER),
        (said(1, DANGER, chat_id=5), Urgency.REST),
        (tapped(1, 5), Urgency.REST),
        (telegram.Update(1), Urgency.REST),
    ],
    ids=[
        "chatter",
        "a safe word",
        "perhaps danger",
        "a call for help in a group",
        "a moderator's tap",
        "a call for help in private",
        "in private answers stay in order",
        "in private taps stay in order",
        "nothing known",
    ],
)
def test_what_goes_first(update: telegram.Update, urgency: Urgency) -> None:
    assert urgency_of(update, LOOK.urgency) is urgency


def test_of_one_line_only_a_few_are_held_in_memory() -> None:
    backlog = Backlog()
    held = [backlog.comes(CHATTER, number) for number in range(WINDOW + 5)]
    assert held == [True] * WINDOW + [False] * 5
    assert backlog.left == 5
    assert backlog.comes(Line(QUIET, Urgency.REST), 99), "another chat is not concerned"
    assert backlog.comes(ALARM, 100), "nor is danger in the same chat"


def test_what_was_left_comes_up_in_order_when_the_line_is_short() -> None:
    backlog = Backlog()
    for number in reversed(range(WINDOW + 40)):
        backlog.comes(CHATTER, number)
    for gone in range(1, WINDOW - REFILL_AT + 1):
        came = backlog.goes(CHATTER)
        assert bool(came) is (gone == WINDOW - REFILL_AT)
    assert came == list(range(WINDOW - REFILL_AT))
    assert backlog.left == 40 - (WINDOW - REFILL_AT)


def test_danger_that_is_left_on_disk_does_not_wait_for_small_talk_in_memory() -> None:
    backlog = Backlog()
    for number in range(100):
        backlog.comes(CHATTER, number)
        backlog.comes(ALARM, 100 + number)
    came = [number for _ in range(WINDOW) for number in backlog.goes(ALARM)]
    assert came == list(range(100 + WINDOW, 100 + 2 * WINDOW - REFILL_AT))


def test_what_comes_while_others_are_read_from_disk_stays_behind_them() -> None:
    backlog = Backlog()
    for number in range(WINDOW + 1):
        backlog.comes(CHATTER, number)
    reads = [backlog.goes(CHATTER) for _ in range(WINDOW)]
    assert [read for read in reads if read] == [[WINDOW]]
    assert not backlog.comes(CHATTER, 50)
    backlog.are_read(CHATTER)
    assert not backlog.comes(CHATTER, 51)
    assert backlog.goes(CHATTER) == [50, 51]


def test_a_line_that_is_done_with_leaves_nothing_behind() -> None:
    backlog = Backlog()
    backlog.comes(CHATTER, 1)
    backlog.comes_again(CHATTER)
    assert [backlog.goes(CHATTER), backlog.goes(CHATTER)] == [[], []]
    assert backlog == Backlog()


async def test_in_a_chat_the_most_urgent_has_the_next_turn_and_one_who_left_is_passed_over() -> (
    None
):
    turns, order = Turns(), []

    async def work(name: str, urgency: Urgency, place: int = FLOODED) -> None:
        async with turns.turn(place, urgency):
            order.append(name)
            await asyncio.sleep(0)

    async with turns.turn(FLOODED, Urgency.REST):
        waiting = [
            asyncio.create_task(work(name, urgency))
            for name, urgency in [
                ("first", Urgency.REST),
                ("second", Urgency.REST),
                ("likely", Urgency.LIKELY),
                ("gone", Urgency.DANGER),
                ("danger", Urgency.DANGER),
            ]
        ]
        await asyncio.sleep(0)
        waiting[3].cancel()
        await work("elsewhere", Urgency.REST, QUIET)
    await asyncio.gather(*waiting, return_exceptions=True)
    assert order == ["elsewhere", "danger", "likely", "first", "second"]


async def test_one_who_is_cancelled_just_as_the_turn_comes_passes_it_on() -> None:
    turns = Turns()

    async def work() -> None:
        async with turns.turn(FLOODED, Urgency.REST):
            pass

    async with turns.turn(FLOODED, Urgency.REST):
        unlucky, following = asyncio.create_task(work()), asyncio.create_task(work())
        await asyncio.sleep(0)
    unlucky.cancel()
    async with asyncio.timeout(1):
        await following


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database."""
    database = open_database(
        f"sqlite+aiosqlite:///{tmp_path}/qunhu.db", Sealer(bytes(32)), FakeClock()
    )
    await upgrade(database)
    yield database
    await database.close()


async def test_what_an_update_writes_is_as_urgent_as_the_update(database: Database) -> None:
    queue = DurableQueue(database, lambda text: Urgency.DANGER if "急" in text else Urgency.REST)
    order, felt = ChatOrder(database, queue, None), dict[str, Urgency]()

    async def work(text: str) -> None:
        felt[text] = URGENCY.get()

    for number, text in enumerate(("急", "哈哈")):
        await order.do_process_update(said(number, text), work(text))
    await order.do_process_update(said(3, "你好", chat_id=5), work("你好"))
    assert felt == {"急": Urgency.DANGER, "哈哈": Urgency.REST, "你好": Urgency.DANGER}
    assert URGENCY.get() is Urgency.LIKELY


async def worked_through(database: Database, queue: DurableQueue) -> list[int]:
    """Let everything that was put be worked on as PTB does; the numbers in the order of the work."""
    order, done = ChatOrder(database, queue, None), []
    tasks: set[asyncio.Task[None]] = set()

    async def one(update: telegram.Update) -> None:
        async def handle() -> None:
            done.append(update.update_id)
            await asyncio.sleep(0)

        await order.do_process_update(update, handle())
        queue.task_done()

    async def fetch() -> None:
        while True:
            update = await queue.get()
            assert isinstance(update, telegram.Update)
            tasks.add(asyncio.create_task(one(update)))

    fetching = asyncio.create_task(fetch())
    async with asyncio.timeout(60):
        await queue.join()
    fetching.cancel()
    return done


async def test_a_flood_in_one_group_delays_neither_another_group_nor_its_own_danger(
    database: Database,
) -> None:
    queue = DurableQueue(database, LOOK.urgency)
    for number in range(100):
        await queue.put(said(number))
    await queue.put(said(100, DANGER))
    await queue.put(said(101, chat_id=QUIET))
    assert queue.qsize() == WINDOW + 2
    assert queue.left_on_disk == 100 - WINDOW
    done = await worked_through(database, queue)
    assert done.index(101) <= 1
    assert done.index(100) <= 2
    assert sorted(done) == list(range(102))
    assert [number for number in done if number < 100] == list(range(100))
    async with database.reading() as tx:
        assert await inbox.waiting(tx) == 0


async def test_all_danger_of_a_flood_goes_before_its_small_talk(database: Database) -> None:
    queue = DurableQueue(database, LOOK.urgency)
    alarms = list(range(3, 300, 5))
    for number in range(300):
        await queue.put(said(number, DANGER) if number in alarms else said(number))
    done = await worked_through(database, queue)
    assert sorted(done) == list(range(300))
    assert [number for number in done if number in alarms] == alarms
    assert done.index(alarms[-1]) < len(alarms) + 2 * WINDOW


async def test_a_flood_of_an_earlier_run_is_worked_through_after_a_start(
    database: Database,
) -> None:
    before = DurableQueue(database, LOOK.urgency)
    for number in range(250):
        await before.put(said(number))
    await before.put(said(250, DANGER))
    queue = DurableQueue(database, LOOK.urgency)
    assert await queue.replay(telegram.Bot("1:x")) == 251
    assert queue.qsize() == WINDOW + 1
    done = await worked_through(database, queue)
    assert done.index(250) <= 1
    assert len(done) == 251
