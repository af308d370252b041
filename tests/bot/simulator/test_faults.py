"""Troubles on demand, as python-telegram-bot meets them."""

import asyncio
import datetime as dtm
import time

import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.simulator import Chat, Simulator, User, World
from bot.simulator.errors import bad_request

from .conftest import Inbox


async def test_flood_wait(
    bot: Bot, world: World, group: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    world.faults.add("retry", "sendMessage", retry_after=7)
    with pytest.raises(RetryAfter) as problem:
        await bot.send_message(group.id, "早了")
    assert problem.value.retry_after == dtm.timedelta(seconds=7)
    await bot.send_message(group.id, "行了")
    assert [message.text for message in world.messages(group)] == ["行了"]


@pytest.mark.parametrize(
    ("trouble", "words"),
    [("server_error", "Internal Server Error"), ("bad_gateway", "Bad Gateway")],
)
async def test_server_errors(bot: Bot, world: World, group: Chat, trouble: str, words: str) -> None:
    world.faults.add(trouble, "sendMessage", count=2)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(NetworkError, match=words):
            await bot.send_message(group.id, "没成")
    await bot.send_message(group.id, "成了")
    assert len(world.messages(group)) == 1


@pytest.mark.parametrize(("trouble", "applied"), [("cut_before", 0), ("cut_after", 1)])
async def test_a_cut_line_tells_nothing(
    bot: Bot, world: World, group: Chat, trouble: str, applied: int
) -> None:
    world.faults.add(trouble, "sendMessage")  # type: ignore[arg-type]
    with pytest.raises(NetworkError) as problem:
        await bot.send_message(group.id, "到了吗")
    assert not isinstance(problem.value, BadRequest)
    assert len(world.messages(group)) == applied
    assert world.calls[-1].ok is bool(applied)


async def test_slow_answers(bot: Bot, world: World, group: Chat) -> None:
    world.faults.add("slow", "sendMessage", delay=0.4)
    started = time.monotonic()
    await bot.send_message(group.id, "慢慢来")
    assert time.monotonic() - started >= 0.4
    world.faults.add("slow", "sendMessage", delay=0.4)
    with pytest.raises(TimedOut):
        await bot.send_message(group.id, "等不了", read_timeout=0.1)
    await world.wait_for(lambda: len(world.messages(group)) == 2)  # it arrives all the same


async def test_refusals_for_one_chat_only(bot: Bot, world: World, group: Chat) -> None:
    other = world.add_group("另一个群")
    world.faults.add("forbidden", chat_id=other.id)
    await bot.send_message(group.id, "这里行")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(other.id, "这里不行")
    world.faults.add("error", error=bad_request("have no rights to send a message"))
    with pytest.raises(BadRequest, match="Have no rights to send a message"):
        await bot.send_message(group.id, "也不行")


async def test_offline_until_restored(bot: Bot, world: World, group: Chat) -> None:
    world.faults.offline = True
    for _ in range(3):
        with pytest.raises(NetworkError):
            await bot.get_me()
    world.faults.clear()
    await bot.get_me()


async def test_duplicate_updates(world: World, group: Chat, rain: User, inbox: Inbox) -> None:
    world.faults.add("duplicate")
    world.say(group, rain, "一遍")
    await inbox.find(lambda _: len(inbox.updates) == 2)
    assert len({update.update_id for update in inbox.updates}) == 1


async def test_shuffled_updates_all_arrive(bot: Bot, world: World, group: Chat, rain: User) -> None:
    for text in "一二三四五":
        world.say(group, rain, text)
    world.faults.add("shuffle")
    first = [update.update_id for update in await bot.get_updates()]
    assert first != sorted(first)
    assert sorted(first) == [update.update_id for update in await bot.get_updates()]


async def test_a_polling_bot_survives_trouble(
    world: World, group: Chat, rain: User, inbox: Inbox
) -> None:
    world.faults.add("cut_after", "getUpdates")
    world.faults.add("server_error", "getUpdates")
    world.say(group, rain, "还收得到吗")
    update = await world.wait_for(lambda: inbox.updates and inbox.updates[0], timeout=10)
    assert update


async def test_real_limits(
    bot: Bot, world: World, group: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    world.limits.enforced = True
    for number in range(20):
        await bot.send_message(group.id, str(number))
    with pytest.raises(RetryAfter) as problem:
        await bot.send_message(group.id, "第二十一条")
    wait = problem.value.retry_after
    assert isinstance(wait, dtm.timedelta)
    assert wait > dtm.timedelta(seconds=30)
    assert len(world.messages(group)) == 20


async def test_more_than_thirty_a_second_are_too_many(world: World) -> None:
    world.limits.enforced, world.limits.clock = True, lambda: 100.0
    for chat in range(1, 31):
        world.limits.check(chat)
    with pytest.raises(Exception, match="Too Many Requests: retry after 1"):
        world.limits.check(31)


async def test_a_bot_that_dies_in_the_middle_of_its_call_is_no_trouble(
    telegram: Simulator, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", telegram.port)
    path = f"/bot{world.token}/sendMessage"
    writer.write(
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99\r\n\r\nchat".encode()
    )
    await writer.drain()
    await asyncio.sleep(0.2)
    writer.close()
    await asyncio.sleep(0.2)
    assert not caplog.records
    assert not world.calls
