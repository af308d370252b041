"""The whole table on the test part: `python -m moderation.training.evaluate --help`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from moderation.classifier import ModelClassifier, load_model
from moderation.guard import raised
from moderation.safewords import SafeWords
from moderation.training.card import write_figures
from moderation.training.conversations import read_conversations, read_said
from moderation.training.dataset import Example, is_validation, read_own
from moderation.training.evenings import is_danger, people_figures
from moderation.training.figures import Figure, area, share, span_score
from moderation.vocabulary import Allegation, Crisis, Excerpt, Scores, Sensitivity, Subject

PARTS = ("test", "conversations", "validation")
AS_SEEN = {
    "imminent flagged at ideation or above": "with safe words: imminent flagged",
    "imminent flagged as imminent": "with safe words: flagged as imminent",
    "ideation flagged": "with safe words: ideation flagged",
    "false crisis flags, everyday chat": "with safe words: false, everyday chat",
    "false crisis flags, hard negatives": "with safe words: false, hard negatives",
}
"""Figures that are told a second time: as the group sees them."""
Pair = tuple[Example, Scores]
Test = Callable[[Pair], bool]


@dataclass(frozen=True, slots=True)
class Flags:
    """What a message is flagged as at an operating point."""

    points: dict[str, float]

    def crisis(self, scores: Scores) -> Crisis:
        """The highest level whose threshold is reached."""
        chances = scores.crisis
        if chances[Crisis.IMMINENT] >= self.points["imminent"]:
            return Crisis.IMMINENT
        if chances[Crisis.IMMINENT] + chances[Crisis.IDEATION] >= self.points["ideation"]:
            return Crisis.IDEATION
        return (
            Crisis.DISTRESS if 1 - chances[Crisis.NONE] >= self.points["distress"] else Crisis.NONE
        )

    def danger(self, pair: Pair) -> bool:
        """Whether it is flagged at ideation or above."""
        return self.crisis(pair[1]).rank >= Crisis.IDEATION.rank

    def imminent(self, pair: Pair) -> bool:
        """Whether it is flagged as imminent."""
        return self.crisis(pair[1]) is Crisis.IMMINENT

    def blame(self, kind: Allegation) -> Test:
        """Whether it is flagged as this kind of allegation."""
        return lambda pair: pair[1].allegation[kind] >= self.points[kind.value]

    def blamed(self, pair: Pair) -> bool:
        """Whether moderators would be told of an unproven accusation."""
        return self.blame(Allegation.UNVERIFIED)(pair)

    def doxxing(self, pair: Pair) -> bool:
        """Whether it is flagged as doxxing or threat."""
        return pair[1].doxxing >= self.points["doxxing"]

    def supportive(self, pair: Pair) -> bool:
        """Whether it counts as steadying."""
        return pair[1].supportive >= self.points["supportive"]


def is_level(*levels: Crisis) -> Test:
    """Whether the labelled level is one of these."""
    return lambda pair: next(iter(pair[0].crisis)) in levels


def is_blame(kind: Allegation) -> Test:
    """Whether the labelled allegation is this one."""
    return lambda pair: next(iter(pair[0].allegation)) is kind


def marked(mark: str) -> Test:
    """Whether the writer marked the message so: dis, dia, hard or day."""
    return lambda pair: mark in pair[0].mark.split()


def figures(pairs: Sequence[Pair], points: dict[str, float]) -> list[Figure]:
    """Every figure of the targets that labelled text can give."""
    flags = Flags(points)
    return [
        *_danger_figures(pairs, flags),
        *_blame_figures(pairs, flags),
        *_other_figures(pairs, flags),
    ]


def _danger_figures(pairs: Sequence[Pair], flags: Flags) -> list[Figure]:
    danger = is_level(Crisis.IDEATION, Crisis.IMMINENT)
    safe = is_level(Crisis.NONE, Crisis.DISTRESS)
    harmless = is_level(Crisis.NONE)
    imminent = [p for p in pairs if is_level(Crisis.IMMINENT)(p)]
    other = [p for p in pairs if danger(p) and p[0].other]
    return [
        share("imminent flagged at ideation or above", imminent, flags.danger, 0.98),
        share("imminent flagged as imminent", imminent, flags.imminent, 0.90),
        share("ideation flagged", [p for p in pairs if is_level(Crisis.IDEATION)(p)], flags.danger, 0.95),
        *(
            share(f"danger flagged, {name}", [p for p in pairs if danger(p) and marked(mark)(p)], flags.danger, goal)
            for mark, name, goal in (("dis", "disguised", None), ("dia", "dialect", None), ("hard", "said sideways", None))
        ),
        share("third person in danger flagged", other, flags.danger, 0.95),
        share("third person: subject right", other, _other_is_likelier, 0.95),
        share("false crisis flags, everyday chat", [p for p in pairs if safe(p) and marked("day")(p)], flags.danger, 0.003, lower=True),
        share("false crisis flags, hard negatives", [p for p in pairs if harmless(p) and marked("hard")(p)], flags.danger, 0.04, lower=True),
        share("false crisis flags, all harmless", [p for p in pairs if harmless(p)], flags.danger, None, lower=True),
        share("distress taken for danger", [p for p in pairs if is_level(Crisis.DISTRESS)(p)], flags.danger, None, lower=True),
        share("false imminent flags, all not in danger", [p for p in pairs if safe(p)], flags.imminent, None, lower=True),
    ]  # fmt: skip


def with_safe_words(pairs: Sequence[Pair]) -> list[Pair]:
    """What the group sees: the model's answers, raised by safe words."""
    safe_words = SafeWords.load()
    return [(example, raised(own, safe_words.find(example.text))) for example, own in pairs]


