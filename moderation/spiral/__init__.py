"""Sees strong feeling spread from one member to the next, and when it has turned.

A pure streaming detector: `step` takes one message's numbers and gives the chat's next state and
perhaps an event. The state holds no text, is bounded, and survives a restart by `dump` and `load`.
"""

from moderation.spiral.detector import felt, lapse, step
from moderation.spiral.state import SpiralState, dump, load
from moderation.spiral.tuning import Tuning
from moderation.spiral.values import Beat, Catch, Ending, Felt, Ground, SpiralEvent

__all__ = [
    "Beat",
    "Catch",
    "Ending",
    "Felt",
    "Ground",
    "SpiralEvent",
    "SpiralState",
    "Tuning",
    "dump",
    "felt",
    "lapse",
    "load",
    "step",
]
