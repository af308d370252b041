"""Everything a handler may use, built once by the composition root."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

from telegram import Update
from telegram.ext import ContextTypes

from bot.alerting.alerts import Alerts
from bot.hearing.recent import Recent
from bot.hearing.scorer import Scorer
from bot.sending.outbox import OutboxRunner
from bot.settings import Settings
from bot.staff.acting import Acting
from moderation.policy import OperatingPoints
from moderation.ports import Clock
from moderation.storage import Database, Transaction, inbox
from moderation.storage.tables import outbox
from resources import Catalogue

SERVICES = "services"


@dataclass
class Services:
    """The bot's parts."""

    settings: Settings
    database: Database
    scorer: Scorer
    catalogue: Catalogue
    alerts: Alerts
    acting: Acting
    recent: Recent
    outbox: OutboxRunner
    clock: Clock
    bot_id: int
    bot_username: str
    reads_all: bool
    """Whether the bot sees a group's messages as a plain member too (privacy mode is off)."""
    finished: set[int]
    """Updates that were finished together with their work (`ChatOrder.finished`)."""
    modes: frozenset[str] = frozenset()
    """What does not work as it should (`bot.operating.modes`)."""

    @property
    def points(self) -> OperatingPoints:
        """From which probability on each judgement is made, by sensitivity."""
        return self.scorer.model.points

    @property
    def degraded(self) -> str | None:
        """Why only safe words speak at present; None while the model works."""
        return self.scorer.model.degraded

    @asynccontextmanager
    async def work(self, update: Update) -> AsyncIterator[Transaction]:
        """One transaction in which an update's work is stored and the update is finished."""
        async with self.database.transaction() as tx:
            yield tx
            await inbox.finish(tx, update.update_id)
        self.finished.add(update.update_id)
        if outbox.name in tx.news:
            self.outbox.wake()


def services_of(context: ContextTypes.DEFAULT_TYPE) -> Services:
    """The services a handler was given."""
    data = cast("dict[str, Any]", context.bot_data)
    return cast("Services", data[SERVICES])
