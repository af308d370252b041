"""Training messages get other names, and nothing else changes."""

from __future__ import annotations

import random

import pytest

from moderation.training.dataset import Example, Mention, read_own
from moderation.training.renaming import renamed
from moderation.vocabulary import NameKind

D, I = NameKind.DOCTOR, NameKind.INSTITUTION  # noqa: E741


def naming(text: str, *names: tuple[str, NameKind], context: tuple[str, ...] = ()) -> Example:
    """An example whose names stand where they are first found."""
    mentions = tuple(
        Mention(text.index(name), text.index(name) + len(name), kind) for name, kind in names
    )
    return Example("x", text, context, names=mentions)


@pytest.mark.parametrize(
    ("name", "kind", "kept"),
    [
        ("王磊医生", D, "医生"),
        ("欧阳院长", D, "院长"),
        ("主任医师亓明", D, "主任医师"),
        ("刘*伟", D, "*"),
        ("小庹老师", D, "老师"),
        ("澄羽医疗美容诊所", I, "医疗美容诊所"),
    ],
)
def test_the_form_of_a_name_stays(name: str, kind: NameKind, kept: str) -> None:
    seen = set()
    for seed in range(40):
        [mention] = (
            new := renamed(naming(f"昨天去找{name}复查", (name, kind)), random.Random(seed))
        ).names or ()
        written = new.text[mention.start : mention.end]
        assert new.text == f"昨天去找{written}复查"
        assert mention.kind is kind
        assert kept in written or kind is I
        seen.add(written)
    assert len(seen) > 20


def test_a_name_changes_alike_wherever_it_stands() -> None:
    text = "安澜医美的人说安澜医美下周搬走"
    twice = Example("x", text, ("安澜医美怎么样",), names=(Mention(0, 4, I), Mention(7, 11, I)))
    new = renamed(twice, random.Random(3))
    first, second = (new.text[m.start : m.end] for m in new.names or ())
    assert first == second != "安澜医美"
    assert new.context == (f"{first}怎么样",)


@pytest.mark.parametrize("name", ["市第三医院", "Dr. Lin", "🦊院", "Q医生"])
def test_what_is_not_understood_is_left(name: str) -> None:
    example = naming(f"{name}那边", (name, I if "医院" in name else D))
    assert renamed(example, random.Random(1)) == example


def test_without_names_nothing_happens() -> None:
    example = Example("x", "今天拆线", names=())
    assert renamed(example, random.Random(1)) is example


def test_our_text_keeps_its_labels_and_its_offsets() -> None:
    rng = random.Random(5)
    for example in read_own("train")[:1500]:
        new = renamed(example, rng)
        assert (new.crisis, new.allegation, new.affect) == (
            example.crisis, example.allegation, example.affect,
        )  # fmt: skip
        assert len(new.names or ()) == len(example.names or ())
        for mention in new.names or ():
            assert new.text[mention.start : mention.end].strip()
