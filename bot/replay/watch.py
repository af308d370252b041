"""Runs a past conversation through the same classifier, spiral detector and policy as the live bot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.classifiers import Loaded
from bot.replay.conversation import Conversation, Said
from moderation import spiral
from moderation.company import context_of
from moderation.policy import decide, judge
from moderation.spiral import Beat, SpiralState
from moderation.vocabulary import (
    CaseKind,
    ChatPolicy,
    Excerpt,
    Finding,
    Message,
    Scores,
    Sender,
    Sensitivity,
)

BATCH = 128


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing a human would have been told; indices of messages, `until` for a spiral."""

    kind: CaseKind
    at: int
    until: int | None
    level: str
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The object that `--json` writes."""
        return {
            "kind": self.kind,
            "at": self.at,
            "until": self.until,
            "level": self.level,
            "reasons": list(self.reasons),
        }


def watch(
    conversation: Conversation, loaded: Loaded, progress: Callable[[int], None] = lambda _: None
) -> list[Alert]:
    """Every alert of a conversation, in its order; `progress` hears how many were judged."""
    scores = _scores(conversation, loaded, progress)
    state = SpiralState()
    alerts: list[Alert] = []
    running: int | None = None
    last_strong = 0
    for index, (said, score) in enumerate(zip(conversation.messages, scores, strict=True)):
        message = _message(index, said)
        state, event = _step(state, said, score, loaded)
        if score.affect >= spiral.STRONG:
            last_strong = index
        decision = decide(message, score, loaded.points[Sensitivity.BALANCED], ChatPolicy(), event)
        alerts.extend(_alert(finding, index) for finding in decision.findings)
        if event is not None and event.onset:
            running = len(alerts) - 1
        elif event is not None and running is not None:
            alerts[running] = _ended(alerts[running], last_strong)
            running = None
    if running is not None:
        alerts[running] = _ended(alerts[running], last_strong)
    return alerts


def _scores(
    conversation: Conversation, loaded: Loaded, progress: Callable[[int], None]
) -> list[Scores]:
    messages = conversation.messages
    found: list[Scores] = []
    for start in range(0, len(messages), BATCH):
        batch = [
            Excerpt(said.text, context_of(said.text, _answered(messages, index)))
            for index, said in enumerate(messages[start : start + BATCH], start)
        ]
        found.extend(loaded.classifier.classify(batch))
        progress(len(batch))
    return found


def _answered(messages: Sequence[Said], index: int) -> str | None:
    target = messages[index].reply_to
    return messages[target].text if target is not None and 0 <= target < index else None


def _step(
    state: SpiralState, said: Said, score: Scores, loaded: Loaded
) -> tuple[SpiralState, spiral.SpiralEvent | None]:
    if not said.text:
        return state, None
    supportive = judge(score, loaded.points[Sensitivity.BALANCED]).supportive
    return spiral.step(state, Beat(said.at, said.user, score.affect, supportive))


def _message(index: int, said: Said) -> Message:
    return Message(
        chat_id=-1,
        message_id=index + 1,
        sender=Sender(0, said.user),
        text=said.text,
        sent_at=said.at,
        reply_to=said.reply_to,
        forwarded_from=said.forwarded_from,
    )


def _alert(finding: Finding, index: int) -> Alert:
    reasons = tuple(f"{r.text}「{r.phrase}」" if r.phrase else r.text for r in finding.reasons)
    return Alert(finding.kind, index, None, finding.level, reasons)


def _ended(alert: Alert, until: int) -> Alert:
    return Alert(alert.kind, alert.at, max(alert.at, until), alert.level, alert.reasons)
