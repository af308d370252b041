from __future__ import annotations

import io
from pathlib import Path

import pytest

from moderation.errors import InputError
from moderation.storage import vault

KEY = bytes(range(32))
LABEL = vault.label_for(KEY, "2026-11-22T13:00:00+00:00", "0008")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of 64 bytes."""
    monkeypatch.setattr(vault, "PIECE", 64)


def sealed(folder: Path, content: bytes) -> Path:
    """A sealed file with this content."""
    plain, file = folder / "plain", folder / "sealed"
    plain.write_bytes(content)
    with file.open("wb") as target:
        vault.seal_file(plain, target, KEY, LABEL)
    return file


def opened(file: Path, key: bytes = KEY) -> bytes:
    """What is in it."""
    target = io.BytesIO()
    assert vault.open_file(file, target, key) == LABEL
    return target.getvalue()


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128, 1000])
def test_what_was_sealed_comes_back(tmp_path: Path, size: int) -> None:
    content = bytes(n % 251 for n in range(size))
    assert opened(sealed(tmp_path, content)) == content


def test_nothing_of_the_content_stands_in_the_file(tmp_path: Path) -> None:
    file = sealed(tmp_path, b"a word that nobody may read" * 40)
    assert b"nobody" not in file.read_bytes()
    assert KEY not in file.read_bytes()


def test_two_files_of_one_content_differ(tmp_path: Path) -> None:
    one, other = (
        vault.label_for(KEY, LABEL.made_at, LABEL.revision),
        vault.label_for(KEY, LABEL.made_at, LABEL.revision),
    )
    assert one.salt != other.salt
    assert one.key == other.key


def test_cut_off_anywhere_it_is_refused(tmp_path: Path) -> None:
    file = sealed(tmp_path, bytes(300))
    whole = file.read_bytes()
    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        with pytest.raises(InputError):
            opened(file)


def test_a_bit_turned_anywhere_is_noticed(tmp_path: Path) -> None:
    file = sealed(tmp_path, bytes(200))
    whole = file.read_bytes()
    for place in range(len(whole)):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(InputError):
            opened(file)


def test_pieces_cannot_change_places(tmp_path: Path) -> None:
    file = sealed(tmp_path, bytes(64 * 3))
    whole = file.read_bytes()
    piece = 64 + vault.TAG
    start = len(whole) - 3 * piece
    first, second = whole[start : start + piece], whole[start + piece : start + 2 * piece]
    file.write_bytes(whole[:start] + second + first + whole[start + 2 * piece :])
    with pytest.raises(InputError, match="damaged"):
        opened(file)


def test_more_after_the_end_is_noticed(tmp_path: Path) -> None:
    file = sealed(tmp_path, bytes(100))
    file.write_bytes(file.read_bytes() + bytes(80))
    with pytest.raises(InputError, match="damaged"):
        opened(file)


def test_another_key_is_told_apart_from_damage(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="made with another one"):
        opened(sealed(tmp_path, b"text"), bytes(32))


@pytest.mark.parametrize(
    "content", [b"", b"SQLite format 3\0" + bytes(100), b"QUNHU-1\n\xff\xff\xff\xff"]
)
def test_what_is_no_backup_is_one_clear_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(InputError, match="not a backup"):
        opened(file)
