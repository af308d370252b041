from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import httpx
import pytest
from starlette.applications import Starlette

from bot.app import Qunhu, built
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.operating.http import make_app, serving
from bot.services import Services
from bot.settings import load_settings
from moderation.errors import ConfigError
from tests.bot.town import Town

HOST = "127.0.0.1"


@pytest.fixture
async def qunhu(town: Town) -> AsyncIterator[Qunhu]:
    """A bot that is built but not at work."""
    settings = load_settings(**town.settings())
    async with built(settings, loaded=Loaded(town.classifier, RULES_ONLY)) as qunhu:
        yield qunhu


@pytest.fixture
async def pages(qunhu: Qunhu) -> AsyncIterator[httpx.AsyncClient]:
    """A browser on the operator's pages."""
    async with (
        serving(make_app(qunhu.services), HOST, 0) as port,
        httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client,
    ):
        yield client


async def damage(qunhu: Qunhu, folder: Path) -> None:
    """Overwrite the database with something else."""
    await qunhu.services.database.close()
    for file in folder.glob("qunhu.db*"):  # noqa: ASYNC240
        file.write_bytes(b"not a database any more" * 300)


async def test_a_living_bot_is_healthy_and_ready(pages: httpx.AsyncClient) -> None:
    healthy, ready = await pages.get("/healthz"), await pages.get("/readyz")
    assert (healthy.status_code, healthy.text) == (200, "ok\n")
    assert ready.status_code == 200
    assert ready.json() == {"ready": True, "degraded": None, "modes": [], "trouble": None}


async def test_a_bot_that_should_be_started_again_is_not_healthy() -> None:
    app = make_app(cast("Services", None), lambda: "the polling has stopped")
    async with serving(app, HOST, 0) as port, httpx.AsyncClient() as client:
        answer = await client.get(f"http://{HOST}:{port}/healthz")
    assert (answer.status_code, answer.text) == (503, "the polling has stopped\n")


async def test_a_bot_that_should_be_started_again_is_unhealthy_and_says_why(qunhu: Qunhu) -> None:
    app = make_app(qunhu.services, lambda: "polling_task has ended")
    async with serving(app, HOST, 0) as port, httpx.AsyncClient() as client:
        answer = await client.get(f"http://{HOST}:{port}/healthz")
    assert (answer.status_code, answer.text) == (503, "polling_task has ended\n")


async def test_a_second_bot_on_the_same_data_is_refused(qunhu: Qunhu, town: Town) -> None:
    settings = load_settings(**town.settings())
    with pytest.raises(ConfigError, match="Another Qunhu already uses this data folder"):
        async with built(settings, loaded=Loaded(town.classifier, RULES_ONLY)):
            pass
    assert qunhu.pulse.trouble() is None


async def test_without_its_model_it_is_ready_but_says_what_is_missing(
    pages: httpx.AsyncClient, town: Town
) -> None:
    town.classifier.degraded = "The model cannot be loaded."
    answer = await pages.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["degraded"] == "The model cannot be loaded."


async def test_without_its_database_it_is_not_ready_but_alive(
    pages: httpx.AsyncClient, qunhu: Qunhu, town: Town
) -> None:
    await damage(qunhu, town.folder)
    answer = await pages.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["ready"] is False
    assert "damaged" in answer.json()["trouble"]
    assert (await pages.get("/healthz")).status_code == 200


async def test_what_is_counted_can_be_fetched(pages: httpx.AsyncClient) -> None:
    answer = await pages.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    for name in (
        "qunhu_messages_total",
        "qunhu_model_seconds_bucket",
        "qunhu_inbox_waiting",
        "qunhu_inbox_age_seconds",
        "qunhu_telegram_silence_seconds",
        "qunhu_degraded",
    ):
        assert f"\n{name}" in answer.text


async def test_the_counters_hold_no_words_names_or_ids(town: Town) -> None:
    async with town.bot_running() as qunhu:
        town.world.say(town.group, town.lan, "谢谢大家，今晚就走")
        await town.settled()
        async with (
            serving(make_app(qunhu.services), HOST, 0) as port,
            httpx.AsyncClient(base_url=f"http://{HOST}:{port}") as client,
        ):
            text = (await client.get("/metrics")).text
    assert 'qunhu_findings_total{kind="crisis",level="imminent"}' in text
    for secret in ("今晚就走", "小岚", str(town.lan.id), str(town.group.id), town.world.token):
        assert secret not in text


async def test_there_is_nothing_else(pages: httpx.AsyncClient) -> None:
    assert (await pages.get("/")).status_code == 404
    assert (await pages.get("/metrics/..%2f.env")).status_code == 404
    assert (await pages.post("/healthz")).status_code == 405


async def test_the_pages_are_gone_when_the_bot_stops() -> None:
    async with serving(Starlette(), HOST, 0) as port, httpx.AsyncClient() as client:
        assert (await client.get(f"http://{HOST}:{port}/healthz")).status_code == 404
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(f"http://{HOST}:{port}/healthz")


async def test_a_port_in_use_is_one_clear_sentence() -> None:
    async with serving(Starlette(), HOST, 0) as port:
        with pytest.raises(ConfigError, match=rf"{port}.*QUNHU_HTTP_PORT"):
            await serving(Starlette(), HOST, port).__aenter__()


async def test_an_address_of_another_machine_is_one_clear_sentence() -> None:
    with pytest.raises(ConfigError, match="Cannot listen on"):
        await serving(Starlette(), "192.0.2.1", 0).__aenter__()
