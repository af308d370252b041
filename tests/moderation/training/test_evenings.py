"""People, not messages: who is found, and who is called in for nothing."""

from __future__ import annotations

from moderation.training.conversations import Conversation, Said
from moderation.training.dataset import Example
from moderation.training.evenings import people_figures
from moderation.training.figures import Figure
from moderation.vocabulary import Crisis

NONE, IDEATION, IMMINENT = Crisis.NONE, Crisis.IDEATION, Crisis.IMMINENT
Line = tuple[str, Crisis, bool]
"""Who, the level of her own danger as labelled, and whether the message is flagged."""


def evening(name: str, *lines: Line, about: str = "") -> Conversation:
    """An evening; messages of `about` speak of somebody else."""
    said = tuple(
        Said(
            float(at), user, None,
            Example(f"{name}-{at}", "flagged" if flag else "", crisis=frozenset({level}), other=user == about),
        )
        for at, (user, level, flag) in enumerate(lines)
    )  # fmt: skip
    return Conversation(name, "x", "Sat 23:40", said, ())


def of(*talks: Conversation) -> dict[str, Figure]:
    """The figures by name."""
    return {f.name: f for f in people_figures(talks, lambda m: m.example.text == "flagged")}


def test_one_flagged_message_of_hers_is_enough() -> None:
    told = of(
        evening("a", ("青", IDEATION, False), ("青", IDEATION, False), ("青", IDEATION, True))
    )
    assert told["people in danger found, by what they say"].value == 1
    assert told["people in danger found within 2 messages of theirs"].value == 0


def test_a_flag_on_a_later_harmless_word_of_hers_finds_her_too() -> None:
    told = of(evening("a", ("青", IDEATION, False), ("石", NONE, False), ("青", NONE, True)))
    assert told["people in danger found within 2 messages of theirs"].value == 1


def test_a_flag_before_her_danger_or_on_others_does_not_find_her() -> None:
    lines = ("青", NONE, True), ("青", IMMINENT, False), ("石", NONE, True)
    told = of(evening("a", *lines))
    assert told["people in imminent danger found, by what they say"].value == 0
    assert told["evenings with danger in which somebody is called"].value == 1


def test_whoever_speaks_of_another_is_not_counted_as_in_danger() -> None:
    told = of(evening("a", ("石", IMMINENT, True), ("青", IDEATION, True), about="石"))
    assert told["people in danger found, by what they say"].count == 1
    assert told["people in imminent danger found, by what they say"].count == 0


def test_false_flags_are_counted_by_member_and_by_evening() -> None:
    told = of(
        evening("a", ("青", NONE, True), ("青", NONE, True), ("石", NONE, False)),
        evening("b", ("青", NONE, False)),
    )
    assert told["calm evenings without any false crisis flag"].value == 0.5
    members = told["members of calm evenings flagged"]
    assert (members.value, members.count) == (1 / 3, 3)
