"""`qunhu who`: the ids of groups and people near the bot, for the settings; needs the token alone."""

from __future__ import annotations

from collections.abc import Iterable

import telegram
from rich.console import Console
from rich.table import Table
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.settings import Settings, load_settings
from bot.terminal import as_written
from bot.words import nearby as words

NOT_YET = 0
"""Stands where the moderators' group belongs, whose id is what one is looking for."""

Found = tuple[int, str, bool]
"""An id, its name, and whether it is a group."""


async def show_nearby(console: Console) -> int:
    """Print the groups and people of the last day; exit code 1 if Telegram did not tell.

    Nothing is confirmed to Telegram: the bot gets the same updates when it starts.
    """
    settings = load_settings(moderator_chat=NOT_YET)
    try:
        updates = await _waiting(settings)
    except InvalidToken:
        console.print(words.REFUSED)
    except Conflict:
        console.print(words.BUSY)
    except TelegramError as error:
        console.print(words.UNREACHED.format(error=type(error).__name__))
    else:
        console.print(_table(nearby(updates)))
        console.print(words.NEXT, highlight=False)
        return 0
    return 1


async def _waiting(settings: Settings) -> tuple[telegram.Update, ...]:
    bot = telegram.Bot(settings.bot_token.get_secret_value(), base_url=settings.api_base_url)
    async with bot:
        return await bot.get_updates()


def nearby(updates: Iterable[telegram.Update]) -> list[Found]:
    """Each group and each person once, groups first; channels and bots are neither."""
    found: dict[int, Found] = {}
    for update in updates:
        chat, user = update.effective_chat, update.effective_user
        if chat is not None and chat.type in {chat.GROUP, chat.SUPERGROUP}:
            found[chat.id] = (chat.id, chat.effective_name or "", True)
        if user is not None and not user.is_bot:
            found[user.id] = (user.id, user.full_name, False)
    return sorted(found.values(), key=lambda one: not one[2])


def _table(found: list[Found]) -> Table | str:
    if not found:
        return words.NOBODY
    table = Table(box=None, padding=(0, 2), show_header=False)
    for number, name, is_group in found:
        kind = words.GROUP if is_group else words.PERSON
        table.add_row(kind, str(number), as_written(name))
    return table
