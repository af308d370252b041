from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.settings import Settings, load_settings, variable
from moderation.errors import ConfigError
from moderation.storage.sealing import make_key
from moderation.vocabulary import Sensitivity

TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
COMPLETE = {"QUNHU_BOT_TOKEN": TOKEN, "QUNHU_MODERATOR_CHAT": "-1001234567890"}


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder, and no variable of ours."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set variables on top of the two that are needed."""

    def give(**changed: str) -> None:
        for name, value in {**COMPLETE, **changed}.items():
            monkeypatch.setenv(name, value)

    return give


def report() -> str:
    """What is said of the settings that are given."""
    with pytest.raises(ConfigError) as refused:
        load_settings()
    return str(refused.value)


def test_two_settings_are_enough(given: Any) -> None:
    given()
    settings = load_settings()
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.moderator_chat == -1001234567890
    assert settings.database == "sqlite+aiosqlite:///data/qunhu.db"
    assert settings.key_file == Path("data/qunhu.key")
    assert (settings.counselors, settings.owners) == ([], [])


def test_settings_are_read_from_a_file(tmp_path: Path) -> None:
    lines = [f"{name}={value}" for name, value in COMPLETE.items()]
    (tmp_path / ".env").write_text("\n".join([*lines, "# 注释", "QUNHU_COUNSELORS=1, 2"]))
    assert load_settings().counselors == [1, 2]


def test_the_environment_wins_over_the_file(given: Any, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("QUNHU_MODERATOR_CHAT=-5\nQUNHU_OWNERS=7")
    given()
    settings = load_settings()
    assert (settings.moderator_chat, settings.owners) == (-1001234567890, [7])


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("1111", [1111]),
        ("1111,2222", [1111, 2222]),
        ("1111, 2222", [1111, 2222]),
        ("1111，2222", [1111, 2222]),
        ("1111 2222", [1111, 2222]),
        (" 1111 ,, ", [1111]),
        ("", []),
    ],
    ids=["one", "comma", "comma and space", "Chinese comma", "space", "loose commas", "none"],
)
def test_people_are_listed_as_people_write(given: Any, text: str, ids: list[int]) -> None:
    given(QUNHU_COUNSELORS=text)
    assert load_settings().counselors == ids


def test_values_of_other_kinds_are_understood(given: Any) -> None:
    given(QUNHU_SENSITIVITY="keen", QUNHU_HTTP_PORT="0", QUNHU_ACK_IMMINENT_MINUTES="0.5")
    settings = load_settings()
    assert settings.sensitivity is Sensitivity.KEEN
    assert (settings.http_port, settings.ack_imminent_minutes) == (0, 0.5)


def test_a_database_of_ones_own_is_used(given: Any) -> None:
    given(QUNHU_DATABASE_URL="sqlite+aiosqlite:////srv/q.db")
    assert load_settings().database == "sqlite+aiosqlite:////srv/q.db"


@pytest.mark.parametrize("empty", [{}, {"QUNHU_BOT_TOKEN": ""}], ids=["unset", "empty"])
def test_what_is_missing_is_named_with_an_example(
    monkeypatch: pytest.MonkeyPatch, empty: dict[str, str]
) -> None:
    for name, value in empty.items():
        monkeypatch.setenv(name, value)
    text = report()
    assert text.startswith("2 settings are wrong or missing:")
    assert "QUNHU_BOT_TOKEN is not set" in text
    assert "Example: QUNHU_BOT_TOKEN=123456789:AAE" in text
    assert "Example: QUNHU_MODERATOR_CHAT=-1001234567890" in text


def test_one_mistake_is_counted_as_one(given: Any) -> None:
    given(QUNHU_MODERATOR_CHAT="my group")
    assert report().startswith("1 setting is wrong or missing:")


MISTAKES = {
    "QUNHU_MODERATOR_CHAT": "@group",
    "QUNHU_COUNSELORS": "1111, shen",
    "QUNHU_OWNERS": "老周",
    "QUNHU_API_BASE_URL": "api.telegram.org",
    "QUNHU_WEBHOOK_URL": "bot.example.org",
    "QUNHU_WEBHOOK_PORT": "99999",
    "QUNHU_HTTP_PORT": "-1",
    "QUNHU_THREADS": "0",
    "QUNHU_SENSITIVITY": "loud",
    "QUNHU_ACK_IMMINENT_MINUTES": "0",
    "QUNHU_ACK_IDEATION_MINUTES": "soon",
    "QUNHU_TIMEZONE": "Asia/Bejing",
    "QUNHU_LOG_FORMAT": "xml",
}


