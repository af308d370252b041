"""The network: a BERT encoder, attention pools over the message, and one small head per label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

POOLS = ("crisis", "blame", "mood")
TAGS = ("O", "B-doctor", "I-doctor", "B-institution", "I-institution")
CHARACTERS = 8192
AFFECT_STEPS = 3
_SHARED = 96
_TASKS = {
    "crisis": ("crisis", 4),
    "subject": ("crisis", 2),
    "allegation": ("blame", 4),
    "doxxing": ("blame", 1),
    "affect": ("mood", AFFECT_STEPS),
    "supportive": ("mood", 1),
}


@dataclass(frozen=True, slots=True)
class Batch:
    """Windows of text as tensors: B windows, T tokens, C characters.

    `ids`, `kinds` (1 for context), `mask` (1 for real tokens) and `own` (1 for tokens of the
    message itself) are (B, T); `characters` (hashed code points), `owners` (the token each
    character belongs to) and `present` (1 for real characters) are (B, C).
    """

    ids: Tensor
    kinds: Tensor
    mask: Tensor
    own: Tensor
    characters: Tensor
    owners: Tensor
    present: Tensor


@dataclass(frozen=True, slots=True)
class Output:
    """Logits: `tasks[name]` is (B, classes), `tags` (B, C, 5); `attention` is (B, pools, T)."""

    tasks: dict[str, Tensor]
    tags: Tensor
    attention: Tensor


class Pooling(nn.Module):
    """One weighted mean of the message's tokens for each pool; the weights serve as evidence."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.score = nn.Sequential(nn.Linear(hidden, _SHARED), nn.Tanh(), nn.Linear(_SHARED, 3))

    def forward(self, states: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """(B, T, H) and (B, T) to pooled (B, pools, H) and weights (B, pools, T)."""
        scores = self.score(states).float().masked_fill(own[:, :, None] == 0, -1e4)
        weights = scores.softmax(dim=1).transpose(1, 2)
        return weights.to(states.dtype) @ states, weights


class TagHead(nn.Module):
    """Tags each character from its token's state, its own identity and its neighbours."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.character = nn.Embedding(CHARACTERS, 64)
        self.token = nn.Linear(hidden, 128)
        self.near = nn.Conv1d(192, 192, kernel_size=5, padding=2)
        self.far = nn.Conv1d(192, 192, kernel_size=5, padding=2)
        self.tag = nn.Conv1d(192, len(TAGS), kernel_size=3, padding=1)
        self.drop = nn.Dropout(0.15)

    def forward(self, states: Tensor, batch: Batch) -> Tensor:
        """(B, T, H) to tag logits (B, C, 5)."""
        tokens = self.token(states)
        index = batch.owners[:, :, None].expand(-1, -1, tokens.shape[-1])
        spread = tokens.gather(1, index)
        characters = self.character(batch.characters).to(spread.dtype)
        present = batch.present[:, :, None].to(spread.dtype)
        joined = (torch.cat([spread, characters], dim=-1) * present).transpose(1, 2)
        hidden = torch.relu(self.near(self.drop(joined)))
        hidden = (hidden + torch.relu(self.far(self.drop(hidden)))) * present.transpose(1, 2)
        tags: Tensor = self.tag(hidden).transpose(1, 2)
        return tags


class Network(nn.Module):
    """Encoder and heads. Written for any `transformers` BERT-like encoder of the given config."""

    def __init__(self, encoder: nn.Module, hidden: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.pooling = Pooling(hidden)
        self.tags = TagHead(hidden)
        self.drop = nn.Dropout(0.1)
        self.mix = nn.ModuleDict({pool: nn.Linear(3 * hidden, 192) for pool in POOLS})
        self.heads = nn.ModuleDict(
            {name: nn.Linear(192, size) for name, (_, size) in _TASKS.items()}
        )

    def forward(self, batch: Batch) -> Output:
        """Runs one batch of windows."""
        states = self.encoder(
            input_ids=batch.ids, token_type_ids=batch.kinds, attention_mask=batch.mask
        ).last_hidden_state
        pooled, weights = self.pooling(states, batch.own)
        own = batch.own[:, :, None].to(states.dtype)
        mean = (states * own).sum(1) / own.sum(1).clamp(min=1)
        mixed = {
            pool: self._mixed(pool, torch.cat([pooled[:, i], mean, states[:, 0]], dim=-1))
            for i, pool in enumerate(POOLS)
        }
        tasks = {name: self.heads[name](mixed[pool]).float() for name, (pool, _) in _TASKS.items()}
        return Output(tasks, self.tags(states, batch).float(), weights)

    def _mixed(self, pool: str, features: Tensor) -> Tensor:
        hidden: Tensor = self.drop(nn.functional.gelu(self.mix[pool](self.drop(features))))
        return hidden


def make_network(config: Mapping[str, object]) -> Network:
    """An untrained network for the encoder settings (`transformers.BertConfig` keywords)."""
    from transformers import BertConfig, BertModel  # takes seconds, and only training needs it

    settings = BertConfig(
        **{"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, **config}
    )
    return Network(BertModel(settings, add_pooling_layer=False), settings.hidden_size)
