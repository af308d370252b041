"""A month in minutes: the real bot, its clock moved by hand, among people who sleep, and three outages.

`make month` prints how long people in danger waited for a human, by level. Nothing here is timed by the
machine: a message comes at an invented moment, the bot's own code decides whom to call and when to call
again, and an invented human taps «我来» after an invented delay. What the people are like is said below.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import heapq
import itertools
import logging
import random
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import telegram
from rich.console import Console
from rich.table import Table

from bot.alerting.calls import CARD
from bot.alerting.escalation import call_again
from bot.alerting.phone import PHONE
from bot.app import Qunhu, built
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.learning.figures import duration, percent
from bot.logs import set_up
from bot.settings import load_settings
from moderation.cases import CaseState, Move
from moderation.learning import Outcome, Waiting, waiting
from moderation.rota import Absence, Away, Rota, Shift
from moderation.storage import Transaction, casebook, duty, outbox, people
from moderation.storage.people import Role
from moderation.vocabulary import CaseKind, Crisis
from tests.bot.town import Town, a_town
from tests.fakes import FakeClock

START = datetime(2026, 11, 1, 0, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
TICK = timedelta(seconds=30)
TEXT = {Crisis.IMMINENT: "谢谢大家，今晚就走", Crisis.IDEATION: "不想活了"}
IMMINENT_SHARE = 0.3
NIGHT_WEIGHT = 2.5
"""Danger is spoken of this much more often between 22 and 4 o'clock than at other hours."""
OUTAGES = (timedelta(hours=2), timedelta(hours=6), timedelta(hours=20))
REACTION_MINUTES = 2.5
"""Median delay of somebody awake, log-normal with sigma 1."""
NOTICES = 0.8
"""Chance that somebody awake acts on one card at all; later cards are new chances."""
WAKES = 0.2
"""Chance that one card wakes a sleeper, who then needs this much longer:"""
WAKING = timedelta(minutes=4)

PHONE_NOTICED = 0.9
"""Chance that the operator's phone is heard, asleep or not."""
DAY_SLEEP = (9, 16)
NIGHTS = frozenset(range(4))
"""Monday to Thursday somebody has the night; on the other nights nobody is on duty."""
WEEK = frozenset(range(7))
CIRCUMSTANCES = ("somebody on duty", "nobody on duty, some awake", "counselors asleep", "bot down")
MARK = re.compile(r"(<!-- month -->\n).*?(<!-- /month -->)", re.DOTALL)
ENGLISH = {"小时": "h", "分钟": "min", "秒": "s", "天": "d"}

console = Console()


@dataclass(frozen=True)
class Human:
    """Somebody who takes cases: asleep between two hours of the day."""

    user: Any
    asleep_from: int
    asleep_until: int
    place: int
    """The chat in which cards reach this human."""
    nights: frozenset[int] = frozenset()
    """Days of the week on which this human has the night until 8 o'clock, and sleeps by day."""

    def asleep(self, moment: datetime) -> bool:
        """Whether it is night for this human."""
        local = moment.astimezone(ZONE)
        hour = local.hour
        if local.weekday() in self.nights:
            return DAY_SLEEP[0] <= hour < DAY_SLEEP[1]
        if self.asleep_from < self.asleep_until:
            return self.asleep_from <= hour < self.asleep_until
        return hour >= self.asleep_from or hour < self.asleep_until


@dataclass(order=True)
class Event:
    """Something that happens at a moment."""

    at: datetime
    number: int
    work: Any = field(compare=False)


