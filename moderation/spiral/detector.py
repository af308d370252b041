"""One message in, the chat's next state and perhaps an event out. Pure; a bounded effort a message."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from moderation.spiral.episode import Episode, ending, went_on
from moderation.spiral.features import caught, measure
from moderation.spiral.hazard import HAZARD, Hazard, chance
from moderation.spiral.levels import Levels, Mark, fading, marked, room
from moderation.spiral.members import (
    CROWDING,
    NOBODY,
    PULL_RATE,
    TAKEN,
    Members,
    Trace,
    faded,
    pull_of_others,
    remember,
    saturated,
)
from moderation.spiral.rhythm import heard
from moderation.spiral.state import SpiralState
from moderation.spiral.tuning import TUNING, Tuning
from moderation.spiral.values import Beat, Catch, Ending, Felt, Ground, SpiralEvent

LATE = 30 * 60.0
"""Seconds: a message older than the newest by more is out of the story."""
LATE_IN_A_ROW = 30
"""After so many such messages it is the clock that was wrong, and the memory starts again."""
AHEAD = 120.0
"""Seconds that a message may be ahead of its arrival."""
LEFT = 0.25
"""What remains of everybody's heat when a spiral has ended: the next one must build anew."""
EFFECT = 0.25
"""Strength from which a message can raise an alert."""
RECENT = 32
"""Messages whose numbers are remembered, for duplicates and replies."""
PULLED = 0.1
"""Strength below which nobody is asked who was caught from whom."""
MOOD = 0.4
"""Share of a member's newest message in their own mood."""


def step(
    state: SpiralState,
    beat: Beat,
    sensitivity: str = "balanced",
    hazard: Hazard = HAZARD,
    tuning: Tuning = TUNING,
) -> tuple[SpiralState, SpiralEvent | None]:
    """The state after one message, and what it means.

    A duplicate changes nothing; a message somewhat late counts as if it came now; one far too late is
    left out; one long past on arrival is learnt from but never alerted. An edit is no new message and
    a deletion takes nothing back: what was read has been felt.
    """
    if beat.message in state.recent:
        return state, None
    at = _placed(state.levels, beat)
    if at is None:
        if state.late < LATE_IN_A_ROW:
            return state._replace(late=state.late + 1), None
        state, at = SpiralState(rhythm=state.rhythm._replace(slot=0)), beat.at.timestamp()
    silenced = state.episode is not None and ending(state.episode, at, tuning) is not None
    event = None
    if silenced:
        state, event = _ended(state, Ending.SILENCE, tuning)
    state, strength, source = counted(state, beat, at, hazard)
    if state.episode is not None:
        return _running(state, beat, at, (strength, source), tuning)
    if strength < EFFECT or _muted(state, beat, at, tuning) or event is not None:
        return state, event
    upset = caught(state.members, state.levels.clock)
    if len(upset) < tuning.members:
        return state, None
    values = measure(strength, state.levels, state.members, state.rhythm)
    score = hazard.score(values)
    if score < hazard.alert_from[sensitivity]:
        return state, None
    return _begun(state, beat, at, upset, (chance(score), hazard.grounds(values)))


def lapse(
    state: SpiralState, now: datetime, tuning: Tuning = TUNING
) -> tuple[SpiralState, SpiralEvent | None]:
    """The same for the passing of time alone: a spiral that fell silent has ended."""
    at = now.timestamp()
    if state.episode is None or ending(state.episode, at, tuning) is not Ending.SILENCE:
        return state, None
    return _ended(state, Ending.SILENCE, tuning)


def felt(state: SpiralState, beat: Beat, hazard: Hazard = HAZARD) -> Felt | None:
    """How this message reads in its room, the state being that before it; None where `step` leaves it out."""
    at = None if beat.message in state.recent else _placed(state.levels, beat)
    if at is None:
        return None
    _, strength, source = counted(state, beat, at, hazard)
    return Felt(strength, steadiness(_within(beat.supportive, 1.0)), source)


def steadiness(support: float) -> float:
    """How much a probability of support counts: doubtful support hardly does (smoothstep)."""
    return support * support * (3 - 2 * support)


def _within(value: float, top: float) -> float:
    """A score held to its range; what is no number counts as nothing."""
    return min(top, max(0.0, value))


def _placed(levels: Levels, beat: Beat) -> float | None:
    """The message's time, never before the last one's nor ahead of its arrival; None when too late."""
    at = beat.at.timestamp()
    if beat.heard is not None:
        at = min(at, beat.heard.timestamp() + AHEAD)
    if at < levels.at - LATE:
        return None
    return max(at, levels.at)


