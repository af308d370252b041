from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import telegram
from rich.console import Console

import bot.operating.doctor
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.operating.doctor import examine, migrate_database
from bot.settings import Settings, load_settings, variable
from migrations import upgrade
from migrations.upgrade import newest_revision
from moderation.errors import NewerDatabase, WrongKey
from moderation.storage import Database, Sealer, chats, open_database
from moderation.storage.sealing import make_key, parse_key
from tests.bot.town import Town
from tests.fakes import FakeClock, KeywordClassifier

KEY = make_key()


@dataclass
class Findings:
    """What the doctor printed."""

    code: int
    text: str

    def row(self, what: str) -> tuple[bool, str]:
        """Whether this is well, and all that is said of it."""
        match = re.search(
            rf"^ *([✓✗]) +{re.escape(what)}  (.*(?:\n(?! *[✓✗]).*)*)", self.text, re.M
        )
        assert match is not None, self.text
        return match[1] == "✓", re.sub(r"\s+", " ", match[2]).strip()

    @property
    def red(self) -> list[str]:
        """What must be mended."""
        return re.findall(r"^ *✗ +(.*?)  ", self.text, re.M)


Doctor = Callable[..., Awaitable[Findings]]


@pytest.fixture
def healthy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine with a model and room, and no settings of its own."""
    for name in Settings.model_fields:
        monkeypatch.delenv(variable(name), raising=False)
    monkeypatch.chdir(tmp_path)
    loaded = Loaded(KeywordClassifier(), RULES_ONLY)
    monkeypatch.setattr(bot.operating.doctor, "load_classifier", lambda *_: loaded)
    monkeypatch.setattr(bot.operating.doctor, "FREE_BYTES", 0)


@pytest.fixture
async def bots(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[list[telegram.Bot]]:
    """The bots that the doctor makes; what it leaves open is closed at the end."""
    made: list[telegram.Bot] = []

    def make(*given: Any, **named: Any) -> telegram.Bot:
        made.append(Bot(*given, **named))
        return made[-1]

    Bot = telegram.Bot
    monkeypatch.setattr(telegram, "Bot", make)
    yield made
    for one in made:
        await one.request.shutdown()


@pytest.fixture
def doctor(
    town: Town, healthy: None, bots: list[telegram.Bot], monkeypatch: pytest.MonkeyPatch
) -> Doctor:
    """Examines the bot of the town, with some settings changed."""

    async def look(**changed: Any) -> Findings:
        for name, value in {**town.settings(key=KEY), **changed}.items():
            if name != "_env_file":
                text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
                monkeypatch.setenv(variable(name), text)
        page = io.StringIO()
        code = await examine(Console(file=page, width=400))
        return Findings(code, page.getvalue())

    return look


@pytest.fixture
async def database(town: Town) -> AsyncIterator[Database]:
    """The town's database, ready to be filled before the doctor comes."""
    url = f"sqlite+aiosqlite:///{town.folder}/qunhu.db"
    database = open_database(url, Sealer(parse_key(KEY)), FakeClock())
    await upgrade(database)
    await database.check_key()
    yield database
    await database.close()


async def add_group(database: Database, chat_id: int) -> None:
    """Let the bot know a group."""
    async with database.transaction() as tx:
        await chats.ensure(tx, chat_id, "supergroup", "互助群", None)


async def test_where_all_is_well_all_is_green(town: Town, doctor: Doctor) -> None:
    found = await doctor()
    assert found.red == []
    assert found.code == 0
    assert found.row("settings") == (True, "complete")
    assert found.row("key") == (True, "QUNHU_KEY; keep a copy")
    assert found.row("database")[0]
    assert found.row("model")[1].startswith("loaded in")
    assert found.row("token") == (True, "@qunhu_bot")
    assert found.row("moderators' chat") == (True, "群护管理")
    assert found.row(f"counselor {town.counselor.id}") == (True, "沈咨询")
    assert found.row("clock")[0]
    assert found.row("groups")[1].startswith("none yet")
    assert "1 counselors" in found.row("who gets what")[1]


