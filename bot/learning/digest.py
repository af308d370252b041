"""/stats, and every Monday morning the week in a picture, in each moderators' chat."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from telegram import Update
from telegram.ext import ContextTypes

from bot.door.incoming import thread_of
from bot.hearing.messages import is_moderators
from bot.learning import figures
from bot.learning.climate import GroupClimate, climates_of
from bot.learning.climate import in_words as climate_in_words
from bot.members.answers import answer
from bot.services import Services, services_of
from bot.words import learning as said
from moderation.learning import Summary, summarise
from moderation.storage import Transaction, chats, group_settings, learning, notes, outbox
from moderation.storage.outbox import Lane, Outgoing

log = structlog.get_logger()

DAYS = (7, 30)
WEEK = timedelta(days=7)
HOUR = 9


async def on_stats(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/stats in a moderators' chat: the last week and the last month."""
    services = services_of(context)
    source = update.effective_message
    if source is None:
        return
    working = await is_moderators(services, source.chat.id)
    async with services.work(update) as tx:
        payload: dict[str, Any] = {"text": said.MODERATORS_ONLY}
        if working:
            parts = []
            for days in DAYS:
                since = tx.now - timedelta(days=days)
                summary = await _summary(services, tx, source.chat.id, since)
                parts.append(figures.in_words(summary, days, since))
            payload = {"text": "\n\n".join(parts), "parse_mode": "HTML"}
        dedupe = f"command:{update.update_id}"
        await answer(tx, source.chat.id, thread_of(source), payload, dedupe)


async def weekly(services: Services) -> None:
    """Send each moderators' chat its week, once a week, after Monday nine; made up once if missed."""
    async with services.database.reading() as tx:
        week = _week(tx.now.astimezone(services.alerts.calls.zone))
        places = [p for p in await _places(services, tx) if await _unsent(tx, p, week)]
        found = [
            (p, await _summary(services, tx, p, tx.now - WEEK), await climates_of(services, tx, p))
            for p in places
        ]
        since = tx.now - WEEK
    for place, summary, climates in found:
        pictures = await asyncio.to_thread(_draw, summary, since, climates)
        async with services.database.transaction() as tx:
            await notes.write(tx, _note(place), week)
            for name, picture, caption in pictures:
                await _send(tx, place, f"{name}:{place}:{week}", picture, caption)
    if found:
        services.outbox.wake()


def _draw(
    summary: Summary, since: datetime, climates: Sequence[GroupClimate]
) -> list[tuple[str, bytes | None, str]]:
    """The pictures of a week: name, PNG, caption; none for what there is nothing to show of.

    What could not be drawn is None: its words go out alone, and the other pictures as they are.
    """
    from bot.learning import climate_picture, picture  # matplotlib takes 45 MB: only on Mondays

    pictures = []
    if climates:
        panels = [(one.title, one.days) for one in climates]
        drawn = _tried("climate", lambda: climate_picture.draw(panels))
        pictures.append(("climate", drawn, climate_in_words(climates)))
    if summary.kinds:
        drawn = _tried("digest", lambda: picture.draw(summary))
        pictures.append(("digest", drawn, _caption(summary, since)))
    return pictures


def _tried(name: str, draw: Callable[[], bytes]) -> bytes | None:
    try:
        return draw()
    except Exception:  # whatever it is, the words are worth more than the picture
        log.exception("picture_failed", picture=name)
        return None


def _caption(summary: Summary, since: datetime) -> str:
    text = figures.in_words(summary, WEEK.days, since)
    return "\n".join([said.DIGEST_HEAD, text, *figures.suggestions(summary)])


async def _send(
    tx: Transaction, place: int, dedupe: str, picture: bytes | None, caption: str
) -> None:
    shown = {"parse_mode": "HTML", "disable_notification": True}
    if picture is None:
        method, payload = "sendMessage", {"text": caption, **shown}
    else:
        photo = base64.b64encode(picture).decode()
        method, payload = "sendPhoto", {"photo": photo, "caption": caption, **shown}
    row = Outgoing(
        dedupe=dedupe,
        lane=Lane.BULK,
        chat_id=place,
        method=method,
        payload=payload,
    )
    await outbox.put(tx, row)


async def _places(services: Services, tx: Transaction) -> list[int]:
    """Every chat in which moderators work."""
    default = services.alerts.calls.moderator_chat
    found = {default} if default is not None else set()
    for chat in await chats.all_present(tx):
        own = (await group_settings.of_group(tx, chat.chat_id)).moderators
        if own is not None:
            found.add(own)
    return sorted(found)


async def _summary(services: Services, tx: Transaction, place: int, since: datetime) -> Summary:
    """The figures of the groups served from this chat; the first chat also has what was private."""
    main = place == services.alerts.calls.moderator_chat
    elsewhere: set[int] = set()
    mine: set[int] = set()
    for chat in await chats.all_present(tx):
        own = (await group_settings.of_group(tx, chat.chat_id)).moderators
        (mine if own == place else elsewhere if own is not None else set()).add(chat.chat_id)
    if not main:
        return summarise(await learning.outcomes(tx, since, mine))
    return summarise(await learning.outcomes(tx, since, besides=elsewhere))


async def _unsent(tx: Transaction, place: int, week: str) -> bool:
    sent = await notes.read(tx, _note(place))
    return sent != week


def _week(now: datetime) -> str:
    """The week whose digest is due: it turns over on Monday at nine."""
    year, week, _ = (now - timedelta(hours=HOUR)).isocalendar()
    return f"{year}-{week:02d}"


def _note(place: int) -> str:
    return f"digest:{place}"
