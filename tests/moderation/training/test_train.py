"""What training does to the network and use does not."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from moderation.classifier.network import Network
from moderation.training.train import Masks, drop, reopen

from ..tiny_model import build_tiny_model


@pytest.fixture
def network(tmp_path: Path) -> Network:
    """A small one."""
    return reopen(build_tiny_model(tmp_path))[0]


def states(network: Network) -> torch.Tensor:
    """What its encoder makes of four tokens."""
    found: torch.Tensor = network.encoder(input_ids=torch.tensor([[0, 3, 4, 2]])).last_hidden_state
    return found


def test_dropout_varies_training_and_leaves_use_alone(network: Network) -> None:
    network.eval()
    plain = states(network)
    drop(network, 0.5)
    assert torch.equal(states(network), plain)
    network.train()
    assert not torch.equal(states(network), states(network))


def test_dropout_adds_nothing_to_the_weights(network: Network) -> None:
    before = set(network.state_dict())
    drop(network, 0.1)
    assert set(network.state_dict()) == before


def test_masks_keep_the_mean() -> None:
    torch.manual_seed(1)
    mask = Masks(0.1, 1 << 16).like(torch.ones(100, 200))
    assert set(mask.flatten().tolist()) == {0.0, torch.tensor(1 / 0.9).item()}
    assert abs(float(mask.mean()) - 1) < 0.02
