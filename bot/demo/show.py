"""`qunhu demo`: simulator, bot, evening; prints what each human received."""

from __future__ import annotations

import asyncio
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.app import Qunhu, running
from bot.demo.clock import MovedClock
from bot.demo.evening import (
    ADMIN,
    COUNSELOR,
    EVENING,
    GROUP,
    MEMBERS,
    MODERATOR,
    MODERATORS,
    Line,
)
from bot.demo.scenes import EXTRAS, STAFF
from bot.demo.stage import DemoStage
from bot.logs import set_up
from bot.settings import load_settings
from bot.simulator import Chat, Message, Simulator, User, World
from moderation.storage import casebook, chats, outbox
from moderation.storage.outbox import State
from moderation.vocabulary import CaseKind, Subject

FOLDER = Path("build/demo")
SETTLE_SECONDS = 60.0
SHOWN = 120

console = Console()


@dataclass
class Cast:
    """Who takes part, and where."""

    world: World
    group: Chat
    moderators: Chat
    people: dict[str, User]

    @property
    def counselor(self) -> User:
        """The counselor on duty."""
        return self.people[COUNSELOR]


async def show(*, once: bool, port: int, speed: float) -> int:
    """Play the evening; with `once` the exit code says whether every expected alert came."""
    set_up("text", level=40)
    shutil.rmtree(FOLDER, ignore_errors=True)
    clock = MovedClock()
    world = World(clock=lambda: clock().timestamp())
    async with Simulator(world, port=0 if once else port) as telegram:
        cast = gather(world)
        settings = load_settings(
            _env_file=None,
            bot_token=world.token,
            moderator_chat=cast.moderators.id,
            counselors=[cast.people[name].id for name in STAFF],
            owners=[cast.people[ADMIN].id],
            api_base_url=telegram.base_url,
            data=FOLDER,
            http_port=0,
        )
        console.print(
            f"[bold]群护 Qunhu[/]　这台机器上的模拟群，人和话都是编的。页面：{telegram.page_url}"
        )
        with console.status("正在装入模型、打开数据库…"):
            started = time.perf_counter()
            context = running(settings, clock=clock, steady=clock.steady)
            qunhu = await context.__aenter__()
        console.print(f"机器人起来了，用了 {time.perf_counter() - started:.1f} 秒。")
        try:
            await settle_in(cast, qunhu)
            said = await play(cast, qunhu, 1 / speed if not once else 0.0)
            missing = await outcome(cast, qunhu, said)
            if not once:
                world.stage = stage_of(cast, qunhu, clock)
                await _wait_for_stop(telegram.page_url)
            return 1 if missing else 0
        finally:
            await context.__aexit__(None, None, None)


def gather(world: World) -> Cast:
    """The people, their groups, and who has talked to the bot before."""
    names = (*MEMBERS, *EXTRAS, ADMIN, MODERATOR, *STAFF)
    people = {name: world.add_user(name) for name in names}
    members = [people[name] for name in (*MEMBERS, *EXTRAS, ADMIN)]
    group = world.add_group(GROUP, members=members, owner=people[ADMIN], bot_status=None)
    moderators = world.add_group(
        MODERATORS, members=[people[ADMIN], people[MODERATOR]], owner=people[ADMIN]
    )
    for name in (*STAFF, ADMIN, "小岚", "夏夏"):
        world.start(people[name])
    world.set_scene(
        group=group, moderators=moderators, counselor=people[COUNSELOR], member=people["小岚"]
    )
    return Cast(world, group, moderators, people)


def stage_of(cast: Cast, qunhu: Qunhu, clock: MovedClock) -> DemoStage:
    """The scenes that can be played with these people."""
    return DemoStage(cast.world, cast.group, cast.moderators, cast.people, STAFF, clock, qunhu)


async def settle_in(cast: Cast, qunhu: Qunhu) -> None:
    """The bot is added to the group; its day of rehearsal is taken as over."""
    cast.world.set_bot(cast.group, "administrator")
    await settled(cast.world, qunhu)
    async with qunhu.services.database.transaction() as tx:
        await chats.change(tx, cast.group.id, rehearse_until=None)


