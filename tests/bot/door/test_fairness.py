from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import telegram

from bot.door.fairness import REFILL_AT, ROOM_FOR_DANGER, WINDOW, Backlog, urgency_of
from bot.door.inbox import DurableQueue
from bot.door.ordering import ChatOrder
from migrations import upgrade
from moderation.look import Look
from moderation.safewords import SafeWords
from moderation.storage import Database, Sealer, inbox, open_database
from moderation.turns import URGENCY, Turns, Urgency
from tests.fakes import FakeClock

LOOK = Look.load(SafeWords.load())
FLOODED, QUIET = -1, -2
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


def test_of_one_chat_only_a_few_are_held_in_memory() -> None:
    backlog = Backlog()
    held = [backlog.comes(FLOODED, Urgency.REST, number) for number in range(WINDOW + 5)]
    assert held == [True] * WINDOW + [False] * 5
    assert backlog.left == 5
    assert backlog.comes(QUIET, Urgency.REST, 99), "another chat is not concerned"


def test_what_was_left_comes_up_when_the_line_is_short_danger_first_then_in_order() -> None:
    backlog = Backlog()
    for number in range(WINDOW + 40):
        backlog.comes(FLOODED, Urgency.REST, number)
    for number in range(ROOM_FOR_DANGER):
        assert backlog.comes(FLOODED, Urgency.DANGER, 900 + number), (
            "there is room beside the others"
        )
    assert not backlog.comes(FLOODED, Urgency.DANGER, 1000)
    assert not backlog.comes(FLOODED, Urgency.LIKELY, 1001)
    came = []
    for gone in range(1, WINDOW + ROOM_FOR_DANGER - REFILL_AT + 1):
        came = backlog.goes(FLOODED)
        assert bool(came) is (gone == WINDOW + ROOM_FOR_DANGER - REFILL_AT)
    assert came == [1000, 1001, *range(WINDOW, WINDOW + 8)]
    assert backlog.left == 32


def test_danger_does_not_overtake_danger_that_is_left_on_disk() -> None:
    backlog = Backlog()
    for number in range(WINDOW + ROOM_FOR_DANGER + 1):
        backlog.comes(FLOODED, Urgency.DANGER, number)
    reads = backlog.goes(FLOODED)
    assert reads == []
    assert not backlog.comes(FLOODED, Urgency.DANGER, 100)


def test_what_comes_while_others_are_read_from_disk_stays_behind_them() -> None:
    backlog = Backlog()
    for number in range(WINDOW + 1):
        backlog.comes(FLOODED, Urgency.REST, number)
    reads = [backlog.goes(FLOODED) for _ in range(WINDOW)]
    assert [read for read in reads if read] == [[WINDOW]]
    assert not backlog.comes(FLOODED, Urgency.REST, 50)
    backlog.are_read(FLOODED)
    assert not backlog.comes(FLOODED, Urgency.REST, 51)
    assert backlog.goes(FLOODED) == [50, 51]


def test_a_chat_that_is_done_with_leaves_nothing_behind() -> None:
    backlog = Backlog()
    backlog.comes(QUIET, Urgency.REST, 1)
    backlog.comes_again(QUIET)
    assert [backlog.goes(QUIET), backlog.goes(QUIET)] == [[], []]
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
    assert queue.left_on_disk == 80
    done = await worked_through(database, queue)
    assert done.index(101) <= 1
    assert done.index(100) <= 2
    assert sorted(done) == list(range(102))
    assert [number for number in done if number < 100] == list(range(100))
    async with database.reading() as tx:
        assert await inbox.waiting(tx) == 0


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
