"""The weekly look: rows with a due time, made up once if missed; shown to her, then, if she wants, given on."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import structlog

from bot import metrics
from bot.checkin import cards
from bot.services import Services
from bot.words import checkin as words
from moderation.drift import Look, look
from moderation.storage import Transaction, audit, checkins, duty, outbox, people
from moderation.storage.checkins import Checkin, Share
from moderation.storage.erasure import SHARED
from moderation.storage.outbox import Lane, Outgoing, State

log = structlog.get_logger()

WEEK = timedelta(days=7)
EVENING = time(19)
FIRST_HERS = timedelta(hours=1)
"""So long she alone has it before a counselor sees it."""


def next_due(now: datetime, zone: ZoneInfo) -> datetime:
    """A week from now, in the evening."""
    return datetime.combine((now.astimezone(zone) + WEEK).date(), EVENING, zone)


async def look_after(services: Services) -> None:
    """Show everybody whose week is over her look; give on what she wanted given on."""
    async with services.database.reading() as tx:
        due, giving = await checkins.due(tx), await checkins.to_give(tx)
    for one, work in [*((c, _show) for c in due), *((c, _give_if_seen) for c in giving)]:
        try:
            await work(services, one)
        except Exception as error:
            metrics.ERRORS.labels("checkin").inc()
            log.error("not_looked_after", error=type(error).__name__, exc_info=error)
    if due or giving:
        services.outbox.wake()


async def look_of(services: Services, tx: Transaction, checkin: Checkin, day: date) -> Look:
    """What can be said of her on a day."""
    since = checkin.agreed_at.astimezone(services.alerts.calls.zone).date()
    return look(await checkins.days_of(tx, checkin.user_id), since, day)


def today_of(services: Services, tx: Transaction) -> date:
    """Today where the group lives."""
    return tx.now.astimezone(services.alerts.calls.zone).date()


def day_given(services: Services, checkin: Checkin) -> date:
    """The day of the look that waits to be given on."""
    assert checkin.give_at is not None
    return (checkin.give_at - FIRST_HERS).astimezone(services.alerts.calls.zone).date()


async def drawn(look: Look) -> bytes:
    """The picture of a look, made in a thread."""

    def draw() -> bytes:
        from bot.checkin import picture  # with it comes matplotlib: only when it is needed

        return picture.draw(look)

    return await asyncio.to_thread(draw)


async def show(
    services: Services, tx: Transaction, checkin: Checkin, look: Look, picture: bytes, dedupe: str
) -> None:
    """Send her look; where she wants that, a counselor's turn comes an hour after she got it."""
    changed = bool(look.signs)
    variants = words.CHANGED if changed else words.STEADY
    closing = variants[await people.unsaid(tx, checkin.user_id, list(variants))]
    giving = changed and checkin.share is Share.ALWAYS
    if giving:
        closing = f"{closing}\n{words.WILL_GIVE}"
    day = today_of(services, tx)
    row = Outgoing(
        dedupe=f"checkin:{tx.sealer.hash_id(checkin.user_id)}:{dedupe}",
        lane=Lane.ANSWER,
        chat_id=checkin.user_id,
        method="sendPhoto",
        payload=cards.shown(look, day, picture, closing, checkin.share),
        expires_in=timedelta(days=2),
    )
    number = await outbox.put(tx, row)
    if giving and number is not None:
        await checkins.change(tx, checkin.user_id, row_id=number, give_at=tx.now + FIRST_HERS)


async def give(
    services: Services, tx: Transaction, checkin: Checkin, look: Look, picture: bytes, day: date
) -> str:
    """Give one look to the counselors on duty; what she is told."""
    rota = await duty.rota(tx, services.alerts.calls.zone)
    who = rota.on_duty(tx.now) or rota.awake(tx.now) or rota.everybody(tx.now)
    person = tx.sealer.hash_id(checkin.user_id)
    rows = [
        await outbox.put(
            tx,
            Outgoing(
                dedupe=f"checkin-given:{person}:{day.isoformat()}:{counselor}",
                lane=Lane.ANSWER,
                chat_id=counselor,
                method="sendPhoto",
                payload=cards.for_counselor(checkin, look, picture),
                purpose=SHARED.format(person),
            ),
        )
        for counselor in who
    ]
    await checkins.change(tx, checkin.user_id, row_id=None, give_at=None)
    if not rows:
        return words.NOBODY
    if not any(rows):
        return words.GIVEN_ALREADY
    await audit.record(tx, person, "checkin_given")
    return words.GIVEN


async def _show(services: Services, checkin: Checkin) -> None:
    async with services.database.reading() as tx:
        found = await look_of(services, tx, checkin, today_of(services, tx))
    picture = await drawn(found) if found.enough else None
    async with services.database.transaction() as tx:
        now = await checkins.of(tx, checkin.user_id)
        if now is None or now.due_at != checkin.due_at:
            return
        if await people.is_writable(tx, checkin.user_id) is False:
            await forget(tx, checkin.user_id)
            return
        due = next_due(tx.now, services.alerts.calls.zone)
        await checkins.change(tx, checkin.user_id, due_at=due)
        if picture is not None:
            await show(services, tx, now, found, picture, f"week:{checkin.due_at.isoformat()}")


async def _give_if_seen(services: Services, checkin: Checkin) -> None:
    """Only what reached her is given on: one who cannot be written to keeps it to herself."""
    day = day_given(services, checkin)
    async with services.database.reading() as tx:
        found = await look_of(services, tx, checkin, day)
    picture = await drawn(found)
    async with services.database.transaction() as tx:
        now = await checkins.of(tx, checkin.user_id)
        if now is None or now.give_at != checkin.give_at or now.row_id is None:
            return
        row = await outbox.get(tx, now.row_id)
        if row is not None and row.state is State.SENT:
            await give(services, tx, now, found, picture, day)
        elif row is None or row.state is State.DEAD:
            await checkins.change(tx, checkin.user_id, row_id=None, give_at=None)


async def forget(tx: Transaction, user_id: int) -> bool:
    """Erase everything at once; whether there was anything."""
    gone = await checkins.erase(tx, user_id)
    if gone:
        await audit.record(tx, tx.sealer.hash_id(user_id), "checkin", detail={"on": False})
    return gone
