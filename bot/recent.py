"""The few last messages of each chat, in memory only: what a message is read with."""

from __future__ import annotations

from collections import OrderedDict, deque

KEPT = 3
CHATS = 5_000
LENGTH = 300


class Recent:
    """Bounded: three messages a chat, the most recent chats only; never written to disk."""

    def __init__(self) -> None:
        self._chats: OrderedDict[tuple[int, int | None], deque[tuple[int, str]]] = OrderedDict()

    def before(self, chat_id: int, thread_id: int | None, message_id: int) -> tuple[str, ...]:
        """The messages before this one, oldest first."""
        known = self._chats.get((chat_id, thread_id), ())
        return tuple(text for number, text in known if number < message_id)[-KEPT:]

    def add(self, chat_id: int, thread_id: int | None, message_id: int, text: str) -> None:
        """Remember a message; an edit replaces what was there."""
        if not text:
            return
        kept = self._chats.setdefault((chat_id, thread_id), deque(maxlen=KEPT + 1))
        self._chats.move_to_end((chat_id, thread_id))
        for index, (number, _) in enumerate(kept):
            if number == message_id:
                kept[index] = (message_id, text[:LENGTH])
                return
        if kept and message_id < kept[-1][0]:
            return
        kept.append((message_id, text[:LENGTH]))
        while len(self._chats) > CHATS:
            self._chats.popitem(last=False)
