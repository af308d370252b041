"""Turns logits of held-out messages into temperatures, operating points and a short summary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from moderation.training.targets import UNKNOWN, Targets

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Answers:
    """Logits by task, (N, classes), and the right answers, (N, classes) or (N,)."""

    logits: dict[str, Tensor]
    right: dict[str, Tensor]


def gather(found: Sequence[tuple[dict[str, Tensor], Targets]]) -> Answers:
    """Joins the answers of several batches."""
    logits = {name: torch.cat([tasks[name] for tasks, _ in found]) for name in found[0][0]}
    fields = ("crisis", "allegation", "subject", "doxxing", "supportive", "affect")
    right = {name: torch.cat([getattr(targets, name) for _, targets in found]) for name in fields}
    return Answers(logits, right)


def _nll(logits: Tensor, right: Tensor, temperature: float) -> float:
    if logits.shape[-1] > 1:
        return float(functional.cross_entropy(logits / temperature, right.argmax(-1)))
    known = right != UNKNOWN
    scaled = logits.squeeze(-1)[known] / temperature
    return float(functional.binary_cross_entropy_with_logits(scaled, right[known]))


def temperatures(answers: Answers) -> dict[str, float]:
    """The temperature of each head that makes the held-out labels likeliest (0.4 to 3)."""
    grid = [round(0.4 * 1.04**i, 4) for i in range(52)]
    return {
        name: min(grid, key=lambda t, n=name: _nll(answers.logits[n], answers.right[n], t))  # type: ignore[misc]
        for name in ("crisis", "allegation", "doxxing", "supportive")
    }


def calibration_error(confidence: Floats, correct: Flags, bins: int = 10) -> float:
    """Expected calibration error over equal-width bins, 0 to 1."""
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[index == b].mean() - correct[index == b].mean()) * (index == b).mean()
        for b in range(bins)
        if (index == b).any()
    ]
    return float(sum(gaps))


def probabilities(answers: Answers, temps: dict[str, float]) -> dict[str, Floats]:
    """Calibrated scores by the name of each operating point, (N,)."""
    crisis = (answers.logits["crisis"] / temps["crisis"]).softmax(-1).double().numpy()
    blame = (answers.logits["allegation"] / temps["allegation"]).softmax(-1).double().numpy()
    single = {
        name: torch.sigmoid(answers.logits[name].squeeze(-1) / temps[name]).double().numpy()
        for name in ("doxxing", "supportive")
    }
    return {
        "imminent": crisis[:, 3],
        "ideation": crisis[:, 2] + crisis[:, 3],
        "distress": 1 - crisis[:, 0],
        "insult": blame[:, 1],
        "unverified": blame[:, 2],
        "sourced": blame[:, 3],
        **single,
    }


def truths(answers: Answers) -> dict[str, Flags]:
    """What is right for each operating point, (N,)."""
    crisis = answers.right["crisis"].argmax(-1).numpy()
    blame = answers.right["allegation"].argmax(-1).numpy()
    return {
        "imminent": crisis == 3,
        "ideation": crisis >= 2,
        "distress": crisis >= 1,
        "insult": blame == 1,
        "unverified": blame == 2,
        "sourced": blame == 3,
        "doxxing": answers.right["doxxing"].numpy() > 0.5,
        "supportive": answers.right["supportive"].numpy() > 0.5,
    }


# For each point: the recall aimed at, and the share of false flags it may cost. What alerts nobody
# by itself (distress, supportive) may cost more.
_AIMS = {
    "keen": {"imminent": (0.98, 0.06), "ideation": (0.995, 0.11), "default": (0.96, 0.03)},
    "balanced": {"imminent": (0.95, 0.04), "ideation": (0.985, 0.055), "default": (0.90, 0.005)},
    "quiet": {"imminent": (0.88, 0.01), "ideation": (0.95, 0.02), "default": (0.80, 0.002)},
}


def _aim(name: str, aims: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    return (0.9, 0.06) if name in {"distress", "supportive"} else aims.get(name, aims["default"])


def negatives(answers: Answers) -> dict[str, Flags]:
    """What counts as a false flag, (N,): distress flagged as danger, and the like, does not."""
    rank = answers.right["crisis"].argmax(-1).numpy()
    blame = answers.right["allegation"].argmax(-1).numpy()
    wrong = {name: ~right for name, right in truths(answers).items()}
    return {
        **wrong,
        "imminent": rank <= 1,
        "ideation": rank == 0,
        "unverified": (blame == 0) | (blame == 3),
    }


def threshold(scores: Floats, right: Flags, wrong: Flags, aim: tuple[float, float]) -> float:
    """The level that reaches the recall unless it costs too many false flags; 0.03 to 0.9."""
    recall, cost = aim
    if not right.any() or not wrong.any():
        return 0.5
    for_recall = float(np.quantile(scores[right], 1 - recall))
    for_cost = float(np.quantile(scores[wrong], 1 - cost))
    return round(float(np.clip(max(for_recall, for_cost), 0.03, 0.9)), 4)


def operating_points(answers: Answers, temps: dict[str, float]) -> dict[str, dict[str, float]]:
    """Thresholds by sensitivity and field, chosen on held-out messages."""
    scores, right, wrong = probabilities(answers, temps), truths(answers), negatives(answers)
    return {
        point: {
            name: threshold(scores[name], right[name], wrong[name], _aim(name, aims))
            for name in scores
        }
        for point, aims in _AIMS.items()
    }


def errors(answers: Answers, temps: dict[str, float]) -> dict[str, float]:
    """The calibration error of each head on the held-out messages."""
    scores, right = probabilities(answers, temps), truths(answers)
    return {name: round(calibration_error(scores[name], right[name]), 4) for name in scores}


def subject_bias(answers: Answers) -> float:
    """What to add to the logit of "somebody else" so that both are told apart equally well."""
    wanted = answers.right["subject"].numpy()
    logits = answers.logits["subject"]
    scores = (logits[:, 1] - logits[:, 0]).double().numpy()
    other, own = scores[wanted == 1], scores[wanted == 0]
    if not len(other) or not len(own):
        return 0.0
    grid = np.arange(-3, 3.01, 0.1)
    return round(float(max(grid, key=lambda b: (other > -b).mean() + (own <= -b).mean())), 2)


def settings(answers: Answers) -> dict[str, object]:
    """What `config.json` needs beside the encoder's sizes."""
    temps = temperatures(answers)
    return {
        "temperatures": temps,
        "subject_bias": subject_bias(answers),
        "calibration_error": errors(answers, temps),
        "operating_points": operating_points(answers, temps),
    }


