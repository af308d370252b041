"""The quick encoder says what `transformers` says, whatever the padding."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from moderation.classifier import load_model
from moderation.classifier.encoder import Encoder
from moderation.classifier.network import make_network
from moderation.classifier.precision import BFLOAT16, EXACT
from moderation.vocabulary import Crisis, Excerpt

from .tiny_model import build_tiny_model

SETTINGS = {
    "vocab_size": 50, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2,
    "intermediate_size": 64, "max_position_embeddings": 80, "type_vocab_size": 2, "pad_token_id": 1,
}  # fmt: skip
HAS_AMX = bool(torch.cpu.get_capabilities().get("amx_bf16"))


@pytest.mark.parametrize("lengths", [[5], [32], [3, 40, 17], [33, 1], [8] * 9])
def test_real_tokens_get_the_states_of_transformers(lengths: list[int]) -> None:
    torch.manual_seed(5)
    slow = make_network(SETTINGS).eval().encoder
    quick = Encoder(SETTINGS, slow.state_dict(), EXACT)
    width = max(lengths)
    mask = torch.tensor([[int(i < n) for i in range(width)] for n in lengths])
    asked = {
        "input_ids": torch.randint(5, 50, mask.shape),
        "token_type_ids": torch.randint(0, 2, mask.shape),
        "attention_mask": mask,
    }
    with torch.inference_mode():
        expected, got = slow(**asked).last_hidden_state, quick(**asked).last_hidden_state
    assert got.shape == expected.shape
    assert torch.allclose(got[mask.bool()], expected[mask.bool()], atol=1e-4)


def test_settings_it_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="hidden_act"):
        Encoder({**SETTINGS, "hidden_act": "relu"}, {}, EXACT)


@pytest.mark.skipif(not HAS_AMX, reason="needs AMX")
def test_bfloat16_stays_near_the_exact_answers(tmp_path: Path) -> None:
    folder = build_tiny_model(tmp_path)
    texts = [Excerpt("我不想活了，今天吃饭"), Excerpt("张院长没有证", ("医生骗子",))]
    exact = load_model(folder, 1, EXACT).classify(texts)
    quick = load_model(folder, 2, BFLOAT16).classify(texts)
    for one, other in zip(exact, quick, strict=True):
        assert other.crisis[Crisis.NONE] == pytest.approx(one.crisis[Crisis.NONE], abs=0.03)