@pytest.mark.parametrize(("name", "value"), MISTAKES.items(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_what_was_given_and_what_is_expected(
    given: Any, name: str, value: str
) -> None:
    given(**{name: value})
    text = report()
    (line,) = text.splitlines()[1:]
    assert name in line
    assert value.split(", ")[-1] in line
    assert "Expected: " in line
    assert f"Example: {name}=" in line


def test_all_mistakes_are_told_together(given: Any) -> None:
    given(QUNHU_BOT_TOKEN="wrong", **MISTAKES)
    text = report()
    assert text.startswith(f"{len(MISTAKES) + 1} settings are wrong or missing:")
    assert all(name in text for name in ["QUNHU_BOT_TOKEN", *MISTAKES])


@pytest.mark.parametrize("value", ["1111, shen, 沈", "x y z"])
def test_each_wrong_person_is_told(given: Any, value: str) -> None:
    given(QUNHU_COUNSELORS=value)
    text = report()
    assert all(repr(part) in text for part in value.replace(",", "").split() if part != "1111")


@pytest.mark.parametrize(
    "token",
    ["geheim", "987654321", "123456789:short", f"bot{TOKEN}", f"'{TOKEN}'"],
    ids=["a word", "no secret", "a short secret", "with bot before", "in quotes"],
)
def test_a_token_that_does_not_fit_is_never_shown(given: Any, token: str) -> None:
    given(QUNHU_BOT_TOKEN=token, QUNHU_OWNERS="x")
    text = report()
    assert "QUNHU_BOT_TOKEN was given (not shown here)" in text
    assert token not in text
    assert TOKEN[10:] not in text


def test_no_secret_is_shown_when_something_else_is_wrong(given: Any) -> None:
    secrets = {
        "QUNHU_KEY": make_key(),
        "QUNHU_DATABASE_URL": "postgresql+asyncpg://qunhu:geheim@db/qunhu",
        "QUNHU_WEBHOOK_SECRET": "s3cret-of-the-webhook",
    }
    given(QUNHU_TIMEZONE="nowhere", **secrets)
    text = report()
    assert not any(value in text for value in [*secrets.values(), TOKEN, "geheim"])


def test_settings_do_not_show_their_secrets_when_printed(given: Any) -> None:
    key = make_key()
    given(QUNHU_KEY=key, QUNHU_DATABASE_URL="postgresql+asyncpg://qunhu:geheim@db/qunhu")
    settings = load_settings()
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert not any(secret in text for secret in (TOKEN, key, "geheim"))


def test_a_token_in_the_wrong_line_is_not_shown(given: Any) -> None:
    given(QUNHU_MODERATOR_CHAT=TOKEN, QUNHU_BOT_TOKEN="-1001234567890")
    assert TOKEN not in report()


def test_a_webhook_needs_its_secret(given: Any) -> None:
    given(QUNHU_WEBHOOK_URL="https://bot.example.org/telegram")
    assert "QUNHU_WEBHOOK_SECRET is missing" in report()
    given(
        QUNHU_WEBHOOK_URL="https://bot.example.org/telegram",
        QUNHU_WEBHOOK_SECRET="abc_DEF-123",
    )
    assert load_settings().webhook_secret is not None


def test_a_missing_webhook_secret_is_told_together_with_the_rest(given: Any) -> None:
    given(QUNHU_WEBHOOK_URL="https://bot.example.org/telegram", QUNHU_TIMEZONE="nowhere")
    assert all(name in report() for name in ("QUNHU_WEBHOOK_SECRET", "QUNHU_TIMEZONE"))


def test_a_key_that_is_none_is_told_together_with_the_rest(given: Any) -> None:
    given(QUNHU_KEY="geheim", QUNHU_TIMEZONE="nowhere")
    assert all(name in report() for name in ("QUNHU_KEY", "QUNHU_TIMEZONE"))


def test_a_webhook_secret_with_signs_that_telegram_refuses_is_a_mistake(given: Any) -> None:
    given(QUNHU_WEBHOOK_URL="https://bot.example.org/t", QUNHU_WEBHOOK_SECRET="密码 with spaces")
    assert "QUNHU_WEBHOOK_SECRET" in report()


def test_every_setting_explains_itself() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name
        assert field.examples, name


def test_pages_and_webhook_listen_on_this_machine_alone_unless_told() -> None:
    for field in ("webhook_listen", "http_listen"):
        assert Settings.model_fields[field].default == "127.0.0.1"
