"""The classifier: messages in, `Scores` out. The only user of torch at run time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor

from moderation.classifier import evidence, language, names
from moderation.classifier.clauses import Span
from moderation.classifier.encoder import Encoder
from moderation.classifier.network import POOLS, Network
from moderation.classifier.precision import Precision, fastest
from moderation.classifier.weights import CONFIG, TOKENIZER, check, load_weights
from moderation.classifier.windows import Window, batches_by_length, collate, prepare
from moderation.classifier.workers import Workers
from moderation.errors import ModelError
from moderation.normalise import Normalised
from moderation.vocabulary import Allegation, Crisis, Excerpt, Scores, Sensitivity, Subject

LONG = 600
_ENCODER = "encoder."
SHIPPED = Path(__file__).parents[1] / "model"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the network says of one window."""

    scores: Scores
    spans: tuple[names.Span, ...]
    weights: dict[str, tuple[float, ...]]
    """Attention by pool, one weight for each token of the window."""


@dataclass(frozen=True, slots=True)
class Case:
    """One message on its way to a judgement with reasons."""

    excerpt: Excerpt
    text: Normalised
    scores: Scores
    focus: evidence.Focus
    without: dict[Span, Scores] = field(default_factory=dict)
    """What is said of the message with a clause left out."""

    def left(self, span: Span) -> str:
        """The comparable text without the clause."""
        return self.text.text[: span[0]] + self.text.text[span[1] :]

    def explained(self) -> Scores:
        """The scores with their reasons."""
        reasons = evidence.collect(
            self.excerpt.text, self.text, self.scores, self.focus, self.without
        )
        return replace(self.scores, evidence=reasons)


def calm(unread: bool = False) -> Scores:
    """The certain answer for a message without words, or in a language the model cannot judge."""
    return Scores(
        crisis={c: float(c is Crisis.NONE) for c in Crisis},
        subject={s: float(s is Subject.NONE) for s in Subject},
        allegation={a: float(a is Allegation.NONE) for a in Allegation},
        unread=unread,
    )


class ModelClassifier:
    """Judges messages with the network; safe to call from several threads."""

    def __init__(
        self,
        network: Network,
        tokenizer: Tokenizer,
        config: Mapping[str, object],
        workers: Workers,
    ) -> None:
        self.version = str(config["version"])
        self.operating_points = _points(config)
        self._temperatures = _numbers(config["temperatures"])
        self._subject_bias = float(str(config.get("subject_bias", 0.0)))
        self._network = network.eval()
        self._tokenizer = tokenizer
        self._workers = workers

    def classify(self, excerpts: Sequence[Excerpt], explain: bool = True) -> list[Scores]:
        """One `Scores` for each excerpt, in order; blocking; never raises on any text.

        Without `explain`, no evidence is looked for, which is quicker where much is flagged.
        """
        answers = [calm(unread=not language.is_readable(e.text)) for e in excerpts]
        asked = [
            i
            for i, e in enumerate(excerpts)
            if not answers[i].unread and language.has_words(e.text)
        ]
        for at in range(0, len(asked), 512):
            part = asked[at : at + 512]
            for i, scores in zip(
                part, self._judge([excerpts[i] for i in part], explain), strict=True
            ):
                answers[i] = scores
        return answers

    def _judge(self, excerpts: Sequence[Excerpt], explain: bool) -> list[Scores]:
        prepared = prepare(excerpts, self._tokenizer)
        verdicts = iter(self._verdicts([window for _, own in prepared for window in own]))
        cases = [
            _case(excerpt, text, own, [next(verdicts) for _ in own])
            for excerpt, (text, own) in zip(excerpts, prepared, strict=True)
        ]
        if not explain:
            return [case.scores for case in cases]
        self._leave_out([case for case in cases if evidence.worth_explaining(case.scores)])
        return [case.explained() for case in cases]

    def _leave_out(self, cases: Sequence[Case]) -> None:
        """Asks again about each case without each of its weightiest clauses, all in one go."""
        asked = [
            (case, span)
            for case in cases
            if len(case.text.text) <= LONG
            for span in evidence.candidates(case.text, case.scores, case.focus)
        ]
        shortened = [Excerpt(case.left(span), case.excerpt.context) for case, span in asked]
        prepared = prepare(shortened, self._tokenizer)
        verdicts = iter(self._verdicts([window for _, own in prepared for window in own]))
        for (case, span), (_, own) in zip(asked, prepared, strict=True):
            case.without[span] = worst([next(verdicts).scores for _ in own])

    def _verdicts(self, windows: Sequence[Window]) -> list[Verdict]:
        groups = batches_by_length(windows, self._workers.count)
        answers = self._workers.map(self._run, [[windows[i] for i in group] for group in groups])
        found: dict[int, Verdict] = {}
        for group, verdicts in zip(groups, answers, strict=True):
            found.update(zip(group, verdicts, strict=True))
        return [found[i] for i in range(len(windows))]

    def _run(self, windows: Sequence[Window]) -> list[Verdict]:
        with torch.inference_mode():
            output = self._network(collate(windows))
        warm, tasks = self._temperatures, output.tasks
        crisis = (tasks["crisis"] / warm["crisis"]).softmax(-1).tolist()
        lean = tasks["subject"][:, 1] - tasks["subject"][:, 0] + self._subject_bias
        other = torch.sigmoid(lean).tolist()
        blame = (tasks["allegation"] / warm["allegation"]).softmax(-1).tolist()
        doxxing = torch.sigmoid(tasks["doxxing"][:, 0] / warm["doxxing"]).tolist()
        supportive = torch.sigmoid(tasks["supportive"][:, 0] / warm["supportive"]).tolist()
        affect = torch.sigmoid(tasks["affect"]).sum(-1).tolist()
        tags, looked = output.tags.argmax(-1).tolist(), output.attention.tolist()
        return [
            Verdict(
                Scores(
                    crisis=dict(zip(Crisis, crisis[i], strict=True)),
                    subject=_subject(crisis[i][0], other[i]),
                    allegation=dict(zip(Allegation, blame[i], strict=True)),
                    doxxing=doxxing[i],
                    affect=affect[i],
                    supportive=supportive[i],
                ),
                tuple(
                    (a + window.start, b + window.start, kind)
                    for a, b, kind in names.spans_of(tags[i][: len(window.text)])
                ),
                {p: tuple(looked[i][k][1 : 1 + len(window.ids)]) for k, p in enumerate(POOLS)},
            )
            for i, window in enumerate(windows)
        ]


