"""What failed is tried again and told; first through the bot, then the order of chats by itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from prometheus_client import REGISTRY
from telegram import Chat, Message, Update, User
from telegram.ext import ApplicationHandlerStop, ContextTypes, MessageHandler, filters

from bot import words
from bot.app import Qunhu
from bot.door import ordering
from bot.door.inbox import DurableQueue
from bot.door.ordering import ChatOrder, ask_to_look
from moderation.errors import StorageError
from moderation.storage import Database, Transaction, inbox, outbox
from tests.bot.post import Post, post_in
from tests.bot.town import Town

GOODBYE = "谢谢大家，今晚就走"
UNREAD = words.UNREADABLE.split("{", maxsplit=1)[0]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pauses are short."""
    monkeypatch.setattr(ordering, "PAUSE", 0.001)


@dataclass
class Broken:
    """A handler that fails until it is mended; it comes before all others."""

    failing: int = 1_000_000
    calls: int = 0

    async def __call__(self, update: Update, _context: Any) -> None:
        """Fail, with words of a member in the error."""
        if not (update.effective_message and "走" in (update.effective_message.text or "")):
            return
        self.calls += 1
        if self.calls <= self.failing:
            raise KeyError(GOODBYE)


def breaks(qunhu: Qunhu, failing: int = 1_000_000) -> Broken:
    """Put a broken handler before all others."""
    broken = Broken(failing)
    qunhu.application.add_handler(MessageHandler(filters.ALL, broken), group=-2)
    return broken


async def unfinished(qunhu: Qunhu) -> list[str]:
    """The words that are on disk and not finished."""
    async with qunhu.services.database.reading() as tx:
        return [pending.update["message"]["text"] for pending in await inbox.pending(tx)]


async def test_what_failed_is_tried_again(town: Town) -> None:
    async with town.bot_running() as qunhu:
        breaks(qunhu, failing=2)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.world.wait_for(lambda: town.cards(town.counselor))
        await town.settled()
        assert await unfinished(qunhu) == []


async def test_a_crisis_nothing_can_handle_is_kept_and_told_once(town: Town) -> None:
    async with town.bot_running() as qunhu:
        broken = breaks(qunhu)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.world.wait_for(lambda: broken.calls >= ordering.TRIES + 2)
        await town.world.wait_for(lambda: any(UNREAD in s for s in town.said_to(town.moderators)))
        assert await unfinished(qunhu) == [GOODBYE]
        told = [said for said in town.said_to(town.moderators) if UNREAD in said]
        assert len(told) == 1
        assert GOODBYE not in told[0]
        assert "https://t.me/c/" in told[0]
        broken.failing = 0
        await town.world.wait_for(lambda: town.cards(town.counselor), timeout=10)


async def test_what_is_unread_in_private_names_who_wrote(town: Town) -> None:
    async with town.bot_running() as qunhu:
        breaks(qunhu)
        town.world.say(town.world.private(town.lan), town.lan, GOODBYE)
        await town.world.wait_for(lambda: any(UNREAD in s for s in town.said_to(town.moderators)))
        assert "小岚" in next(s for s in town.said_to(town.moderators) if UNREAD in s)


async def test_what_failed_is_kept_over_a_restart(town: Town) -> None:
    async with town.bot_running() as qunhu:
        broken = breaks(qunhu)
        town.world.say(town.group, town.lan, GOODBYE)
        await town.world.wait_for(lambda: broken.calls > 1)
    async with town.bot_running():
        await town.settled()
        assert len(town.cards(town.counselor)) == 1


async def test_no_later_handler_finishes_what_an_earlier_one_failed_on(town: Town) -> None:
    async with town.bot_running() as qunhu:
        broken = breaks(qunhu)
        town.world.say(town.group, town.lan, "/psych 今晚就走")
        await town.world.wait_for(lambda: broken.calls > 1)
        assert await unfinished(qunhu) == ["/psych 今晚就走"]
        assert town.said_to(town.group) == []
        broken.failing = 0
        await town.world.wait_for(lambda: town.cards(town.counselor))


