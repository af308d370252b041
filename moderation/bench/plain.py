"""What the classifier is measured against: the same encoder as a plain `transformers` pipeline."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from moderation.classifier.weights import CONFIG, TOKENIZER, load_weights

Ask = Callable[[Sequence[str], int], None]


WHOLE = 12
"""Layers of the encoder from which the shipped one was cut."""


def plain_pipeline(folder: Path, layers: int | None = None) -> Ask:
    """A call that answers texts in fp32 in batches of the given size.

    It does less than the classifier: no normalising, no context, one head, no names, no evidence.
    With `layers` it is that deep; layers that the shipped encoder lacks hold noise, which takes as long.
    """
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast
    from transformers import pipeline as make_pipeline

    settings = json.loads((folder / CONFIG).read_text("utf-8"))["encoder"]
    if layers:
        settings = {**settings, "num_hidden_layers": layers}
    model = BertForSequenceClassification(BertConfig(**settings, num_labels=4)).eval()
    own = {
        name.removeprefix("encoder."): weight
        for name, weight in load_weights(folder).items()
        if name.startswith("encoder.")
    }
    model.bert.load_state_dict(own, strict=False)
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(folder / TOKENIZER), pad_token="<pad>", unk_token="<unk>"
    )
    pipe = make_pipeline("text-classification", model=model, tokenizer=tokenizer, device="cpu")

    def ask(texts: Sequence[str], size: int) -> None:
        if size == 1:
            for text in texts:
                pipe(text)
        else:
            pipe(list(texts), batch_size=size)

    return ask
