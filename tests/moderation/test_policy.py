"""The policy as a table: what is found, what is decided, why."""

from __future__ import annotations

from dataclasses import fields as fields_of
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from moderation.policy import (
    ALLEGATION_REASON,
    CRISIS_REASON,
    LIKELY_FROM,
    POSSIBLE_FROM,
    Thresholds,
    certainty_of,
    decide,
    judge,
)
from moderation.spiral import SpiralEvent
from moderation.vocabulary import (
    NAMED,
    Action,
    ActionKind,
    Allegation,
    CaseKind,
    Certainty,
    ChatPolicy,
    Crisis,
    Evidence,
    Finding,
    Message,
    Name,
    NameKind,
    Reason,
    Scores,
    Sender,
    SenderKind,
    Subject,
)
from tests.fakes import scores

THRESHOLDS = Thresholds()
COUNSELORS, MODERATORS, ADMINS = (
    ActionKind.ALERT_COUNSELORS,
    ActionKind.ALERT_MODERATORS,
    ActionKind.ALERT_ADMINS,
)
WORD, GUIDE = ActionKind.PRIVATE_WORD, ActionKind.GUIDE_BYSTANDER


def message(
    text: str = "…", kind: SenderKind = SenderKind.MEMBER, forwarded_from: str | None = None
) -> Message:
    """A message of a member."""
    return Message(
        chat_id=-1,
        message_id=1,
        sender=Sender(5, "小岚", kind),
        text=text,
        sent_at=datetime(2026, 11, 22, tzinfo=UTC),
        forwarded_from=forwarded_from,
    )


def kinds(
    found: Scores, chat: ChatPolicy | None = None, said: Message | None = None
) -> list[ActionKind]:
    """The actions that follow."""
    decision = decide(said or message(), found, THRESHOLDS, chat or ChatPolicy())
    return [action.kind for action in decision.actions]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (scores(), []),
        (scores(Crisis.DISTRESS), []),
        (scores(Crisis.IDEATION), [COUNSELORS, WORD]),
        (scores(Crisis.IMMINENT), [COUNSELORS, MODERATORS, WORD]),
        (scores(Crisis.IMMINENT, Subject.OTHER), [COUNSELORS, MODERATORS, GUIDE]),
        (scores(allegation=Allegation.UNVERIFIED), [MODERATORS]),
        (scores(allegation=Allegation.SOURCED), []),
        (scores(allegation=Allegation.INSULT), []),
        (scores(doxxing=0.9), [MODERATORS]),
    ],
    ids=[
        "nothing follows from ordinary words",
        "distress is only counted",
        "ideation goes to the counselor and gives a word",
        "imminent danger goes to both and gives a word",
        "danger of another guides the one who told",
        "an accusation without source goes to moderators",
        "a sourced one goes to nobody",
        "an insult goes to nobody",
        "private details go to moderators",
    ],
)
def test_default_actions(found: Scores, expected: list[ActionKind]) -> None:
    assert kinds(found) == expected


def test_without_counselors_ideation_goes_to_moderators() -> None:
    assert kinds(scores(Crisis.IDEATION), ChatPolicy(has_counselors=False)) == [MODERATORS, WORD]


def test_with_nobody_set_up_imminent_danger_goes_to_the_admins() -> None:
    chat = ChatPolicy(has_counselors=False, has_moderators=False)
    assert kinds(scores(Crisis.IMMINENT), chat) == [ADMINS, WORD]


def test_crisis_is_never_rehearsed() -> None:
    chat = ChatPolicy(rehearsing=True)
    decision = decide(message(), scores(Crisis.IMMINENT), THRESHOLDS, chat)
    assert not any(action.rehearsal for action in decision.actions)


def test_an_accusation_is_rehearsed_on_the_first_day() -> None:
    chat = ChatPolicy(rehearsing=True)
    decision = decide(message(), scores(allegation=Allegation.UNVERIFIED), THRESHOLDS, chat)
    assert all(action.rehearsal for action in decision.actions)


