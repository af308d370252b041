"""What only safe words have judged is kept for the model (`bot.hearing.secondlook` lets it read them)."""

from __future__ import annotations

from telegram import Update

from bot.services import Services
from moderation.storage import Transaction, secondlooks
from moderation.vocabulary import Message, Scores


async def keep(
    services: Services, tx: Transaction, update: Update, message: Message, scores: Scores
) -> bool:
    """Keep a message whose words the model has not read; whether the group's mood waits for that too.

    Where a safe word stands, the mood is known now.
    """
    if not (scores.by_rules_only and services.scorer.model.exists and message.text):
        return False
    urgency = services.scorer.urgency(message.text)
    await secondlooks.keep(tx, update.update_id, message.sender.id, urgency, update.to_dict())
    return not services.scorer.is_plain_danger(message.text)
