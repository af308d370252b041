"""What is learnt: figures for moderators, a weekly picture, labelled lines only of those who agreed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console
from sqlalchemy import update

from bot import words
from bot.app import built
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.learning import digest, feedback, ledger
from bot.settings import Settings, load_settings
from bot.words import learning
from moderation.cases import Move
from moderation.storage import audit, outbox
from moderation.storage.tables import audit as table
from tests.bot.town import Town
from tests.fakes import FakeClock

MONDAY = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
ACCUSATION = "加微信xiaolan_88，小岚说贺医生没有执照"


async def judged(town: Town, text: str, move: Move) -> None:
    """A card in the moderators' chat, settled one way."""
    town.world.say(town.group, town.lan, text)
    await town.settled()
    town.world.tap(town.moderator, town.cards(town.moderators)[-1], words.MOVE_BUTTON[move])
    await town.settled()


@pytest.fixture
def offline(town: Town, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of the town, as a command line would find them."""
    settings = load_settings(**town.settings())
    for module in (ledger, feedback):
        monkeypatch.setattr(module, "load_settings", lambda: settings)
    loaded = Loaded(town.classifier, RULES_ONLY)
    monkeypatch.setattr(feedback, "load_classifier", lambda *_: loaded)
    return settings


async def test_stats_say_what_was_judged_and_how_fast(town: Town) -> None:
    async with town.bot_running():
        await judged(town, "贺医生没有执照", Move.DISMISS)
        town.world.say(town.group, town.mei, "谢谢大家，今晚就走")
        await town.settled()
        card = town.cards(town.counselor)[0]
        town.world.tap(town.counselor, card, words.MOVE_BUTTON[Move.CLAIM])
        await town.settled()
        town.world.say(town.moderators, town.moderator, "/stats")
        await town.settled()
        said = town.said_to(town.moderators)[-1]
        assert "点名指控：提醒 1 次，看过 1 次，0 次是真的（0%）" in said
        assert "5 分钟内有人接的 100%" in said


async def test_members_get_no_figures(town: Town) -> None:
    async with town.bot_running():
        town.world.say(town.group, town.lan, "/stats")
        await town.settled()
        assert town.said_to(town.group) == [learning.MODERATORS_ONLY]


async def test_the_week_comes_as_a_picture(town: Town) -> None:
    async with town.bot_running() as qunhu:
        await judged(town, "贺医生没有执照", Move.SETTLE)
        await digest.weekly(qunhu.services)
        await town.settled()
        pictures = [m for m in town.from_bot(town.moderators) if "photo" in m.content]
        assert len(pictures) == 1
        assert learning.DIGEST_HEAD in (pictures[0].caption or "")
        await digest.weekly(qunhu.services)
        await town.settled()
        assert sum("photo" in m.content for m in town.from_bot(town.moderators)) == 1


async def test_the_digest_is_due_on_monday_at_nine_and_once_after_three_silent_weeks(
    town: Town,
) -> None:
    clock = FakeClock(MONDAY)
    settings = load_settings(**town.settings())
    async with built(settings, loaded=Loaded(town.classifier, RULES_ONLY), clock=clock) as qunhu:
        zone = qunhu.services.alerts.calls.zone
        early = digest._week(clock.now.astimezone(zone))
        clock.forward(hours=1)
        assert digest._week(clock.now.astimezone(zone)) != early
        for _ in range(2):
            clock.forward(days=21)
            await digest.weekly(qunhu.services)
        async with qunhu.services.database.reading() as tx:
            assert await outbox.due(tx) == []


async def test_nothing_is_exported_of_those_who_were_not_asked(
    town: Town, offline: Settings, tmp_path: Path
) -> None:
    async with town.bot_running():
        await judged(town, ACCUSATION, Move.SETTLE)
    target = tmp_path / "lines.jsonl"
    await feedback.export(Console(quiet=True), str(target))
    assert target.read_text() == ""


async def test_those_who_agreed_are_exported_without_what_points_to_them(
    town: Town, offline: Settings, tmp_path: Path
) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/teach")
        await town.settled()
        card = town.from_bot(town.lan)[-1]
        town.world.tap(town.lan, card, learning.BUTTON_TEACH[True])
        await town.settled()
        assert learning.TEACH_NOW[True] in (card.text or "")
        await judged(town, ACCUSATION, Move.DISMISS)
    target = tmp_path / "lines.jsonl"
    await feedback.export(Console(quiet=True), str(target))
    (line,) = [json.loads(one) for one in target.read_text(encoding="utf-8").splitlines()]
    assert line["allegation"] == "none"
    assert line["judged"] == "false_alarm"
    assert "xiaolan" not in line["text"]
    assert "小岚" not in line["text"]


async def test_nothing_is_exported_of_one_who_said_that_she_is_a_minor(
    town: Town, offline: Settings, tmp_path: Path
) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/teach")
        await town.settled()
        town.world.tap(town.lan, town.from_bot(town.lan)[-1], learning.BUTTON_TEACH[True])
        await town.settled()
        await judged(town, ACCUSATION, Move.DISMISS)
        town.world.say(town.group, town.lan, "我今年16岁，谢谢大家，今晚就走")
        await town.settled()
    target = tmp_path / "lines.jsonl"
    await feedback.export(Console(quiet=True), str(target))
    assert target.read_text() == ""


async def test_consent_can_be_taken_back(town: Town, offline: Settings, tmp_path: Path) -> None:
    async with town.bot_running():
        town.world.say(town.world.private(town.lan), town.lan, "/teach")
        await town.settled()
        card = town.from_bot(town.lan)[-1]
        for agreed in (True, False):
            town.world.tap(town.lan, card, learning.BUTTON_TEACH[agreed])
            await town.settled()
        await judged(town, ACCUSATION, Move.SETTLE)
    target = tmp_path / "lines.jsonl"
    await feedback.export(Console(quiet=True), str(target))
    assert target.read_text() == ""


async def test_the_audit_is_verified_exported_and_a_break_is_said_to_owners(
    town: Town, offline: Settings, tmp_path: Path
) -> None:
    async with town.bot_running() as qunhu:
        town.world.start(town.admin)
        await judged(town, "贺医生没有执照", Move.SETTLE)
        await ledger.look(qunhu.services)
        async with qunhu.services.database.transaction() as tx:
            await tx.connection.execute(update(table).where(table.c.id == 1).values(what="x"))
        await ledger.look(qunhu.services)
        await town.settled()
        assert any("断了" in text for text in town.said_to(town.admin))
    assert await ledger.verify(Console(quiet=True), None) == 1
    target = tmp_path / "audit.jsonl"
    assert await ledger.export(str(target)) == 0
    lines = [json.loads(one) for one in target.read_text(encoding="utf-8").splitlines()]
    assert lines[-1]["what"] == "audit_exported"


async def test_an_untouched_audit_is_whole_and_names_its_head(
    town: Town, offline: Settings
) -> None:
    async with town.bot_running() as qunhu:
        await judged(town, "贺医生没有执照", Move.SETTLE)
        async with qunhu.services.database.reading() as tx:
            head = (await audit.look_at_chain(tx)).head
    assert await ledger.verify(Console(quiet=True), head) == 0
    assert await ledger.verify(Console(quiet=True), "0" * 63 + "1") == 1
