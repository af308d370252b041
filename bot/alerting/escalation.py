"""What time brings: calls that nobody answered are repeated and widened; old things are forgotten."""

from __future__ import annotations

import structlog

from bot import metrics
from bot.alerting.pictures import PICTURES
from bot.operating.measuring import measure
from bot.services import Services
from bot.staff import appealing
from bot.ticks import Ticks
from moderation.cases import CaseState
from moderation.storage import Transaction, audit, casebook, fading, outbox, retention
from moderation.storage.outbox import State

log = structlog.get_logger()

TICK_SECONDS = 5.0
MINUTE = 60.0
HOUR = 60 * MINUTE


def wind(ticks: Ticks) -> None:
    """Add what is done here to the clockwork."""
    ticks.every(TICK_SECONDS, call_again)
    ticks.every(TICK_SECONDS, measure)
    ticks.every(5 * MINUTE, show_appeals)
    ticks.every(HOUR, forget)


async def call_again(services: Services) -> None:
    """Repeat every call whose time to be answered is over; none waits for another."""
    async with services.database.reading() as tx:
        due = await casebook.due_reminders(tx)
    for reminder_id, case_id, step in due:
        try:
            await _call(services, reminder_id, case_id, step)
        except Exception as error:
            metrics.ERRORS.labels("escalation").inc()
            name = type(error).__name__
            log.critical("not_called_again", case=case_id, error=name, exc_info=error)
    if due:
        services.outbox.wake()


async def _call(services: Services, reminder_id: int, case_id: int, step: int) -> None:
    async with services.database.transaction() as tx:
        case = await casebook.get(tx, case_id)
        due = await casebook.finish_reminder(tx, reminder_id)
        if not due or case is None or not case.standing.state.live:
            return
        if case.standing.state is CaseState.OPEN:
            await services.alerts.calls.call_again(tx, case, step)
        else:
            await services.alerts.contact.ask_again(tx, case, step)
    log.warning("called_again", case=case_id, step=step, state=case.standing.state)


async def show_appeals(services: Services) -> None:
    """Show appeals again that nobody looked at for a day."""
    async with services.database.transaction() as tx:
        found = await appealing.remind(services, tx)
    if found:
        services.outbox.wake()


async def forget(services: Services) -> None:
    """Let go of everything whose time is over."""
    async with services.database.transaction() as tx:
        await casebook.expire_old(tx)
        await retention.purge(tx)
    if services.database.sealer.ring is not None:
        services.database.sealer.ring.catch_up()
    async with services.database.transaction() as tx:
        faded = await fading.fade(tx)
        for case_id in faded:
            await _show_faded(services, tx, case_id)
    if faded:
        services.outbox.wake()


async def _show_faded(services: Services, tx: Transaction, case_id: int) -> None:
    """Cards show no more than what is kept; pictures that nobody got yet stay away."""
    for row in await outbox.of_case(tx, case_id, PICTURES):
        if row.state is State.PENDING:
            await outbox.give_up(tx, row.id, "faded")
    await services.alerts.calls.refresh(tx, case_id)
    await audit.record(tx, "time", "words_faded", case_id)
