from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from bot.operating.nearby import show_nearby
from bot.settings import Settings, variable
from bot.words import nearby as words
from tests.bot.town import Town


@pytest.fixture
def token_only(town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine on which nothing but the token is set, as on the first day."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUNHU_BOT_TOKEN", town.world.token)
    monkeypatch.setenv("QUNHU_API_BASE_URL", town.base_url)


async def shown() -> tuple[int, str]:
    """The exit code and what was printed."""
    page = io.StringIO()
    return await show_nearby(Console(file=page, width=200)), page.getvalue()


async def test_whoever_wrote_is_shown_with_the_id_that_the_settings_want(
    town: Town, token_only: None
) -> None:
    town.world.say(town.moderators, town.moderator, "/start")
    code, text = await shown()
    assert code == 0
    assert [*words.GROUP.split(), str(town.moderators.id), "群护管理"] in map(
        str.split, text.splitlines()
    )
    assert [*words.PERSON.split(), str(town.counselor.id), "沈咨询"] in map(
        str.split, text.splitlines()
    )
    assert str(town.mei.id) not in text


async def test_a_name_does_nothing_to_the_terminal(town: Town, token_only: None) -> None:
    town.moderator.name = "沈\x1b[2J咨询\x07[red]"
    town.world.say(town.moderators, town.moderator, "/start")
    _, text = await shown()
    assert "沈[2J咨询[red]" in text
    assert not {"\x1b", "\x07"} & set(text)


async def test_looking_takes_nothing_from_the_bot(town: Town, token_only: None) -> None:
    waiting = list(town.world.updates.pending)
    assert waiting
    await shown()
    assert list(town.world.updates.pending) == waiting


async def test_where_nobody_wrote_it_says_what_to_do(town: Town, token_only: None) -> None:
    town.world.updates.pending.clear()
    code, text = await shown()
    assert (code, words.NOBODY.splitlines()[0] in text) == (0, True)


async def test_a_refused_token_and_no_network_are_told(
    town: Town, token_only: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUNHU_BOT_TOKEN", "1:not-the-token-at-all")
    assert await shown() == (1, f"{words.REFUSED}\n")
    monkeypatch.setenv("QUNHU_API_BASE_URL", "http://127.0.0.1:9/bot")
    code, text = await shown()
    assert (code, "HTTPS_PROXY" in text) == (1, True)
