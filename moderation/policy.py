"""From scores to a decision with reasons. Pure: the same input always gives the same decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from moderation.spiral import SpiralEvent
from moderation.vocabulary import (
    Action,
    ActionKind,
    Allegation,
    CaseKind,
    Certainty,
    ChatPolicy,
    Crisis,
    Decision,
    Evidence,
    Finding,
    Message,
    Reason,
    Scores,
    SenderKind,
    Sensitivity,
    Subject,
)

LIKELY_FROM = 0.8
POSSIBLE_FROM = 0.5

CRISIS_REASON = {
    (Crisis.IMMINENT, Subject.SELF): "像是马上要伤害自己，或者正在发生",
    (Crisis.IMMINENT, Subject.OTHER): "说别人可能正有危险",
    (Crisis.IDEATION, Subject.SELF): "像是有不想活的念头",
    (Crisis.IDEATION, Subject.OTHER): "说别人有轻生念头",
}
ALLEGATION_REASON = "说了一件能查证的坏事，却没有出处"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which probability on each judgement is made; chosen on validation, recall first."""

    imminent: float = 0.5
    ideation: float = 0.5
    distress: float = 0.5
    insult: float = 0.5
    unverified: float = 0.5
    sourced: float = 0.5
    doxxing: float = 0.5
    supportive: float = 0.5

    @classmethod
    def from_mapping(cls, values: Mapping[str, float]) -> Thresholds:
        """From a model's `operating_points`; names it does not know are ignored."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: float(value) for name, value in values.items() if name in known})


OperatingPoints = Mapping[Sensitivity, Thresholds]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Scores read at one operating point: one value for each field of labels.md."""

    crisis: Crisis
    subject: Subject
    allegation: Allegation
    doxxing: bool
    supportive: bool


def judge(scores: Scores, thresholds: Thresholds) -> Verdict:
    """Read scores at an operating point. The higher level of crisis wins, as labels.md asks."""
    crisis = _crisis(scores, thresholds)
    return Verdict(
        crisis=crisis,
        subject=_subject(scores, crisis),
        allegation=_allegation(scores, thresholds),
        doxxing=scores.doxxing >= thresholds.doxxing,
        supportive=scores.supportive >= thresholds.supportive,
    )


def decide(
    message: Message,
    scores: Scores,
    thresholds: Thresholds,
    chat: ChatPolicy,
    spiral: SpiralEvent | None = None,
) -> Decision:
    """What follows from one message in this chat, and why."""
    if message.sender.kind is SenderKind.BOT:
        return Decision()
    verdict = judge(scores, thresholds)
    found = [
        _crisis_finding(message, scores, verdict, chat),
        _allegation_finding(message, scores, verdict, chat),
        _doxxing_finding(message, scores, verdict, chat),
        _spiral_finding(spiral, chat),
    ]
    return Decision(
        findings=tuple(f for f in found if f is not None and f.kind not in chat.muted_kinds),
    )


def certainty_of(probability: float) -> Certainty:
    """A probability in words."""
    if probability >= LIKELY_FROM:
        return Certainty.LIKELY
    return Certainty.POSSIBLE if probability >= POSSIBLE_FROM else Certainty.UNSURE


def _crisis(scores: Scores, thresholds: Thresholds) -> Crisis:
    imminent = scores.crisis[Crisis.IMMINENT]
    at_least_ideation = imminent + scores.crisis[Crisis.IDEATION]
    if imminent >= thresholds.imminent:
        return Crisis.IMMINENT
    if at_least_ideation >= thresholds.ideation:
        return Crisis.IDEATION
    if at_least_ideation + scores.crisis[Crisis.DISTRESS] >= thresholds.distress:
        return Crisis.DISTRESS
    return Crisis.NONE


def _subject(scores: Scores, crisis: Crisis) -> Subject:
    if crisis is Crisis.NONE:
        return Subject.NONE
    other, own = scores.subject[Subject.OTHER], scores.subject[Subject.SELF]
    return Subject.OTHER if other > own else Subject.SELF


def _allegation(scores: Scores, thresholds: Thresholds) -> Allegation:
    order = (
        (Allegation.UNVERIFIED, thresholds.unverified),
        (Allegation.SOURCED, thresholds.sourced),
        (Allegation.INSULT, thresholds.insult),
    )
    passed = [level for level, least in order if scores.allegation[level] >= least]
    return max(passed, key=lambda level: scores.allegation[level], default=Allegation.NONE)


