"""/checkin: only who asks is counted; she sees it first; a counselor only as she chose; one word erases all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest

from bot import words as common
from bot.app import Qunhu
from bot.checkin import picture
from bot.checkin.weekly import look_after
from bot.simulator import Message, User
from bot.words import checkin as words
from moderation.drift import Look, OwnDay, Sign
from moderation.storage import audit, checkins
from moderation.storage.checkins import Share
from tests.bot.town import Town
from tests.fakes import FakeClock

USUAL, HEAVY = OwnDay(20, 12.0, 1), OwnDay(20, 50.0, 1)


class Evening:
    """小岚 and the bot, whose clock is moved by hand."""

    def __init__(self, town: Town, qunhu: Qunhu, clock: FakeClock) -> None:
        self.town, self.qunhu, self.clock = town, qunhu, clock

    async def writes(self, text: str = "/checkin", who: User | None = None) -> Message:
        """She writes to the bot; its newest message."""
        who = who or self.town.lan
        self.town.world.say(self.town.world.private(who), who, text)
        await self.town.settled()
        return self.town.from_bot(who)[-1]

    async def taps(self, message: Message, button: str) -> str:
        """She taps; what pops up."""
        query = self.town.world.tap(self.town.lan, message, button)
        await self.town.settled()
        assert query.answer is not None
        return query.answer.text or ""

    async def agrees(self) -> None:
        """She asks for it."""
        await self.taps(await self.writes(), words.BUTTON_YES)

    async def lived(self, *weeks: OwnDay) -> None:
        """Weeks that end today, as they would have been counted."""
        self.clock.forward(days=7 * len(weeks) + 1)
        today = self.clock.now.date()
        async with self.qunhu.services.database.transaction() as tx:
            for n, week in enumerate(reversed(weeks)):
                day = today - timedelta(days=7 * n + 3)
                await checkins.note(tx, self.town.lan.id, day, week)

    async def tick(self) -> None:
        """The clockwork comes by."""
        await look_after(self.qunhu.services)
        await self.town.settled()

    def looks(self, who: User) -> list[Message]:
        """The pictures somebody got."""
        return [m for m in self.town.from_bot(who) if "photo" in m.content]

    async def kept(self) -> dict[date, OwnDay]:
        """What is counted of her."""
        async with self.qunhu.services.database.reading() as tx:
            return await checkins.days_of(tx, self.town.lan.id)


@pytest.fixture
async def evening(town: Town) -> AsyncIterator[Evening]:
    async with town.bot_running() as qunhu:
        clock = FakeClock(qunhu.services.clock())
        qunhu.services.database._clock = clock
        yield Evening(town, qunhu, clock)


async def test_nobody_who_did_not_ask_is_counted(evening: Evening) -> None:
    town = evening.town
    town.world.say(town.group, town.lan, "撑得好辛苦")
    await town.settled()
    assert await evening.kept() == {}


async def test_of_one_who_asked_numbers_are_counted_and_no_word(evening: Evening) -> None:
    town = evening.town
    await evening.agrees()
    for who in (town.lan, town.mei):
        town.world.say(town.group, who, "撑得好辛苦，蓝色文件袋")
    await town.settled()
    (day,) = (await evening.kept()).values()
    assert (day.messages, day.affect) == (1, 2.6)
    stored = b"".join(file.read_bytes() for file in town.folder.iterdir() if file.is_file())
    assert "蓝色文件袋".encode() not in stored


async def test_a_change_is_shown_to_her_alone_and_once_after_a_pause(evening: Evening) -> None:
    await evening.agrees()
    await evening.lived(USUAL, USUAL, USUAL, USUAL, HEAVY)
    for _ in range(3):
        await evening.tick()
    (look,) = evening.looks(evening.town.lan)
    assert words.SIGN[Sign.HEAVIER] in (look.caption or "")
    assert evening.looks(evening.town.counselor) == []


async def test_before_there_is_enough_nothing_comes(evening: Evening) -> None:
    await evening.agrees()
    await evening.lived(USUAL, HEAVY)
    await evening.tick()
    assert evening.looks(evening.town.lan) == []
    home = await evening.writes()
    assert await evening.taps(home, words.BUTTON_LOOK) == words.TOO_EARLY


async def test_the_counselor_sees_it_when_she_taps_so_once(evening: Evening) -> None:
    town = evening.town
    await evening.agrees()
    await evening.lived(USUAL, USUAL, USUAL, HEAVY)
    await evening.tick()
    (look,) = evening.looks(town.lan)
    assert await evening.taps(look, words.BUTTON_GIVE) == words.GIVEN
    assert await evening.taps(look, words.BUTTON_GIVE) == words.GIVEN_ALREADY
    (given,) = evening.looks(town.counselor)
    assert "小岚" in (given.caption or "")
    assert words.SIGN_OF_HER[Sign.HEAVIER] in (given.caption or "")


async def test_in_general_it_is_given_an_hour_after_she_got_it(evening: Evening) -> None:
    town = evening.town
    await evening.agrees()
    home = await evening.writes()
    assert await evening.taps(home, words.BUTTON_SHARE["always"]) == words.SHARED["always"]
    await evening.lived(USUAL, USUAL, USUAL, HEAVY)
    await evening.tick()
    assert len(evening.looks(town.lan)) == 1
    assert evening.looks(town.counselor) == []
    evening.clock.forward(minutes=61)
    for _ in range(2):
        await evening.tick()
    assert len(evening.looks(town.counselor)) == 1


async def test_within_that_hour_she_can_keep_this_one_to_herself(evening: Evening) -> None:
    await evening.agrees()
    await evening.taps(await evening.writes(), words.BUTTON_SHARE["always"])
    await evening.lived(USUAL, USUAL, USUAL, HEAVY)
    await evening.tick()
    (look,) = evening.looks(evening.town.lan)
    assert await evening.taps(look, words.BUTTON_HOLD) == words.HELD
    evening.clock.forward(hours=2)
    await evening.tick()
    assert evening.looks(evening.town.counselor) == []
    assert await evening.taps(look, words.BUTTON_HOLD) == words.HELD_LATE


async def test_a_quiet_week_is_given_to_nobody_else(evening: Evening) -> None:
    await evening.agrees()
    await evening.taps(await evening.writes(), words.BUTTON_SHARE["always"])
    await evening.lived(USUAL, USUAL, USUAL, USUAL)
    await evening.tick()
    evening.clock.forward(hours=2)
    await evening.tick()
    assert len(evening.looks(evening.town.lan)) == 1
    assert evening.looks(evening.town.counselor) == []


@pytest.mark.parametrize("stop", ["停", " 停。", "button"])
async def test_one_word_or_tap_erases_everything_at_once(evening: Evening, stop: str) -> None:
    await evening.agrees()
    await evening.lived(USUAL, USUAL, USUAL, HEAVY)
    home = await evening.writes()
    if stop == "button":
        await evening.taps(home, words.BUTTON_STOP)
    else:
        await evening.writes(stop)
    assert evening.town.said_to(evening.town.lan)[-1] == words.STOPPED
    assert await evening.kept() == {}
    await evening.tick()
    assert evening.looks(evening.town.lan) == []
    assert await evening.taps(home, words.BUTTON_STOP) == words.STOPPED_ALREADY
    assert await evening.taps(home, words.BUTTON_LOOK) == common.OLD_BUTTON
    async with evening.qunhu.services.database.reading() as tx:
        assert await audit.first_broken(tx) is None


async def test_stop_of_one_who_never_asked_is_a_message_like_any(evening: Evening) -> None:
    assert (await evening.writes("停")).text == common.PRIVATE_HINT


async def test_a_blocked_bot_forgets_her(evening: Evening) -> None:
    town = evening.town
    await evening.agrees()
    town.world.block(town.lan)
    await town.settled()
    await evening.lived(USUAL, USUAL, USUAL, HEAVY)
    await evening.tick()
    evening.clock.forward(days=7)
    await evening.tick()
    assert await evening.kept() == {}


async def test_in_a_group_it_is_not_opened(evening: Evening) -> None:
    town = evening.town
    town.world.say(town.group, town.lan, "/checkin")
    await town.settled()
    (answer,) = town.from_bot(town.group)
    assert answer.text == words.IN_GROUP
    town.world.follow(town.lan, answer, 0)
    await town.settled()
    assert town.said_to(town.lan)[-1] == words.INTRO


async def test_nobody_elses_taps_do_anything(evening: Evening) -> None:
    town = evening.town
    await evening.agrees()
    home = await evening.writes()
    for button in (words.BUTTON_STOP, words.BUTTON_LOOK, words.BUTTON_SHARE["always"]):
        town.world.tap(town.mei, home, button)
    await town.settled()
    async with evening.qunhu.services.database.reading() as tx:
        kept = await checkins.of(tx, town.lan.id)
    assert kept is not None
    assert kept.share is Share.ASK


@pytest.mark.parametrize("weeks", [4, 8])
def test_the_picture_is_drawn_with_silent_weeks(weeks: int) -> None:
    drawn = picture.draw(Look((USUAL, OwnDay(), HEAVY, USUAL) * (weeks // 4), (Sign.QUIETER,)))
    assert drawn.startswith(b"\x89PNG")