async def test_nothing_secret_is_printed(town: Town, doctor: Doctor) -> None:
    found = await doctor(webhook_secret="s3cret", webhook_url="https://bot.example.org/t")
    assert not any(secret in found.text for secret in (town.world.token, KEY, "s3cret"))


async def test_no_connection_is_left_open(doctor: Doctor, bots: list[telegram.Bot]) -> None:
    await doctor()
    assert all(one.request._client.is_closed for one in bots)  # type: ignore[attr-defined]


async def test_without_settings_all_that_is_missing_is_told(healthy: None) -> None:
    page = io.StringIO()
    assert await examine(Console(file=page, width=400)) == 1
    assert "✗" in page.getvalue()
    assert "QUNHU_BOT_TOKEN is not set" in page.getvalue()
    assert "QUNHU_MODERATOR_CHAT is not set" in page.getvalue()
    assert "→ set them in .env" in page.getvalue()


async def test_a_wrong_token_is_red_and_not_shown(doctor: Doctor) -> None:
    found = await doctor(bot_token="123456789:this-is-not-the-token")
    assert found.code == 1
    assert found.red == ["token"]
    assert "BotFather" in found.row("token")[1]
    assert "this-is-not" not in found.text


async def test_telegram_out_of_reach_is_red(doctor: Doctor) -> None:
    found = await doctor(api_base_url="http://127.0.0.1:9/bot")
    assert found.red == ["Telegram"]
    assert "HTTPS_PROXY" in found.row("Telegram")[1]


async def test_not_being_in_the_moderators_chat_is_red(town: Town, doctor: Doctor) -> None:
    town.world.set_bot(town.moderators, "left")
    found = await doctor()
    assert found.code == 1
    assert found.red == ["moderators' chat"]
    assert "QUNHU_MODERATOR_CHAT" in found.row("moderators' chat")[1]


async def test_a_public_moderators_chat_is_red(town: Town, doctor: Doctor) -> None:
    public = town.world.add_group("公开的群", username="open_to_all")
    found = await doctor(moderator_chat=public.id)
    assert found.red == ["moderators' chat"]
    assert "make it private" in found.row("moderators' chat")[1]


async def test_a_counselor_who_never_started_the_bot_is_red(town: Town, doctor: Doctor) -> None:
    silent = town.world.add_user("新来的")
    found = await doctor(counselors=[town.counselor.id, silent.id])
    assert found.red == [f"counselor {silent.id}"]
    assert "/start" in found.row(f"counselor {silent.id}")[1]


async def test_a_counselor_who_blocked_the_bot_is_red(town: Town, doctor: Doctor) -> None:
    town.world.block(town.counselor)
    found = await doctor()
    assert found.red == [f"counselor {town.counselor.id}"]


async def test_no_counselor_at_all_is_red(doctor: Doctor) -> None:
    found = await doctor(counselors=[])
    assert found.red == ["who gets what"]
    assert "QUNHU_COUNSELORS" in found.row("who gets what")[1]


async def test_only_groups_where_the_bot_is_an_admin_are_green(
    town: Town, doctor: Doctor, database: Database
) -> None:
    strict, plain, gone = [town.world.add_group(title) for title in ("不让删", "普通", "走了")]
    for group in (town.group, strict, plain, gone):
        await add_group(database, group.id)
    town.world.set_bot(strict, "administrator", can_delete_messages=False)
    town.world.set_bot(plain, "member")
    town.world.set_bot(gone, "kicked")
    found = await doctor()
    assert found.row(f"group {town.group.id}") == (True, "admin, may delete")
    assert found.row(f"group {strict.id}") == (True, "admin, may not delete (that is allowed)")
    assert "make the bot an admin" in found.row(f"group {plain.id}")[1]
    assert found.red == [f"group {plain.id}", f"group {gone.id}"]
    assert found.code == 1