def counted(
    state: SpiralState, beat: Beat, at: float, hazard: Hazard
) -> tuple[SpiralState, float, str | None]:
    """The message counted into every memory; its strength, and whom it was caught from."""
    affect, support = _within(beat.affect, 3.0), _within(beat.supportive, 1.0)
    levels, members, rhythm, episode, quiet_until, recent, _ = state
    known = members.get(beat.member, NOBODY)
    spoken = known.spoken * math.exp(PULL_RATE * (known.seen - levels.clock))
    weight = 1 / (1 + CROWDING * spoken)
    fade = fading(levels, at, weight)
    clock = levels.clock + fade.step
    own = faded(known, clock)
    scores = affect, support, _within(beat.danger, 1.0), room(levels, fade), own.mood
    strength, steady = hazard.reading.strength(scores), steadiness(support)
    pull, source, replied = 0.0, None, 0.0
    if strength > PULLED:
        pull, source = pull_of_others(members, beat.member, clock)
        answered = recent.get(beat.answers) if beat.answers is not None else None
        if _was_upset(members, answered, beat.member):
            source, replied = answered, strength
    trace = _marked(own, beat, affect, strength, steady, pull, source)
    joined = trace.heat - own.heat if trace.heat >= TAKEN else 0.0
    mark = Mark(at, weight, affect, strength, support, steady, replied, joined)
    after = SpiralState(
        marked(levels, fade, mark),
        remember(members, beat.member, trace),
        heard(rhythm, levels.at or at, at, strength),
        episode,
        quiet_until,
        recent if beat.message is None else _recalled(recent, beat.message, beat.member),
    )
    return after, strength, source


def _recalled(recent: Mapping[int, str], message: int, member: str) -> Mapping[int, str]:
    kept = dict(recent)
    if len(kept) >= RECENT:
        del kept[next(iter(kept))]
    kept[message] = member
    return kept


def _was_upset(members: Members, answered: str | None, member: str) -> bool:
    target = members.get(answered) if answered is not None and answered != member else None
    return target is not None and target.heat >= TAKEN


def _marked(
    own: Trace,
    beat: Beat,
    affect: float,
    strength: float,
    steady: float,
    pull: float,
    source: str | None,
) -> Trace:
    heat = saturated(own.heat, strength)
    fresh = own.heat < TAKEN <= heat
    return Trace(
        own.seen,
        heat,
        saturated(own.pull, strength),
        saturated(own.echo, strength * (1 - math.exp(-pull))),
        saturated(own.support, steady),
        own.volume + strength,
        own.spoken + 1,
        own.mood + MOOD * (affect - own.mood),
        beat.message if fresh else own.since,
        own.seen if fresh else own.order,
        source if fresh else own.source,
    )


def _muted(state: SpiralState, beat: Beat, at: float, tuning: Tuning) -> bool:
    stale = beat.heard is not None and beat.heard.timestamp() - at > tuning.history
    return stale or at < state.quiet_until


def _begun(
    state: SpiralState,
    beat: Beat,
    at: float,
    upset: Sequence[str],
    why: tuple[float, tuple[Ground, ...]],
) -> tuple[SpiralState, SpiralEvent]:
    clock, traces = state.levels.clock, state.members
    first = traces[upset[0]]
    links = tuple(
        Catch(m, traces[m].since, traces[m].source if n else None) for n, m in enumerate(upset)
    )
    holding = tuple(m for m, t in traces.items() if faded(t, clock).support >= TAKEN)
    minutes = max(1, round(min(clock - first.order, 4) * 30))
    episode = Episode(at, beat.message, links, holding, last=at, last_message=beat.message)
    event = SpiralEvent(
        True, len(upset), minutes, *why, links, holding, beat.message
    )  # fmt: skip
    return state._replace(episode=episode), event


def _running(
    state: SpiralState, beat: Beat, at: float, felt: tuple[float, str | None], tuning: Tuning
) -> tuple[SpiralState, SpiralEvent | None]:
    assert state.episode is not None
    strength, source = felt
    steady = steadiness(_within(beat.supportive, 1.0))
    episode = went_on(state.episode, beat, at, strength, steady, source)
    state = state._replace(episode=episode)
    why = ending(episode, at, tuning)
    return (state, None) if why is None else _ended(state, why, tuning)


def _ended(state: SpiralState, why: Ending, tuning: Tuning) -> tuple[SpiralState, SpiralEvent]:
    episode = state.episode
    assert episode is not None
    minutes = max(1, round((episode.last - episode.since) / 60))
    event = SpiralEvent(
        False,
        len(episode.caught),
        minutes,
        caught=episode.caught,
        steadying=episode.steadying,
        onset_message=episode.message,
        last_message=episode.last_message,
        ending=why,
    )
    return cooled(state, episode.last + tuning.pause), event


def cooled(state: SpiralState, until: float) -> SpiralState:
    """The state after the end of a spiral; no alert before `until` (epoch seconds)."""
    members: Members = {
        member: trace._replace(
            heat=trace.heat * LEFT,
            pull=trace.pull * LEFT,
            echo=trace.echo * LEFT,
            volume=trace.volume * LEFT,
        )
        for member, trace in state.members.items()
    }
    return state._replace(members=members, episode=None, quiet_until=until)
