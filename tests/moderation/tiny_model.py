"""Builds a tiny random model, so that tests of the path around it need no weights."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from tokenizers import Tokenizer, pre_tokenizers
from tokenizers.models import Unigram

from moderation.classifier.network import make_network
from moderation.classifier.weights import CONFIG, TOKENIZER, save_weights, write_sums

CHARACTERS = (
    "我你他不想活了死今天吃饭医生王李张院长没有证骗子的是在，。！？ abcdefghijklmnopqrstuvwxyz"
)


def build_tiny_model(folder: Path) -> Path:
    """Writes a complete model of one layer into `folder`."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *dict.fromkeys(CHARACTERS)]
    tokenizer = Tokenizer(Unigram([(piece, -5.0) for piece in pieces], unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="never")
    encoder = {
        "vocab_size": len(pieces), "hidden_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2,
        "intermediate_size": 64, "max_position_embeddings": 320, "type_vocab_size": 2, "pad_token_id": 1,
    }  # fmt: skip
    fields = (
        "imminent",
        "ideation",
        "distress",
        "insult",
        "unverified",
        "sourced",
        "doxxing",
        "supportive",
    )
    config = {
        "version": "tiny",
        "encoder": encoder,
        "temperatures": {"crisis": 1.0, "allegation": 1.0, "doxxing": 1.0, "supportive": 1.0},
        "operating_points": {p: dict.fromkeys(fields, 0.5) for p in ("keen", "balanced", "quiet")},
    }
    torch.manual_seed(3)
    folder.mkdir(parents=True, exist_ok=True)
    save_weights(make_network(encoder).state_dict(), folder)
    tokenizer.save(str(folder / TOKENIZER))
    (folder / CONFIG).write_text(json.dumps(config), "utf-8")
    write_sums(folder)
    return folder
