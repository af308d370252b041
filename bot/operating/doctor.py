"""`qunhu doctor`: everything an operator needs to know, green or red, each with its remedy."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import telegram
from rich.console import Console
from rich.table import Table
from telegram.constants import ChatAction
from telegram.error import InvalidToken, TelegramError

from bot.hearing.classifiers import load_classifier
from bot.members.unwatched import GONE
from bot.operating.keys import key_before, load_key, sealer_of
from bot.settings import Settings, load_settings
from bot.terminal import as_written
from migrations import upgrade
from migrations.upgrade import current_revision, newest_revision
from moderation.errors import ConfigError, QunhuError
from moderation.storage import Database, Sealer, chats, open_database, ring
from moderation.storage.retention import rule_of

FREE_BYTES = 1_000_000_000
CLOCK_SLACK = timedelta(seconds=30)
TELEGRAM_KEEPS = "Telegram keeps updates for 24 hours only."


@dataclass(frozen=True, slots=True)
class Result:
    """One thing looked at: how it is, and what to do if it is not well."""

    what: str
    good: bool
    found: str
    remedy: str = ""


async def examine(console: Console) -> int:
    """Look at everything and print it; the exit code is 1 if something must be mended."""
    try:
        settings = load_settings()
    except ConfigError as error:
        print_results(
            console, [Result("settings", False, str(error), "set them in .env or the environment")]
        )
        return 1
    results = [Result("settings", True, "complete")]
    for look in (_key_and_database, _model, _disk, look_at_telegram):
        results.extend(await look(settings))
    results.append(_who_gets_what(settings))
    print_results(console, results)
    return 0 if all(result.good for result in results) else 1


async def migrate_database(settings: Settings) -> str:
    """Run the migrations; what was done, in a sentence."""
    key, _ = load_key(settings)
    async with _opened(settings, sealer_of(settings, key)) as database:
        await database.look_over()
        before = await current_revision(database)
        await upgrade(database)
        await database.check_key()
    return f"{database.where}: {before or 'empty'} → {newest_revision()}"


async def _key_and_database(settings: Settings) -> list[Result]:
    """The key, the database, and the groups it knows."""
    try:
        key, made = load_key(settings)
    except QunhuError as error:
        return [Result("key", False, str(error), "as it says")]
    where = "QUNHU_KEY" if settings.key else str(settings.key_file)
    age = "made just now" if made else _age(settings)
    found = [Result("key", True, f"{where}{age and f', {age}'}; keep a copy")]
    if key_before(settings) is not None:
        remedy = "run `qunhu keys rotate` again, or start the bot: it finishes while it works"
        found.append(Result("change of key", False, "begun and not finished", remedy))
    try:
        sealer = sealer_of(settings, key)
        found.extend(_keys_behind(sealer))
        found.append(await _database(settings, sealer))
    except QunhuError as error:
        found.append(Result("database", False, str(error), "as it says"))
    return found


def _keys_behind(sealer: Sealer) -> list[Result]:
    """Copies of the members' keys in which somebody who was erased could still be read."""
    remedy = (
        "make its folder reachable: the running bot writes it over within the hour. If that copy is no "
        f"more, take its lines out of {ring.COPIES} in the data folder"
    )
    behind = sealer.ring.behind() if sealer.ring is not None else []
    return [Result("members' keys", False, f"{copy} is behind", remedy) for copy in behind]


def _age(settings: Settings) -> str:
    """How old the key is; empty where only the environment knows it."""
    if settings.key is not None:
        return ""
    days = (time.time() - settings.key_file.stat().st_mtime) // 86_400
    return f"{days:.0f} days old; `qunhu keys rotate` makes a new one"


async def _database(settings: Settings, sealer: Sealer) -> Result:
    async with _opened(settings, sealer) as database:
        await database.look_over()
        await upgrade(database)
        await database.check_key()
        async with database.reading() as tx:
            groups = await chats.all_present(tx)
    newest = newest_revision()
    return Result("database", True, f"{database.where}, revision {newest}, {len(groups)} groups")


@contextlib.asynccontextmanager
async def _opened(settings: Settings, sealer: Sealer) -> AsyncIterator[Database]:
    database = open_database(settings.database, sealer, lambda: datetime.now(UTC))
    try:
        yield database
    finally:
        await database.close()
        await asyncio.sleep(0)  # let the driver's thread end before the event loop does


async def _model(settings: Settings) -> list[Result]:
    started = time.perf_counter()
    loaded = await asyncio.to_thread(load_classifier, settings.model, settings.threads)
    if loaded.degraded:
        return [Result("model", False, loaded.degraded, "until then only safe words speak")]
    return [Result("model", True, f"loaded in {time.perf_counter() - started:.1f} s")]


async def _disk(settings: Settings) -> list[Result]:
    free = shutil.disk_usage(settings.data if settings.data.exists() else ".").free
    return [Result("disk", free > FREE_BYTES, f"{free / 1e9:.1f} GB free", "free at least 1 GB")]