def guarded(told: Sequence[Pair], points: dict[str, float]) -> list[Figure]:
    """The figures of danger once more, of answers with safe words."""
    found = _danger_figures(told, Flags(points))
    return [replace(one, name=AS_SEEN[one.name]) for one in found if one.name in AS_SEEN]


def _people(told: Sequence[Pair], points: dict[str, float]) -> list[Figure]:
    """People and evenings of the test conversations, as far as every message was judged."""
    flags = Flags(points)
    flagged = {pair[0].id: flags.danger(pair) for pair in told}
    talks = [t for t in read_conversations("test") if all(m.example.id in flagged for m in t.said)]
    return people_figures(talks, lambda message: flagged[message.example.id])


def _other_is_likelier(pair: Pair) -> bool:
    return pair[1].subject[Subject.OTHER] > pair[1].subject[Subject.SELF]


def _blame_figures(pairs: Sequence[Pair], flags: Flags) -> list[Figure]:
    found = []
    for kind in (Allegation.UNVERIFIED, Allegation.SOURCED, Allegation.INSULT):
        told, right = flags.blame(kind), is_blame(kind)
        goal = 0.90 if kind is Allegation.UNVERIFIED else None
        found.append(share(f"{kind.value} precision", [p for p in pairs if told(p)], right, goal))
        found.append(share(f"{kind.value} recall", [p for p in pairs if right(p)], told, goal))
    named = [p for p in pairs if p[0].names and is_blame(Allegation.NONE)(p)]
    return [
        *found,
        share("harmless messages naming a doctor, flagged", named, flags.blamed, 0.04, lower=True),
    ]


def _other_figures(pairs: Sequence[Pair], flags: Flags) -> list[Figure]:
    doxxing = [p for p in pairs if p[0].doxxing]
    supportive = [p for p in pairs if p[0].supportive]
    spans = [
        (
            {(m.start, m.end, m.kind) for m in example.names or ()},
            {(n.start, n.end, n.kind) for n in scores.names},
        )
        for example, scores in pairs
    ]
    strong = [(e.affect or 0) >= 2 for e, _ in pairs]
    return [
        share("doxxing recall", doxxing, flags.doxxing, None),
        share("false doxxing flags", [p for p in pairs if not p[0].doxxing], flags.doxxing, None, lower=True),
        share("supportive recall", supportive, flags.supportive, None),
        share("supportive precision", [p for p in pairs if flags.supportive(p)], lambda p: bool(p[0].supportive), None),
        span_score("names, exact span F1", spans, 0.92),
        area("affect of 2 or more, AUC", [s.affect for _, s in pairs], strong, 0.95),
        area("danger, AUC", [s.crisis[Crisis.IDEATION] + s.crisis[Crisis.IMMINENT] for _, s in pairs],
             [is_level(Crisis.IDEATION, Crisis.IMMINENT)(p) for p in pairs], None),
    ]  # fmt: skip


