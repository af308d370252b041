"""Telegram's sending limits, enforced only when a test or a visitor asks."""

from collections import defaultdict, deque

from bot.simulator.errors import too_many
from bot.simulator.records import Clock

OVERALL = 30  # messages a second
GROUP = 20  # messages a minute in one group


class RateLimits:
    """Counts what the bot sends; beyond the limits it answers 429 while `enforced`."""

    def __init__(self, clock: Clock) -> None:
        self.enforced = False
        self.clock = clock
        self._sent: dict[int, deque[float]] = defaultdict(deque)

    def check(self, chat_id: int) -> None:
        """Count one message to a chat, or refuse it."""
        if not self.enforced:
            return
        now = self.clock()
        self._room(0, OVERALL, 1.0, now)
        if chat_id < 0:
            self._room(chat_id, GROUP, 60.0, now)
            self._sent[chat_id].append(now)
        self._sent[0].append(now)

    def _room(self, key: int, limit: int, window: float, now: float) -> None:
        sent = self._sent[key]
        while sent and sent[0] <= now - window:
            sent.popleft()
        if len(sent) >= limit:
            raise too_many(max(1, round(sent[0] + window - now)))