async def look_at_telegram(settings: Settings) -> list[Result]:
    """The token, the clock, and everybody the bot must be able to write to."""
    bot = telegram.Bot(settings.bot_token.get_secret_value(), base_url=settings.api_base_url)
    try:
        await bot.initialize()
        return await _seen_by(bot, settings)
    except InvalidToken:
        return [Result("token", False, "refused", "ask BotFather for it: /mybots, API Token")]
    except TelegramError as error:
        found = f"cannot be reached ({type(error).__name__})"
        remedy = f"check network, HTTPS_PROXY and QUNHU_API_BASE_URL. {TELEGRAM_KEEPS}"
        return [Result("Telegram", False, found, remedy)]
    finally:
        for request in bot._request:
            await request.shutdown()


async def _seen_by(bot: telegram.Bot, settings: Settings) -> list[Result]:
    me = bot.bot
    results = [Result("token", True, f"@{me.username}"), _privacy(me), await _clock(settings)]
    results.append(await _chat(bot, settings.moderator_chat, "moderators' chat"))
    for counselor in settings.counselors:
        results.append(await _chat(bot, counselor, f"counselor {counselor}"))
    return [*results, *await _groups(bot, settings)]


def _privacy(me: telegram.User) -> Result:
    return Result(
        "privacy mode",
        True,
        "off: reads groups even as a plain member"
        if me.can_read_all_group_messages
        else "on: reads a group only where it is an admin (that is enough)",
    )


async def _clock(settings: Settings) -> Result:
    """Compares this machine's clock with the Bot API server's."""
    async with httpx.AsyncClient(timeout=10) as client:
        try:
            answer = await client.head(settings.api_base_url)
            theirs = parsedate_to_datetime(answer.headers["date"])
        except (httpx.HTTPError, KeyError, ValueError):
            return Result("clock", True, "not compared: the server does not tell the time")
    off = abs(datetime.now(UTC) - theirs)
    found = f"{off.total_seconds():.0f} s off Telegram's"
    return Result("clock", off < CLOCK_SLACK, found, "set it: timedatectl set-ntp true")


async def _chat(bot: telegram.Bot, chat_id: int, what: str) -> Result:
    """Whether the bot may write there: it shows itself typing, which disturbs nobody."""
    try:
        chat = await bot.get_chat(chat_id)
        await bot.send_chat_action(chat_id, ChatAction.TYPING)
    except TelegramError:
        private = "ask them to send /start to the bot once"
        group = "add the bot to it and check QUNHU_MODERATOR_CHAT"
        return Result(what, False, "cannot be written to", private if chat_id > 0 else group)
    if chat.username and chat_id < 0:
        return Result(what, False, "is public", "make it private: alerts hold members' words")
    return Result(what, True, chat.effective_name or str(chat_id))


async def _groups(bot: telegram.Bot, settings: Settings) -> list[Result]:
    try:
        key, _ = load_key(settings)
        async with _opened(settings, sealer_of(settings, key)) as database:
            await database.check_key()
            async with database.reading() as tx:
                known = await chats.all_present(tx)
                left = await chats.all_left(tx)
    except QunhuError:
        return [Result("groups", True, "not looked at: the database cannot be opened")]
    groups = [chat for chat in known if chat.chat_id != settings.moderator_chat]
    lost = [_lost(number, day) for number, day in left if number != settings.moderator_chat]
    if not groups:
        none = Result("groups", True, "none yet: add the bot to your group as an admin")
        return lost or [none]
    return [*[await _rights(bot, chat) for chat in groups], *lost]


def _lost(chat_id: int, day: date) -> Result:
    found = f"the bot is in it no more since {day}: nobody watches it"
    days = rule_of("chats").kept
    assert days is not None
    remedy = f"add the bot again; if it shall stay so: forgotten {days.days} days after that day"
    return Result(f"group {chat_id}", False, found, remedy)


async def _rights(bot: telegram.Bot, chat: chats.Chat) -> Result:
    what = f"group {chat.chat_id}"
    try:
        me = await bot.get_chat_member(chat.chat_id, bot.id)
    except TelegramError as error:
        return Result(what, False, f"cannot be seen ({type(error).__name__})", "add the bot again")
    if me.status in GONE:
        return Result(what, False, "the bot is in it no more: nobody watches it", "add it again")
    if isinstance(me, telegram.ChatMemberAdministrator):
        deletes = "may delete" if me.can_delete_messages else "may not delete (that is allowed)"
        return Result(what, True, f"admin, {deletes}")
    if isinstance(me, telegram.ChatMemberMember) and bot.bot.can_read_all_group_messages:
        return Result(what, True, "plain member, reads all (privacy mode is off)")
    return Result(what, False, f"only {me.status}: sees commands only", "make the bot an admin")


def _who_gets_what(settings: Settings) -> Result:
    counselors = len(settings.counselors)
    return Result(
        "who gets what",
        counselors > 0,
        f"crises: {counselors or 'no'} counselors and the moderators' chat; the rest: moderators",
        "set QUNHU_COUNSELORS so that a crisis reaches somebody in private",
    )


def print_results(console: Console, results: list[Result]) -> None:
    """A line for each, green or red, the remedy below the red ones."""
    table = Table(box=None, padding=(0, 2), show_header=False)
    for result in results:
        mark = "[green]✓[/]" if result.good else "[red]✗[/]"
        found = as_written(result.found)
        if not result.good:
            found.append(f"\n→ {result.remedy}", style="yellow")
        table.add_row(mark, as_written(result.what), found)
    console.print(table)