async def test_others_go_on_while_one_message_fails(town: Town) -> None:
    async with town.bot_running() as qunhu:
        broken = breaks(qunhu)
        town.world.say(town.group, town.lan, "走了走了")
        await town.world.wait_for(lambda: broken.calls > 1)
        town.world.say(town.group, town.mei, "真的不想活了")
        await town.world.wait_for(lambda: town.cards(town.counselor))


GROUP, MODERATORS = -5, -9
LAN = User(7, "小岚", is_bot=False)


def said(number: int, kind: str = Chat.SUPERGROUP, chat: int = GROUP) -> Update:
    """A message arrives."""
    at = datetime(2026, 11, 22, tzinfo=UTC)
    message = Message(number, at, Chat(chat, kind), from_user=LAN, text=GOODBYE)
    return Update(number, message=message)


def handler_errors() -> float:
    """How many failures of handlers were counted."""
    return REGISTRY.get_sample_value("qunhu_errors_total", {"where": "handler"}) or 0.0


def failed_with(error: Exception) -> ContextTypes.DEFAULT_TYPE:
    """What PTB hands to an error handler."""
    return cast("ContextTypes.DEFAULT_TYPE", SimpleNamespace(error=error))


class Troubled(Database):
    """The same database, but it takes nothing while it is told not to."""

    def __init__(self, inner: Database) -> None:
        vars(self).update(vars(inner))
        self.full = False

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction, or trouble."""
        if self.full:
            raise StorageError("the disk is full")
        async with super().transaction() as tx:
            yield tx


@dataclass
class Line:
    """An order of chats with its queue, and what was worked on."""

    post: Post
    moderators: int | None = MODERATORS
    done: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.database = Troubled(self.post.database)
        self.queue = DurableQueue(self.database)
        self.order = ChatOrder(self.database, self.queue, self.moderators)

    async def take(self, update: Update, work: Callable[[Update], Awaitable[None]]) -> None:
        """Store an update and work on it, as PTB does."""
        await self.queue.put(update)
        await self.work_on_next(work)

    async def work_on_next(self, work: Callable[[Update], Awaitable[None]]) -> None:
        """Work on the update that waits, now or when it comes again."""
        update = await asyncio.wait_for(self.queue.get(), 10)
        assert isinstance(update, Update)
        await self.order.do_process_update(update, work(update))

    async def succeed(self, update: Update) -> None:
        """Work that goes well."""
        self.done.append(update.update_id)

    async def fail(self, _update: Update) -> None:
        """Work that does not."""
        raise KeyError(GOODBYE)

    async def fail_in_a_handler(self, update: Update) -> None:
        """As PTB does it: the error handler hears of it, and what it raises ends the work."""
        await self.order.on_error(update, failed_with(KeyError(GOODBYE)))

    async def unfinished(self) -> dict[int, int]:
        """Updates that are still to be worked on, with the tries so far."""
        async with self.post.database.reading() as tx:
            return {one.update_id: one.attempts for one in await inbox.pending(tx)}

    async def noted(self, tries: int) -> None:
        """Wait until so many tries are on record."""
        async with asyncio.timeout(10):
            while max((await self.unfinished()).values()) < tries:  # noqa: ASYNC110
                await asyncio.sleep(0.01)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    """A database."""
    async with post_in(tmp_path) as post:
        yield post


async def test_what_is_no_update_is_worked_on_and_leaves_no_trace(post: Post) -> None:
    line, worked = Line(post), list[str]()

    async def work() -> None:
        worked.append("done")

    await line.order.do_process_update("a job of PTB's own", work())
    assert worked == ["done"]
    assert await line.unfinished() == {}


async def test_an_error_that_concerns_no_update_is_counted_and_ends_nothing(post: Post) -> None:
    before = handler_errors()
    await Line(post).order.on_error(None, failed_with(ZeroDivisionError()))
    assert handler_errors() == before + 1


async def test_a_failure_that_is_told_twice_is_one_failure(post: Post) -> None:
    line, before = Line(post), handler_errors()

    async def fail_doubly(update: Update) -> None:
        with pytest.raises(ApplicationHandlerStop):
            await line.fail_in_a_handler(update)
        await line.fail(update)

    await line.take(said(1), fail_doubly)
    await line.work_on_next(line.succeed)
    assert handler_errors() == before + 1
    assert line.done == [1]
    assert line.queue.empty()


async def test_what_a_handler_stored_and_finished_itself_is_not_finished_again(post: Post) -> None:
    line = Line(post)

    async def finish(update: Update) -> None:
        async with line.database.transaction() as tx:
            await inbox.finish(tx, update.update_id)
        line.order.finished.add(update.update_id)
        line.database.full = True

    await line.take(said(1), finish)
    assert await line.unfinished() == {}


async def test_what_cannot_be_noted_as_finished_is_worked_on_after_the_next_start(
    post: Post,
) -> None:
    line = Line(post)

    async def succeed_and_fill_the_disk(update: Update) -> None:
        await line.succeed(update)
        line.database.full = True

    await line.take(said(1), succeed_and_fill_the_disk)
    assert await line.unfinished() == {1: 0}


async def test_what_failed_comes_again_though_the_failure_cannot_be_noted(post: Post) -> None:
    line = Line(post)

    async def fail_and_fill_the_disk(update: Update) -> None:
        line.database.full = True
        await line.fail(update)

    async def succeed_on_a_mended_disk(update: Update) -> None:
        line.database.full = False
        await line.succeed(update)

    await line.take(said(1), fail_and_fill_the_disk)
    await line.work_on_next(succeed_on_a_mended_disk)
    assert line.done == [1]
    assert await line.unfinished() == {}


async def test_a_stop_leaves_what_failed_on_disk_for_the_next_start(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ordering, "PAUSE", 3600.0)
    line = Line(post)
    await line.take(said(1), line.fail)
    await line.noted(1)
    await line.order.shutdown()
    await asyncio.sleep(0.05)
    assert line.order._retries == set()
    assert line.queue.empty()
    assert await line.unfinished() == {1: 1}


async def test_without_moderators_it_is_tried_on_and_nobody_is_asked(post: Post) -> None:
    line = Line(post, moderators=None)
    await line.take(said(1), line.fail)
    for _ in range(ordering.TRIES):
        await line.work_on_next(line.fail)
    await line.noted(ordering.TRIES)
    async with post.database.reading() as tx:
        assert await outbox.due(tx) == []
    await line.work_on_next(line.succeed)
    assert await line.unfinished() == {}


async def test_where_a_group_has_no_links_the_moderators_read_that_it_was_in_a_group(
    post: Post,
) -> None:
    async with post.database.transaction() as tx:
        await ask_to_look(tx, said(1, Chat.GROUP), MODERATORS)
        (row,) = await outbox.due(tx)
    assert "群里" in row.payload["text"]
    assert GOODBYE not in row.payload["text"]


async def test_of_updates_that_are_done_nothing_is_remembered(post: Post) -> None:
    line = Line(post)
    for number in range(1, 30):
        chat = GROUP - number % 3
        update = said(number, chat=chat)
        await line.take(update, line.fail if number % 4 == 0 else line.succeed)
    for _ in range(4, 30, 4):
        await line.work_on_next(line.succeed)
    assert sorted(line.done) == list(range(1, 30))
    order = line.order
    assert (order.finished, order._failed, dict(order._tries)) == (set(), set(), {})
    assert order._turns._lines == {}
    await asyncio.sleep(0)
    assert order._retries == set()
