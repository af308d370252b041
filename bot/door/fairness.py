"""Who is worked on next: chats take turns, and within a chat the most urgent comes first.

One update of a chat is worked on at a time, so that chats share alike however much each of them writes.
Of one chat and one urgency at most `WINDOW` updates wait in memory; the others rest on disk and are read again as that
line grows shorter. So a flood in one group neither delays another group nor fills the memory, and danger overtakes it: small talk in memory never stands before danger on disk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush

import telegram

from bot.door.incoming import words_of
from moderation.storage.inbox import Line
from moderation.turns import Urgency

WINDOW = 10
REFILL_AT = 5
"""A line is filled up from disk when it has become so short."""
ASKS_FOR_HELP = "/sos"


def place_of(update: telegram.Update) -> int:
    """The chat whose order an update belongs to; else the user."""
    if update.effective_chat is not None:
        return update.effective_chat.id
    return update.effective_user.id if update.effective_user is not None else 0


def urgency_of(update: telegram.Update, look: Callable[[str], Urgency]) -> Urgency:
    """In a group a tap goes first, and what looks like danger; everywhere a call for help.

    In private the order stands: there answers follow questions.
    """
    source = update.effective_message
    text = words_of(source) if isinstance(source, telegram.Message) else ""
    chat = update.effective_chat
    if update.callback_query is None and text.startswith(ASKS_FOR_HELP):
        return Urgency.DANGER
    if chat is None or chat.type == chat.PRIVATE:
        return Urgency.REST
    return Urgency.DANGER if update.callback_query is not None else look(text)


def line_of(update: telegram.Update, look: Callable[[str], Urgency]) -> Line:
    """Where an update stands in line."""
    return Line(place_of(update), urgency_of(update, look))


def haste_of(update: telegram.Update, urgency: Urgency) -> Urgency:
    """How soon its work is to be stored, among that of all chats: what is said in private is seldom small talk."""
    chat = update.effective_chat
    private = chat is None or chat.type == chat.PRIVATE
    return Urgency.DANGER if private else urgency


@dataclass
class Backlog:
    """Which updates of each line are in memory and which are left on disk, by number."""

    _held: Counter[Line] = field(default_factory=Counter)
    _left: dict[Line, list[int]] = field(default_factory=dict)
    _reading: set[Line] = field(default_factory=set)

    def comes(self, line: Line, number: int) -> bool:
        """Whether an update that is on disk is held in memory too; if not, it is left there."""
        if self._held[line] >= WINDOW or line in self._left or line in self._reading:
            heappush(self._left.setdefault(line, []), number)
            return False
        self._held[line] += 1
        return True

    def comes_again(self, line: Line) -> None:
        """An update is in memory once more."""
        self._held[line] += 1

    def goes(self, line: Line) -> list[int]:
        """An update has left the memory; the numbers that are to be read from disk in its stead.

        Until `are_read` is called, whatever comes to this line is left on disk, so that it stays in order.
        """
        self._held[line] -= 1
        if self._held[line] <= 0:
            del self._held[line]
        left = self._left.get(line)
        if left is None or line in self._reading or self._held[line] > REFILL_AT:
            return []
        numbers = [heappop(left) for _ in range(min(len(left), WINDOW - self._held[line]))]
        if not left:
            del self._left[line]
        self._held[line] += len(numbers)
        self._reading.add(line)
        return numbers

    def are_read(self, line: Line) -> None:
        """What was to be read from disk is in memory now."""
        self._reading.discard(line)

    @property
    def left(self) -> int:
        """How many updates are left on disk."""
        return sum(len(numbers) for numbers in self._left.values())
