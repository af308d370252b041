"""Simulated groups over weeks: ordinary life with planted cascades at known times.

Where the numbers come from. Marks (affect, support) of talk are a Markov chain whose tables are counted on
the labelled calm conversations, apart for easy-going and for heavy ones, each member keeping a mood.
Gaps are log-normal with the labelled median and spread. Talk comes as a cluster process (Neyman–Scott 1958):
topics by an hourly and weekday rate, messages around each. The profile of hours (noon and 21–23
high, 3–6 low) is our assumption of a Chinese evening group, as are the share of heavy topics
and the heavy tail of activity (Zipf 1.0; in online groups a few write most). A cascade is a
branching process between members (Galton–Watson with Hawkes' exponential delays), a mean of
1.3 answers by others to every strong message until it has spent itself.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from moderation.spiral.values import Beat
from moderation.training.conversations import Conversation
from moderation.training.spirals_rows import MONDAY
from moderation.training.spirals_scores import Channel, cells

HOURS = (3, 2, 1, .4, .3, .3, .6, 1.5, 3, 4, 4.5, 5.5, 6, 5, 4, 4, 4, 4.5, 5, 6, 7.5, 9, 9, 6)  # fmt: skip
DAYS = (0.95, 0.95, 0.95, 0.95, 1.0, 1.15, 1.2)
TOPIC = 14
"""Mean number of messages of a topic."""
HEAVY = 0.15
"""Share of topics that are as heavy as the labelled confusable ones; the others are easy-going."""
OFFSPRING = 1.3
DELAY = 45.0
"""Mean seconds until a strong message is answered in kind."""
Mark = tuple[int, bool]


@dataclass(frozen=True, slots=True)
class Said:
    """One simulated message, in seconds since Monday midnight."""

    at: float
    member: int
    mark: Mark
    answers: int | None = None
    """The member answered."""
    cascade: int | None = None


@dataclass(frozen=True, slots=True)
class Cascade:
    """A planted spiral, in indices of the beats."""

    onset: int
    end: int


@dataclass(frozen=True, slots=True)
class Life:
    """Weeks of one group as the detector hears them."""

    beats: tuple[Beat, ...]
    cascades: tuple[Cascade, ...]
    weeks: int


@dataclass(frozen=True, slots=True)
class Group:
    """What is asked of the simulator."""

    members: int = 200
    daily: float = 500
    weeks: int = 1
    cascades: float = 0.0
    """A week."""
    seed: int = 1


@dataclass(slots=True)
class Marks:
    """Tables of what is said next, counted on calm conversations."""

    next: dict[tuple[bool, bool, int], list[Mark]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By heavy topic, warm room, and the member's own last affect (-1: none yet)."""
    gaps: tuple[float, float] = (3.5, 1.2)
    """Mean and spread of the log of seconds between messages."""


def calibrated(conversations: Sequence[Conversation]) -> Marks:
    """The tables of the calm ones among the conversations."""
    marks, gaps = Marks(), []
    for conversation in conversations:
        if conversation.spirals:
            continue
        said = conversation.said
        heavy = len({s.user for s in said if (s.example.affect or 0) >= 2}) >= 1
        own: dict[str, int] = {}
        for i, one in enumerate(said):
            affect, held = one.example.affect or 0, bool(one.example.supportive)
            warm = any((s.example.affect or 0) >= 2 for s in said[max(0, i - 3) : i])
            marks.next[heavy, warm, own.get(one.user, -1)].append((affect, held))
            own[one.user] = affect
            if i:
                gaps.append(math.log(max(1.0, one.seconds - said[i - 1].seconds)))
    mean = sum(gaps) / len(gaps)
    spread = math.sqrt(sum((g - mean) ** 2 for g in gaps) / len(gaps))
    marks.gaps = mean, spread
    return marks


