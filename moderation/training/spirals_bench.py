"""How many messages a second the detector alone takes in, on one core: `spirals bench`."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from itertools import cycle, islice

from moderation.spiral import SpiralState, dump, step
from moderation.spiral.values import Beat
from moderation.training.conversations import read_conversations
from moderation.training.groups import Group, calibrated, live
from moderation.training.spirals_scores import Channel, labelled

CHATS = 10_000
EVENTS = 400_000


@dataclass(frozen=True, slots=True)
class Speed:
    """One measurement."""

    chats: int
    events: int
    events_a_second: float
    state_bytes: float
    """Of a stored state, on average."""


def bench(chats: int = CHATS, events: int = EVENTS) -> Speed:
    """Simulated talk with planted cascades dealt out to that many chats in turn."""
    talk = _talk(events // chats + 1)
    states = [SpiralState()] * chats
    rounds = [replace(b, message=n) for n, b in enumerate(islice(cycle(talk), events // chats))]
    began = time.process_time()
    for beat in rounds:
        for chat in range(chats):
            states[chat], _ = step(states[chat], beat)
    seconds = time.process_time() - began
    size = sum(len(dump(state)) for state in states[:100]) / 100
    return Speed(chats, events, events / seconds, size)


def _talk(count: int) -> list[Beat]:
    conversations = read_conversations("train")
    channel = Channel(conversations, {c.id: labelled(c) for c in conversations})
    life = live(Group(members=200, daily=500, cascades=3), calibrated(conversations), channel)
    return list(life.beats[:count])