async def test_a_group_that_the_bot_was_removed_from_is_named(
    town: Town, doctor: Doctor, database: Database
) -> None:
    await add_group(database, town.group.id)
    async with database.transaction() as tx:
        await chats.change(tx, town.group.id, bot_status="kicked")
        await chats.note_left(tx, town.group.id)
        day = tx.now.date()
    found = await doctor()
    assert found.red == [f"group {town.group.id}"]
    assert f"in it no more since {day}" in found.row(f"group {town.group.id}")[1]
    async with database.transaction() as tx:
        await chats.change(tx, town.group.id, bot_status="administrator", left_at=None)
    assert (await doctor()).red == []


async def test_a_plain_member_without_privacy_mode_reads_all_and_is_green(
    town: Town, doctor: Doctor, database: Database
) -> None:
    await add_group(database, town.group.id)
    town.world.can_read_all_group_messages = True
    town.world.set_bot(town.group, "member")
    found = await doctor()
    assert found.row(f"group {town.group.id}")[0]


async def test_a_model_that_cannot_be_loaded_is_red(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = Loaded(KeywordClassifier(), RULES_ONLY, "The model in /srv/m cannot be loaded.")
    monkeypatch.setattr(bot.operating.doctor, "load_classifier", lambda *_: broken)
    found = await doctor()
    assert found.red == ["model"]
    assert "/srv/m" in found.row("model")[1]


async def test_a_full_disk_is_red(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bot.operating.doctor, "FREE_BYTES", 10**18)
    found = await doctor()
    assert found.red == ["disk"]


async def test_a_made_key_is_told_with_its_place(town: Town, doctor: Doctor) -> None:
    found = await doctor(key="")
    assert found.row("key")[1] == f"{town.folder / 'qunhu.key'}, made just now; keep a copy"


async def test_the_wrong_key_is_red(doctor: Doctor, database: Database) -> None:
    found = await doctor(key=make_key())
    assert found.red == ["database"]
    assert "does not open the database" in found.row("database")[1]


async def test_the_wrong_key_is_red_where_groups_are_known_too(
    town: Town, doctor: Doctor, database: Database
) -> None:
    await add_group(database, town.group.id)
    found = await doctor(key=make_key())
    assert "database" in found.red


async def test_a_key_that_is_none_is_red(doctor: Doctor) -> None:
    found = await doctor(key="geheim")
    assert found.red == ["settings"]
    assert "QUNHU_KEY" in found.text
    assert "geheim" not in found.text
    assert "geheim" not in found.text


async def test_a_damaged_database_is_red(town: Town, doctor: Doctor) -> None:
    town.folder.mkdir()
    (town.folder / "qunhu.db").write_bytes(b"never a database" * 300)
    found = await doctor()
    assert "database" in found.red
    assert "damaged" in found.row("database")[1]


async def test_a_folder_that_cannot_be_written_is_red(town: Town, doctor: Doctor) -> None:
    town.folder.touch()
    found = await doctor()
    assert "database" in found.red


async def test_brackets_in_a_name_stay_brackets(town: Town, doctor: Doctor) -> None:
    odd = town.world.add_group("管理[/]群[red]", bot_status="administrator")
    found = await doctor(moderator_chat=odd.id)
    assert found.row("moderators' chat") == (True, "管理[/]群[red]")


async def test_a_migration_tells_what_it_did(town: Town, healthy: None) -> None:
    settings = load_settings(**town.settings(key=KEY))
    assert (await migrate_database(settings)).endswith(f"qunhu.db: empty → {newest_revision()}")
    assert (await migrate_database(settings)).endswith(
        f"qunhu.db: {newest_revision()} → {newest_revision()}"
    )


async def test_a_migration_with_the_wrong_key_is_one_clear_sentence(
    town: Town, healthy: None, database: Database
) -> None:
    with pytest.raises(WrongKey):
        await migrate_database(load_settings(**town.settings(key=make_key())))


async def test_a_migration_of_a_newer_database_is_one_clear_sentence(
    town: Town, healthy: None, database: Database
) -> None:
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(NewerDatabase, match="0999"):
        await migrate_database(load_settings(**town.settings(key=KEY)))
