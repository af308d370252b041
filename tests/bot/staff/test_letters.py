"""What a private note quotes of the message it is about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.staff.letters import PHRASE, unproven
from bot.words import member as words_member
from moderation.storage.casebook import Signal
from moderation.vocabulary import NAMED

NAME = NAMED.format(name="贺医生")
LONG = "长" * (PHRASE + 1)


@pytest.mark.parametrize(
    ("phrases", "reasons", "quoted"),
    [
        (("贺医生", "没有医师证"), (NAME, "没有出处"), "没有医师证"),
        ((LONG, "没有医师证"), ("没有出处",), "没有医师证"),
        (("贺医生",), (NAME,), None),
        ((), (), None),
    ],
    ids=["not the name", "not half the message", "a name alone is no claim", "nothing known"],
)
def test_what_cannot_be_proven_is_quoted_and_never_the_name_alone(
    phrases: tuple[str, ...], reasons: tuple[str, ...], quoted: str | None
) -> None:
    signal = Signal(-1001, 3, "unverified", "…", phrases, reasons, datetime.now(UTC))
    shown = words_member.REMIND_PHRASE.format(phrase=quoted) if quoted else None
    assert unproven(signal) == (shown or words_member.REMIND_PLAIN)