@dataclass
class Month:
    """The people, what has happened, and what is still to come."""

    qunhu: Qunhu
    town: Town
    clock: FakeClock
    chance: random.Random
    humans: list[Human]
    down: list[tuple[datetime, datetime]]
    rota: Rota
    said: dict[int, tuple[str, datetime]] = field(default_factory=dict)
    """Who said what level of danger when, by user id."""
    taken: dict[int, datetime] = field(default_factory=dict)
    calls: int = 0
    phoned: int = 0
    _events: list[Event] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def plan(self, at: datetime, work: Any) -> None:
        """Let something happen then; what falls into an outage waits for its end, as at Telegram."""
        for start, end in self.down:
            if start <= at < end:
                at = end
        heapq.heappush(self._events, Event(at, next(self._numbers), work))

    async def play(self, until: datetime) -> None:
        """Everything in its order; while somebody is not answered, the clockwork ticks."""
        while self.clock.now < until:
            moment = self._events[0].at if self._events else until
            if await self._somebody_waits():
                moment = min(moment, self._up(self.clock.now + TICK))
            self.clock.now = min(max(moment, self.clock.now), until)
            if self._events and self._events[0].at <= self.clock.now:
                await heapq.heappop(self._events).work()
            else:
                await call_again(self.qunhu.services)
            await self._deliver()

    async def speak(self, user_id: int, level: str, at: datetime) -> None:
        """A member writes to the group."""
        self.said[user_id] = (level, at)
        group = {"id": self.town.group.id, "type": "supergroup", "title": "群"}
        who = {"id": user_id, "is_bot": False, "first_name": f"成员{user_id}"}
        number = next(self._numbers)
        message = {"message_id": number, "date": int(at.timestamp()), "chat": group}
        await self._receive("message", {**message, "from": who, "text": TEXT[Crisis(level)]})

    async def tap(self, human: Human, case_id: int, move: Move, message_id: int) -> None:
        """A human taps a button of a card; having taken the case, they go on with it."""
        kind = "private" if human.place > 0 else "supergroup"
        chat = {"id": human.place, "type": kind, "title": "管理群", "first_name": "值班"}
        message = {"message_id": message_id, "date": int(self.clock.now.timestamp()), "chat": chat}
        who = {"id": human.user.id, "is_bot": False, "first_name": human.user.name}
        query = {"id": f"q{next(self._numbers)}", "from": who, "chat_instance": "1"}
        await self._receive(
            "callback_query", {**query, "message": message, "data": f"m:{case_id}:{move}"}
        )
        async with self.qunhu.services.database.reading() as tx:
            case = await casebook.get(tx, case_id)
        if case is None or case.person is None or move is not Move.CLAIM:
            return
        mine = case.standing.state is CaseState.CLAIMED and case.standing.holder == human.user.id
        if mine and case.person.id not in self.taken:
            self.taken[case.person.id] = self.clock.now
            for move, minutes in ((Move.CONTACT, 8), (Move.SETTLE, 45)):
                self._then(human, case_id, move, message_id, minutes)

    def waits(self, level: str, *, during: str | None = None) -> Waiting:
        """How long those of a level waited; `during` keeps to one circumstance."""
        return waiting(
            level,
            [
                Outcome(CaseKind.CRISIS, level, CaseState.OPEN, at, self.taken.get(user))
                for user, (found, at) in self.said.items()
                if found == level and (during is None or self.circumstance(at) == during)
            ],
        )

    def circumstance(self, at: datetime) -> str:
        """What stood in the way when somebody spoke."""
        if any(start <= at < end for start, end in self.down):
            return "bot down"
        if self.rota.on_duty(at):
            return CIRCUMSTANCES[0]
        counselors = [human for human in self.humans if human.place > 0]
        return CIRCUMSTANCES[2 if all(h.asleep(at) for h in counselors) else 1]

    async def _receive(self, kind: str, body: dict[str, Any]) -> None:
        update = telegram.Update.de_json(
            {"update_id": next(self._numbers), kind: body}, self.qunhu.application.bot
        )
        await self.qunhu.application.process_update(update)

    async def _deliver(self) -> None:
        """Everything that waits arrives; whoever gets a card may act on it."""
        while True:
            async with self.qunhu.services.database.transaction() as tx:
                rows = await outbox.due(tx)
                for row in rows:
                    await outbox.sent(tx, row.id, row.id)
            for row in rows:
                if row.purpose == CARD and row.method == "sendMessage" and row.case_id:
                    self._ring(row.chat_id, row.case_id, row.id)
                if row.method == PHONE and row.case_id:
                    self._phone(row.case_id, row.id)
            if not rows:
                return

    def _ring(self, place: int, case_id: int, message_id: int) -> None:
        """One card arrives; each human there may notice it."""
        self.calls += 1
        for human in self.humans:
            if human.place != place:
                continue
            asleep = human.asleep(self.clock.now)
            if self.chance.random() > (WAKES if asleep else NOTICES):
                continue
            delay = timedelta(minutes=self.chance.lognormvariate(0, 1) * REACTION_MINUTES)
            at = self.clock.now + delay + (WAKING if asleep else timedelta())
            self.plan(at, lambda h=human: self.tap(h, case_id, Move.CLAIM, message_id))

    def _phone(self, case_id: int, message_id: int) -> None:
        """The operator's phone rings; the operator is the last of the humans."""
        self.phoned += 1
        operator = replace(self.humans[-1], place=self.humans[-1].user.id)
        if self.chance.random() <= PHONE_NOTICED:
            delay = timedelta(minutes=self.chance.lognormvariate(0, 1) * REACTION_MINUTES)
            at = self.clock.now + delay + WAKING
            self.plan(at, lambda: self.tap(operator, case_id, Move.CLAIM, message_id))

    def _then(self, human: Human, case_id: int, move: Move, message_id: int, minutes: int) -> None:
        at = self.clock.now + timedelta(minutes=minutes)
        self.plan(at, lambda: self.tap(human, case_id, move, message_id))

    async def _somebody_waits(self) -> bool:
        return len(self.taken) < len(self.said)

    def _up(self, at: datetime) -> datetime:
        """The next moment from `at` at which the bot runs."""
        return next((end for start, end in self.down if start <= at < end), at)