def live(group: Group, marks: Marks, channel: Channel) -> Life:
    """Weeks of a group, scored as the classifier would."""
    rng = random.Random(group.seed)
    said = [one for week in range(group.weeks) for one in _week(group, marks, rng, week)]
    said.sort(key=lambda one: one.at)
    scores = []
    for start in range(0, len(said), 60):
        part = said[start : start + 60]
        scores += channel.draw(cells([s.mark[0] for s in part], [s.mark[1] for s in part]), rng)
    last: dict[int, int] = {}
    beats = []
    for index, (one, what) in enumerate(zip(said, scores, strict=True)):
        answered = None if one.answers is None else last.get(one.answers)
        heard = what.affect, what.supportive, what.danger
        at = MONDAY + timedelta(seconds=one.at)
        beats.append(Beat(at, f"m{one.member}", *heard, answers=answered, message=index))
        last[one.member] = index
    return Life(tuple(beats), tuple(_planted(said)), group.weeks)


def _week(group: Group, marks: Marks, rng: random.Random, week: int) -> Iterator[Said]:
    weight = sum(HOURS) / 24
    for hour in range(7 * 24):
        rate = group.daily / 24 * HOURS[hour % 24] / weight * DAYS[hour // 24] / TOPIC
        start = (week * 168 + hour) * 3600.0
        for _ in range(_poisson(rate, rng)):
            yield from _topic(start + rng.random() * 3600, group, marks, rng)
    for _ in range(_poisson(group.cascades, rng)):
        hour = rng.choices(range(168), [HOURS[h % 24] for h in range(168)])[0]
        start = (week * 168 + hour) * 3600.0 + rng.random() * 3600
        yield from _cascade(start, group, rng)


def _topic(at: float, group: Group, marks: Marks, rng: random.Random) -> Iterator[Said]:
    heavy = rng.random() < HEAVY
    people = _people(group, rng, rng.randint(2, 7))
    own: dict[int, int] = {}
    recent: list[Mark] = []
    before = people[0]
    for _ in range(max(2, int(rng.expovariate(1 / TOPIC)))):
        member = rng.choice(people)
        warm = any(affect >= 2 for affect, _ in recent[-3:])
        options = marks.next.get((heavy, warm, own.get(member, -1))) or marks.next[heavy, warm, -1]
        mark = rng.choice(options or [(0, False)])
        answers = before if rng.random() < 0.12 and before != member else None
        yield Said(at, member, mark, answers)
        own[member], before = mark[0], member
        recent.append(mark)
        at += min(3600.0, rng.lognormvariate(*marks.gaps))


def _cascade(at: float, group: Group, rng: random.Random) -> list[Said]:
    """Strong words that beget strong words, among calm ones by bystanders."""
    number = rng.getrandbits(40)
    people = _people(group, rng, rng.randint(4, 7))
    said = [Said(at, people[0], (2, False), None, number)]
    waiting = list(said)
    most = rng.randint(12, 30)
    while len(said) < most:
        parent = waiting.pop(0) if waiting else said[-1]
        for _ in range(_poisson(OFFSPRING, rng)):
            member = rng.choice(people)
            affect = rng.choices((1, 2, 3), (25, 50, 25))[0]
            delay = rng.expovariate(1 / DELAY) + 5
            answers = parent.member if rng.random() < 0.2 and member != parent.member else None
            child = Said(parent.at + delay, member, (affect, False), answers, number)
            said.append(child)
            waiting.append(child)
    last = max(one.at for one in said)
    held = _people(group, rng, 2)
    calm = [Said(at + rng.random() * (last - at), m, (0, True), None, None) for m in held]
    return said + calm


def _planted(said: Sequence[Said]) -> Iterator[Cascade]:
    by_number: dict[int, list[int]] = defaultdict(list)
    for index, one in enumerate(said):
        if one.cascade is not None and one.mark[0] >= 2:
            by_number[one.cascade].append(index)
    for indices in by_number.values():
        members: set[int] = set()
        for index in indices:
            members.add(said[index].member)
            if len(members) == 3:
                yield Cascade(index, indices[-1])
                break


def _people(group: Group, rng: random.Random, count: int) -> list[int]:
    """Members who happen to be about, the busy ones more often."""
    found: dict[int, None] = {}
    while len(found) < min(count, group.members):
        found[int(group.members ** rng.random()) - 1] = None
    return list(found)


def _poisson(mean: float, rng: random.Random) -> int:
    limit, count, product = math.exp(-mean), 0, rng.random()
    while product > limit:
        count += 1
        product *= rng.random()
    return count