def test_a_forward_is_about_somebody_else() -> None:
    said = message(forwarded_from="小雨")
    (finding,) = decide(said, scores(Crisis.IMMINENT), THRESHOLDS, ChatPolicy()).findings
    assert finding.subject is Subject.OTHER
    assert "小雨" in finding.reasons[1].text


def test_a_channel_gets_no_private_word() -> None:
    assert WORD not in kinds(scores(Crisis.IMMINENT), said=message(kind=SenderKind.CHANNEL))


def test_a_bot_is_not_judged() -> None:
    assert kinds(scores(Crisis.IMMINENT), said=message(kind=SenderKind.BOT)) == []


def test_in_a_private_chat_only_crisis_counts() -> None:
    found = scores(allegation=Allegation.UNVERIFIED, doxxing=0.9)
    assert kinds(found, ChatPolicy(private=True)) == []


def test_a_muted_kind_is_left_out() -> None:
    chat = ChatPolicy(muted_kinds=frozenset({CaseKind.ALLEGATION}))
    assert kinds(scores(allegation=Allegation.UNVERIFIED), chat) == []


def test_a_spiral_that_begins_goes_to_moderators_and_one_that_ends_does_not() -> None:
    begins = decide(message(), scores(), THRESHOLDS, ChatPolicy(), SpiralEvent(True, 3, 12))
    ends = decide(message(), scores(), THRESHOLDS, ChatPolicy(), SpiralEvent(False, 3, 12))
    assert [finding.kind for finding in begins.findings] == [CaseKind.SPIRAL]
    assert "3 个人" in begins.findings[0].reasons[0].text
    assert ends.findings == ()


def test_the_reasons_name_the_decisive_words_and_the_names() -> None:
    found = scores(
        allegation=Allegation.UNVERIFIED,
        names=(Name("贺医生", 0, 3, NameKind.DOCTOR),),
        evidence=(
            Evidence(ALLEGATION_REASON, 3, 7),
            Evidence(NAMED.format(name="贺医生"), 0, 3),
        ),
    )
    (finding,) = decide(message("贺医生没有执照"), found, THRESHOLDS, ChatPolicy()).findings
    assert finding.reasons[0].text == ALLEGATION_REASON
    assert [reason.phrase for reason in finding.reasons[1:]] == ["没有执照", "贺医生"]


def test_rules_only_is_said_in_the_reasons() -> None:
    found = scores(Crisis.IMMINENT)
    alone = Scores(found.crisis, found.subject, found.allegation, by_rules_only=True)
    (finding,) = decide(message(), alone, THRESHOLDS, ChatPolicy()).findings
    assert any("安全词" in reason.text for reason in finding.reasons)


@pytest.mark.parametrize(
    ("probs", "level"),
    [
        ((0.9, 0.06, 0.02, 0.02), Crisis.NONE),
        ((0.3, 0.5, 0.1, 0.1), Crisis.DISTRESS),
        ((0.3, 0.1, 0.35, 0.25), Crisis.IDEATION),
        ((0.1, 0.1, 0.25, 0.55), Crisis.IMMINENT),
    ],
)
def test_levels_are_read_from_the_top(
    probs: tuple[float, float, float, float], level: Crisis
) -> None:
    found = Scores(
        crisis=dict(zip(Crisis, probs, strict=True)),
        subject={Subject.NONE: 0.1, Subject.SELF: 0.7, Subject.OTHER: 0.2},
        allegation=scores().allegation,
    )
    verdict = judge(found, THRESHOLDS)
    assert verdict.crisis is level
    assert (verdict.subject is Subject.NONE) is (level is Crisis.NONE)


@pytest.mark.parametrize(
    ("probability", "word"),
    [(0.95, Certainty.LIKELY), (0.6, Certainty.POSSIBLE), (0.3, Certainty.UNSURE)],
)
def test_certainty_is_said_in_words(probability: float, word: Certainty) -> None:
    assert certainty_of(probability) is word


