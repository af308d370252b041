"""What humans judged of spirals leaves the house as numbers in which nobody is known."""

from __future__ import annotations

import json

from bot.learning.spirals import as_line
from moderation.spiral import Catch, Ending, Ground
from moderation.spiral.story import Known, Point, Story, Trail
from moderation.storage.learning import JudgedSpiral

AT = 1_800_000_000.0
STORY = Story(
    trail=Trail(
        (
            Point(AT, "aaaaaaaaaaaa", 2.5, 0.0, 501),
            Point(AT + 60, "bbbbbbbbbbbb", 2.7, 0.1, 502, answers=501),
            Point(AT + 120, "aaaaaaaaaaaa", 2.8, 0.0, 503, answers=77),
        ),
        {"aaaaaaaaaaaa": Known(9001, "小岚"), "bbbbbbbbbbbb": Known(9002, "阿梅")},
    ),
    caught=(Catch("aaaaaaaaaaaa", 501, None), Catch("bbbbbbbbbbbb", 502, "aaaaaaaaaaaa")),
    steadying=(),
    worst=("aaaaaaaaaaaa",),
    onset=502,
    minutes=2,
    chance=0.71234,
    grounds=(Ground("third", 0.4, 1.0),),
    ending=Ending.TOPIC,
)


def test_a_line_says_what_was_judged_on_which_numbers() -> None:
    line = as_line(JudgedSpiral(STORY, real=False))
    assert (line["judged"], line["onset"], line["grounds"]) == ("false_alarm", 1, {"third": 0.4})
    assert [(m["t"], m["user"], m["reply_to"]) for m in line["messages"]] == [
        (0, "u0", None),
        (60, "u1", 0),
        (120, "u0", None),
    ]


def test_nobody_is_known_in_it() -> None:
    line = json.dumps(as_line(JudgedSpiral(STORY, real=True)), ensure_ascii=False)
    for known in ("小岚", "阿梅", "9001", "9002", "aaaa", "bbbb", "501", "1800000000"):
        assert known not in line