def examples_of(part: str) -> list[Example]:
    """Single messages of the test part, messages of the test conversations, or validation."""
    if part == "test":
        return read_own("test")
    if part == "validation":
        own = [*read_own("train"), *read_said("train")]
        return [example for example in own if is_validation(example)]
    talks = [[said.example for said in talk.said] for talk in read_conversations("test")]
    calm = [talk for talk in talks if not any(is_danger(example) for example in talk)]
    return [replace(e, mark="day" if talk in calm else "") for talk in talks for e in talk]


def answer(model: ModelClassifier, examples: Sequence[Example]) -> list[Pair]:
    """Asks the model about each example, without reasons, with a progress bar."""
    pairs: list[Pair] = []
    for at in track(range(0, len(examples), 64), description="Judging"):
        part = examples[at : at + 64]
        answers = model.classify([Excerpt(e.text, e.context) for e in part], explain=False)
        pairs += list(zip(part, answers, strict=True))
    return pairs


def show(title: str, found: Sequence[Figure], console: Console) -> None:
    """Prints the table."""
    table = Table(title=title)
    for column in ("", "figure", "95 %", "n", "target", ""):
        table.add_column(column)
    for figure in found:
        table.add_row(*figure.row())
    console.print(table)


def mistakes(pairs: Sequence[Pair], points: dict[str, float]) -> list[dict[str, object]]:
    """Missed danger and false flags, the most confident first."""
    flags = Flags(points)
    rows = []
    for pair in pairs:
        example, scores = pair
        right = next(iter(example.crisis))
        level = flags.crisis(scores)
        wrong = (right.rank >= 2) != (level.rank >= 2) or (right is Crisis.IMMINENT) != (
            level is Crisis.IMMINENT
        )
        blame = next(iter(example.allegation))
        told = flags.blamed(pair) != (blame is Allegation.UNVERIFIED)
        if wrong or told:
            sure = 1 - scores.crisis[right] if wrong else 1 - scores.allegation[blame]
            rows.append({
                "sure": round(sure, 3), "id": example.id, "mark": example.mark, "right": right.value, "given": level.value,
                "blame": blame.value, "blame_given": {k.value: round(v, 2) for k, v in scores.allegation.items()},
                "text": example.text, "context": list(example.context),
            })  # fmt: skip
    return sorted(rows, key=lambda row: -float(str(row["sure"])))


def main() -> None:
    """Prints a table for each part and, if asked, writes it into the model card."""
    parser = argparse.ArgumentParser(
        prog="python -m moderation.training.evaluate", description=__doc__
    )
    parser.add_argument(
        "--model", type=Path, help="folder of the model; the shipped one if left out"
    )
    parser.add_argument("--part", choices=PARTS, nargs="+", default=["test", "conversations"])
    parser.add_argument("--alone", action="store_true", help="without what was said before")
    parser.add_argument("--sensitivity", choices=[s.value for s in Sensitivity], default="balanced")
    parser.add_argument("--writer", default="", help="only this writer's messages")
    parser.add_argument("--mistakes", type=Path, help="write the mistakes there as JSON lines")
    parser.add_argument("--card", action="store_true", help="write the figures into the model card")
    chosen = parser.parse_args()
    model, console = load_model(chosen.model), Console(width=150)
    points = model.operating_points[Sensitivity(chosen.sensitivity)]
    wrong: list[dict[str, object]] = []
    for part in chosen.part:
        examples = [e for e in examples_of(part) if chosen.writer in {"", e.writer}]
        if chosen.alone:
            examples = [replace(e, context=()) for e in examples]
        pairs = answer(model, examples)
        told = with_safe_words(pairs)
        found = [*figures(pairs, points), *guarded(told, points)]
        if part == "conversations":
            found += _people(told, points)
        title = f"{len(examples)} messages of {part}, model {model.version}, «{chosen.sensitivity}»"
        show(title, found, console)
        wrong += mistakes(pairs, points)
        if chosen.card:
            write_figures(found, title, part, chosen.model)
    if chosen.mistakes:
        lines = [json.dumps(row, ensure_ascii=False) for row in wrong]
        chosen.mistakes.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
