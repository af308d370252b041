"""Forgets a member: rows, memory, and what the bot said of her in other people's chats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import telegram

from bot.members.answers import answer
from bot.services import Services
from bot.words import BUTTON_HUMAN
from bot.words import mine as words
from moderation import normalise
from moderation.storage import Transaction, audit, erasure, outbox
from moderation.storage.erasure import HELD_AT_MOST, Erased, Standing
from moderation.storage.outbox import Lane, Outgoing

WORDS_ONLY = "sendMessage"
"""What such a call made can be rewritten for ever; pictures can only be taken away, for two days."""


async def forget(services: Services, tx: Transaction, user: telegram.User) -> Erased:
    """Erase all that can go now; the rest goes when `go_on` finds its time has come."""
    asker = await erasure.ask(tx, user.id, user.full_name)
    found = await erasure.erase(tx, asker)
    await _take_back(tx, found.standing)
    for case_id in found.changed:
        await services.alerts.calls.refresh(tx, case_id)
    await audit.record(tx, tx.sealer.hash_id(user.id), "forgotten", detail={"held": found.held})
    return found


def forget_in_memory(services: Services, user_id: int) -> None:
    """What was said lately is kept in memory alone."""
    services.recent.forget(user_id)
    normalise.forget()


async def go_on(services: Services) -> None:
    """Erase what had to wait, and tell her once it is gone."""
    async with services.database.reading() as tx:
        if not await erasure.waiting(tx):
            return
    async with services.database.transaction() as tx:
        for asker in await erasure.waiting(tx):
            found = await erasure.erase_cases(tx, asker)
            await _take_back(tx, found.standing)
            if found.gone:
                dedupe = f"{erasure.TOLD}{asker.asked_at.isoformat()}"
                await answer(tx, asker.id, None, {"text": words.ERASED_LATER}, dedupe)
    async with services.database.transaction() as tx:
        for asker in await erasure.waiting(tx):
            await erasure.finish(tx, asker)
    services.outbox.wake()


def said(found: Erased) -> dict[str, Any]:
    """What she reads right after."""
    if not found.held:
        return {"text": words.ERASED}
    text = words.ERASED_HELD.format(days=HELD_AT_MOST.days)
    human = {"text": BUTTON_HUMAN, "callback_data": "h:0"}
    return {"text": text, "reply_markup": {"inline_keyboard": [[human]]}}


async def _take_back(tx: Transaction, standing: Iterable[Standing]) -> None:
    for message in standing:
        rewritten = message.method == WORDS_ONLY
        payload: dict[str, Any] = {"message_id": message.message_id}
        row = Outgoing(
            dedupe=f"erased:{message.chat_id}:{message.message_id}",
            lane=Lane.TAP,
            chat_id=message.chat_id,
            method="editMessageText" if rewritten else "deleteMessage",
            payload={**payload, "text": words.CARD_ERASED} if rewritten else payload,
        )
        await outbox.put(tx, row)
