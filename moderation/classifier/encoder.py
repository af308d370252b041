"""A BERT encoder for inference only: the weights of `transformers.BertModel`, no step on padding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn.functional import embedding, gelu, layer_norm, scaled_dot_product_attention

from moderation.classifier.precision import Precision, Product

KNOWN = frozenset({
    "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
    "max_position_embeddings", "type_vocab_size", "layer_norm_eps", "pad_token_id",
})  # fmt: skip
"""The settings of an encoder that this one understands; any other would change its answers."""
STEP = 32
"""Sizes are multiples of it: softmax is five times slower on odd widths, and few different
shapes mean that oneDNN prepares few kernels."""


@dataclass(frozen=True, slots=True)
class States:
    """What an encoder of `transformers` answers with, as far as the network looks at it."""

    last_hidden_state: Tensor
    """(B, T, H)"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the N real tokens of a batch stand, so that products skip the padding.

    `places` (N) are their indices among the B·T tokens of the batch, `slots` (N) among the B·W of
    the attention; `sources` (B·W) leads back from there to N; `mask` (B, 1, 1, W) is added to scores.
    """

    places: Tensor
    slots: Tensor
    sources: Tensor
    mask: Tensor

    @classmethod
    def of(cls, real: Tensor, dtype: torch.dtype) -> Layout:
        """From the mask of real tokens (B, T)."""
        batch, length = real.shape
        width = -(-length // STEP) * STEP
        places = real.flatten().nonzero().squeeze(1)
        filler = (~real).flatten().nonzero().squeeze(1)[: -len(places) % STEP]
        places = torch.cat([places, filler])
        slots = places // length * width + places % length
        sources = torch.zeros(batch * width, dtype=torch.long)
        sources[slots] = torch.arange(len(places))
        mask = torch.full((batch, width), float("-inf"), dtype=dtype)
        mask[:, :length].masked_fill_(real, 0)
        return cls(places, slots, sources, mask[:, None, None, :])


@dataclass(frozen=True, slots=True)
class Norm:
    """Layer normalisation."""

    weight: Tensor
    bias: Tensor
    tiny: float

    def __call__(self, states: Tensor) -> Tensor:
        """(N, H) to the same."""
        return layer_norm(states, self.weight.shape, self.weight, self.bias, self.tiny)


@dataclass(frozen=True, slots=True)
class Layer:
    """Attention and feed-forward; queries, keys and values come from one product."""

    together: Product
    out: Product
    after_attention: Norm
    up: Product
    down: Product
    after_feeding: Norm
    heads: int

    def __call__(self, states: Tensor, layout: Layout) -> Tensor:
        """(N, H) to the same."""
        states = self.after_attention(self.out(self._attention(states, layout)) + states)
        return self.after_feeding(self.down(gelu(self.up(states))) + states)

    def _attention(self, states: Tensor, layout: Layout) -> Tensor:
        (batch, _, _, width), hidden = layout.mask.shape, states.shape[1]
        spread = self.together(states).index_select(0, layout.sources)
        split = spread.view(batch, width, 3, self.heads, hidden // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = scaled_dot_product_attention(query, key, value, layout.mask)
        return seen.transpose(1, 2).reshape(batch * width, hidden).index_select(0, layout.slots)


class Encoder(nn.Module):
    """Embeddings and layers over the weights of a BERT, in the given precision."""

    def __init__(
        self, settings: Mapping[str, object], weights: Mapping[str, Tensor], precision: Precision
    ) -> None:
        """`weights` by the names of `transformers.BertModel`; ValueError on unknown settings."""
        super().__init__()
        if unknown := settings.keys() - KNOWN:
            raise ValueError(f"the encoder settings {sorted(unknown)} are not supported")
        heads = int(str(settings["num_attention_heads"]))
        tiny = float(str(settings.get("layer_norm_eps", 1e-12)))
        self._dtype = precision.dtype
        self._words = weights["embeddings.word_embeddings.weight"].to(self._dtype)
        self._places = weights["embeddings.position_embeddings.weight"].to(self._dtype)
        self._kinds = weights["embeddings.token_type_embeddings.weight"].to(self._dtype)
        self._norm = _norm(weights, "embeddings.LayerNorm", tiny, self._dtype)
        self._layers = [
            _layer(weights, f"encoder.layer.{i}.", heads, tiny, precision)
            for i in range(int(str(settings["num_hidden_layers"])))
        ]

    def forward(self, input_ids: Tensor, token_type_ids: Tensor, attention_mask: Tensor) -> States:
        """All (B, T) to states (B, T, H); those of padding mean nothing."""
        (batch, length), hidden = input_ids.shape, self._words.shape[1]
        layout = Layout.of(attention_mask.bool(), self._dtype)
        states = self._norm(
            embedding(input_ids.flatten()[layout.places], self._words)
            + embedding(token_type_ids.flatten()[layout.places], self._kinds)
            + embedding(layout.places % length, self._places)
        )
        for layer in self._layers:
            states = layer(states, layout)
        padded = states.new_zeros((batch * length, hidden)).index_copy_(0, layout.places, states)
        return States(padded.view(batch, length, hidden))


def _layer(
    weights: Mapping[str, Tensor], prefix: str, heads: int, tiny: float, precision: Precision
) -> Layer:
    def product(*names: str) -> Product:
        return precision.product(
            torch.cat([weights[f"{prefix}{name}.weight"] for name in names]),
            torch.cat([weights[f"{prefix}{name}.bias"] for name in names]),
        )

    def norm(name: str) -> Norm:
        return _norm(weights, prefix + name, tiny, precision.dtype)

    return Layer(
        together=product(*(f"attention.self.{name}" for name in ("query", "key", "value"))),
        out=product("attention.output.dense"),
        after_attention=norm("attention.output.LayerNorm"),
        up=product("intermediate.dense"),
        down=product("output.dense"),
        after_feeding=norm("output.LayerNorm"),
        heads=heads,
    )


def _norm(weights: Mapping[str, Tensor], name: str, tiny: float, dtype: torch.dtype) -> Norm:
    return Norm(weights[f"{name}.weight"].to(dtype), weights[f"{name}.bias"].to(dtype), tiny)
