"""What may stand behind the page beside the world itself: scenes that can be played, a clock that can be moved."""

from typing import Protocol

from bot.simulator.records import JSON


class Stage(Protocol):
    """Whoever runs the simulator for show brings one; it changes the world as people do."""

    def view(self) -> JSON:
        """What the page shows of it: the scenes, which one plays, what to look at, and the time."""

    def play(self, name: str) -> None:
        """Begin a scene; SimulatorError if there is none of this name, or another plays."""

    async def forward(self, minutes: int) -> None:
        """Let so much time pass at once, with all that falls due."""
