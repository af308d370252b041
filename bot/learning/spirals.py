"""`qunhu feedback spirals`: what humans here said was a spiral and what was none, for tuning the detector."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console

from bot.learning.ledger import opened, writing
from bot.settings import load_settings
from moderation.storage import audit, learning
from moderation.storage.learning import JudgedSpiral


async def export(console: Console, target: str) -> int:
    """Write a line for each; the export itself is in the audit."""
    async with opened(load_settings()) as database:
        async with database.transaction() as tx:
            found = await learning.judged_spirals(tx)
            await audit.record(tx, "operator", "spirals_exported", detail={"cases": len(found)})
        with writing(target) as file:
            for one in found:
                file.write(json.dumps(as_line(one)) + "\n")
    console.print(
        f"{len(found)} spirals that somebody judged; numbers only, nobody in them is known."
    )
    return 0


def as_line(one: JudgedSpiral) -> dict[str, Any]:
    """One spiral as numbers: members are counted through, times are seconds from the first message."""
    story = one.story
    points = story.trail.points
    members = {member: f"u{n}" for n, member in enumerate(dict.fromkeys(p.member for p in points))}
    places = {p.message: n for n, p in enumerate(points) if p.message is not None}
    start = points[0].at if points else 0.0
    return {
        "judged": "real" if one.real else "false_alarm",
        "chance": round(story.chance, 3),
        "grounds": {ground.feature: round(ground.value, 4) for ground in story.grounds},
        "onset": places.get(story.onset) if story.onset is not None else None,
        "minutes": story.minutes,
        "ending": story.ending,
        "messages": [
            {
                "t": round(point.at - start),
                "user": members[point.member],
                "affect": round(point.affect, 3),
                "supportive": round(point.supportive, 3),
                "reply_to": places.get(point.answers) if point.answers is not None else None,
            }
            for point in points
        ],
    }
