"""Averages the weights of models of one run: `python -m moderation.training.blend --help`.

Models saved after different epochs of one run make different mistakes; their mean makes fewer.
Calibrate the result afterwards: `python -m moderation.training.train --start OUT --epochs 0`.
"""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from torch import Tensor

from moderation.classifier.weights import (
    CONFIG,
    TOKENIZER,
    check,
    load_weights,
    save_weights,
    write_sums,
)
from moderation.errors import InputError


def blended(states: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of each tensor; `InputError` when the models are of different shapes."""
    first = states[0]
    for state in states[1:]:
        if {n: v.shape for n, v in state.items()} != {n: v.shape for n, v in first.items()}:
            raise InputError("These models differ in shape; only models of one run can be blended.")
    return {
        name: sum((state[name] for state in states[1:]), start=value) / len(states)
        for name, value in first.items()
    }


def main() -> None:
    """Blends the folders given into one."""
    parser = argparse.ArgumentParser(
        prog="python -m moderation.training.blend", description=__doc__
    )
    parser.add_argument("folders", type=Path, nargs="+", help="models of one run")
    parser.add_argument("--out", type=Path, required=True, help="where the blend goes")
    chosen = parser.parse_args()
    for folder in chosen.folders:
        check(folder)
    chosen.out.mkdir(parents=True, exist_ok=True)
    save_weights(blended([load_weights(folder) for folder in chosen.folders]), chosen.out)
    for name in (TOKENIZER, CONFIG):
        shutil.copyfile(chosen.folders[-1] / name, chosen.out / name)
    write_sums(chosen.out)


if __name__ == "__main__":
    main()
