"""Updates by webhook: taken only with the secret."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from bot.door import webhook
from bot.door.webhook import MOST_BYTES, make_webhook
from bot.simulator.records import JSON
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"
SECRET = "a-long-enough-secret"


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return int(sock.getsockname()[1])


async def test_updates_come_by_webhook(town: Town) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    async with town.bot_running(webhook_url=url, webhook_port=port, webhook_secret=SECRET):
        town.world.say(town.group, town.lan, GOODBYE)
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_an_update_without_the_secret_is_refused(town: Town) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    forged: JSON = {
        "update_id": 1,
        "message": {
            "message_id": 1,
            "date": 1,
            "chat": {"id": town.group.id, "type": "supergroup", "title": "群"},
            "from": {"id": town.lan.id, "is_bot": False, "first_name": "小岚"},
            "text": GOODBYE,
        },
    }
    async with town.bot_running(webhook_url=url, webhook_port=port, webhook_secret=SECRET):
        async with httpx.AsyncClient() as client:
            without = await client.post(url, json=forged)
            wrong = await client.post(
                url, json=forged, headers={"X-Telegram-Bot-Api-Secret-Token": "guess"}
            )
        await town.settled()
        assert {without.status_code, wrong.status_code} == {403}
        assert not town.cards(town.counselor)


@pytest.fixture
async def door() -> AsyncIterator[tuple[httpx.AsyncClient, list[JSON]]]:
    """A door alone, and what came through it."""
    taken: list[JSON] = []

    async def take(item: JSON) -> None:
        taken.append(item)

    app = make_webhook("/telegram", SECRET, take)
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        yield client, taken


Door = tuple[httpx.AsyncClient, list[JSON]]
RIGHT = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "Content-Type": "application/json"}
UPDATE = b'{"update_id": 1}'


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        (RIGHT, UPDATE, 200),
        (RIGHT | {"Content-Type": "application/json; charset=utf-8"}, UPDATE, 200),
        (RIGHT | {"X-Telegram-Bot-Api-Secret-Token": SECRET[:-1]}, UPDATE, 403),
        (RIGHT | {"X-Telegram-Bot-Api-Secret-Token": ""}, UPDATE, 403),
        (RIGHT | {"X-Telegram-Bot-Api-Secret-Token": "é" * 20}, UPDATE, 403),
        (RIGHT | {"Content-Type": "text/plain"}, UPDATE, 415),
        (RIGHT | {"Content-Type": "application/x-www-form-urlencoded"}, b"update_id=1", 415),
        (RIGHT, b"{" * 20, 400),
        (RIGHT, b"[" * 100_000, 400),
        (RIGHT, b"\xff\xfe", 400),
        (RIGHT, b"x" * (MOST_BYTES + 1), 413),
    ],
)
async def test_the_door_opens_for_updates_with_the_secret_alone(
    door: Door, headers: dict[str, str], body: bytes, status: int
) -> None:
    client, taken = door
    encoded = {name.encode(): value.encode("latin-1") for name, value in headers.items()}
    answer = await client.post("/telegram", content=body, headers=encoded)
    assert answer.status_code == status
    assert taken == ([{"update_id": 1}] if status == 200 else [])


async def test_a_body_that_lies_about_its_size_is_cut_off(door: Door) -> None:
    client, taken = door

    async def endless() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b"x" * 65_536

    answer = await client.post("/telegram", content=endless(), headers=RIGHT)
    assert (answer.status_code, taken) == (413, [])


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS"])
async def test_other_methods_and_places_are_not_there(door: Door, method: str) -> None:
    client, _ = door
    assert (await client.request(method, "/telegram", headers=RIGHT)).status_code == 405
    assert (await client.post("/", content=UPDATE, headers=RIGHT)).status_code == 404


async def test_the_secret_is_compared_in_constant_time(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def never(given: bytes, wanted: bytes) -> bool:
        compared.append((given, wanted))
        return False

    monkeypatch.setattr("hmac.compare_digest", never)
    client, taken = door
    answer = await client.post("/telegram", content=UPDATE, headers=RIGHT)
    assert (answer.status_code, taken) == (403, [])
    assert compared == [(SECRET.encode(), SECRET.encode())]


async def test_a_body_that_drips_is_ended(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SLOWEST", 0.2)
    client, taken = door

    async def dripping() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    async with asyncio.timeout(10):
        answer = await client.post("/telegram", content=dripping(), headers=RIGHT)
    assert (answer.status_code, taken) == (408, [])


async def test_one_request_too_many_is_turned_away(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.WEBHOOK_AT_ONCE", 2)
    port = free_port()
    url = f"http://127.0.0.1:{port}/telegram"
    async with town.bot_running(webhook_url=url, webhook_port=port, webhook_secret=SECRET):
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(2)]
        await asyncio.sleep(0.1)
        async with httpx.AsyncClient() as client:
            assert (await client.post(url, content=UPDATE, headers=RIGHT)).status_code == 503
        for _, writer in held:
            writer.close()
