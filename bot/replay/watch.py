"""Runs a past conversation through the same classifier, spiral detector and policy as the live bot."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.hearing.classifiers import Loaded
from bot.replay.album import Album
from bot.replay.conversation import Conversation, Said
from moderation import spiral
from moderation.company import Past, context_of
from moderation.policy import decide
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
    conversation: Conversation,
    loaded: Loaded,
    progress: Callable[[int], None] = lambda _: None,
    album: Album | None = None,
) -> list[Alert]:
    """Every alert of a conversation, in its order; `progress` hears how many were judged.

    An `album` sees each message beside the detector, for pictures.
    """
    scores = _scores(conversation, loaded, progress)
    state = SpiralState()
    alerts: list[Alert] = []
    running: int | None = None
    for index, (said, score) in enumerate(zip(conversation.messages, scores, strict=True)):
        message = _message(index, said)
        state, event = _step(state, index, said, score, album)
        decision = decide(message, score, loaded.points[Sensitivity.BALANCED], ChatPolicy(), event)
        alerts.extend(_alert(finding, index) for finding in decision.findings)
        if event is not None and event.onset:
            running = len(alerts) - 1
        elif event is not None and running is not None:
            alerts[running] = _ended(alerts[running], event.last_message)
            running = None
    if running is not None and state.episode is not None:
        alerts[running] = _ended(alerts[running], state.episode.last_message)
    return alerts


def _scores(
    conversation: Conversation, loaded: Loaded, progress: Callable[[int], None]
) -> list[Scores]:
    messages = conversation.messages
    past = [_past(messages, index) for index in range(len(messages))]
    found: list[Scores] = []
    for start in range(0, len(messages), BATCH):
        batch = [
            Excerpt(said.text, context_of(past, index))
            for index, said in enumerate(messages[start : start + BATCH], start)
        ]
        found.extend(loaded.classifier.classify(batch))
        progress(len(batch))
    return found


def _past(messages: Sequence[Said], index: int) -> Past:
    """A message as the context is chosen from it; what it answers counts if that was said before it."""
    said = messages[index]
    answers = said.reply_to if said.reply_to in range(index) else None
    return Past(said.at - messages[0].at, said.user, said.text, answers)


def _step(
    state: SpiralState, index: int, said: Said, score: Scores, album: Album | None
) -> tuple[SpiralState, spiral.SpiralEvent | None]:
    if not said.text:
        return state, None
    beat = Beat(
        said.at,
        said.user,
        score.affect,
        score.supportive,
        score.danger,
        answers=said.reply_to,
        message=index,
    )
    after, event = spiral.step(state, beat)
    if album is not None:
        album.heard(said, beat, (state, after), event)
    return after, event


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


def _ended(alert: Alert, until: int | None) -> Alert:
    return Alert(alert.kind, alert.at, max(alert.at, until or 0), alert.level, alert.reasons)