def test_unknown_operating_points_are_ignored() -> None:
    assert Thresholds.from_mapping({"imminent": 0.2, "future": 1}) == Thresholds(imminent=0.2)


def test_a_group_may_silence_the_bots_words_but_not_the_call_for_humans() -> None:
    chat = ChatPolicy(unspoken=frozenset({WORD, GUIDE}))
    for subject in (Subject.SELF, Subject.OTHER):
        assert kinds(scores(Crisis.IMMINENT, subject), chat) == [COUNSELORS, MODERATORS]


def test_moderators_can_ask_to_hear_of_ideation_too() -> None:
    chat = ChatPolicy(ideation_to_moderators=True)
    assert kinds(scores(Crisis.IDEATION), chat) == [COUNSELORS, MODERATORS, WORD]


def finding_of(found: Scores, text: str = "…", chat: ChatPolicy | None = None) -> Finding:
    """The one finding of a message, whole."""
    (finding,) = decide(message(text), found, THRESHOLDS, chat or ChatPolicy()).findings
    return finding


EVIDENCE = (Evidence("说到时间或准备", 0, 4),)


def test_a_finding_of_danger_says_all_of_it() -> None:
    found = scores(Crisis.IMMINENT, evidence=EVIDENCE)
    assert finding_of(found, "今晚就走，谢谢") == Finding(
        kind=CaseKind.CRISIS,
        level=Crisis.IMMINENT,
        subject=Subject.SELF,
        certainty=Certainty.LIKELY,
        reasons=(
            Reason(CRISIS_REASON[Crisis.IMMINENT, Subject.SELF]),
            Reason("说到时间或准备", phrase="今晚就走"),
        ),
        actions=(Action(COUNSELORS), Action(MODERATORS), Action(WORD)),
    )


def test_a_finding_of_an_accusation_says_all_of_it() -> None:
    names = tuple(Name("贺医生", at, at + 3, NameKind.DOCTOR) for at in (0, 9))
    names += (Name("丽美诊所", 20, 24, NameKind.INSTITUTION),)
    found = scores(allegation=Allegation.UNVERIFIED, names=names)
    assert finding_of(found, chat=ChatPolicy(rehearsing=True)) == Finding(
        kind=CaseKind.ALLEGATION,
        level=Allegation.UNVERIFIED,
        subject=Subject.NONE,
        certainty=Certainty.LIKELY,
        reasons=(Reason(ALLEGATION_REASON),),
        actions=(Action(MODERATORS, rehearsal=True),),
    )


def test_a_finding_of_private_details_says_all_of_it() -> None:
    evidence = (Evidence("在要地址", 0, 4),)
    assert finding_of(scores(doxxing=0.9, evidence=evidence), "他家住哪？") == Finding(
        kind=CaseKind.DOXXING,
        level="true",
        subject=Subject.NONE,
        certainty=certainty_of(0.9),
        reasons=(
            Reason("像是在要或给私人信息，或者要去围堵、伤人"),
            Reason("在要地址", phrase="他家住哪"),
        ),
        actions=(Action(MODERATORS),),
    )


@pytest.mark.parametrize(
    ("steadying", "held"),
    [((), "没有人接住"), (("u8", "u9"), "2 个人在接，还没稳住")],
    ids=["nobody steadies", "two do"],
)
def test_a_finding_of_a_spiral_says_all_of_it_and_goes_to_admins_where_nobody_moderates(
    steadying: tuple[str, ...], held: str
) -> None:
    chat = ChatPolicy(has_moderators=False)
    event = replace(SpiralEvent(True, 3, 12), steadying=steadying)
    (finding,) = decide(message(), scores(), THRESHOLDS, chat, event).findings
    assert finding == Finding(
        kind=CaseKind.SPIRAL,
        level="onset",
        subject=Subject.NONE,
        certainty=Certainty.POSSIBLE,
        reasons=(Reason(f"12 分钟里 3 个人接连说了很重的话，{held}"),),
        actions=(Action(ADMINS),),
    )


