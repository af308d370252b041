"""What humans are shown of a spiral: the last messages as numbers, and who spoke. No text.

The trail runs along with every message of a chat, bounded in number and in age; a story is what a case
keeps of it: who was caught from whom, who steadies, what it rested on, how it ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from moderation.spiral.members import faded
from moderation.spiral.state import SpiralState
from moderation.spiral.values import Beat, Catch, Ending, Ground, SpiralEvent

LATE = 1800.0
"""Seconds by which a message may be older than the newest one; an old history leaves no trail."""
POINTS = 64
"""Messages kept."""
AGE = 2 * 3600.0
"""Seconds for which they are kept."""
NAME = 64
NOBODY = "nobody"
"""Stands where somebody wished to be forgotten."""
WORST = 3
"""Members counted as the most affected."""


class Point(NamedTuple):
    """One message as numbers."""

    at: float
    """Epoch seconds."""
    member: str
    affect: float
    """0 to 3."""
    supportive: float
    message: int | None = None
    answers: int | None = None


class Known(NamedTuple):
    """Who a member is, as far as needed to name or reach them."""

    id: int
    name: str
    writable: bool = True
    """False for channels and anonymous admins."""


@dataclass(frozen=True, slots=True)
class Trail:
    """The last messages of a chat, oldest first, and who wrote them."""

    points: tuple[Point, ...] = ()
    people: Mapping[str, Known] = field(default_factory=dict)

    def heard(self, beat: Beat, who: Known) -> Trail:
        """With one more message; the old ones and those who wrote only those are let go."""
        if self.points and beat.at.timestamp() < self.points[-1].at - LATE:
            return self
        point = Point(
            beat.at.timestamp(),
            beat.member,
            min(3.0, max(0.0, beat.affect)),
            min(1.0, max(0.0, beat.supportive)),
            beat.message,
            beat.answers,
        )
        fresh = [p for p in self.points if p.at > point.at - AGE and p.message != point.message]
        points = (*fresh, point)[-POINTS:]
        known = {**self.people, beat.member: who._replace(name=who.name[:NAME])}
        present = {p.member for p in points}
        return Trail(points, {m: one for m, one in known.items() if m in present})

    def without(self, member: str) -> Trail:
        """As if this one had said nothing."""
        points = tuple(p for p in self.points if p.member != member)
        return Trail(points, {m: one for m, one in self.people.items() if m != member})


@dataclass(frozen=True, slots=True)
class Story:
    """One spiral as its case remembers it."""

    trail: Trail
    caught: tuple[Catch, ...]
    """In order; the first is the one who started."""
    steadying: tuple[str, ...]
    worst: tuple[str, ...]
    """The most affected, worst first."""
    onset: int | None
    """The message at which it was noticed."""
    minutes: int
    chance: float
    grounds: tuple[Ground, ...]
    thread_id: int | None = None
    told: int = 0
    """How many were caught when humans were last called."""
    ending: Ending | None = None

    @property
    def people(self) -> Mapping[str, Known]:
        """Everybody known by name."""
        return self.trail.people

    @property
    def circle(self) -> frozenset[str]:
        """Everybody who was caught."""
        return frozenset(one.member for one in self.caught)

    def knows(self, member: str) -> bool:
        """Whether this one appears anywhere in it."""
        return member in {*self.people, *self.circle, *self.steadying, *self.worst}

    def without(self, member: str) -> Story:
        """The same with a place in it that is nobody's."""
        caught = tuple(
            Catch(
                NOBODY if one.member == member else one.member,
                one.message,
                NOBODY if one.source == member else one.source,
            )
            for one in self.caught
        )
        return replace(
            self,
            trail=self.trail.without(member),
            caught=caught,
            steadying=tuple(m for m in self.steadying if m != member),
            worst=tuple(m for m in self.worst if m != member),
        )

    def name(self, member: str) -> str | None:
        """A member's name; None if it is not known any more."""
        known = self.people.get(member)
        return known.name if known is not None else None


def begun(state: SpiralState, trail: Trail, event: SpiralEvent, thread_id: int | None) -> Story:
    """The story of a spiral that has just been noticed."""
    return Story(
        trail=trail,
        caught=event.caught,
        steadying=event.steadying,
        worst=most_affected(state, [one.member for one in event.caught]),
        onset=event.onset_message,
        minutes=_between(trail, event, event.onset_message) or event.minutes,
        chance=event.chance,
        grounds=event.grounds,
        thread_id=thread_id,
        told=event.members,
    )


def went_on(story: Story, state: SpiralState, trail: Trail) -> Story:
    """The story after one more message; who fell out of the trail stays known by name."""
    episode = state.episode
    if episode is None:
        return story
    known = {*(c.member for c in episode.caught), *episode.steadying}
    kept = {m: one for m, one in story.people.items() if m in known}
    return replace(
        story,
        trail=Trail(trail.points, {**kept, **trail.people}),
        caught=episode.caught,
        steadying=episode.steadying,
        worst=most_affected(state, [one.member for one in episode.caught]) or story.worst,
    )


def ended(story: Story, event: SpiralEvent) -> Story:
    """The story of a spiral that is over."""
    minutes = _between(story.trail, event, event.last_message)
    return replace(
        story,
        caught=event.caught,
        steadying=event.steadying,
        minutes=minutes or story.minutes + event.minutes,
        ending=event.ending,
    )


def _between(trail: Trail, event: SpiralEvent, last: int | None) -> int | None:
    """Minutes from the first strong word to a message, at least 1; None if the trail lost one of them."""
    first = event.caught[0].message if event.caught else None
    at = {point.message: point.at for point in trail.points if point.message is not None}
    if first not in at or last not in at:
        return None
    return max(1, round((at[last] - at[first]) / 60))


def most_affected(state: SpiralState, members: list[str]) -> tuple[str, ...]:
    """Of these members the few who lately poured out the most, worst first."""
    clock = state.levels.clock
    poured = {m: faded(t, clock).volume for m, t in state.members.items() if m in members}
    return tuple(sorted(poured, key=lambda m: -poured[m])[:WORST])


def trail_to_json(trail: Trail) -> dict[str, Any]:
    """A trail as JSON values."""
    return {"points": list(trail.points), "people": dict(trail.people)}


def trail_from_json(raw: Mapping[str, Any]) -> Trail:
    """The trail that was stored."""
    return Trail(
        tuple(Point(*point) for point in raw["points"]),
        {member: Known(*known) for member, known in raw["people"].items()},
    )


def story_to_json(story: Story) -> dict[str, Any]:
    """A story as JSON values."""
    return {
        "trail": trail_to_json(story.trail),
        "caught": list(story.caught),
        "steadying": story.steadying,
        "worst": story.worst,
        "onset": story.onset,
        "minutes": story.minutes,
        "chance": story.chance,
        "grounds": [(g.feature, g.value, g.weight) for g in story.grounds],
        "thread_id": story.thread_id,
        "told": story.told,
        "ending": story.ending,
    }


def story_from_json(raw: Mapping[str, Any]) -> Story:
    """The story that was stored."""
    return Story(
        trail=trail_from_json(raw["trail"]),
        caught=tuple(Catch(*one) for one in raw["caught"]),
        steadying=tuple(raw["steadying"]),
        worst=tuple(raw["worst"]),
        onset=raw["onset"],
        minutes=raw["minutes"],
        chance=raw["chance"],
        grounds=tuple(Ground(*one) for one in raw["grounds"]),
        thread_id=raw["thread_id"],
        told=raw["told"],
        ending=Ending(raw["ending"]) if raw["ending"] else None,
    )