def _crisis_finding(
    message: Message, scores: Scores, verdict: Verdict, chat: ChatPolicy
) -> Finding | None:
    if verdict.crisis.rank < Crisis.IDEATION.rank:
        return None
    subject = Subject.OTHER if message.forwarded_from else verdict.subject
    probability = scores.crisis[Crisis.IMMINENT] + (
        0.0 if verdict.crisis is Crisis.IMMINENT else scores.crisis[Crisis.IDEATION]
    )
    reasons = [Reason(CRISIS_REASON[verdict.crisis, subject])]
    if message.forwarded_from:
        reasons.append(Reason(f"是转发来的，原话是「{message.forwarded_from}」说的"))
    return Finding(
        kind=CaseKind.CRISIS,
        level=verdict.crisis,
        subject=subject,
        certainty=certainty_of(probability),
        reasons=_with_evidence(reasons, message.text, scores),
        actions=_crisis_actions(message, verdict.crisis, subject, chat),
    )


def _crisis_actions(
    message: Message, level: Crisis, subject: Subject, chat: ChatPolicy
) -> tuple[Action, ...]:
    kinds: list[ActionKind] = []
    if chat.has_counselors:
        kinds.append(ActionKind.ALERT_COUNSELORS)
    too = level is Crisis.IMMINENT or not chat.has_counselors or chat.ideation_to_moderators
    if chat.has_moderators and too:
        kinds.append(ActionKind.ALERT_MODERATORS)
    if not kinds:
        kinds.append(ActionKind.ALERT_ADMINS)
    if message.sender.can_be_written_to:
        own = subject is Subject.SELF
        kinds.append(ActionKind.PRIVATE_WORD if own else ActionKind.GUIDE_BYSTANDER)
    return tuple(Action(kind) for kind in kinds if kind not in chat.unspoken)


def _allegation_finding(
    message: Message, scores: Scores, verdict: Verdict, chat: ChatPolicy
) -> Finding | None:
    if verdict.allegation is not Allegation.UNVERIFIED or chat.private:
        return None
    return Finding(
        kind=CaseKind.ALLEGATION,
        level=Allegation.UNVERIFIED,
        subject=Subject.NONE,
        certainty=certainty_of(scores.allegation[Allegation.UNVERIFIED]),
        reasons=_with_evidence([Reason(ALLEGATION_REASON)], message.text, scores),
        actions=_to_moderators(chat),
    )


def _doxxing_finding(
    message: Message, scores: Scores, verdict: Verdict, chat: ChatPolicy
) -> Finding | None:
    if not verdict.doxxing or chat.private:
        return None
    return Finding(
        kind=CaseKind.DOXXING,
        level="true",
        subject=Subject.NONE,
        certainty=certainty_of(scores.doxxing),
        reasons=_with_evidence(
            [Reason("像是在要或给私人信息，或者要去围堵、伤人")], message.text, scores
        ),
        actions=_to_moderators(chat),
    )


def _spiral_finding(spiral: SpiralEvent | None, chat: ChatPolicy) -> Finding | None:
    if spiral is None or not spiral.onset or chat.private:
        return None
    held = f"{len(spiral.steadying)} 个人在接，还没稳住" if spiral.steadying else "没有人接住"
    text = f"{spiral.minutes} 分钟里 {spiral.members} 个人接连说了很重的话，{held}"
    return Finding(
        kind=CaseKind.SPIRAL,
        level="onset",
        subject=Subject.NONE,
        certainty=Certainty.POSSIBLE,
        reasons=(Reason(text),),
        actions=_to_moderators(chat),
    )


def _to_moderators(chat: ChatPolicy) -> tuple[Action, ...]:
    kind = ActionKind.ALERT_MODERATORS if chat.has_moderators else ActionKind.ALERT_ADMINS
    return (Action(kind, rehearsal=chat.rehearsing),)


def _with_evidence(reasons: list[Reason], text: str, scores: Scores) -> tuple[Reason, ...]:
    if scores.by_rules_only:
        reasons.append(Reason("模型没在工作，现在只靠安全词，漏的会变多"))
    reasons.extend(_as_reason(piece, text) for piece in scores.evidence)
    return tuple(reasons)


def _as_reason(piece: Evidence, text: str) -> Reason:
    return Reason(piece.why, phrase=text[piece.start : piece.end])