def summary(answers: Answers) -> dict[str, float]:
    """A few figures at the balanced point, to follow a run."""
    temps = temperatures(answers)
    points = operating_points(answers, temps)["balanced"]
    scores, right = probabilities(answers, temps), truths(answers)
    flagged = scores["ideation"] >= points["ideation"]
    figures = {
        "crisis accuracy": float(
            (answers.logits["crisis"].argmax(-1) == answers.right["crisis"].argmax(-1))
            .float()
            .mean()
        ),
        "imminent flagged": float(flagged[right["imminent"]].mean()),
        "crisis flagged": float(flagged[right["ideation"]].mean()),
        "false crisis": float(flagged[~right["ideation"]].mean()),
        "AUC crisis": area(scores["ideation"], right["ideation"]),
        "AUC imminent": area(scores["imminent"], right["imminent"]),
        "AUC unverified": area(scores["unverified"], right["unverified"]),
        "AUC doxxing": area(scores["doxxing"], right["doxxing"]),
        "AUC affect": area(
            torch.sigmoid(answers.logits["affect"]).sum(-1).double().numpy(),
            answers.right["affect"][:, 1].numpy() > 0.5,
        ),
    }
    return {name: round(value, 4) for name, value in figures.items()}


def area(scores: Floats, right: Flags) -> float:
    """Area under the ROC curve by ranks; 0.5 where one class is absent."""
    positive, negative = int(right.sum()), int((~right).sum())
    if not positive or not negative:
        return 0.5
    order = scores.argsort(kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    return float((ranks[right].sum() - positive * (positive + 1) / 2) / (positive * negative))
