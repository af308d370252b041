"""/checkin, its buttons, and the one word that ends it. All of it works in her private chat alone."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from telegram import Update
from telegram.ext import ContextTypes

from bot import words as common
from bot.checkin import cards, weekly
from bot.door.incoming import thread_of
from bot.hearing import messages
from bot.members.answers import answer, way_in
from bot.services import Services, services_of
from bot.taps import Tap, acknowledge, show, tap_of
from bot.words import checkin as words
from moderation.drift import Look
from moderation.storage import Transaction, audit, checkins, outbox, people, rates
from moderation.storage.checkins import Checkin, Share
from moderation.storage.outbox import Lane, Outgoing

TARGET = "checkin"
PATTERN = "^ci:"
LINK = f"^/start(@\\w+)? {TARGET}$"
STOP = "^\\s*停[。.！!～~，,]*\\s*$"
LOOKS, LOOKS_PER = 5, timedelta(hours=1)
GIVEN_WITHIN = timedelta(days=7)
"""A look older than this is not given on any more."""


async def on_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/checkin: in private what it is or how it stands; in a group only a way to the private chat."""
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    async with services.work(update) as tx:
        if source.chat.type == "private":
            await people.note_writable(tx, source.from_user.id, writable=True)
            payload = await _card(services, tx, source.from_user.id)
        else:
            payload = way_in(services.bot_username, words.IN_GROUP, TARGET)
        dedupe = f"command:{update.update_id}"
        await answer(tx, source.chat.id, thread_of(source), payload, dedupe)


async def on_stop(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """「停」 in private erases everything at once; of one who never asked it is a message like any."""
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    async with services.database.reading() as tx:
        known = await checkins.of(tx, source.from_user.id)
    if known is None:
        await messages.on_message(update, context)
        return
    async with services.work(update) as tx:
        await weekly.forget(tx, source.from_user.id)
        dedupe = f"stop:{update.update_id}"
        await answer(tx, source.chat.id, None, cards.line(words.STOPPED), dedupe)


async def on_tap(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """A button of hers."""
    services = services_of(context)
    tap = tap_of(update)
    if tap is None:
        return
    day = _day_of(tap)
    async with services.database.reading() as tx:
        checkin = await checkins.of(tx, tap.user.id)
        wanted = day or (weekly.today_of(services, tx) if tap.args == ("look",) else None)
        look = await weekly.look_of(services, tx, checkin, wanted) if checkin and wanted else None
    picture = await weekly.drawn(look) if look is not None and look.enough else None
    async with services.work(update) as tx:
        said = common.OLD_BUTTON
        if tap.private:
            checkin = await checkins.of(tx, tap.user.id)
            said = await _react(services, tx, tap, checkin, look, picture)
        await acknowledge(tx, tap, said)


async def _react(
    services: Services,
    tx: Transaction,
    tap: Tap,
    checkin: Checkin | None,
    look: Look | None,
    picture: bytes | None,
) -> str:
    if tap.args == ("on",):
        return await _begin(services, tx, tap, checkin)
    if tap.args == ("no",) and checkin is None:
        await show(tx, tap, cards.line(words.LATER))
        return ""
    if tap.args == ("stop",):
        return await _stop(tx, tap)
    if checkin is None:
        return common.OLD_BUTTON
    match tap.args:
        case ("share", share) if share in set(Share):
            return await _share(services, tx, tap, checkin, Share(share))
        case ("look",):
            if look is None or picture is None:
                return words.TOO_EARLY
            if not await rates.allow(tx, "checkin", tap.user.id, LOOKS, LOOKS_PER):
                return words.OFTEN
            await weekly.show(services, tx, checkin, look, picture, f"asked:{tap.id}")
            return ""
        case ("give", _) if look is not None and look.signs and picture is not None:
            day = _day_of(tap)
            assert day is not None
            if weekly.today_of(services, tx) - day <= GIVEN_WITHIN:
                return await weekly.give(services, tx, checkin, look, picture, day)
        case ("hold", _):
            return await _hold(services, tx, tap, checkin)
    return common.OLD_BUTTON


async def _begin(services: Services, tx: Transaction, tap: Tap, checkin: Checkin | None) -> str:
    if checkin is not None:
        return words.BEGUN_ALREADY
    due = weekly.next_due(tx.now, services.alerts.calls.zone)
    await checkins.begin(tx, tap.user.id, tap.user.full_name, due)
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), "checkin", detail={"on": True})
    await show(tx, tap, cards.line(words.BEGUN))
    return ""


async def _stop(tx: Transaction, tap: Tap) -> str:
    if not await weekly.forget(tx, tap.user.id):
        return words.STOPPED_ALREADY
    row = Outgoing(
        dedupe=f"checkin-stopped:{tap.id}",
        lane=Lane.ANSWER,
        chat_id=tap.chat_id,
        method="sendMessage",
        payload=cards.line(words.STOPPED),
    )
    await outbox.put(tx, row)
    return ""


async def _share(
    services: Services, tx: Transaction, tap: Tap, checkin: Checkin, share: Share
) -> str:
    if share is not checkin.share:
        await checkins.change(tx, tap.user.id, share=share, row_id=None, give_at=None)
        detail = {"share": share.value}
        await audit.record(tx, tx.sealer.hash_id(tap.user.id), "checkin", detail=detail)
        await show(tx, tap, await _card(services, tx, tap.user.id))
    return words.SHARED[share]


async def _hold(services: Services, tx: Transaction, tap: Tap, checkin: Checkin) -> str:
    waiting = checkin.give_at is not None and weekly.day_given(services, checkin) == _day_of(tap)
    if not waiting:
        return words.HELD_LATE
    await checkins.change(tx, tap.user.id, row_id=None, give_at=None)
    return words.HELD


async def _card(services: Services, tx: Transaction, user_id: int) -> dict[str, Any]:
    checkin = await checkins.of(tx, user_id)
    return cards.home(checkin, services.alerts.calls.zone) if checkin else cards.intro()


def _day_of(tap: Tap) -> date | None:
    """The day that a button carries; None for a forged one."""
    text = tap.args[1] if len(tap.args) == 2 and tap.args[0] in {"give", "hold"} else ""
    if not re.fullmatch("20[0-9]{6}", text):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d").date()
    except ValueError:
        return None
