"""A bot that is built but not at work: time stands still until a test moves it, and nothing is sent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import telegram

from bot.alerting.escalation import call_again
from bot.app import Qunhu, built
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.services import Services
from bot.settings import load_settings
from bot.simulator import User
from bot.staff.review import react
from bot.taps import Tap
from moderation.cases import CaseState, Standing
from moderation.storage import casebook, chats, outbox
from moderation.storage.casebook import Case, Person
from moderation.storage.outbox import Delivery
from moderation.vocabulary import CaseKind, Certainty, Crisis, Subject
from tests.bot.ready_made import lay_ready_made
from tests.bot.town import Town
from tests.fakes import FakeClock

GROUP = -1002004000002


@dataclass
class Standstill:
    """The bot, its clock and the town it would work in."""

    town: Town
    qunhu: Qunhu
    clock: FakeClock
    taps: int = 0

    @property
    def services(self) -> Services:
        """The bot's parts."""
        return self.qunhu.services

    async def crisis(
        self,
        level: str = Crisis.IMMINENT,
        state: CaseState = CaseState.OPEN,
        holder: User | None = None,
        kind: CaseKind = CaseKind.CRISIS,
        **changed: Any,
    ) -> Case:
        """A case about 小岚 in this state."""
        lan = self.town.lan
        async with self.services.database.transaction() as tx:
            await chats.ensure(tx, GROUP, "supergroup", "鼻修复互助群", None)
            case = await casebook.open_case(
                tx, kind, GROUP, Person(lan.id, "小岚"), level, Subject.SELF, Certainty.LIKELY
            )
            standing = Standing(state, holder.id if holder else None)
            name = holder.name if holder else None
            await casebook.set_standing(tx, case.id, standing, name)
            if changed:
                await casebook.change(tx, case.id, **changed)
        return await self.case(case.id)

    async def is_over(self, case: Case) -> None:
        """A case is closed without anybody's doing."""
        async with self.services.database.transaction() as tx:
            await casebook.change(tx, case.id, state=CaseState.EXPIRED, state_before=None)

    async def case(self, case_id: int) -> Case:
        """A case as it is now."""
        async with self.services.database.reading() as tx:
            found = await casebook.get(tx, case_id)
        assert found is not None
        return found

    async def tap(self, user: User, data: str, chat_id: int | None = None) -> str:
        """Somebody taps a button that carries this, in private unless said otherwise; the answer."""
        self.taps += 1
        who = telegram.User(user.id, user.name, is_bot=False)
        kind, *args = data.split(":")
        place = user.id if chat_id is None else chat_id
        tap = Tap(str(self.taps), who, place, 0, "", kind, tuple(args))
        async with self.services.database.transaction() as tx:
            return await react(self.services, tx, tap)

    async def pass_time(self, **passed: float) -> None:
        """Let time pass, then let the clockwork tick once."""
        self.clock.forward(**passed)
        await call_again(self.services)

    async def rows(self, method: str = "sendMessage") -> list[Delivery]:
        """What waits to be sent by this method; all that waits is then taken as sent."""
        return [row for row in await self.taken() if row.method == method]

    async def taken(self) -> list[Delivery]:
        """All that waits to go out, and is then taken as sent."""
        taken: list[Delivery] = []
        async with self.services.database.transaction() as tx:
            while found := await outbox.due(tx):
                for row in found:
                    await outbox.start(tx, row.id)
                    await outbox.sent(tx, row.id, 1000 + row.id)
                    taken.append(row)
        return taken

    async def reached(self) -> set[int]:
        """Whom messages went to since the last look."""
        return {row.chat_id for row in await self.rows()}


@asynccontextmanager
async def standing_still(town: Town, **changed: Any) -> AsyncIterator[Standstill]:
    """A bot in this town at 21:00 on a Sunday in Shanghai."""
    clock = FakeClock()
    settings = load_settings(**town.settings(**changed))
    lay_ready_made(settings)
    loaded = Loaded(town.classifier, RULES_ONLY)
    async with built(settings, loaded=loaded, clock=clock) as qunhu:
        yield Standstill(town, qunhu, clock)
