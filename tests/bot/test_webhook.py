"""Updates by webhook: taken only with the secret."""

from __future__ import annotations

import socket

import httpx

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
