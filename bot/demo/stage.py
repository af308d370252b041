"""Plays scenes on the page: does what people do, waits for the bot, moves the clock."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.app import Qunhu
from bot.clockwork import catch_up
from bot.demo.clock import MovedClock
from bot.demo.scenes import SCENES
from bot.demo.steps import Pass, Place, Say, Scene, Step, Tap, Verify
from bot.simulator import Chat, Message, User, World
from bot.simulator.errors import SimulatorError
from bot.simulator.records import JSON
from moderation.storage import audit, outbox
from moderation.storage.outbox import State

PATIENCE = 20.0
"""Seconds for which a scene waits for the bot."""
LOOK = 0.05
QUIET = 2
"""So many looks in a row at which nothing is to be done mean that the bot is through."""
SLOW = 4
"""After so many looks without quiet the clock is moved by `HURRY`."""
HURRY = timedelta(seconds=1)
DAY = (time(8), time(19))
CHAIN = "审计链：{count} 条，{verdict}。"
WHOLE, BROKEN = "一环扣一环，没有断", "第 {number} 条对不上"


class NoSuchSceneError(SimulatorError):
    """The page asks for a scene that is not there, or for a second one at once."""


@dataclass
class DemoStage:
    """The scenes of the demo, on its world, with its bot."""

    world: World
    group: Chat
    moderators: Chat
    people: dict[str, User]
    staff: tuple[str, ...]
    clock: MovedClock
    qunhu: Qunhu
    pause: float = 1.4
    """Seconds between two steps, so that a visitor can follow."""
    playing: Scene | None = None
    line: str = ""
    """What happens now, or what to look at."""
    pane: tuple[str, int] = ("group", 0)
    """In which window, and whose."""
    played: set[str] = field(default_factory=set)
    failed: str = ""
    answers: list[str] = field(default_factory=list)
    """What those who tapped in this scene were told."""
    _task: asyncio.Task[None] | None = None

    def view(self) -> JSON:
        """What the page shows of it."""
        return {
            "scenes": [
                {
                    "name": scene.name,
                    "title": scene.title,
                    "look": scene.look,
                    "played": scene.name in self.played,
                }
                for scene in SCENES
            ],
            "playing": self.playing.name if self.playing else None,
            "title": self.playing.title if self.playing else "",
            "line": self.line,
            "pane": self.pane[0],
            "person": self.pane[1],
            "time": self._local().strftime("%m-%d %H:%M"),
        }

    def play(self, name: str) -> None:
        """Begin a scene."""
        scene = next((one for one in SCENES if one.name == name), None)
        if scene is None:
            raise NoSuchSceneError("没有这一场")
        if self.playing is not None:
            raise NoSuchSceneError("上一场还在演，等一等")
        self.playing = scene
        self._task = asyncio.create_task(self.perform(scene))

    async def forward(self, minutes: int) -> None:
        """Let so much time pass at once."""
        if self.playing is not None:
            raise NoSuchSceneError("正在演，演完再拨钟")
        await self._pass(Pass(minutes))

    async def perform(self, scene: Scene) -> None:
        """Play a scene to its end; what went wrong stands in `failed`."""
        self.playing, self.failed, self.answers = scene, "", []
        try:
            for line, step in scene.steps:
                self._show(line, step)
                await self._do(step)
                await self._settled()
                await asyncio.sleep(self.pause)
            self.line = f"{self.line}{scene.look}" if _told(scene) else scene.look
            self.played.add(scene.name)
        except (SimulatorError, TimeoutError) as error:
            self.failed = str(error) or "等了很久，机器人没有回应"
            self.line = f"演到这里停了：{self.failed}"
        finally:
            self.playing = None
            self.world.changes.mark()

    def _show(self, line: str, step: Step) -> None:
        self.line = line or self.line
        if isinstance(step, Say | Tap):
            self.pane = self._pane(step.who, step.place)
        self.world.changes.mark()

    def _pane(self, who: str, place: Place) -> tuple[str, int]:
        if place != "private":
            return place, self.people[who].id
        return "counselor" if who in self.staff else "member", self.people[who].id

    async def _do(self, step: Step) -> None:
        match step:
            case Say():
                await self._say(step)
            case Tap():
                await self._tap(step)
            case Pass():
                await self._pass(step)
            case Verify():
                self.line = await self._verified()

    async def _say(self, step: Say) -> None:
        who, chat = self.people[step.who], self._chat(step.who, step.place)
        if step.place == "private" and who.conversation != "open":
            self.world.start(who)
            await self._settled()
        asked = self.world.from_bot(chat)[-1] if step.answering else None
        self.world.say(chat, who, step.text, reply_to=asked)

    async def _tap(self, step: Tap) -> None:
        chat = self._chat(step.who, step.place)

        def found() -> tuple[Message, int] | None:
            for message in reversed(self.world.from_bot(chat)):
                names = [one["text"] for row in message.buttons for one in row]
                if not step.button and names:
                    return message, len(names) - 1
                if step.button in names:
                    return message, names.index(step.button)
            return None

        try:
            there = await self.world.wait_for(found, PATIENCE)
        except TimeoutError:
            raise NoSuchSceneError(f"没有「{step.button}」这个按钮可按") from None
        assert there is not None
        query = self.world.tap(self.people[step.who], *there)
        answer = await self.world.wait_for(lambda: query.answer, PATIENCE)
        if answer is not None and answer.text:
            self.answers.append(answer.text)

    async def _pass(self, step: Pass) -> None:
        if step.by_day and DAY[0] <= self._local().time() <= DAY[1]:
            return
        ahead = timedelta(minutes=step.minutes)
        if step.until is not None:
            ahead += _until(self._local() + ahead, step.until)
        self.clock.forward(ahead)
        await catch_up(self.qunhu.services)
        self.world.changes.mark()

    async def _verified(self) -> str:
        async with self.qunhu.services.database.reading() as tx:
            chain = await audit.look_at_chain(tx)
        verdict = WHOLE if chain.whole else BROKEN.format(number=chain.broken)
        return CHAIN.format(count=chain.entries, verdict=verdict)

    async def _settled(self) -> None:
        """Wait until the bot has read everything and all that is due is out.

        Where Telegram's pace holds it up, the clock is moved: nobody at the page waits for that.
        """
        quiet = looks = 0
        async with asyncio.timeout(PATIENCE):
            while quiet < QUIET:
                await asyncio.sleep(LOOK)
                looks += 1
                if looks % SLOW == 0:
                    self.clock.forward(HURRY)
                    self.qunhu.services.outbox.wake()
                async with self.qunhu.services.database.reading() as tx:
                    due = await outbox.due(tx)
                    sending = (await outbox.counts(tx)).get(State.SENDING, 0)
                idle = self.qunhu.queue.idle and not self.world.updates.pending
                quiet = quiet + 1 if idle and not due and not sending else 0

    def _chat(self, who: str, place: Place) -> Chat:
        if place == "private":
            return self.world.private(self.people[who])
        return self.moderators if place == "moderators" else self.group

    def _local(self) -> datetime:
        return self.clock().astimezone(self.qunhu.services.alerts.calls.zone)


def _told(scene: Scene) -> bool:
    """Whether the last step found something out, which is to be read too."""
    return isinstance(scene.steps[-1][1], Verify)


def _until(now: datetime, hour: time) -> timedelta:
    """From a moment to the next time this hour strikes."""
    then = now.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    return then - now if then > now else then + timedelta(days=1) - now
