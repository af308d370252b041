"""The words every other module speaks: frozen values and enums, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Crisis(StrEnum):
    """How close to death or self-harm a message is; ordered from least to most."""

    NONE = "none"
    DISTRESS = "distress"
    IDEATION = "ideation"
    IMMINENT = "imminent"

    @property
    def rank(self) -> int:
        """0 for none up to 3 for imminent."""
        return list(Crisis).index(self)


class Subject(StrEnum):
    """Who is in danger."""

    NONE = "none"
    SELF = "self"
    OTHER = "other"


class Allegation(StrEnum):
    """What is said of a doctor or an institution that can be identified."""

    NONE = "none"
    INSULT = "insult"
    UNVERIFIED = "unverified"
    SOURCED = "sourced"


class NameKind(StrEnum):
    """Whose name a span of text is."""

    DOCTOR = "doctor"
    INSTITUTION = "institution"


@dataclass(frozen=True, slots=True)
class Name:
    """A named doctor or institution; offsets are code points of the text as given, end exclusive."""

    text: str
    start: int
    end: int
    kind: NameKind


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A message to be judged, with up to three earlier messages, oldest first."""

    text: str
    context: tuple[str, ...] = ()


NAMED = "点名：{name}"
"""How evidence says that somebody is named."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of the text as given that a judgement rests on, and why, in a short Chinese phrase."""

    why: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Scores:
    """The classifier's answer on one message. Probabilities are in [0, 1]; each mapping sums to 1."""

    crisis: Mapping[Crisis, float]
    subject: Mapping[Subject, float]
    allegation: Mapping[Allegation, float]
    names: tuple[Name, ...] = ()
    doxxing: float = 0.0
    affect: float = 0.0
    """Negative feeling that others can catch, 0 to 3."""
    supportive: float = 0.0
    evidence: tuple[Evidence, ...] = ()
    unread: bool = False
    """True when the text is in a language the model cannot judge."""
    by_rules_only: bool = False
    """True when the model was not available and only the safe words spoke."""

    @property
    def danger(self) -> float:
        """Probability that somebody wishes to die or worse."""
        return self.crisis[Crisis.IDEATION] + self.crisis[Crisis.IMMINENT]


class SenderKind(StrEnum):
    """Under which identity a message was sent."""

    MEMBER = "member"
    ANONYMOUS_ADMIN = "anonymous_admin"
    CHANNEL = "channel"
    BOT = "bot"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a message. `id` is the platform's; it is stored only as a keyed hash or sealed."""

    id: int
    name: str
    kind: SenderKind = SenderKind.MEMBER
    username: str | None = None

    @property
    def can_be_written_to(self) -> bool:
        """Whether a private chat with this identity can exist at all."""
        return self.kind is SenderKind.MEMBER


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or film of a message, as the platform names it; nothing of it is stored by us."""

    kind: str
    """photo, video or animation"""
    file_id: str
    message_id: int


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat, flattened from whatever the platform sent."""

    chat_id: int
    message_id: int
    sender: Sender
    text: str
    """The sender's own words: text, caption, poll, sticker emoji; may be empty."""
    sent_at: datetime
    private: bool = False
    thread_id: int | None = None
    reply_to: int | None = None
    quote: str | None = None
    """What the sender quoted of somebody else's message."""
    answered: str | None = None
    """What this answers: the quote, else the whole message replied to."""
    forwarded_from: str | None = None
    """Name of the one whose words these are, when they are not the sender's."""
    points_at: Sender | None = None
    """The account that it names beyond doubt: whose words are forwarded, who is tagged."""
    edited: bool = False
    album_id: str | None = None
    attachment: str | None = None
    """Kind of the thing attached: photo, voice, video, document, …"""
    media: Media | None = None


class Sensitivity(StrEnum):
    """A group's operating point: how readily it wants to be alerted."""

    KEEN = "keen"
    BALANCED = "balanced"
    QUIET = "quiet"


class CaseKind(StrEnum):
    """What a case is about."""

    CRISIS = "crisis"
    ALLEGATION = "allegation"
    DOXXING = "doxxing"
    SPIRAL = "spiral"
    REPORT = "report"


class Certainty(StrEnum):
    """How sure the bot is, in words a moderator uses."""

    LIKELY = "很可能"
    POSSIBLE = "可能"
    UNSURE = "拿不准"


class Grounding(StrEnum):
    """What the bot says by itself when despair spreads in a group."""

    OFF = "off"
    GROUP = "group"
    """A calming word in the group."""
    BOTH = "both"
    """And a page, in private, to the most affected."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an action was decided, readable as it stands."""

    text: str
    phrase: str | None = None
    """The words of the message that it rests on, as they were written."""


class ActionKind(StrEnum):
    """What the policy can ask for."""

    ALERT_COUNSELORS = "alert_counselors"
    ALERT_MODERATORS = "alert_moderators"
    ALERT_ADMINS = "alert_admins"
    PRIVATE_WORD = "private_word"
    GUIDE_BYSTANDER = "guide_bystander"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `rehearsal` actions are shown to moderators but not done («试运行»)."""

    kind: ActionKind
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One matter found in a message: what, how bad, why, and what to do about it."""

    kind: CaseKind
    level: str
    """A value of Crisis or Allegation, or `true` for doxxing, `onset`/`end` for a spiral."""
    subject: Subject
    certainty: Certainty
    reasons: tuple[Reason, ...]
    actions: tuple[Action, ...]
    asked_by: Sender | None = None
    """The member who pointed at the message."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from one message."""

    findings: tuple[Finding, ...] = ()

    @property
    def actions(self) -> tuple[Action, ...]:
        """All actions of all findings, in order."""
        return tuple(action for finding in self.findings for action in finding.actions)


@dataclass(frozen=True, slots=True)
class ChatPolicy:
    """The settings of one group that the policy looks at."""

    sensitivity: Sensitivity = Sensitivity.BALANCED
    rehearsing: bool = False
    has_counselors: bool = True
    has_moderators: bool = True
    private: bool = False
    muted_kinds: frozenset[CaseKind] = field(default_factory=frozenset)
    unspoken: frozenset[ActionKind] = field(default_factory=frozenset)
    """Words to members that this group does not want the bot to say by itself."""
    ideation_to_moderators: bool = False
    """Whether moderators hear of ideation too, where there are counselors."""