@contextlib.asynccontextmanager
async def a_month(
    folder: Path, *, days: int, cases: int, seed: int, outages: bool = True
) -> AsyncIterator[Month]:
    """A month in which everything is planned and nothing has happened yet."""
    chance = random.Random(seed)
    clock = FakeClock(START)
    async with a_town(folder) as town:
        second = town.world.add_user("第二位咨询师")
        third = town.world.add_user("第三位咨询师")
        humans = [
            Human(town.counselor, 23, 7, town.counselor.id),
            Human(second, 0, 8, second.id),
            Human(third, 3, 10, third.id, NIGHTS),
            Human(town.moderator, 22, 6, town.moderators.id),
            Human(town.admin, 1, 9, town.moderators.id),
        ]
        staff = [human.user.id for human in humans if human.place > 0]
        phone = {"phone_url": "https://phone.invalid/ring", "phone_secret": "a secret of the month"}
        settings = load_settings(**town.settings(counselors=staff, **phone))
        loaded = Loaded(town.classifier, RULES_ONLY)
        async with built(settings, loaded=loaded, clock=clock) as qunhu:
            scoring = asyncio.create_task(qunhu.services.scorer.run())
            async with qunhu.services.database.transaction() as tx:
                await people.set_from_settings(tx, Role.COUNSELOR, staff)
                await people.set_from_settings(tx, Role.OWNER, [town.admin.id])
                rota = await _rota(tx, humans[:3])
            down = _outages(chance, days, outages)
            month = Month(qunhu, town, clock, chance, humans, down, rota)
            for user, at in enumerate(_moments(chance, days, cases), 1_000_000):
                level = Crisis.IMMINENT if chance.random() < IMMINENT_SHARE else Crisis.IDEATION
                month.plan(at, lambda u=user, v=level.value, a=at: month.speak(u, v, a))
            try:
                yield month
            finally:
                scoring.cancel()
                await asyncio.wait([scoring])


