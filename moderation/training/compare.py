"""How the shipped encoder does on public tasks: `python -m moderation.training.compare`.

A copy of the shipped encoder is fitted to the training part of each public set and asked about the rest;
nothing of it ships. Splits: SOS-1K the five folds as given (its own 250-row test is not at hand), COLD its
dev part (its test part is not at hand), PsySUICIDE five folds by index over its validation part.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from moderation.classifier.model import SHIPPED
from moderation.classifier.network import Batch, Network
from moderation.classifier.windows import Window, collate, prepare
from moderation.training.dataset import PUBLIC, read_lines
from moderation.training.train import encoder_config, reopen
from moderation.vocabulary import Excerpt

SIZE, RATE, ROUNDS = 32, 1.5e-4, 1000
UNRELATED = "与自杀/自伤/攻击行为无关"
console = Console(width=150)

Row = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Task:
    """A public set as (text, 0 or 1) rows, divided into folds that are each tested once."""

    name: str
    splits: tuple[tuple[list[Row], list[Row]], ...]
    epochs: int
    published: str


def folded(rows: Sequence[tuple[int, Row]]) -> tuple[tuple[list[Row], list[Row]], ...]:
    """Each fold once as test, the others as training."""
    return tuple(
        ([row for fold, row in rows if fold != out], [row for fold, row in rows if fold == out])
        for out in sorted({fold for fold, _ in rows})
    )


def tasks(folder: Path) -> Iterator[Task]:
    """The sets that are at hand."""
    sos = [
        (int(str(row["fold"])), (str(row["text"]), int(str(row["high_risk"]))))
        for row in read_lines(folder / "crisis/sos1k-binary-folds.jsonl")
    ]
    psy = [
        (index % 5, (str(row["text"]), int(UNRELATED not in row["labels"])))
        for index, row in enumerate(read_lines(folder / "crisis/psysuicide-valid.jsonl"))
    ]
    cold = [
        [(str(row["text"]), int(str(row["offensive"]))) for row in read_lines(folder / name)]
        for name in ("abuse/cold-train.jsonl.gz", "abuse/cold-dev.jsonl")
    ]
    if sos:
        yield Task(
            "SOS-1K, high or low risk", folded(sos), 6, "F1 0.884, best of seven, own 250-row test"
        )
    if psy:
        yield Task("PsySUICIDE, related or not", folded(psy), 4, "–")
    if all(cold):
        yield Task(
            "COLD, offensive or not", ((cold[0], cold[1]),), 2, "accuracy 0.81, BERT-base, own test"
        )


class Judge(nn.Module):
    """The encoder and its crisis pool with one fresh answer."""

    def __init__(self, network: Network, hidden: int) -> None:
        super().__init__()
        self.network = network
        self.answer = nn.Sequential(nn.Dropout(0.1), nn.Linear(4 * hidden, 1))

    def forward(self, batch: Batch) -> Tensor:
        """(B,) logits."""
        states = self.network.encoder(
            input_ids=batch.ids, token_type_ids=batch.kinds, attention_mask=batch.mask
        ).last_hidden_state
        pooled, _ = self.network.pooling(states, batch.own)
        logits: Tensor = (
            self.answer(torch.cat([pooled.flatten(1), states[:, 0]], -1)).squeeze(-1).float()
        )
        return logits


def windows_of(rows: Sequence[Row], tokenizer: Tokenizer) -> list[Window]:
    """The first window of each text."""
    return [own[0] for _, own in prepare([Excerpt(text) for text, _ in rows], tokenizer)]


def fit(rows: Sequence[Row], epochs: int, model: Path) -> tuple[Judge, Tokenizer]:
    """A copy of the encoder fitted to the rows."""
    torch.manual_seed(7)
    rng = random.Random(7)
    network, tokenizer = reopen(model)
    encoder_config(network)._attn_implementation = "eager"
    judge = Judge(network, int(encoder_config(network).hidden_size))
    windows, answers = windows_of(rows, tokenizer), [float(answer) for _, answer in rows]
    head, body = list(judge.answer.parameters()), list(network.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": body, "lr": RATE}, {"params": head, "lr": 5 * RATE}], weight_decay=0.01
    )
    steps = epochs * -(-len(rows) // SIZE)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / (0.1 * steps)) * max(0.0, 1 - step / steps)
    )
    judge.train()
    for _ in range(epochs):
        for chosen in shuffled([w.size for w in windows], rng):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = judge(collate([windows[i] for i in chosen]))
            wanted = torch.tensor([answers[i] for i in chosen])
            functional.binary_cross_entropy_with_logits(logits, wanted).backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(judge.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
    return judge.eval(), tokenizer


def shuffled(sizes: Sequence[int], rng: random.Random) -> list[list[int]]:
    """Batches of indices in random order, each of similar sizes."""
    order = list(range(len(sizes)))
    rng.shuffle(order)
    found = []
    for at in range(0, len(order), SIZE * 16):
        near = sorted(order[at : at + SIZE * 16], key=lambda i: sizes[i])
        found += [near[i : i + SIZE] for i in range(0, len(near), SIZE)]
    rng.shuffle(found)
    return found


def ask(judge: Judge, tokenizer: Tokenizer, rows: Sequence[Row]) -> NDArray[np.float64]:
    """The probability of 1 for each row."""
    windows = windows_of(rows, tokenizer)
    found = []
    with torch.inference_mode():
        for at in range(0, len(windows), SIZE):
            found.append(torch.sigmoid(judge(collate(windows[at : at + SIZE]))))
    return np.asarray(torch.cat(found).numpy(), dtype=np.float64)


def f1(told: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """F1 of the answer 1."""
    return 2 * float((told & right).sum()) / max(1.0, float(told.sum() + right.sum()))


def accuracy(told: NDArray[np.bool_], right: NDArray[np.bool_]) -> float:
    """Share of right answers."""
    return float((told == right).mean())


def interval(values: Sequence[float]) -> str:
    """The middle 95 % of resampled figures."""
    low, high = np.quantile(values, [0.025, 0.975])
    return f"{low:.3f}–{high:.3f}"


def row_of(task: Task, chances: NDArray[np.float64], right: NDArray[np.bool_]) -> list[str]:
    """One line of the table."""
    told, rng = chances >= 0.5, np.random.default_rng(7)
    draws = [rng.integers(0, len(right), len(right)) for _ in range(ROUNDS)]
    figures = []
    for measure in (f1, accuracy):
        span = interval([measure(told[d], right[d]) for d in draws])
        figures.append(f"{measure(told, right):.3f} ({span})")
    return [task.name, str(len(right)), *figures, task.published]


def main() -> None:
    """Prints one row for each public set."""
    parser = argparse.ArgumentParser(
        prog="python -m moderation.training.compare", description=__doc__
    )
    parser.add_argument("--public", type=Path, default=PUBLIC, help="folder of the public sets")
    parser.add_argument("--model", type=Path, default=SHIPPED, help="folder of the model")
    parser.add_argument("--only", default="", help="start of the name of one set")
    chosen = parser.parse_args()
    table = Table("public set", "tested on", "F1 of 1", "accuracy", "published")
    for task in tasks(chosen.public):
        if not task.name.startswith(chosen.only):
            continue
        chances, right = [], []
        for training, tested in task.splits:
            judge, tokenizer = fit(training, task.epochs, chosen.model)
            chances.append(ask(judge, tokenizer, tested))
            right += [bool(answer) for _, answer in tested]
        table.add_row(*row_of(task, np.concatenate(chances), np.array(right)))
    console.print(table)


if __name__ == "__main__":
    main()
