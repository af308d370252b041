"""What a message costs the database: most are harmless, and a flood of them must not delay a cry for help."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import telegram
from sqlalchemy import Engine, event

from moderation.storage import inbox
from tests.bot.standstill import GROUP, Standstill

MOST_STATEMENTS = 13
"""For one harmless message of a known group, that it is on disk included; in practice what one fetch brings shares four."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is said to the database meanwhile."""
    said: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


async def heard(still: Standstill, number: int, text: str) -> None:
    """小岚 says something in the group, and it is worked on as if it had come from Telegram."""
    application, queue = still.qunhu.application, still.qunhu.queue
    lan = telegram.User(still.town.lan.id, "小岚", is_bot=False)
    chat = telegram.Chat(GROUP, "supergroup", title="鼻修复互助群")
    said = telegram.Message(number, still.clock(), chat, from_user=lan, text=text)
    update = telegram.Update(number, message=said)
    said.set_bot(application.bot)
    await queue.put(update)
    assert await queue.get() is update
    work = application.process_update(update)
    await application.update_processor.process_update(update, work)


async def test_a_harmless_message_is_stored_and_finished_in_two_writes_and_few_statements(
    still: Standstill,
) -> None:
    judging = asyncio.create_task(still.services.scorer.run())
    await heard(still, 1, "今天拆线了")
    await heard(still, 2, "有人在吗")
    with statements() as said:
        await heard(still, 3, "晚上吃什么")
    judging.cancel()
    assert sum(one.startswith("BEGIN IMMEDIATE") for one in said) == 2
    assert len(said) <= MOST_STATEMENTS
    async with still.services.database.reading() as tx:
        assert await inbox.waiting(tx) == 0
    assert still.services.finished == set()
