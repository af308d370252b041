"""From a flagged message to what is kept of it. Pure."""

from __future__ import annotations

from bot import words
from bot.words import modes
from bot.words import privacy as words_privacy
from moderation.minors import says_minor
from moderation.storage.casebook import Person, Signal
from moderation.vocabulary import Finding, Media, Message, Sender, SenderKind, Subject

EXCERPT_KEPT = 1000


def person_of(message: Message) -> Person:
    """Who wrote it, as far as needed to act."""
    return _person(message.sender)


def _person(sender: Sender) -> Person:
    return Person(sender.id, sender.name, sender.can_be_written_to, sender.username)


def signal_of(
    message: Message, finding: Finding, media: tuple[Media, ...] = (), *, late: bool = False
) -> Signal:
    """What is kept of a flagged message; `late`: the model could not read it when it came."""
    return Signal(
        chat_id=message.chat_id,
        message_id=message.message_id,
        level=finding.level,
        excerpt=message.text[:EXCERPT_KEPT],
        phrases=tuple(r.phrase for r in finding.reasons if r.phrase),
        reasons=tuple(dict.fromkeys(r.text for r in finding.reasons)),
        at=message.sent_at,
        edited=message.edited,
        note="，".join([*_notes(message), *([modes.READ_LATE] if late else [])]),
        author=message.sender.id,
        media=media,
        album_id=message.album_id,
        minor=_is_minor(message),
        teller=person_of(message) if finding.subject is Subject.OTHER else None,
        asked_by=_person(finding.asked_by) if finding.asked_by else None,
    )


def _notes(message: Message) -> list[str]:
    """How it was said, where that is not plain text under a member's own name."""
    notes = []
    if message.forwarded_from:
        notes.append(words.FORWARDED.format(name=message.forwarded_from))
    if message.quote:
        notes.append(words.QUOTED.format(text=message.quote[:40]))
    if message.attachment:
        notes.append(words.ATTACHMENT.get(message.attachment, words.ATTACHMENT_ELSE))
    if _is_minor(message):
        notes.append(words_privacy.MAYBE_MINOR)
    if message.sender.kind is not SenderKind.MEMBER:
        notes.append(words.UNDER_ANOTHER_NAME)
    return notes


def _is_minor(message: Message) -> bool:
    return says_minor(message.text) and not message.forwarded_from
