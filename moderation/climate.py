"""How a group felt, day by day: counts of messages, never of people. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from moderation.spiral import Felt, SpiralEvent

HALF = 0.5
"""From which a message counts as strongly negative, or as steadying."""
LEAST = 10
"""Messages below which a day is not shown: so few would show how one or two people felt."""


@dataclass(frozen=True, slots=True)
class Day:
    """What was said in a group on one day."""

    messages: int = 0
    strong: int = 0
    """Messages of strong negative feeling."""
    echoes: int = 0
    """Those among them that took up another member's feeling."""
    steadying: int = 0
    """Messages that comfort, steady or help."""
    spirals: int = 0

    def __add__(self, other: Day) -> Day:
        """Both together."""
        return Day(
            self.messages + other.messages,
            self.strong + other.strong,
            self.echoes + other.echoes,
            self.steadying + other.steadying,
            self.spirals + other.spirals,
        )

    @property
    def shown(self) -> bool:
        """Whether there was enough talk to say anything."""
        return self.messages >= LEAST

    def share(self, part: int) -> float:
        """A part of the messages, 0 to 1."""
        return part / self.messages if self.messages else 0.0


Climate = Mapping[date, Day]
"""Days without a message are left out."""


def counted(felt: Felt, event: SpiralEvent | None) -> Day:
    """One message as it is counted into its day."""
    strong = felt.strength >= HALF
    return Day(
        messages=1,
        strong=int(strong),
        echoes=int(strong and felt.source is not None),
        steadying=int(felt.steady >= HALF),
        spirals=int(event is not None and event.onset),
    )


def last_days(climate: Climate, today: date, count: int) -> list[tuple[date, Day]]:
    """The `count` days before `today`, oldest first; silent ones are empty."""
    days = [today - timedelta(days=back) for back in range(count, 0, -1)]
    return [(day, climate.get(day, Day())) for day in days]


def together(days: Iterable[Day]) -> Day:
    """The sum of some days."""
    return sum(days, Day())
