"""What the detector is given for a group: the operator's settings, and the group's own pause."""

from __future__ import annotations

from dataclasses import replace

from bot.settings import Settings
from moderation.spiral import Tuning
from moderation.storage.group_settings import GroupSettings


def tuning_for(settings: Settings, wanted: GroupSettings) -> Tuning:
    """The settings with what the group chose itself."""
    tuning = settings.spiral_tuning
    if wanted.spiral_pause is None:
        return tuning
    return replace(tuning, pause=60.0 * wanted.spiral_pause)
