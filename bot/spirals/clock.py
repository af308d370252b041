"""What time alone brings to a spiral: one in which nobody speaks any more is over."""

from __future__ import annotations

import structlog

from bot import metrics
from bot.services import Services
from bot.spirals import stories
from bot.spirals.tuned import tuning_for
from moderation import spiral
from moderation.storage import chats, group_settings, spirals

log = structlog.get_logger()


async def lapse(services: Services) -> None:
    """Close every spiral that fell silent; none waits for another. What is due stands in rows."""
    async with services.database.reading() as tx:
        due = await spirals.due_lapses(tx)
    for chat_id in due:
        try:
            await _lapse(services, chat_id)
        except Exception as error:
            metrics.ERRORS.labels("spirals").inc()
            name = type(error).__name__
            log.error("spiral_not_closed", chat=chat_id, error=name, exc_info=error)
    if due:
        services.outbox.wake()


async def _lapse(services: Services, chat_id: int) -> None:
    async with services.database.transaction() as tx:
        before = spiral.load(await chats.spiral_state(tx, chat_id))
        wanted = await group_settings.of_group(tx, chat_id)
        tuning = tuning_for(services.settings, wanted)
        after, event = spiral.lapse(before, tx.now, tuning)
        await spirals.plan_lapse(tx, chat_id, stories.lapses_at(after, tuning))
        if event is None:
            return
        await chats.keep_spiral_state(tx, chat_id, spiral.dump(after))
        await stories.close(services.alerts.calls, tx, chat_id, event)
