"""The model is back: what only safe words have judged meanwhile is judged again, danger first.

A few at a time, so that whoever writes now hardly waits. What makes the model fail again and again is
brought to the moderators to read for themselves.
"""

from __future__ import annotations

import asyncio

import structlog
import telegram

from bot.door.incoming import from_update
from bot.door.ordering import ask_to_look
from bot.hearing.messages import handle
from bot.services import Services
from moderation.storage import casebook, secondlooks
from moderation.storage.secondlooks import Owed
from moderation.vocabulary import Excerpt, Message, Scores

log = structlog.get_logger()

AT_ONCE = 16
TRIES = 3
"""After so many the model is not asked any more."""


async def judge_again(services: Services) -> None:
    """All that waits, until the model is away again."""
    done = 0
    while services.scorer.model.ready.is_set():
        async with services.database.reading() as tx:
            owed = await secondlooks.following(tx, AT_ONCE)
        if not owed:
            break
        async with services.database.transaction() as tx:
            await secondlooks.note_try(tx, [one.update_id for one in owed])
        done += sum(await asyncio.gather(*(_judge(services, one) for one in owed)))
    if done:
        log.info("judged_again", messages=done)


async def _judge(services: Services, owed: Owed) -> bool:
    """Whether the model has read it."""
    update = telegram.Update.de_json(owed.update, None)
    message = from_update(update)
    if message is None or owed.tries >= TRIES:
        await _give_up(services, update)
        return False
    context = services.recent.before(message)
    scores = await services.scorer.score_again(Excerpt(message.text, context))
    if scores.by_rules_only:
        return False
    await _act(services, update, message, scores)
    return True


async def _act(
    services: Services, update: telegram.Update, message: Message, scores: Scores
) -> None:
    """What follows, unless its writer is forgotten meanwhile or a human has decided on it already."""
    async with services.database.transaction() as tx:
        if not await secondlooks.drop(tx, update.update_id):
            return
        known = await casebook.of_message(tx, message.chat_id, message.message_id)
        if all(case.standing.state.live for case in known):
            counted = not services.scorer.is_plain_danger(message.text)
            await handle(services, tx, update, message, scores, counted=counted, again=True)
    services.outbox.wake()


async def _give_up(services: Services, update: telegram.Update) -> None:
    """Let humans read it."""
    async with services.database.transaction() as tx:
        if await secondlooks.drop(tx, update.update_id):
            chat = services.alerts.calls.moderator_chat
            await ask_to_look(tx, update, chat)
    log.error("not_judged_again", update=update.update_id)
    services.outbox.wake()