def test_an_alert_without_the_model_says_so() -> None:
    found = replace(scores(Crisis.IDEATION), by_rules_only=True)
    assert finding_of(found).reasons[1] == Reason("模型没在工作，现在只靠安全词，漏的会变多")


def test_how_sure_it_is_of_danger_rests_on_that_level_or_worse() -> None:
    crisis = {
        Crisis.NONE: 0.05,
        Crisis.DISTRESS: 0.05,
        Crisis.IDEATION: 0.45,
        Crisis.IMMINENT: 0.45,
    }
    unsure = Thresholds(imminent=0.99)
    (ideation,) = decide(message(), replace(scores(), crisis=crisis), unsure, ChatPolicy()).findings
    assert (ideation.level, ideation.certainty) == (Crisis.IDEATION, certainty_of(0.9))
    (imminent,) = decide(
        message(), replace(scores(), crisis=crisis), Thresholds(imminent=0.4), ChatPolicy()
    ).findings
    assert (imminent.level, imminent.certainty) == (Crisis.IMMINENT, certainty_of(0.45))
    assert certainty_of(0.9) is not certainty_of(0.45)


def test_a_threshold_that_is_just_reached_is_reached() -> None:
    half = Thresholds(**{field.name: 0.5 for field in fields_of(Thresholds)})
    found = scores(doxxing=0.5, supportive=0.5)
    verdict = judge(replace(found, crisis=exactly(Crisis.IMMINENT)), half)
    assert (verdict.crisis, verdict.doxxing, verdict.supportive) == (Crisis.IMMINENT, True, True)
    assert judge(replace(found, crisis=exactly(Crisis.IDEATION)), half).crisis is Crisis.IDEATION
    assert judge(replace(found, crisis=exactly(Crisis.DISTRESS)), half).crisis is Crisis.DISTRESS
    blame = {one: 0.5 * (one in {Allegation.NONE, Allegation.INSULT}) for one in Allegation}
    assert judge(replace(found, allegation=blame), half).allegation is Allegation.INSULT
    calm = judge(scores(), half)
    assert (calm.allegation, calm.supportive) == (Allegation.NONE, False)


def test_of_several_accusations_that_may_hold_the_likeliest_does() -> None:
    low = Thresholds(unverified=0.1, sourced=0.1, insult=0.1)
    blame = {
        Allegation.NONE: 0.1,
        Allegation.INSULT: 0.2,
        Allegation.UNVERIFIED: 0.3,
        Allegation.SOURCED: 0.4,
    }
    assert judge(replace(scores(), allegation=blame), low).allegation is Allegation.SOURCED
    blame |= {Allegation.INSULT: 0.5, Allegation.SOURCED: 0.1}
    assert judge(replace(scores(), allegation=blame), low).allegation is Allegation.INSULT


def test_where_it_is_open_whose_danger_it_is_the_writer_is_meant() -> None:
    even = {Subject.NONE: 0.0, Subject.SELF: 0.5, Subject.OTHER: 0.5}
    found = replace(scores(Crisis.IDEATION), subject=even)
    assert judge(found, THRESHOLDS).subject is Subject.SELF


@pytest.mark.parametrize(
    ("probability", "certainty"),
    [
        (LIKELY_FROM, Certainty.LIKELY),
        (LIKELY_FROM - 0.001, Certainty.POSSIBLE),
        (POSSIBLE_FROM, Certainty.POSSIBLE),
        (POSSIBLE_FROM - 0.001, Certainty.UNSURE),
    ],
)
def test_how_sure_in_words(probability: float, certainty: Certainty) -> None:
    assert certainty_of(probability) is certainty


def exactly(level: Crisis) -> dict[Crisis, float]:
    """One half for a level, the other for none."""
    return {one: 0.5 * (one in {level, Crisis.NONE}) for one in Crisis}
