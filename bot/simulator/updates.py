"""The queue of updates that wait for the bot, as Telegram keeps it."""

from collections.abc import Iterable

from bot.simulator.records import JSON

OPTIONAL_KINDS = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
FIRST_ID = 860_000_001


class UpdateQueue:
    """Numbers updates, keeps the kinds asked for, drops them once confirmed."""

    def __init__(self) -> None:
        self.pending: list[JSON] = []
        self.allowed: frozenset[str] = frozenset()
        self._next_id = FIRST_ID

    def allow(self, kinds: Iterable[str]) -> None:
        """Which kinds to keep from now on; nothing named means Telegram's default."""
        self.allowed = frozenset(kinds)

    def wants(self, kind: str) -> bool:
        """Whether an update of this kind would be kept."""
        return kind in self.allowed if self.allowed else kind not in OPTIONAL_KINDS

    def put(self, kind: str, body: JSON) -> JSON | None:
        """Queue one update; None when the bot has not asked for its kind."""
        if not self.wants(kind):
            return None
        update: JSON = {"update_id": self._next_id, kind: body}
        self._next_id += 1
        self.pending.append(update)
        return update

    def fetch(self, offset: int, limit: int) -> list[JSON]:
        """Confirm everything before `offset`, then give up to `limit` of what remains.

        A negative offset keeps only that many of the newest.
        """
        if offset < 0:
            self.pending = self.pending[offset:]
        else:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        return self.pending[:limit]

    def confirm(self, update: JSON) -> None:
        """Forget one update that a webhook has taken."""
        self.pending = [kept for kept in self.pending if kept["update_id"] != update["update_id"]]

    def clear(self) -> None:
        """Drop everything, as drop_pending_updates asks."""
        self.pending.clear()
