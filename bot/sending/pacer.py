"""Keeps Telegram's limits: about 30 calls a second in all, 1 a second a chat, 20 a minute a group.

Source: Telegram's bot FAQ (rules of thumb, not promises). Crises have places kept free for them.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from moderation.storage.outbox import QUICK, Lane

ALL_A_SECOND = 28
KEPT_FOR_CRISES = 5
GROUP_A_MINUTE = 20
GROUP_KEPT_FOR_CRISES = 4
CHAT_SPACING = 1.0
MINUTE = 60.0


@dataclass
class Pacer:
    """Says how long a call has to wait; times are seconds of one monotonic clock."""

    _all: deque[float] = field(default_factory=deque)
    _chats: dict[int, deque[float]] = field(default_factory=dict)
    """Calls of the last minute; who was not written to for so long is forgotten, a minute later at most."""
    _blocked: dict[int, float] = field(default_factory=dict)
    _swept: float = -math.inf

    def wait(self, chat_id: int, lane: Lane, method: str, now: float) -> float:
        """Seconds until this call may be made; 0 if at once."""
        self._forget(chat_id, now)
        waits = [self._wait_for_all(lane, now)]
        if method not in QUICK:
            waits.append(self._blocked.get(chat_id, 0.0) - now)
            waits.append(self._wait_for_chat(chat_id, lane, now))
        return max(0.0, *waits)

    def note(self, chat_id: int, method: str, now: float) -> None:
        """A call is being made."""
        self._all.append(now)
        if method not in QUICK:
            self._chats.setdefault(chat_id, deque()).append(now)

    def leaves(self, chat_id: int, method: str, now: float) -> None:
        """The call noted for this chat goes out only now: the next one keeps its distance to this."""
        if method not in QUICK and (calls := self._chats.get(chat_id)):
            calls[-1] = now

    def last_call(self, chat_id: int) -> float:
        """When this chat was last written to; minus infinity if not within the last minute."""
        calls = self._chats.get(chat_id)
        return calls[-1] if calls else -math.inf

    def block(self, chat_id: int, seconds: float, now: float) -> None:
        """Telegram asked for a pause in this chat (429 with retry_after)."""
        self._blocked[chat_id] = max(self._blocked.get(chat_id, 0.0), now + seconds)

    def _wait_for_all(self, lane: Lane, now: float) -> float:
        places = ALL_A_SECOND - (0 if lane is Lane.CRISIS else KEPT_FOR_CRISES)
        if len(self._all) < places:
            return 0.0
        return self._all[-places] + 1.0 - now

    def _wait_for_chat(self, chat_id: int, lane: Lane, now: float) -> float:
        calls = self._chats.get(chat_id, ())
        spacing = calls[-1] + CHAT_SPACING - now if calls else 0.0
        if chat_id > 0:
            return spacing
        places = GROUP_A_MINUTE - (0 if lane is Lane.CRISIS else GROUP_KEPT_FOR_CRISES)
        if len(calls) < places:
            return spacing
        return max(spacing, calls[-places] + MINUTE - now)

    def _forget(self, chat_id: int, now: float) -> None:
        while self._all and self._all[0] <= now - 1.0:
            self._all.popleft()
        calls = self._chats.get(chat_id)
        while calls and calls[0] <= now - MINUTE:
            calls.popleft()
        for blocked in [c for c, until in self._blocked.items() if until <= now]:
            del self._blocked[blocked]
        if now - self._swept >= MINUTE:
            self._sweep(now)

    def _sweep(self, now: float) -> None:
        """Let go of every chat that was not written to within the last minute."""
        self._swept = now
        self._chats = {
            c: calls for c, calls in self._chats.items() if calls and calls[-1] > now - MINUTE
        }
