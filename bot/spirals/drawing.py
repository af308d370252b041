"""What the picture of a spiral is drawn from. The drawing itself stands in `bot.spirals.picture`, which is
imported when the first picture goes out: matplotlib takes up to a second of a start, and 30 MB.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from moderation.spiral.story import Story, story_to_json
from moderation.storage.outbox import PRIVATE

PICTURE = f"{PRIVATE}picture"
"""Under this key a payload carries what its picture is drawn from; it never leaves as it is."""


def picture_of(story: Story, zone: ZoneInfo) -> dict[str, Any]:
    """What the picture is drawn from, as JSON values: it waits so in the outbox until it is sent."""
    return {"story": story_to_json(story), "zone": str(zone)}


def number(place: int) -> str:
    """①, ②…: the same in the picture and on the card."""
    return chr(0x2460 + place) if place < 20 else str(place + 1)
