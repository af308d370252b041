"""Rules that every sentence keeps: how we speak, the numbers a note must carry, no sentence twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import ModuleType

import pytest

from bot import words
from bot.alerting.cardview import OFFERED, ActKind
from bot.spirals.grounding import OFFER
from bot.staff.acting import LETTERS
from bot.words import checkin as words_checkin
from bot.words import duty as words_duty
from bot.words import elsewhere as words_elsewhere
from bot.words import kept as words_kept
from bot.words import learning as words_learning
from bot.words import member as words_member
from bot.words import mine as words_mine
from bot.words import minors as words_minors
from bot.words import modes as words_modes
from bot.words import privacy as words_privacy
from bot.words import spirals as words_spirals
from bot.words import steps as words_steps
from moderation.cases import CaseState, Move
from moderation.places import Place
from resources import load_catalogue

MODULES = (
    words,
    words_checkin,
    words_learning,
    words_duty,
    words_elsewhere,
    words_member,
    words_mine,
    words_minors,
    words_modes,
    words_privacy,
    words_kept,
    words_spirals,
    words_steps,
)
COLD = (
    "您",
    "亲爱的",
    "宝贝",
    "家人们",
    "理解您",
    "坚强",
    "想开点",
    "别冲动",
    "造谣",
    "违规",
    "警告",
    "负能量",
    "！",
)
SHORT = 110
"""Characters of a note to somebody in danger."""
CRISIS_NOTES = {
    "imminent": words.TO_IMMINENT,
    "ideation": words.TO_IDEATION,
    "bystander": words.TO_BYSTANDER,
    "worried": words.TO_WORRIED,
}
ALL_NOTES = [(key, text) for notes in CRISIS_NOTES.values() for key, text in notes.items()]


def sentences() -> Iterator[tuple[str, str]]:
    """Every sentence with its name."""
    for module in MODULES:
        for name, value in vars(module).items():
            if name.isupper():
                yield from _texts(module, name, value)


def _texts(module: ModuleType, name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield f"{module.__name__}.{name}", value
    elif isinstance(value, Mapping):
        for key, text in value.items():
            yield f"{module.__name__}.{name}[{key}]", str(text)


def test_no_sentence_scolds_flatters_or_shouts() -> None:
    cold = [(name, word) for name, text in sentences() for word in COLD if word in text]
    assert cold == []


@pytest.mark.parametrize(("key", "text"), ALL_NOTES, ids=[key for key, _ in ALL_NOTES])
def test_a_crisis_note_is_short_and_says_whom_to_call(key: str, text: str) -> None:
    assert len(text) <= SHORT
    assert {"110", "120"} <= set(re.findall("[0-9]+", text))
    assert ("12356" in text) is key.startswith("ideation")
    assert "12356" not in text or "各地时段不同" in text


def test_who_is_in_immediate_danger_reads_the_numbers_first() -> None:
    for text in words.TO_IMMINENT.values():
        assert re.search("1[12]0", text[:24]), text


@pytest.mark.parametrize("place", Place)
def test_outside_the_mainland_a_note_is_short_and_names_only_what_helps_there(place: Place) -> None:
    known = {Place.HONG_KONG: {"999", "18111"}, Place.MACAU: {"999", "2852", "5222"}}
    known |= {Place.TAIWAN: {"119", "110", "1925"}, Place.ABROAD: {"12356"}}
    for text in (*words_elsewhere.TO_IMMINENT.values(), *words_elsewhere.TO_IDEATION.values()):
        said = text.format(urgent=words_elsewhere.URGENT[place], talk=words_elsewhere.TALK[place])
        assert len(said) <= SHORT
        assert words_elsewhere.URGENT[place] in said
        assert set(re.findall("[0-9]{3,}", said)) <= known[place]
    assert "不通" in words_elsewhere.TALK[Place.ABROAD]
    assert load_catalogue().page(words_elsewhere.PAGE[place]) is not None


def test_who_waits_for_a_human_is_told_the_numbers_where_minutes_count() -> None:
    for text in words_elsewhere.HEARD_URGENT.values():
        assert {"110", "120"} <= set(re.findall("[0-9]+", text))


@pytest.mark.parametrize("kind", CRISIS_NOTES)
def test_there_are_several_notes_of_each_kind_and_each_is_another(kind: str) -> None:
    notes = CRISIS_NOTES[kind]
    least = 8 if kind in {"imminent", "ideation"} else 5
    assert len(notes) >= least
    openings = {text[:6] for text in notes.values()}
    assert len(openings) == len(notes)


def test_what_is_said_once_does_not_fill_the_memory_of_what_was_said() -> None:
    """`people.said` holds 1000 characters."""
    rotated = [*CRISIS_NOTES.values(), words.IN_GROUP_INSTEAD, words.DOOR_URGENT]
    rotated += [words_member.COMFORT, words_member.REMIND, words_member.REMIND_PRIVATE]
    rotated += [words_checkin.CHANGED, words_checkin.STEADY]
    rotated += [words_elsewhere.TO_IMMINENT, words_elsewhere.TO_IDEATION, words_elsewhere.SAD]
    rotated += [words_elsewhere.HEARD, words_elsewhere.HEARD_URGENT, words_elsewhere.HEARD_HELD]
    rotated += [words_spirals.THANKS, words_spirals.OFFERS, words_minors.TO_MINOR]
    assert len(" ".join(key for notes in rotated for key in notes)) <= 1000


def test_every_state_move_and_act_has_its_words() -> None:
    assert set(words.STATE) == set(CaseState)
    assert set(words.MOVE_BUTTON) == set(words.MOVE_DONE) == set(Move) - {Move.EXPIRE}
    offered = {act for acts in OFFERED.values() for act in acts}
    assert offered == set(ActKind) == set(words_duty.BUTTON_ACT) == set(words_duty.ACT_DONE)
    assert {*ActKind, *Move, OFFER} - {Move.EXPIRE} == set(words_duty.DID)
    assert set(ActKind) >= LETTERS


def test_a_notice_fits_into_the_popup_of_a_tap() -> None:
    answers = [*words.MOVE_DONE.values(), *words_duty.ACT_DONE.values()]
    answers += [text for name, text in sentences() if ".ACT_" in name or ".APPEAL_" in name]
    assert [text for text in answers if len(text) > 150] == []
