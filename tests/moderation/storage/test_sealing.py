from __future__ import annotations

import base64
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag

from moderation.errors import ConfigError
from moderation.storage.sealing import KEY_BYTES, Sealer, make_key, parse_key

PLACE = "signals.detail"
SENTENCE = "今晚就走，谢谢大家"
VALUES: dict[str, Any] = {
    "a sentence": SENTENCE,
    "no text": "",
    "emoji and direction marks": "😭\u202e\u200b",
    "half of a surrogate pair": "坏\ud800了",
    "ten thousand characters": "我" * 10_000,
    "nothing": None,
    "a person": [123456789012, "小岚", True],
    "nested": {"excerpt": SENTENCE, "phrases": ["今晚就走"], "edited": False, "score": 0.25},
}
NOT_KEYS = {
    "nothing": "",
    "a word": "geheim",
    "Chinese": "我的钥匙",
    "one byte short": base64.urlsafe_b64encode(bytes(KEY_BYTES - 1)).decode(),
    "one byte long": base64.urlsafe_b64encode(bytes(KEY_BYTES + 1)).decode(),
    "cut off": make_key()[:-3],
}
ALMOST_KEYS = {
    "twice the same": make_key() * 2,
    "followed by a remark": f"{make_key()} # made in May",
    "with marks in between": f"{make_key()[:20]}!!{make_key()[20:]}",
}


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_what_is_sealed_opens_again(sealer: Sealer, value: Any) -> None:
    assert sealer.open(PLACE, sealer.seal(PLACE, value)) == value


def test_sealed_text_holds_none_of_its_words(sealer: Sealer) -> None:
    sealed = sealer.seal(PLACE, SENTENCE)
    assert SENTENCE.encode() not in sealed
    assert SENTENCE.encode("unicode_escape") not in sealed


def test_the_same_text_is_sealed_differently_each_time(sealer: Sealer) -> None:
    assert len({sealer.seal(PLACE, SENTENCE) for _ in range(20)}) == 20


def test_a_sealed_value_does_not_open_in_another_place(sealer: Sealer) -> None:
    with pytest.raises(InvalidTag):
        sealer.open("cases.person", sealer.seal(PLACE, SENTENCE))


def test_a_sealed_value_does_not_open_with_another_key(sealer: Sealer) -> None:
    with pytest.raises(InvalidTag):
        Sealer(bytes(KEY_BYTES)).open(PLACE, sealer.seal(PLACE, SENTENCE))


def test_a_change_of_any_byte_is_noticed(sealer: Sealer) -> None:
    sealed = sealer.seal(PLACE, "好")
    for index in range(len(sealed)):
        changed = bytearray(sealed)
        changed[index] ^= 1
        with pytest.raises(InvalidTag):
            sealer.open(PLACE, bytes(changed))


@pytest.mark.parametrize("length", [0, 1, 13, 20, 28])
def test_a_value_cut_short_is_noticed(sealer: Sealer, length: int) -> None:
    sealed = sealer.seal(PLACE, SENTENCE)[:length]
    with pytest.raises((InvalidTag, ValueError)):
        sealer.open(PLACE, sealed)


def test_a_hash_is_the_same_for_the_same_key_and_id(sealer: Sealer) -> None:
    assert sealer.hash_id(42) == Sealer(bytes(range(32))).hash_id(42)
    assert len(sealer.hash_id(42)) == 32
    assert sealer.hash_id(42) != "42"


def test_another_key_gives_other_hashes(sealer: Sealer) -> None:
    other = Sealer(bytes(KEY_BYTES))
    assert not {sealer.hash_id(n) for n in range(50)} & {other.hash_id(n) for n in range(50)}


def test_a_group_and_a_user_with_the_same_digits_differ(sealer: Sealer) -> None:
    assert sealer.hash_id(-100123) != sealer.hash_id(100123)


def test_a_fresh_key_is_44_characters_and_can_be_read() -> None:
    text = make_key()
    assert len(text) == 44
    assert len(parse_key(text)) == KEY_BYTES
    assert text != make_key()


def test_a_key_may_end_in_a_line_break_as_files_do() -> None:
    text = make_key()
    assert parse_key(f"  {text}\n") == parse_key(text)


@pytest.mark.parametrize("text", NOT_KEYS.values(), ids=NOT_KEYS.keys())
def test_what_is_not_a_key_is_refused_without_being_shown(text: str) -> None:
    with pytest.raises(ConfigError, match="QUNHU_KEY") as refused:
        parse_key(text)
    assert not text or text not in str(refused.value)


@pytest.mark.parametrize("text", ALMOST_KEYS.values(), ids=ALMOST_KEYS.keys())
def test_what_is_almost_a_key_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="QUNHU_KEY"):
        parse_key(text)
