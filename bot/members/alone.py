"""What somebody reads who writes to the bot in private, where no human waits for it."""

from __future__ import annotations

from datetime import timedelta

from bot import words
from bot.advice.finding import SHOWN, answered, found_payload, prompted
from bot.advice.library import shelf_of
from bot.members.answers import answer
from bot.services import Services
from bot.words import elsewhere
from moderation.policy import judge
from moderation.storage import Transaction, people, rates
from moderation.vocabulary import Crisis, Message, Scores, Sensitivity
from resources import Hit

A_QUESTION = 5
"""Characters from which on words in private are taken for a question, though nobody asked for one."""
SAD_PER = timedelta(minutes=30)
SAD = "sad"


async def help_along(
    services: Services, tx: Transaction, message: Message, scores: Scores, hits: list[Hit]
) -> None:
    """A page that surely fits; a kind word where it hurts; else, once a day, what this chat is for."""
    shelf = await shelf_of(services, tx)
    found = shelf.among(hits, SHOWN["ask"])
    if message.text and prompted(message.answered):
        payload = await answered(tx, shelf, message.text, hits, SHOWN["ask"])
    elif found and found[0].sure and len(message.text) >= A_QUESTION:
        payload = found_payload(found)
    elif _hurts(services, scores) and await rates.allow(tx, SAD, message.sender.id, 1, SAD_PER):
        texts = elsewhere.SAD
        text = texts[await people.unsaid(tx, message.sender.id, list(texts))]
        await _hint(tx, message, text, f"sad:{message.message_id}")
        return
    else:
        await _hint(tx, message, words.PRIVATE_HINT, f"hint:{tx.now.date().isoformat()}")
        return
    await answer(tx, message.chat_id, None, payload, f"found:{message.message_id}")


def _hurts(services: Services, scores: Scores) -> bool:
    return judge(scores, services.points[Sensitivity.BALANCED]).crisis is Crisis.DISTRESS


async def _hint(tx: Transaction, message: Message, text: str, dedupe: str) -> None:
    buttons = [
        [{"text": words.BUTTON_HUMAN, "callback_data": "h:0"}],
        [{"text": words.BUTTON_SECTION["mind"], "callback_data": "s:mind"}],
        [{"text": words.BUTTON_SECTION["rights"], "callback_data": "s:rights"}],
    ]
    payload = {"text": text, "reply_markup": {"inline_keyboard": buttons}}
    await answer(tx, message.chat_id, None, payload, dedupe)
