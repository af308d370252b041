"""Speeds side by side in one run: `python -m moderation.bench --help`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from itertools import cycle, islice
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table
from tokenizers import Tokenizer

from moderation.bench.agreement import compare
from moderation.bench.plain import WHOLE, plain_pipeline
from moderation.classifier import ModelClassifier, load_model
from moderation.classifier.model import SHIPPED
from moderation.classifier.precision import BFLOAT16, EXACT, fastest
from moderation.classifier.weights import TOKENIZER, WEIGHTS
from moderation.classifier.workers import cores
from moderation.guard import GuardedClassifier
from moderation.normalise import normalise
from moderation.policy import Thresholds, judge
from moderation.safewords import SafeWords
from moderation.training.conversations import read_said
from moderation.training.dataset import read_own
from moderation.vocabulary import Excerpt, Sensitivity

PRECISIONS = {one.name: one for one in (EXACT, BFLOAT16)}
Report = dict[str, object]


def rate(ask: Callable[[], object], messages: int) -> float:
    """Messages a second: the better of two runs, as anything else on the machine only slows."""
    return max(messages / _seconds(ask) for _ in range(2))


def _seconds(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return time.perf_counter() - began


def of_length(texts: Sequence[str], tokenizer: Tokenizer, low: int, high: int) -> list[str]:
    """The texts of so many tokens, normalised."""
    encoded = tokenizer.encode_batch([normalise(t).text for t in texts], add_special_tokens=False)
    return [t for t, e in zip(texts, encoded, strict=True) if low <= len(e.ids) <= high]


def stream(classifier: GuardedClassifier, texts: Sequence[str], batch: int) -> None:
    """Judges the texts in batches, as they come in."""
    for at in range(0, len(texts), batch):
        classifier.classify([Excerpt(text) for text in texts[at : at + batch]])


def baseline(folder: Path, texts: Sequence[str], layers: int | None = None) -> Report:
    """The plain pipeline, at the number of threads that suits it better right now."""
    ask, found = plain_pipeline(folder, layers), {}
    before = torch.get_num_threads()
    for threads in sorted({1, cores()}):
        torch.set_num_threads(threads)
        ask(texts[:4], 1)
        one, many = texts[:40], texts[:96]
        found[threads] = (
            rate(partial(ask, one, 1), 40), rate(partial(ask, many, 32), 96),
        )  # fmt: skip
    torch.set_num_threads(before)
    return {
        "one_by_one": max(pair[0] for pair in found.values()),
        "batches_of_32": max(pair[1] for pair in found.values()),
    }


def single(model: ModelClassifier, texts: Sequence[str]) -> Report:
    """From text to judgement one message at a time, in ms: p50 and p99."""
    guarded = GuardedClassifier(model, SafeWords.load())
    points = Thresholds.from_mapping(model.operating_points[Sensitivity.BALANCED])

    def decide(text: str) -> None:
        judge(guarded.classify([Excerpt(text)])[0], points)

    taken = sorted(1000 * _seconds(partial(decide, text)) for text in texts)
    return {"p50_ms": taken[len(taken) // 2], "p99_ms": taken[int(len(taken) * 0.99)]}


def growth(folder: Path, model: ModelClassifier, texts: Sequence[str], pool: Sequence[str],
           tokenizer: Tokenizer) -> Report:  # fmt: skip
    """Messages a second by size of batch, by tokens of a message, by threads."""
    guarded = GuardedClassifier(model, SafeWords.load())
    found: Report = {}
    for batch in (1, 8, 32, 64, 256):
        some = texts[: 48 if batch == 1 else 256]
        found[f"batches of {batch}"] = rate(partial(stream, guarded, some, batch), len(some))
    for low, high in ((6, 10), (22, 26), (44, 52), (80, 120)):
        some = list(islice(cycle(of_length(pool, tokenizer, low, high)), 128))
        found[f"{low}–{high} tokens"] = rate(partial(stream, guarded, some, 64), len(some))
    for threads in range(1, cores() + 1):
        other = GuardedClassifier(load_model(folder, threads), SafeWords.load())
        found[f"{threads} threads"] = rate(partial(stream, other, texts, 64), len(texts))
    return found


def footprint(folder: Path) -> Report:
    """Load time and memory of a fresh process, and the size of the weights."""
    command = [sys.executable, "-W", "ignore", "-m", "moderation.bench.footprint", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    size = (folder / WEIGHTS).stat().st_size / 1e6
    found: Report = json.loads(answer.splitlines()[-1])
    return {**found, "weights_mb": size}


def measure(folder: Path, precision: str | None, price: float) -> Report:
    """Everything, in one run."""
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
    examples = [*read_own("test"), *read_said("test")]
    pool = list(dict.fromkeys(e.text for e in read_said("test")))
    right_length = of_length(pool, tokenizer, 22, 26)
    texts = list(islice(cycle(right_length), 512))
    chosen = PRECISIONS[precision] if precision else fastest()
    load_before = os.getloadavg()[0]
    whole, plain = baseline(folder, texts, WHOLE), baseline(folder, texts)
    model = load_model(folder, precision=chosen)
    guarded = GuardedClassifier(model, SafeWords.load())
    stream(guarded, texts[:64], 64)
    ours = rate(lambda: stream(guarded, texts, 64), len(texts))
    calm = [t for t in right_length if not model.classify([Excerpt(t)])[0].evidence]
    quiet = list(islice(cycle(calm), 512))
    excerpts = [Excerpt(e.text, e.context) for e in examples]
    return {
        "precision": chosen.name, "cores": cores(), "load_before": load_before,
        "distinct_texts": len(right_length), "of_them_explained": 1 - len(calm) / len(right_length),
        f"plain, {WHOLE} layers": whole, "plain, the shipped layers": plain,
        "ours": {"stream": ours, "stream_unflagged": rate(lambda: stream(guarded, quiet, 64), 512)},
        "ratio": ours / float(str(whole["one_by_one"])),
        "ratio_same_depth": ours / float(str(plain["one_by_one"])),
        "single": single(model, right_length),
        "single_unflagged": single(model, calm),
        "cost_per_million": 1e6 / ours / 3600 * price, "price_per_hour": price,
        "growth": growth(folder, model, texts[:256], pool, tokenizer),
        "footprint": footprint(folder),
        "agreement": asdict(compare(load_model(folder, precision=EXACT), model, excerpts)),
        "load_after": os.getloadavg()[0],
    }  # fmt: skip


def show(report: Report, console: Console) -> None:
    """Prints the report as tables, one for each group of figures."""
    plain = {name: value for name, value in report.items() if not isinstance(value, dict)}
    groups = {name: value for name, value in report.items() if isinstance(value, dict)}
    for title, rows in {"run": plain, **groups}.items():
        table = Table(title=title)
        table.add_column("figure")
        table.add_column("value", justify="right")
        for name, value in rows.items():
            table.add_row(str(name), f"{value:.4g}" if isinstance(value, float) else str(value))
        console.print(table)


def main() -> None:
    """Measures, prints, and writes JSON where asked to."""
    parser = argparse.ArgumentParser(prog="python -m moderation.bench", description=__doc__)
    parser.add_argument("--model", type=Path, default=SHIPPED, help="folder of the model")
    parser.add_argument("--precision", choices=list(PRECISIONS), help="instead of the fastest")
    parser.add_argument("--price", type=float, default=0.05, help="of this machine, an hour")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    chosen = parser.parse_args()
    report = measure(chosen.model, chosen.precision, chosen.price)
    show(report, Console(width=100))
    if chosen.json:
        text = json.dumps(report, ensure_ascii=False, indent=2)
        chosen.json.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