def _case(
    excerpt: Excerpt, text: Normalised, windows: Sequence[Window], verdicts: Sequence[Verdict]
) -> Case:
    """Joins the windows of one message: the worst counts, field by field."""
    spans = [span for verdict in verdicts for span in verdict.spans]
    found = names.to_names(excerpt.text, text, spans)
    scores = replace(worst([verdict.scores for verdict in verdicts]), names=found)
    return Case(excerpt, text, scores, _focus(windows, verdicts))


def worst(windows: Sequence[Scores]) -> Scores:
    """Of several windows of a message: the most dangerous, the most accusing, the saddest."""
    if len(windows) == 1:
        return windows[0]
    danger = max(windows, key=lambda s: s.crisis[Crisis.IMMINENT] * 2 + 1 - s.crisis[Crisis.NONE])
    blame = max(windows, key=lambda s: 1 - s.allegation[Allegation.NONE])
    return Scores(
        crisis=danger.crisis,
        subject=danger.subject,
        allegation=blame.allegation,
        doxxing=max(s.doxxing for s in windows),
        affect=max(s.affect for s in windows),
        supportive=max(s.supportive for s in windows),
    )


def _focus(windows: Sequence[Window], verdicts: Sequence[Verdict]) -> evidence.Focus:
    """Joins the attention of the windows; each window's weights count by its danger."""
    tokens: list[Span] = []
    weights: dict[str, list[float]] = {pool: [] for pool in POOLS}
    for window, verdict in zip(windows, verdicts, strict=True):
        tokens += [(a + window.start, b + window.start) for a, b in window.spans]
        danger = 1 - verdict.scores.crisis[Crisis.NONE]
        blame = 1 - verdict.scores.allegation[Allegation.NONE]
        for pool, factor in (("crisis", danger), ("blame", blame), ("mood", 1.0)):
            weights[pool] += [w * factor for w in verdict.weights[pool]]
    return evidence.Focus(tuple(tokens), {pool: tuple(w) for pool, w in weights.items()})


def _subject(nobody: float, other: float) -> dict[Subject, float]:
    return {
        Subject.NONE: nobody,
        Subject.SELF: (1 - nobody) * (1 - other),
        Subject.OTHER: (1 - nobody) * other,
    }


def _numbers(values: object) -> dict[str, float]:
    if not isinstance(values, dict):
        raise TypeError("expected an object of numbers")
    return {str(name): float(value) for name, value in values.items()}


def _points(config: Mapping[str, object]) -> dict[Sensitivity, dict[str, float]]:
    points = config["operating_points"]
    if not isinstance(points, dict):
        raise TypeError("operating_points must be an object")
    return {point: _numbers(points[point.value]) for point in Sensitivity}


def load_model(
    folder: Path | None = None, threads: int | None = None, precision: Precision | None = None
) -> ModelClassifier:
    """Loads the shipped model or the one in `folder`; `ModelError` says what is wrong with it.

    `folder` holds `model.safetensors`, `tokenizer.json`, `config.json` and `checksums.json` as
    `moderation.training.train` writes them. `threads` limits the cores that it uses; without
    `precision`, the fastest on this processor.
    """
    folder = folder or SHIPPED
    check(folder)
    try:
        config = json.loads((folder / CONFIG).read_text("utf-8"))
        network = _network(config["encoder"], load_weights(folder), precision or fastest())
        tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        return ModelClassifier(network, tokenizer, config, Workers(threads))
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(folder, f"its files do not fit together ({error})") from error


def _network(
    settings: Mapping[str, object], weights: Mapping[str, Tensor], precision: Precision
) -> Network:
    """The network over the quick encoder; its heads hold the other weights."""
    own = {n.removeprefix(_ENCODER): w for n, w in weights.items() if n.startswith(_ENCODER)}
    heads = {n: w for n, w in weights.items() if not n.startswith(_ENCODER)}
    network = Network(Encoder(settings, own, precision), int(str(settings["hidden_size"])))
    network.load_state_dict(heads)
    return network.to(precision.dtype)