async def _rota(tx: Transaction, team: list[Human]) -> Rota:
    """Days and evenings have their counselor, four nights too; each sleeps; one is away for a while."""
    day, evening, night = (human.user.id for human in team)
    for shift in (
        Shift(day, WEEK, time(8), time(16)),
        Shift(evening, WEEK, time(16), time(0)),
        Shift(night, NIGHTS, time(0), time(8)),
    ):
        await duty.add_shift(tx, shift)
    for human in team:
        hours = (time(human.asleep_from), time(human.asleep_until))
        await duty.keep_quiet(tx, human.user.id, hours)
    away = (START + timedelta(days=10), START + timedelta(days=13))
    await duty.add_absence(tx, Absence(day, Away.LEAVE, *away))
    await duty.set_holiday(tx, (START + timedelta(days=20)).date(), free=True)
    return await duty.rota(tx, ZONE)


def _moments(chance: random.Random, days: int, cases: int) -> list[datetime]:
    """When danger is spoken of: any minute, nights more often."""
    hours = range(days * 24)
    weights = [NIGHT_WEIGHT if _is_night(START + timedelta(hours=h)) else 1.0 for h in hours]
    chosen = chance.choices(hours, weights, k=cases)
    return sorted(START + timedelta(hours=h, minutes=chance.uniform(0, 60)) for h in chosen)


def _is_night(moment: datetime) -> bool:
    hour = moment.astimezone(ZONE).hour
    return hour >= 22 or hour < 4


def _outages(chance: random.Random, days: int, wanted: bool) -> list[tuple[datetime, datetime]]:
    """Three stretches in which the bot is down, one in each third of the time."""
    if not wanted:
        return []
    third = timedelta(days=days) / len(OUTAGES)
    found = []
    for number, length in enumerate(OUTAGES):
        start = START + third * number + (third - length) * chance.random()
        found.append((start, start + length))
    return found


HEAD = ("level", "circumstance", "people", "median", "p95", "within 5 min", "nobody came")


def figures(month: Month) -> list[list[str]]:
    """Time to a human for each level and circumstance, a row each."""
    found = []
    for level in (Crisis.IMMINENT, Crisis.IDEATION):
        for during in (None, *CIRCUMSTANCES):
            one = month.waits(level, during=during)
            row = [
                level.value,
                during or "all",
                str(one.answered + one.unanswered),
                duration(one.median) if one.median is not None else "—",
                duration(one.p95) if one.p95 is not None else "—",
                percent(one.within_soon),
                str(one.unanswered),
            ]
            found.append(row)
    return found


def table(rows: list[list[str]]) -> Table:
    """The figures for a terminal."""
    shown = Table(*HEAD)
    for row in rows:
        shown.add_row(*row)
    return shown


def write_readmes(root: Path, rows: list[list[str]], summary: str) -> None:
    """Put the figures, as printed, between the marks of both READMEs."""
    lines = [f"| {' | '.join(cells)} |" for cells in (HEAD, ["---"] * len(HEAD), *rows)]
    written = "\n".join([*lines, "", summary, ""])
    english = written
    for chinese, short in ENGLISH.items():
        english = english.replace(chinese, short)
    for name, figures_of_month in (("README.zh-CN.md", written), ("README.md", english)):
        file = root / name
        file.write_text(
            marked(file.read_text(encoding="utf-8"), figures_of_month), encoding="utf-8"
        )


def marked(text: str, between: str) -> str:
    """A text with this between its marks."""
    return MARK.sub(lambda found: found[1] + between + found[2], text)


async def main(days: int, cases: int, seed: int, readme: bool) -> int:
    """Play the month and print it; 1 if somebody was never answered."""
    set_up("text", level=logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        async with a_month(Path(folder), days=days, cases=cases, seed=seed) as month:
            with console.status(f"{days} days, {cases} people in danger, 3 outages…"):
                await month.play(START + timedelta(days=days + 1))
            rows = figures(month)
            console.print(table(rows))
            summary = (
                f"{days} days, seed {seed}: {month.calls} cards and the operator's phone "
                f"{month.phoned} times rang; {len(month.taken)} of {len(month.said)} taken."
            )
            console.print(summary)
            if readme:
                write_readmes(Path(), rows, summary)
            return 0 if len(month.taken) == len(month.said) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--readme", action="store_true", help="write the table into the READMEs")
    given = parser.parse_args()
    sys.exit(asyncio.run(main(given.days, given.cases, given.seed, given.readme)))
