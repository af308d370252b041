"""Every scene of the demo's page, played over HTTP one after the other: what people see at the end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot import words
from bot.app import running
from bot.demo.clock import MovedClock
from bot.demo.evening import COUNSELOR
from bot.demo.scenes import NIGHT, SCENES
from bot.demo.show import Cast, gather, settle_in, stage_of
from bot.demo.stage import DemoStage
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.settings import load_settings
from bot.simulator import Simulator, World
from bot.words import care, control, duty, handover, member
from bot.words import modes as words_modes
from moderation.cases import CaseState
from moderation.vocabulary import Allegation, Crisis, Scores, Subject
from tests.fakes import KeywordClassifier, scores

WORDS: Mapping[str, Scores] = {
    "今晚就走": scores(Crisis.IMMINENT, affect=3),
    "在楼顶": scores(Crisis.IMMINENT, affect=3),
    "打她电话不接": scores(Crisis.IMMINENT, Subject.OTHER, affect=2),
    "紫砂": scores(Crisis.IDEATION, affect=3),
    "不想活": scores(Crisis.IDEATION, affect=3),
    "没有执照": scores(allegation=Allegation.UNVERIFIED),
}
"""How the shipped model reads these lines, as `make demo` shows."""


@asynccontextmanager
async def a_stage(folder: Path) -> AsyncIterator[tuple[Cast, DemoStage]]:
    """The demo without its evening, with a classifier that knows the scenes' words."""
    clock = MovedClock()
    world = World(clock=lambda: clock().timestamp())
    async with Simulator(world) as telegram:
        cast = gather(world)
        settings = load_settings(
            _env_file=None,
            bot_token=world.token,
            moderator_chat=cast.moderators.id,
            counselors=[cast.people[name].id for name in (COUNSELOR, NIGHT)],
            owners=[cast.people["群主老周"].id],
            api_base_url=telegram.base_url,
            data=folder,
            http_port=0,
        )
        loaded = Loaded(KeywordClassifier(WORDS), RULES_ONLY)
        async with running(settings, loaded=loaded, clock=clock, steady=clock.steady) as qunhu:
            await settle_in(cast, qunhu)
            stage = stage_of(cast, qunhu, clock)
            stage.pause = 0
            yield cast, stage


def seen(cast: Cast, who: str) -> str:
    """All that the bot says to somebody in private, as it stands now."""
    chat = cast.world.private(cast.people[who])
    return "\n".join(message.words for message in cast.world.from_bot(chat))


def cards(cast: Cast) -> str:
    """All that the bot says in the moderators' chat, as it stands now."""
    return "\n".join(message.words for message in cast.world.from_bot(cast.moderators))


def newest(text: str, head: str) -> str:
    """From the last time these words stand in a text on."""
    return text[text.rindex(head) :]


def herself(cast: Cast, stage: DemoStage) -> None:
    for text in (cards(cast), seen(cast, COUNSELOR)):
        assert f"{COUNSELOR} 已联系上：{duty.BUTTON_HOW['phone']}" in newest(text, "小满　「")
    assert any(text in seen(cast, "小满") for text in words.TO_IMMINENT.values())
    assert words.HUMAN_TAKEN.format(who=COUNSELOR) in seen(cast, "小满")


def friend(cast: Cast, stage: DemoStage) -> None:
    (line,) = [line for line in cards(cast).splitlines() if line.startswith("阿宁　「")]
    card = newest(cards(cast), line)
    assert "苏苏 说的" in card
    assert "在楼顶" in card
    assert any(text in seen(cast, "苏苏") for text in words.TO_BYSTANDER.values())


def disguised(cast: Cast, stage: DemoStage) -> None:
    assert "紫砂" in newest(seen(cast, COUNSELOR), "小舟　「")
    assert any(text in seen(cast, "小舟") for text in words.TO_IDEATION.values())


def accusation(cast: Cast, stage: DemoStage) -> None:
    told = seen(cast, "可可")
    assert member.STATEMENT_HEAD in told
    assert "缴费小票" in told
    assert member.DELETED in told
    assert member.APPEAL_LIFTED_DELETED in told
    assert duty.APPEAL_NOT_OWN in stage.answers
    assert "群主老周 看过，改过来了" in cards(cast)


