"""How updates reach the bot: long polling, offsets, conflicts, webhooks."""

import asyncio
import socket
import time
from typing import Any

import httpx
import pytest
from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken
from telegram.ext import ApplicationBuilder, TypeHandler

from bot.simulator import Chat, Simulator, User, World

from .conftest import refused


async def test_updates_stay_until_confirmed(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    for text in "一二三":
        world.say(group, rain, text)
    first = await bot.get_updates(limit=2)
    again = await bot.get_updates()
    assert [update.update_id for update in first] == [one.update_id for one in again[:2]]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.effective_message.text for update in rest if update.effective_message] == ["三"]
    assert len(world.updates.pending) == 1


async def test_a_negative_offset_keeps_the_newest(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    for text in "一二三":
        world.say(group, rain, text)
    assert len(await bot.get_updates(offset=-1)) == 1
    assert len(world.updates.pending) == 1


async def test_long_polling_waits_and_wakes(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    started = time.monotonic()
    assert await bot.get_updates(timeout=0) == ()
    waiting = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.2)
    assert not waiting.done()
    world.say(group, rain, "醒醒")
    assert len(await waiting) == 1
    assert time.monotonic() - started < 10


async def test_kinds_not_asked_for_are_never_kept(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    message = world.say(group, rain, "默认")
    world.react(group, message, rain, "❤")  # not among the default kinds
    assert len(world.updates.pending) == 1
    await bot.get_updates(offset=-1, allowed_updates=["message_reaction"])
    world.updates.clear()
    world.say(group, rain, "现在不要消息")
    world.react(group, message, rain, "👍")
    assert [update.message_reaction is not None for update in await bot.get_updates()] == [True]


async def test_a_second_poll_ends_the_first(telegram: Simulator, bot: Bot, world: World) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await world.wait_for(lambda: world.poller)
    async with Bot(telegram.token, telegram.base_url) as second:
        await second.get_updates()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_polling_and_webhook_exclude_each_other(bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:1/hook")
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == ()


async def test_bad_webhooks_are_refused(bot: Bot) -> None:
    with refused("bad webhook: An HTTPS URL must be provided for webhook"):
        await bot.set_webhook("ftp://127.0.0.1/")
    with refused("secret token contains unallowed characters"):
        await bot.set_webhook("http://127.0.0.1:1/", secret_token="不行")


def free_port() -> int:
    """A port nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port: int = sock.getsockname()[1]
    return port


async def test_ptb_reads_from_a_webhook(telegram: Simulator, group: Chat, rain: User) -> None:
    pytest.importorskip("tornado", reason="PTB's own webhook server needs tornado")
    world, seen = telegram.world, list[Update]()

    async def keep(update: Update, _context: object) -> None:
        seen.append(update)

    builder = ApplicationBuilder().token(telegram.token).base_url(telegram.base_url)
    application = builder.build()
    application.add_handler(TypeHandler(Update, keep))
    updater, port = application.updater, free_port()
    assert updater is not None
    async with application:
        await application.start()
        await updater.start_webhook(
            "127.0.0.1",
            port,
            "hook",
            secret_token="abc",
            webhook_url=f"http://127.0.0.1:{port}/hook",
        )
        world.say(group, rain, "走 webhook")
        await world.wait_for(lambda: seen)
        await updater.stop()
        await application.stop()
    assert seen[0].effective_message
    assert seen[0].effective_message.text == "走 webhook"


class Hook:
    """A bare webhook: notes what comes and answers what it is told to."""

    def __init__(self) -> None:
        self.status = 200
        self.requests: list[tuple[bytes, str | None]] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = await reader.readexactly(int(fields["content-length"]))
        self.requests.append((body, fields.get("x-telegram-bot-api-secret-token")))
        writer.write(
            b"HTTP/1.1 %d X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % self.status
        )
        writer.close()
        await writer.wait_closed()


async def test_a_webhook_is_tried_until_it_takes_the_update(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    hook = Hook()
    server = await asyncio.start_server(hook, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server:
        hook.status = 500
        await bot.set_webhook(f"http://127.0.0.1:{port}/", secret_token="Secret_1")
        world.say(group, rain, "第一句")
        await world.wait_for(lambda: hook.requests)
        await world.wait_for(lambda: "last_error_message" in world.webhook)
        info = await bot.get_webhook_info()
        assert info.pending_update_count == 1
        assert info.last_error_message == "Wrong response from the webhook: 500 X"
        hook.status = 200
        await world.wait_for(lambda: not world.updates.pending)
        assert {secret for _, secret in hook.requests} == {"secret_1"}
        assert len({body for body, _ in hook.requests}) == 1


async def test_pending_updates_can_be_dropped(
    bot: Bot, world: World, group: Chat, rain: User
) -> None:
    world.say(group, rain, "旧的")
    await bot.delete_webhook(drop_pending_updates=True)
    assert world.updates.pending == []


@pytest.mark.parametrize(
    ("token", "status"), [("123456:wrong", 401), ("nonsense", 404)], ids=["wrong", "malformed"]
)
async def test_wrong_tokens(telegram: Simulator, token: str, status: int) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{telegram.base_url}{token}/getMe")
    assert answer.status_code == status
    with pytest.raises(InvalidToken):
        async with Bot(token, telegram.base_url):
            pass


async def test_unknown_methods(telegram: Simulator) -> None:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{telegram.base_url}{telegram.token}/getRich")
    assert answer.json() == {
        "ok": False,
        "error_code": 404,
        "description": "Not Found: method not found",
    }


@pytest.mark.parametrize(
    "send",
    [
        {"params": {"chat_id": 1, "text": "x"}},
        {"data": {"chat_id": 1, "text": "x"}},
        {"json": {"chat_id": 1, "text": "x"}},
        {"data": {"chat_id": "1", "text": "x"}, "files": {"unused": b"x"}},
    ],
    ids=["query", "form", "json", "multipart"],
)
async def test_parameters_come_in_four_ways(telegram: Simulator, send: dict[str, Any]) -> None:
    user = telegram.world.add_user("甲", user_id=1)
    telegram.world.start(user)
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{telegram.base_url}{telegram.token}/SENDMESSAGE", **send)
    assert answer.json()["result"]["text"] == "x"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ({"text": "x"}, "Bad Request: chat_id is empty"),
        ({"chat_id": "x", "text": "x"}, "Bad Request: chat not found"),
        ({"chat_id": "1", "text": "x", "reply_markup": "{"}, "can't parse reply_markup"),
        ({"chat_id": "1", "text": "x", "message_thread_id": "x"}, "must be an integer"),
    ],
)
async def test_broken_parameters(telegram: Simulator, body: dict[str, str], why: str) -> None:
    telegram.world.start(telegram.world.add_user("甲", user_id=1))
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{telegram.base_url}{telegram.token}/sendMessage", data=body)
    assert answer.status_code == 400
    assert why in answer.json()["description"]
