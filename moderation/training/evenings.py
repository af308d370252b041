"""What a counselor sees of whole evenings: people in danger who are found, people called in for nothing.

A label stands at every message, but Qunhu keeps one case for each member: once one of her messages is flagged she has
a human, and whatever she or others say around it changes nothing. So people are counted here, not messages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from moderation.training.conversations import Conversation, Said
from moderation.training.dataset import Example
from moderation.training.figures import Figure, share
from moderation.vocabulary import Crisis

Flagged = Callable[[Said], bool]
Messages = tuple[Said, ...]
SOON = 2
"""Messages of hers, the first dangerous one among them, by which she should have been found."""


def is_danger(example: Example) -> bool:
    """Whether somebody is labelled in danger by this message."""
    return next(iter(example.crisis)) in {Crisis.IDEATION, Crisis.IMMINENT}


def people_figures(talks: Sequence[Conversation], flagged: Flagged) -> list[Figure]:
    """Shares of people and of evenings; `flagged` says whether a message reaches a counselor."""
    evenings = [talk.said for talk in talks]
    troubled = [said for said in evenings if any(is_danger(m.example) for m in said)]
    calm = [said for said in evenings if not any(is_danger(m.example) for m in said)]
    own = [
        messages for said in troubled for messages in by_member(said).values() if speaks_of_herself(messages)
    ]  # fmt: skip
    gravest = [messages for messages in own if any(is_imminent(m.example) for m in messages)]
    guests = [messages for said in calm for messages in by_member(said).values()]

    def called(messages: Messages) -> bool:
        return any(flagged(m) for m in messages)

    def found(messages: Messages) -> bool:
        return called(from_first_danger(messages))

    def found_soon(messages: Messages) -> bool:
        return called(from_first_danger(messages)[:SOON])

    return [
        share("people in danger found, by what they say", own, found, None),
        share(f"people in danger found within {SOON} messages of theirs", own, found_soon, None),
        share("people in imminent danger found, by what they say", gravest, found, None),
        share("evenings with danger in which somebody is called", troubled, found, None),
        share("calm evenings without any false crisis flag", calm, lambda said: not called(said), None),
        share("members of calm evenings flagged", guests, called, None, lower=True),
    ]  # fmt: skip


def by_member(said: Messages) -> Mapping[str, Messages]:
    """The messages of one evening by who wrote them, in order."""
    found: dict[str, Messages] = {}
    for message in said:
        found[message.user] = (*found.get(message.user, ()), message)
    return found


def speaks_of_herself(messages: Messages) -> bool:
    """Whether a member is in danger by her own words."""
    return any(is_danger(m.example) and not m.example.other for m in messages)


def is_imminent(example: Example) -> bool:
    """Whether it is the writer's own danger, and imminent."""
    return Crisis.IMMINENT in example.crisis and not example.other


def from_first_danger(messages: Messages) -> Messages:
    """The messages from the first that is labelled dangerous on."""
    first = next(i for i, m in enumerate(messages) if is_danger(m.example))
    return messages[first:]
