from __future__ import annotations

from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from moderation.classifier.network import TAGS, make_network
from moderation.classifier.weights import TOKENIZER, packed, unpacked
from moderation.errors import InputError
from moderation.training import batches, calibrate
from moderation.training.blend import blended
from moderation.training.dataset import Example, Mention
from moderation.training.targets import loss_parts, total_loss
from moderation.vocabulary import Allegation, Crisis, NameKind

from ..tiny_model import build_tiny_model

LABELLED = Example(
    "1", "找\u200b张院长，没有证", crisis=frozenset({Crisis.NONE}), allegation=frozenset({Allegation.UNVERIFIED}),
    names=(Mention(2, 5, NameKind.DOCTOR),), doxxing=False, affect=2, supportive=False,
)  # fmt: skip
UNKNOWN = Example("2", "我不想活了")


@pytest.fixture
def tokenizer(tmp_path: Path) -> Tokenizer:
    return Tokenizer.from_file(str(build_tiny_model(tmp_path) / TOKENIZER))


def test_name_tags_stand_on_the_characters_of_the_name(tokenizer: Tokenizer) -> None:
    [(example, window)] = batches.to_window([LABELLED], tokenizer)
    _, targets = batches.to_batch([(example, window)])
    tagged = [
        (c, TAGS[t]) for c, t in zip(window.text, targets.tags[0].tolist(), strict=False) if t > 0
    ]
    assert tagged == [("张", "B-doctor"), ("院", "I-doctor"), ("长", "I-doctor")]


def test_unknown_fields_weigh_nothing(tokenizer: Tokenizer) -> None:
    batch, targets = batches.to_batch(batches.to_window([UNKNOWN], tokenizer))
    torch.manual_seed(1)
    network = make_network(
        {
            "vocab_size": 80,
            "hidden_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 32,
        }
    )
    assert all(float(part.detach()) == 0 for part in loss_parts(network(batch), targets).values())


def test_a_few_steps_lower_the_loss(tokenizer: Tokenizer) -> None:
    torch.manual_seed(1)
    network = make_network(
        {
            "vocab_size": 80,
            "hidden_size": 32,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 32,
        }
    )
    batch, targets = batches.to_batch(batches.to_window([LABELLED, UNKNOWN], tokenizer))
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    losses = []
    for _ in range(20):
        loss = total_loss(network(batch), targets)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < 0.7 * losses[0]


def test_packing_loses_less_than_a_hundredth() -> None:
    torch.manual_seed(1)
    state = {"matrix": torch.randn(96, 64), "bias": torch.randn(7)}
    again = unpacked(packed(state))
    for name, value in state.items():
        assert torch.allclose(again[name], value, atol=0.02)


def test_a_threshold_reaches_its_recall_unless_it_costs_too_much() -> None:
    scores = torch.linspace(0, 1, 101).double().numpy()
    right = scores > 0.5
    assert 0.5 < calibrate.threshold(scores, right, ~right, (0.9, 0.1)) < 0.57
    assert calibrate.area(scores, right) == 1


def test_a_blend_is_the_mean_of_models_of_one_shape() -> None:
    states = [{"a": torch.zeros(3)}, {"a": torch.full((3,), 3.0)}, {"a": torch.full((3,), 6.0)}]
    assert blended(states)["a"].tolist() == [3, 3, 3]
    with pytest.raises(InputError, match="shape"):
        blended([{"a": torch.zeros(3)}, {"a": torch.zeros(4)}])
