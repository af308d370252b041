"""The words and the picture of a spiral's card, without a bot: what fits, what is said, what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot import charts
from bot.alerting.cards import render
from bot.alerting.cardview import ActKind, CardView, Done
from bot.markup import plain_text, units
from bot.spirals.card import Danger, aside_of, dangers
from bot.spirals.drawing import picture_of
from bot.spirals.picture import LONGEST, SHORTEST, draw, initial, placed
from bot.words import spirals as said
from moderation.cases import CaseState, Standing
from moderation.spiral import Beat, Catch, Ending, Ground
from moderation.spiral.story import POINTS, Known, Point, Story, Trail
from moderation.storage.acts import Act
from moderation.storage.casebook import Case, Signal
from moderation.vocabulary import CaseKind, Certainty, Subject

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2026, 11, 22, 15, 41, tzinfo=UTC)
PNG = b"\x89PNG"
FAMILY = "👨‍👩‍👧‍👦"
CASE = Case(
    id=3,
    kind=CaseKind.SPIRAL,
    chat_id=-1001234,
    person=None,
    level="onset",
    subject=Subject.NONE,
    certainty=Certainty.POSSIBLE,
    standing=Standing(CaseState.CLAIMED, 7),
    holder_name="管" * 64,
    holder_name_before=None,
    asked=False,
    called_at=AT,
    unanswered=0,
    how=None,
    rehearsal=True,
    version=1,
    opened_at=AT,
    updated_at=AT,
)


def story(count: int = 4, name: str = "苗苗") -> Story:
    """So many who catch it one from the other, a minute apart, and one who steadies."""
    members = [f"m{n}" for n in range(count)]
    points = [Point(AT.timestamp() + 60 * n, m, 2.6, 0.0, n) for n, m in enumerate(members)]
    points.append(Point(AT.timestamp() + 60 * count, "held", 0.1, 0.9, count))
    links = [Catch(m, n, members[n - 1] if n else None) for n, m in enumerate(members)]
    grounds = tuple(Ground(feature, 1.0, 1.0) for feature in said.WHY)
    people = {m: Known(n, name) for n, m in enumerate([*members, "held"])}
    worst = tuple(members[:3])
    trail = Trail(tuple(points), people)
    return Story(trail, tuple(links), ("held",), worst, 2, 9, 0.8, grounds)


@pytest.mark.parametrize(
    "name",
    ["很长很长很长很长很长很长的名字", FAMILY * 5, "<b>&amp;" * 4, "管理员很长很长很长很长很长"],
    ids=str,
)
def test_the_longest_card_fits_under_its_picture(name: str) -> None:
    told = story(16, name)
    danger = Danger(1, "imminent", CaseState.CLAIMED, name, name, "https://t.me/c/1234/5678")
    act = Act(1, 3, ActKind.CALM, 7, name, AT, 9)
    text = "毁" * 900
    signal = Signal(-1001234, 5, "onset", text, (), ("很重",), AT, True, "转发自" + name * 3)
    view = CardView(
        CASE,
        [signal] * 3,
        "群" * 120,
        None,
        0,
        ZONE,
        called=2,
        done=[Done(act, in_seconds=8)] * 9,
        aside=aside_of(replace(told, ending=Ending.STEADIED), [danger] * 5, ZONE),
    )
    shown = render(view)["text"]
    assert units(plain_text(shown)) <= 1024
    assert shown.index(said.SEE_CASE) < shown.index(said.STARTED.partition("{")[0])


def test_who_told_of_another_is_not_named_as_the_one_in_danger() -> None:
    own = Danger(1, "imminent", CaseState.OPEN, None, "小岚")
    other = Danger(2, "imminent", CaseState.OPEN, None, "林姐", other=True)
    lines = dangers([other, own])
    assert lines[0].startswith("⚠️ 急事：小岚，")
    assert "林姐 说起的一个人" in lines[1]


@pytest.mark.parametrize(
    "told",
    [story(), story(16), story(1), replace(story(), caught=()), replace(story(), trail=Trail())],
    ids=["a few", "many", "one", "nobody known", "no trail"],
)
def test_a_picture_is_drawn_of_whatever_is_left(told: Story) -> None:
    assert draw(picture_of(told, ZONE)).startswith(PNG)


def test_a_burst_within_a_second_is_drawn_apart_and_a_long_silence_is_not_drawn_whole() -> None:
    points = [Point(AT.timestamp() + at, "m", 2.0, 0.0, at) for at in (0, 0, 1, 60, 7000)]
    places = [point.at for point in placed(points)]
    assert places == [0.0, SHORTEST, 2 * SHORTEST, 2 * SHORTEST + 59, 2 * SHORTEST + 59 + LONGEST]


@pytest.fixture
def plain_font(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without a Chinese font."""
    charts.font.cache_clear()
    monkeypatch.setattr(charts, "CHINESE", ())
    yield
    charts.font.cache_clear()


@pytest.mark.usefixtures("plain_font")
def test_without_a_chinese_font_the_picture_has_numbers_only() -> None:
    assert initial("苗苗") == ""
    assert draw(picture_of(story(), ZONE)).startswith(PNG)


def test_the_trail_is_bounded_holds_each_message_once_and_no_old_history() -> None:
    trail = Trail()
    for n in range(3 * POINTS):
        at = datetime.fromtimestamp(AT.timestamp() + n, UTC)
        trail = trail.heard(Beat(at, f"m{n}", 1.0, message=n), Known(n, "谁"))
    assert len(trail.points) == len(trail.people) == POINTS
    last = Beat(at, f"m{n}", 2.0, message=n)
    assert len(trail.heard(last, Known(n, "谁")).points) == POINTS
    old = Beat(datetime.fromtimestamp(AT.timestamp() - 4000, UTC), "old", 3.0, message=9999)
    assert trail.heard(old, Known(1, "旧")) == trail


def test_whoever_wishes_to_be_forgotten_is_nobody_in_the_story() -> None:
    told = story().without("m1")
    assert not told.knows("m1")
    assert [one.member for one in told.caught] == ["m0", "nobody", "m2", "m3"]
    assert said.SOMEBODY in aside_of(told, [], ZONE).who[1]