def rota(cast: Cast, stage: DemoStage) -> None:
    assert f"{NIGHT} 替你" in seen(cast, COUNSELOR)
    assert stage.answers[-1].startswith("谢谢。这一班是你的了")


def unanswered(cast: Cast, stage: DemoStage) -> None:
    text = newest(cards(cast), "小禾　「")
    assert "群主老周 接了" in text
    assert "小禾　「" in seen(cast, NIGHT)
    assert words.CALL_AGAIN.format(count=4).strip() in stage_log(cast)


def stage_log(cast: Cast) -> str:
    """All that the bot ever sent."""
    return "\n".join(str(call.params.get("text", "")) for call in cast.world.calls)


def handed_over(cast: Cast, stage: DemoStage) -> None:
    assert handover.GIVEN in stage.answers
    card = newest(seen(cast, NIGHT), "安安　「")
    assert "说到她妹妹了" in card
    assert f"{NIGHT} 接了" in card


def followup(cast: Cast, stage: DemoStage) -> None:
    assert care.HEARD_LOW.format(holder=COUNSELOR).split("，")[0] in seen(cast, "木木")
    assert "木木 说不太好（24 小时那次）" in seen(cast, COUNSELOR)


def plan(cast: Cast, stage: DemoStage) -> None:
    text = seen(cast, "果果")
    assert all(step in text for step in care.SAFETY_STEP)
    assert "楼下便利店的阿姨" in text
    assert care.SAFETY_PINNED in stage.answers
    assert "楼下便利店" not in seen(cast, COUNSELOR)


def undo(cast: Cast, stage: DemoStage) -> None:
    assert stage.answers[1] == "撤回了上一步。"
    assert stage.answers[-1] in {duty.ACT_UNDONE, duty.ACT_UNMUTED}
    assert cast.group.members[cast.people["晓棠"].id].status == "member"
    assert words.STATE[CaseState.OPEN] in newest(cards(cast), "晓棠　「")


def settings(cast: Cast, stage: DemoStage) -> None:
    assert control.EXPLAIN["sens"] in cards(cast)
    assert f"✓ {control.LABEL['keen']}" in str(
        [m.buttons for m in cast.world.from_bot(cast.moderators)]
    )


def stats(cast: Cast, stage: DemoStage) -> None:
    assert "最近 7 天" in cards(cast)


def audit(cast: Cast, stage: DemoStage) -> None:
    assert "没有断" in stage.line


SHOWN: Mapping[str, Callable[[Cast, DemoStage], None]] = {
    "herself": herself,
    "friend": friend,
    "disguised": disguised,
    "accusation": accusation,
    "rota": rota,
    "unanswered": unanswered,
    "handover": handed_over,
    "followup": followup,
    "plan": plan,
    "undo": undo,
    "settings": settings,
    "stats": stats,
    "audit": audit,
}


async def shows(cast: Cast, stage: DemoStage, *names: str) -> None:
    """These scenes are played, and people see what they promise."""
    for scene in SCENES:
        if scene.name in names:
            await stage.perform(scene)
            assert stage.failed == "", (scene.name, stage.line)
            SHOWN[scene.name](cast, stage)
    assert stage.played == set(names)
    assert words_modes.ENTERED["clock"] not in cards(cast)


async def test_short_scenes_show_what_they_promise(tmp_path: Path) -> None:
    async with a_stage(tmp_path / "data") as (cast, stage):
        await shows(cast, stage, "disguised", "undo", "audit")


@pytest.mark.long
@pytest.mark.timeout(900)
async def test_every_scene_shows_what_it_promises(tmp_path: Path) -> None:
    async with a_stage(tmp_path / "data") as (cast, stage):
        await shows(cast, stage, *(scene.name for scene in SCENES))


def test_every_scene_is_looked_at() -> None:
    assert {scene.name for scene in SCENES} == set(SHOWN)