async def play(cast: Cast, qunhu: Qunhu, pause: float) -> dict[Line, Message]:
    """Say every line; which message each became."""
    said: dict[Line, Message] = {}
    for line in track(EVENING, "今晚的群里…", console=console):
        answered = _answered(line, said)
        said[line] = cast.world.say(cast.group, cast.people[line.who], line.text, reply_to=answered)
        await asyncio.sleep(pause)
    await settled(cast.world, qunhu)
    return said


async def settled(world: World, qunhu: Qunhu) -> None:
    """Wait until every update is worked on and nothing waits to go out."""
    deadline = time.monotonic() + SETTLE_SECONDS
    while time.monotonic() < deadline:
        await asyncio.sleep(0.1)
        async with qunhu.services.database.reading() as tx:
            counts = await outbox.counts(tx)
        busy = counts.get(State.PENDING, 0) + counts.get(State.SENDING, 0)
        if not world.updates.pending and qunhu.queue.idle and not busy:
            return


async def outcome(cast: Cast, qunhu: Qunhu, said: dict[Line, Message]) -> list[Line]:
    """Print who received what, and what should have come but did not; those lines."""
    _print_received(cast)
    table = Table("谁说的", "说了什么", "该有", "结果", title="该响的和不该响的", expand=True)
    missing: list[Line] = []
    false_alarms = 0
    for line, message in said.items():
        found = await _kinds_of(cast, qunhu, line, message)
        right = line.expects in found if line.expects else not found - {line.may}
        if line.expects and not right:
            missing.append(line)
        false_alarms += int(line.expects is None and not right)
        if line.expects or found:
            names = "、".join(found) or "—"
            verdict = f"[green]{names}[/]" if right else f"[red]{names}[/]"
            table.add_row(line.who, line.text[:40], str(line.expects or _allowed(line)), verdict)
    console.print(table)
    expected = sum(1 for line in EVENING if line.expects)
    console.print(
        f"该响的 {expected} 条，响了 {expected - len(missing)} 条；"
        f"别的 {len(EVENING) - expected} 条里误响 {false_alarms} 条。"
    )
    return missing


def _allowed(line: Line) -> str:
    """What may follow a line from which nothing must."""
    return f"安静或 {line.may}" if line.may else "安静"


async def _kinds_of(cast: Cast, qunhu: Qunhu, line: Line, message: Message) -> set[CaseKind]:
    """What was found in a message; a spiral counts for the line that is expected to show it."""
    async with qunhu.services.database.reading() as tx:
        cases = await casebook.of_message(tx, cast.group.id, message.id)
        spiral = await casebook.find_live(tx, CaseKind.SPIRAL, cast.group.id, None, Subject.NONE)
    kinds = {case.kind for case in cases} - {CaseKind.SPIRAL}
    expected = line.expects is CaseKind.SPIRAL and spiral is not None
    return kinds | {CaseKind.SPIRAL} if expected else kinds


def _answered(line: Line, said: dict[Line, Message]) -> Message | None:
    if line.reply_to is None:
        return None
    return next(m for other, m in said.items() if other.text.startswith(line.reply_to))


def _print_received(cast: Cast) -> None:
    table = Table("谁收到", "收到什么", title="每个人收到的", expand=True, show_lines=True)
    places: list[tuple[str, Chat]] = [
        (f"管理群「{cast.moderators.title}」", cast.moderators),
        *((name, cast.world.private(cast.people[name])) for name in STAFF),
        (f"群「{GROUP}」", cast.group),
        *((name, cast.world.private(cast.people[name])) for name in (*MEMBERS, ADMIN)),
    ]
    for name, chat in places:
        for message in cast.world.from_bot(chat):
            text = " ".join(message.words.split())
            table.add_row(name, text[:SHOWN] + ("…" if len(text) > SHOWN else ""))
    console.print(table)


async def _wait_for_stop(url: str) -> None:
    console.print(f"\n打开 [bold]{url}[/]，可以用任何成员的身份说话、按按钮。按 Ctrl-C 结束。")
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
