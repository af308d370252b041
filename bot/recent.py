"""The last messages of each group, in memory alone: what a message is read with.

Nothing of it is ever written to disk, and it is gone after an hour or a restart.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime

from moderation.company import KEPT, preceding
from moderation.ports import Clock
from moderation.vocabulary import Message

GROUPS = 200
MESSAGES = 40
TEXT = 200


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, shortened."""

    message_id: int
    thread_id: int | None
    author: int
    text: str
    at: datetime


@dataclass
class Recent:
    """Remembers a little of each group, for a while."""

    clock: Clock
    _groups: OrderedDict[int, OrderedDict[int, Heard]] = field(default_factory=OrderedDict)

    def hear(self, message: Message) -> None:
        """Remember a message of a group; an edited one takes its own place."""
        if message.private:
            return
        group = self._groups.setdefault(message.chat_id, OrderedDict())
        self._groups.move_to_end(message.chat_id)
        known = group.get(message.message_id)
        group[message.message_id] = Heard(
            message.message_id,
            message.thread_id,
            message.sender.id,
            message.text[:TEXT],
            known.at if known else message.sent_at,
        )
        while len(group) > MESSAGES:
            group.popitem(last=False)
        while len(self._groups) > GROUPS:
            self._groups.popitem(last=False)

    def forget_old(self) -> None:
        """Drop what was heard too long ago."""
        past = self.clock() - KEPT
        for chat_id, group in list(self._groups.items()):
            for number in [n for n, heard in group.items() if heard.at < past]:
                del group[number]
            if not group:
                del self._groups[chat_id]

    def before(self, message: Message) -> tuple[str, ...]:
        """The words that a message is read with; after a restart only what it answers is known."""
        self.forget_old()
        group = self._groups.get(message.chat_id)
        earlier = sorted(
            (
                heard
                for heard in (group.values() if group else ())
                if heard.message_id < message.message_id
                and heard.thread_id == message.thread_id
                and heard.text
            ),
            key=lambda heard: heard.message_id,
        )
        texts = [heard.text for heard in earlier]
        numbers = [heard.message_id for heard in earlier]
        if message.answered and (message.quote or message.reply_to not in numbers):
            return preceding([message.answered, *texts], 0)
        answered = numbers.index(message.reply_to) if message.reply_to in numbers else None
        return preceding(texts, answered)
