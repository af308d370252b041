"""The encoder in numpy: pieces, vectors, and what happens when it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from resources import ResourceError, load_catalogue
from resources.encoder import Encoder, Floats, LazyEncoder
from resources.pieces import Pieces
from resources.vectors import missing, vectors_of

TRAINED = "医院不给我病历怎么办"


class Broken:
    """An encoder whose file cannot be read."""

    def embed(self, texts: Sequence[str]) -> Floats:
        """Never gets so far."""
        raise ResourceError("encoder.npz", "模型文件", None, "能读的 encoder.npz", "encoder.npz")


def test_the_split_with_the_highest_score_wins() -> None:
    pieces = Pieces(["<unk>", "▁", "病", "历", "病历", "▁病"], [0, -3, -5, -5, -4, -9], 0)
    assert pieces.ids("病历") == [1, 4]


def test_a_run_of_strange_characters_is_one_unknown_and_nothing_is_lost_around_it() -> None:
    pieces = Pieces(["<unk>", "▁", "病", "历"], [0, -1, -2, -2], 0)
    assert pieces.ids("病🦄🦄历") == [1, 2, 0, 3]
    assert pieces.ids("") == [1]


def test_vectors_have_length_one_and_like_is_near_like() -> None:
    near, other, far = LazyEncoder().embed([TRAINED, "院方拒绝提供病历资料", "红烧肉怎么做才好吃"])
    assert np.isclose(np.linalg.norm(near), 1, atol=1e-5)
    assert near @ other > near @ far + 0.02


def test_a_text_is_read_alike_alone_and_among_others_however_long() -> None:
    encoder = LazyEncoder()
    long = "很长" * 500
    alone, among = encoder.embed([TRAINED])[0], encoder.embed([long, TRAINED])[1]
    assert np.allclose(alone, among)


def test_every_text_of_our_pages_has_its_shipped_vector() -> None:
    assert missing(load_catalogue()) == []


def test_a_shipped_vector_is_the_encoders_own() -> None:
    page = load_catalogue().page("copy-records")
    assert page is not None
    shipped = vectors_of([page.title], Broken())[0]
    assert shipped @ LazyEncoder().embed([page.title])[0] > 0.999


def test_without_its_encoder_the_search_goes_on_by_words_and_says_so() -> None:
    catalogue = load_catalogue(embedder=Broken())
    hits = catalogue.search("怎么复印病历要带什么")
    assert hits[0].page.id == "copy-records"
    assert hits[0].sure
    assert catalogue.search_trouble is not None
    assert not any(hit.sure for hit in catalogue.search("今天天气怎么样"))


def test_a_file_that_is_no_encoder_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "encoder.npz").write_bytes(b"nothing")
    with pytest.raises(ResourceError, match=r"encoder\.npz"):
        Encoder(tmp_path / "encoder.npz")
