"""What the card of a spiral says beside the picture. Pure; short, for a caption holds 1024 characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from zoneinfo import ZoneInfo

from bot.alerting.cardview import Aside
from bot.posing import member_name
from bot.showing import safe_name
from bot.spirals.drawing import number, picture_of
from bot.words import spirals as said
from moderation.cases import CaseState
from moderation.spiral.story import Story

NAMES = 6
NAME = 12
WHY = 3
DANGERS = 2


@dataclass(frozen=True, slots=True)
class Danger:
    """Somebody in danger in the same group while it sinks."""

    case_id: int
    level: str
    state: CaseState
    holder: str | None
    name: str | None
    """None where those who read this card are not told who."""
    link: str | None = None
    other: bool = False
    """Whether the one named only told of somebody else."""


def aside_of(
    story: Story, found: Sequence[Danger], zone: ZoneInfo, staff: Sequence[str] = ()
) -> Aside:
    """All that the card of a spiral shows beside what every card shows."""
    return Aside(
        dangers=tuple(dangers(found, staff)),
        who=tuple(who_and_how(story, staff)),
        why=why(story),
        steps=steps(story, found),
        picture=picture_of(story, zone),
        over=story.ending is not None,
        steadied=bool(story.steadying),
    )


def who_and_how(story: Story, staff: Sequence[str] = ()) -> list[str]:
    """Who started, who caught it, who steadies; the numbers are those of the picture."""
    first, *rest = [
        f"{number(place)} {_name(story, one.member, staff)}"
        for place, one in enumerate(story.caught)
    ] or [said.SOMEBODY]
    lines = [said.STARTED.format(who=first)]
    if rest:
        lines.append(said.CAUGHT.format(who=_listed(rest)))
    if story.steadying:
        lines.append(said.STEADYING.format(who=names(story, story.steadying, staff)))
    else:
        lines.append(said.NOBODY_STEADIES)
    if story.ending is not None:
        count = len(story.caught)
        lines.append(said.OVER_CARD.format(minutes=story.minutes, count=count))
    return lines


def why(story: Story) -> str:
    """How many in how long, and the heaviest grounds in words."""
    told = [said.WHY[g.feature] for g in story.grounds if g.weight > 0 and g.feature in said.WHY]
    much = said.HOW_MUCH.format(minutes=story.minutes, count=len(story.caught))
    return said.WHY_SHOWN.format(why="；".join([much, *told[:WHY]]))


def dangers(found: Sequence[Danger], staff: Sequence[str] = ()) -> list[str]:
    """Those in danger come first and are never hidden by the spiral."""
    named = sorted((one for one in found if one.name is not None), key=lambda one: one.other)
    lines = []
    for one in named[:DANGERS]:
        who = safe_name(one.holder[:NAME]) if one.holder else said.SOMEBODY
        lines.append(
            (said.IN_DANGER_OTHER if one.other else said.IN_DANGER).format(
                who=member_name((one.name or "")[:NAME], staff, said.NOT_STAFF),
                level=said.LEVEL.get(one.level, one.level),
                state=said.DANGER_STATE[one.state].format(who=who),
            )
            + (f' <a href="{escape(one.link)}">{said.SEE_CASE}</a>' if one.link else "")
        )
    if len(found) > len(lines):
        more = said.IN_DANGER_MORE if named else said.IN_DANGER_UNNAMED
        lines.append(more.format(count=len(found) - len(lines)))
    return lines


def steps(story: Story, found: Sequence[Danger]) -> str:
    """What to do now."""
    worst = names(story, story.worst) or said.SOMEBODY
    if story.ending is not None:
        return said.STEPS_OVER.format(who=worst)
    if found:
        return said.STEPS_DANGER
    if story.steadying:
        return said.STEPS_HELD.format(who=worst)
    return said.STEPS_ALONE.format(who=worst)


def names(story: Story, members: Sequence[str], staff: Sequence[str] = ()) -> str:
    """Their names, as HTML."""
    return _listed([_name(story, member, staff) for member in members])


def _listed(shown: list[str]) -> str:
    rest = said.AND_MORE.format(count=len(shown)) if len(shown) > NAMES else ""
    return "、".join(shown[:NAMES]) + rest


def _name(story: Story, member: str, staff: Sequence[str]) -> str:
    known = story.name(member)
    return member_name(known[:NAME], staff, said.NOT_STAFF) if known else said.SOMEBODY
