"""Targets and losses: any of several right answers, unknown fields that weigh nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from moderation.classifier.network import TAGS, Output
from moderation.classifier.windows import Window
from moderation.training.dataset import ALLEGATION, CRISIS, Example, Mention

UNKNOWN = -1.0
NO_TAG = -100
_CRISIS_WEIGHTS = torch.tensor([1.0, 1.2, 1.3, 1.7])
_ALLEGATION_WEIGHTS = torch.tensor([1.0, 1.5, 1.5, 1.5])
_SMOOTHING = 0.04
TASK_WEIGHTS = {
    "crisis": 1.0, "ordinal": 0.6, "subject": 0.6, "allegation": 0.8, "doxxing": 0.5,
    "affect": 0.7, "supportive": 0.3, "tags": 1.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Targets:
    """Tensors for B examples; sets are (B, classes) of 0/1, UNKNOWN marks what nobody labelled."""

    crisis: Tensor
    allegation: Tensor
    subject: Tensor
    doxxing: Tensor
    supportive: Tensor
    affect: Tensor
    tags: Tensor
    weight: Tensor


def _flag(value: bool | None) -> float:
    return UNKNOWN if value is None else float(value)


def _affect(example: Example) -> list[float]:
    if example.affect is not None:
        return [float(example.affect >= step) for step in (1, 2, 3)]
    if example.strong is not None:
        return [UNKNOWN, float(example.strong), UNKNOWN if example.strong else 0.0]
    return [UNKNOWN] * 3


def tag_row(window: Window, names: Sequence[Mention] | None, width: int) -> list[int]:
    """The tag of each character of the window; `names` are in normalised offsets."""
    if names is None:
        return [NO_TAG] * width
    row = [0] * len(window.text) + [NO_TAG] * (width - len(window.text))
    for name in names:
        first = TAGS.index(f"B-{name.kind}")
        for at in range(name.start - window.start, name.end - window.start):
            if 0 <= at < len(window.text):
                row[at] = first if at == name.start - window.start else first + 1
    return row


def make_targets(examples: Sequence[Example], windows: Sequence[Window], width: int) -> Targets:
    """Targets of one batch; `width` is the number of characters that the batch is padded to."""
    return Targets(
        crisis=torch.tensor([[float(c in e.crisis) for c in CRISIS] for e in examples]),
        allegation=torch.tensor([[float(a in e.allegation) for a in ALLEGATION] for e in examples]),
        subject=torch.tensor([_flag(e.other) for e in examples]),
        doxxing=torch.tensor([_flag(e.doxxing) for e in examples]),
        supportive=torch.tensor([_flag(e.supportive) for e in examples]),
        affect=torch.tensor([_affect(e) for e in examples]),
        tags=torch.tensor(
            [tag_row(w, e.names, width) for e, w in zip(examples, windows, strict=True)]
        ),
        weight=torch.tensor([e.weight for e in examples]),
    )


def _any_of(logits: Tensor, allowed: Tensor, weights: Tensor) -> Tensor:
    """(B,) minus log of the mass on the allowed classes, smoothed; 0 where all are allowed."""
    logs = logits.log_softmax(dim=-1)
    mass = torch.logsumexp(logs.masked_fill(allowed == 0, -1e4), dim=-1)
    heaviest = (allowed * weights).amax(dim=-1)
    informative = (allowed.sum(-1) < logits.shape[-1]).float()
    return -((1 - _SMOOTHING) * mass + _SMOOTHING * logs.mean(-1)) * heaviest * informative


def _ordinal(logits: Tensor, allowed: Tensor) -> Tensor:
    """(B,) binary losses of "at least level k", where the allowed levels agree on it."""
    probabilities = logits.softmax(dim=-1)
    total = torch.zeros(logits.shape[0])
    for level in range(1, logits.shape[-1]):
        above = probabilities[:, level:].sum(-1).clamp(1e-5, 1 - 1e-5)
        must = (allowed[:, :level].sum(-1) == 0).float()
        must_not = (allowed[:, level:].sum(-1) == 0).float()
        total = total - must * above.log() - must_not * (1 - above).log()
    return total


def _binary(logits: Tensor, wanted: Tensor, positive: float = 1.0) -> Tensor:
    known = (wanted != UNKNOWN).float()
    smooth = wanted.clamp(min=0) * (1 - 2 * _SMOOTHING / 2) + _SMOOTHING / 2
    loss = functional.binary_cross_entropy_with_logits(
        logits, smooth, reduction="none", pos_weight=torch.tensor(positive)
    )
    return loss * known


def loss_parts(output: Output, targets: Targets) -> dict[str, Tensor]:
    """The mean loss of each task over the batch, not yet weighted."""
    tasks, weight = output.tasks, targets.weight
    subject = tasks["subject"][:, 1] - tasks["subject"][:, 0]
    tags = functional.cross_entropy(
        output.tags.transpose(1, 2), targets.tags, ignore_index=NO_TAG, reduction="none"
    )
    tagged = (targets.tags != NO_TAG).float()
    rows = {
        "crisis": _any_of(tasks["crisis"], targets.crisis, _CRISIS_WEIGHTS),
        "ordinal": _ordinal(tasks["crisis"], targets.crisis),
        "subject": _binary(subject, targets.subject),
        "allegation": _any_of(tasks["allegation"], targets.allegation, _ALLEGATION_WEIGHTS),
        "doxxing": _binary(tasks["doxxing"].squeeze(-1), targets.doxxing, 2.0),
        "affect": _binary(tasks["affect"], targets.affect).sum(-1),
        "supportive": _binary(tasks["supportive"].squeeze(-1), targets.supportive),
        "tags": (tags * tagged).sum(-1) / tagged.sum(-1).clamp(min=1) * 4,
    }
    return {name: (row * weight).mean() for name, row in rows.items()}


def total_loss(output: Output, targets: Targets) -> Tensor:
    """The weighted sum that is minimised."""
    parts = loss_parts(output, targets)
    return torch.stack([TASK_WEIGHTS[name] * part for name, part in parts.items()]).sum()
