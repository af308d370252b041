"""What time brings beside the calls: follow-ups, changes of shift, the weekly digest, a look at the audit."""

from __future__ import annotations

from bot.advice.pageduty import look_at_pages
from bot.alerting import escalation
from bot.alerting.escalation import HOUR, MINUTE, TICK_SECONDS
from bot.care.followup import follow_up
from bot.checkin.weekly import look_after
from bot.hearing.secondlook import judge_again
from bot.learning.digest import weekly
from bot.learning.ledger import look
from bot.mine.forgetting import go_on
from bot.operating.keychange import go_on_changing
from bot.papers.nudges import remind
from bot.services import Services
from bot.spirals.clock import lapse
from bot.staff.handover import change_shifts
from bot.ticks import Ticks
from bot.wallclock import LOOK_EVERY, WallClock
from moderation import normalise
from moderation.storage import safetyplans

FORGET_SECONDS = 15.0
LOOK_SECONDS = 5.0
SOON = 10 * MINUTE
"""After a start: a bot that is restarted daily must look at its pages too."""


def wind(ticks: Ticks, wall_clock: WallClock) -> None:
    """Everything that comes again and again."""
    escalation.wind(ticks)
    ticks.every(LOOK_EVERY, wall_clock.look, first=0)
    ticks.every(TICK_SECONDS, follow_up)
    ticks.every(TICK_SECONDS, note_places)
    ticks.every(FORGET_SECONDS, go_on)
    ticks.every(LOOK_SECONDS, judge_again)
    ticks.every(MINUTE, forget_texts)
    ticks.every(HOUR, go_on_changing, first=MINUTE)
    ticks.every(TICK_SECONDS, lapse)
    ticks.every(MINUTE, change_shifts)
    ticks.every(10 * MINUTE, weekly)
    ticks.every(24 * HOUR, look, first=MINUTE)
    ticks.every(MINUTE, remind)
    ticks.every(MINUTE, look_after)
    ticks.every(6 * HOUR, look_at_pages, first=SOON)


async def catch_up(services: Services) -> None:
    """Everything that is due by now, at once: for a clock that somebody moves on purpose."""
    for work in (escalation.call_again, follow_up, lapse, change_shifts, remind, look_after):
        await work(services)
    await weekly(services)
    services.outbox.wake()


async def forget_texts(services: Services) -> None:
    """Texts are in memory for an hour at most, in a silent group too."""
    services.recent.forget_old()
    normalise.forget()


async def note_places(services: Services) -> None:
    """Remember in which messages safety plans stand."""
    async with services.database.transaction() as tx:
        await safetyplans.note_places(tx)
