"""The pictures of a past conversation: each spiral as its card would have shown it, and the climate by month."""

from __future__ import annotations

import re
from datetime import date
from itertools import groupby
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.learning import climate_picture
from bot.replay.conversation import Said
from bot.spirals import picture
from bot.spirals.drawing import picture_of
from moderation import spiral
from moderation.climate import Day, counted
from moderation.errors import InputError
from moderation.spiral import Beat, SpiralEvent, SpiralState
from moderation.spiral.story import Known, Story, Trail, begun, ended, went_on

UNSAFE = re.compile(r"[^\w.-]+")
LONGEST = 60


class Album:
    """Listens beside the detector, and writes what it saw."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._trail = Trail()
        self._running: Story | None = None
        self.spirals: list[Story] = []
        """Those that are over, in order."""
        self.days: dict[date, Day] = {}

    def heard(
        self, said: Said, beat: Beat, states: tuple[SpiralState, SpiralState], event: SpiralEvent | None
    ) -> None:  # fmt: skip
        """One message, with the detector's states before and after it."""
        before, after = states
        felt = spiral.felt(before, beat)
        if felt is not None:
            day = beat.at.astimezone(self._zone).date()
            self.days[day] = self.days.get(day, Day()) + counted(felt, event)
        self._trail = self._trail.heard(beat, Known(0, said.name or said.user))
        if self._running is not None:
            self._running = went_on(self._running, after, self._trail)
        if event is not None and self._running is not None and not event.onset:
            self.spirals.append(ended(self._running, event))
            self._running = None
        elif event is not None and event.onset:
            self._running = begun(after, self._trail, event, None)

    def write(self, folder: Path, name: str) -> int:
        """Write all pictures into a folder; how many. InputError where that cannot be."""
        stories = [*self.spirals, *([self._running] if self._running is not None else [])]
        files = {
            f"{_plain(name)}-spiral-{story.onset}.png": picture.draw(picture_of(story, self._zone))
            for story in stories
        }
        shown = sorted((day, one) for day, one in self.days.items())
        for month, days in groupby(shown, key=lambda pair: f"{pair[0]:%Y-%m}"):
            panel = list(days)
            if any(day.shown for _, day in panel):
                drawn = climate_picture.draw([(f"{name} {month}", panel)])
                files[f"{_plain(name)}-climate-{month}.png"] = drawn
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for file, data in files.items():
                (folder / file).write_bytes(data)
        except OSError as error:
            raise InputError(f"Cannot write pictures to {folder}: {error.strerror}.") from None
        return len(files)


def _plain(name: str) -> str:
    """A conversation's name as a file's."""
    return UNSAFE.sub("-", name).strip("-.")[:LONGEST] or "chat"
