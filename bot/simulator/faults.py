"""Troubles on demand: what goes wrong, for which calls, and how often."""

import random
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from bot.simulator.errors import ApiError, forbidden, too_many
from bot.simulator.records import JSON

Trouble: TypeAlias = Literal[
    "retry",
    "server_error",
    "bad_gateway",
    "cut_before",
    "cut_after",
    "slow",
    "forbidden",
    "error",
    "duplicate",
    "shuffle",
]
DELIVERY = frozenset({"duplicate", "shuffle"})
FOREVER = 1_000_000_000


@dataclass
class Fault:
    """One trouble for the next `count` calls of `method` to `chat_id`.

    No method means any but getUpdates, no chat means any; `retry_after` and `delay` are seconds.
    """

    trouble: Trouble
    method: str = ""
    chat_id: int | None = None
    count: int = 1
    retry_after: int = 1
    delay: float = 1.0
    error: ApiError | None = None
    hits: int = field(default=0, init=False)

    def fits(self, method: str, chat_id: int | None) -> bool:
        """Whether this call is to suffer."""
        meant = method == self.method.lower() if self.method else method != "getupdates"
        return self.count > 0 and meant and self.chat_id in (None, chat_id)

    def use(self) -> None:
        """Spend one of its counts."""
        self.count -= 1
        self.hits += 1


class Faults:
    """The troubles in force, oldest first; `offline` cuts every connection."""

    def __init__(self) -> None:
        self.active: list[Fault] = []
        self.offline = False
        self._random = random.Random(7)

    def add(
        self,
        trouble: Trouble,
        method: str = "",
        *,
        chat_id: int | None = None,
        count: int = 1,
        retry_after: int = 1,
        delay: float = 1.0,
        error: ApiError | None = None,
    ) -> Fault:
        """Put a trouble in force; see `Fault` for what each field means."""
        fault = Fault(trouble, method, chat_id, count, retry_after, delay, error)
        self.active.append(fault)
        return fault

    def clear(self) -> None:
        """End all troubles."""
        self.active.clear()
        self.offline = False

    def take(self, method: str, chat_id: int | None) -> Fault | None:
        """The trouble this call meets, now spent once."""
        if self.offline:
            return Fault("cut_before")
        for fault in self.active:
            if fault.trouble not in DELIVERY and fault.fits(method, chat_id):
                return self._spend(fault)
        return None

    def disturb(self, updates: list[JSON]) -> list[JSON]:
        """A batch of updates as a bad day delivers it: some twice, or out of order."""
        for fault in list(self.active):
            if updates and fault.trouble in DELIVERY:
                self._spend(fault)
                updates = (
                    self._duplicated(updates)
                    if fault.trouble == "duplicate"
                    else self._shuffled(updates)
                )
        return updates

    def _spend(self, fault: Fault) -> Fault:
        fault.use()
        if fault.count <= 0:
            self.active.remove(fault)
        return fault

    def _duplicated(self, updates: list[JSON]) -> list[JSON]:
        return [update for update in updates for _ in range(2)]

    def _shuffled(self, updates: list[JSON]) -> list[JSON]:
        mixed = updates[:]
        self._random.shuffle(mixed)
        return mixed if mixed != updates else mixed[::-1]


def refusal(fault: Fault) -> ApiError | None:
    """What Telegram would answer under this trouble, None when the call goes through."""
    match fault.trouble:
        case "retry":
            return too_many(fault.retry_after)
        case "server_error":
            return ApiError(500, "Internal Server Error")
        case "bad_gateway":
            return ApiError(502, "Bad Gateway")
        case "forbidden":
            return fault.error or forbidden("bot was blocked by the user")
        case "error":
            return fault.error or ApiError(400, "Bad Request: simulated")
        case _:
            return None
