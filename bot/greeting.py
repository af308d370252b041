"""What the bot does when it starts: roles from settings, its command list, a word on what is missing."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from typing import Any

import structlog
from telegram import BotCommand, BotCommandScopeChat
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import Application

from bot import words
from bot.members.membership import moved_note
from bot.services import Services
from moderation.storage import Transaction, notes, outbox, people
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role

log = structlog.get_logger()

App = Application[Any, Any, Any, Any, Any, Any]


async def greet(application: App, services: Services) -> None:
    """Roles from settings, command list, and one word to the owners about what is missing."""
    async with services.database.transaction() as tx:
        await people.set_from_settings(tx, Role.COUNSELOR, services.settings.counselors)
        await people.set_from_settings(tx, Role.OWNER, services.settings.owners)
        moved = await notes.read(tx, moved_note(services.settings.moderator_chat))
        if moved is not None:
            services.alerts.calls.moderator_chat = int(moved)
        await _say_gaps(services, tx, await _gaps(application, services))
    shown = _commands(words.COMMANDS)
    with contextlib.suppress(TelegramError):
        await application.bot.set_my_commands(shown)
    staff = [*_commands(words.STAFF_COMMANDS), *shown]
    for chat_id in [services.alerts.calls.moderator_chat, *services.settings.counselors]:
        with contextlib.suppress(TelegramError):
            if chat_id is not None:
                scope = BotCommandScopeChat(chat_id)
                await application.bot.set_my_commands(staff, scope=scope)


def _commands(named: Mapping[str, str]) -> list[BotCommand]:
    return [BotCommand(name, text) for name, text in named.items()]


async def _gaps(application: App, services: Services) -> list[str]:
    gaps = []
    if not services.settings.counselors:
        gaps.append(words.GAP_COUNSELORS)
    if not services.settings.owners:
        gaps.append(words.GAP_OWNERS)
    if services.degraded:
        gaps.append(words.GAP_MODEL)
    try:
        await application.bot.get_chat(services.settings.moderator_chat)
    except (BadRequest, Forbidden):
        gaps.append(words.GAP_CHAT)
    except TelegramError as error:
        log.warning("moderator_chat_unchecked", error=type(error).__name__)
    for gap in gaps:
        log.warning("missing", what=gap)
    return gaps


async def _say_gaps(services: Services, tx: Transaction, gaps: list[str]) -> None:
    """Once a day at most, and only when something changed."""
    if not gaps:
        return
    text = words.SETUP_GAPS.format(gaps="\n".join(gaps))
    kind = hashlib.sha256(text.encode()).hexdigest()[:12]
    for recipient in services.settings.owners or [services.settings.moderator_chat]:
        await outbox.put(
            tx,
            Outgoing(
                dedupe=f"gaps:{recipient}:{kind}:{tx.now.date().isoformat()}",
                lane=Lane.ALERT,
                chat_id=recipient,
                method="sendMessage",
                payload={"text": text},
            ),
        )
