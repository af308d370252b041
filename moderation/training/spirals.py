"""Learns and measures the spiral detector: `python -m moderation.training.spirals fit|evaluate|points|ablate|bench`.

`fit` writes moderation/spiral/hazard.json for the present classifier; say it again whenever the model
changes. `evaluate` prints the table against the baselines: by leave-one-writer-out over the training
writers, or on the test part, which nothing is tuned on. `points` prints what each sensitivity costs.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from moderation.spiral.hazard import load_hazard
from moderation.training.conversations import Conversation, read_conversations
from moderation.training.groups import Group, Life, calibrated, live
from moderation.training.spirals_baselines import BASELINES, Detector
from moderation.training.spirals_bench import bench
from moderation.training.spirals_endings import endings
from moderation.training.spirals_figures import (
    MEASURES,
    TARGETS,
    Outcome,
    interval,
    outcome_of_life,
)
from moderation.training.spirals_fit import (
    Corpus,
    Talk,
    best_of,
    detector,
    fit,
    outcomes_of,
    save,
    weekly,
)
from moderation.training.spirals_hearing import Ears, by_labels, by_model, lives
from moderation.training.spirals_points import points
from moderation.training.spirals_rows import beats_of
from moderation.training.spirals_scores import (
    labelled,
    scored,
)

TUNED_ON = (Group(60, 500, 2, 2.0, 1), Group(300, 500, 2, 2.0, 2))
MEASURED_ON = (
    Group(20, 60, 12, 1.0, 11),
    Group(200, 500, 8, 2.0, 12),
    Group(2000, 4000, 1, 6.0, 13),
)
WITHOUT = {
    "members": {"third", "crowd"},
    "words": {"strength", "general"},
    "level and rhythm": {"fast", "rise", "surprise", "pace"},
    "contagion": {"echo", "replies", "joining"},
    "one person's share": {"dominance"},
    "steadying voices": {"steady", "held", "alone", "unheeded"},
    "reading in the room": {"room"},
}


def hearing_of(train: Sequence[Conversation], options: argparse.Namespace) -> Ears:
    """The ears that the command line asks for."""
    if options.labels:
        return by_labels(train)
    seen = None if options.seen is None else frozenset(options.seen.split(","))
    return by_model(train, options.model, seen)


def folds(
    train: Sequence[Conversation], ears_: Ears, weeks: Sequence[Life]
) -> Iterator[tuple[Corpus, list[Talk]]]:
    """For each writer: the corpus of all others, and this writer's conversations."""
    for writer in sorted({c.writer for c in train}):
        others = [c for c in train if c.writer != writer]
        own = [ears_.once(c) for c in train if c.writer == writer]
        yield Corpus(ears_.often(others), weeks), own


Tuner = Callable[[Corpus], Detector]


def ours(corpus: Corpus, without: frozenset[str] = frozenset()) -> Detector:
    """Our detector, fitted to a corpus."""
    return detector(fit(corpus, without))


def tuner(kind: str) -> Tuner:
    """A baseline's best variant on a corpus, by the aims that ours is tuned by."""
    return lambda corpus: best_of([(found, found) for found in BASELINES[kind]()], corpus)


def show(title: str, rows: dict[str, list[Outcome]], console: Console) -> None:
    """Prints a table: one detector a row, one figure a column."""
    table = Table("", *(f"{name}{_target(name)}" for name in MEASURES), title=title)
    for name, outcomes in rows.items():
        cells = (interval(outcomes, measure) for measure in MEASURES.values())
        table.add_row(name, *(f"{value:.2f} ({low:.2f}–{high:.2f})" for value, low, high in cells))
    console.print(table)


def _target(name: str) -> str:
    sign = "≤" if name == "median delay" else "≥"
    return f"\n({sign} {TARGETS[name]:g})" if name in TARGETS else ""


def show_weeks(
    weeks: Sequence[tuple[Group, Life]], tuned: dict[str, Detector], console: Console
) -> None:
    """Prints false alarms a week and planted cascades found, by group."""
    names = [f"{g.members} members, {g.daily:g} a day" for g, _ in weeks]
    table = Table(
        "", *names, title="simulated weeks: false alarms a week · planted cascades found · in time"
    )
    for name, detect in tuned.items():
        cells = []
        for _, life in weeks:
            delays, false = outcome_of_life(life, detect(life.beats))
            hits = [d for d in delays if d is not None]
            soon = sum(d <= 3 for d in hits)
            cells.append(f"{false / life.weeks:.2f} · {len(hits)}/{len(delays)} · {soon}")
        table.add_row(name, *cells)
    console.print(table)  # fmt: skip


def run_fit(options: argparse.Namespace, console: Console) -> None:
    """Fits on all training conversations and writes the coefficients."""
    train = read_conversations("train")
    ears_ = hearing_of(train, options)
    corpus = Corpus(ears_.often(train), lives(TUNED_ON, ears_, calibrated(train)))
    hazard = fit(corpus)
    made = {
        "by": "python -m moderation.training.spirals fit",
        "conversations": len(train),
        "writers": sorted({c.writer for c in train}),
        "heard": "labels"
        if options.labels
        else "scores of the classifier; where it had learnt "
        f"from the conversation ({len(ears_.learnt)}), drawn from its errors on unseen ones",
        "false alarms a week while tuned": round(weekly(detector(hazard), corpus.lives), 2),
    }
    save(hazard, made)
    console.print_json(data={n: round(w, 2) for n, w in zip(hazard.features, hazard.weights, strict=True)})  # fmt: skip


def run_evaluate(options: argparse.Namespace, console: Console) -> None:
    """Prints every table of one part."""
    train = read_conversations("train")
    test = read_conversations("test") if options.part == "test" else []
    hearing = hearing_of(train, options)
    weeks = lives(TUNED_ON, hearing, calibrated(train))
    tuners: dict[str, Tuner] = {"ours": ours, **{kind: tuner(kind) for kind in BASELINES}}
    rows: dict[str, list[Outcome]] = {name: [] for name in tuners}
    whole = Corpus(hearing.often(train), weeks)
    if options.part == "train":
        for corpus, own in folds(train, hearing, weeks):
            for name, tune in tuners.items():
                rows[name] += outcomes_of(tune(corpus), own)
    shipped = not options.labels
    final = {name: tune(whole) for name, tune in tuners.items() if name != "ours" or not shipped}
    if shipped:
        final = {"ours": detector(load_hazard()), **final}
    if options.part == "test":
        heard = {c.id: labelled(c) for c in test} if options.labels else scored(test, options.model)
        talks = [Talk(c, beats_of(c, heard[c.id])) for c in test]
        rows = {name: outcomes_of(detect, talks) for name, detect in final.items()}
        console.print(endings(talks, load_hazard()))
    else:
        console.print(endings([hearing.once(c) for c in train], load_hazard()))
    how = "labels" if options.labels else "scores"
    kind = "test part" if options.part == "test" else "leave one writer out"
    show(f"{kind}, {how}: figure (95 % interval)", rows, console)
    measured = [(g, live(g, calibrated(train), hearing.channel)) for g in MEASURED_ON]
    show_weeks(measured, final, console)


def run_ablate(options: argparse.Namespace, console: Console) -> None:
    """Prints what each group of features is worth, leaving one writer out."""
    train = read_conversations("train")
    hearing = hearing_of(train, options)
    rows: dict[str, list[Outcome]] = {}
    for name, left in {"all": set[str](), **WITHOUT}.items():
        rows[f"without {name}" if left else name] = [
            outcome
            for corpus, own in folds(train, hearing, ())
            for outcome in outcomes_of(ours(corpus, frozenset(left)), own)
        ]
    show("leave one writer out: figure (95 % interval)", rows, console)


def run_points(options: argparse.Namespace, console: Console) -> None:
    """Prints what each operating point finds in the test part, and how often it cries wolf."""
    train, test = read_conversations("train"), read_conversations("test")
    hearing = hearing_of(train, options)
    heard = {c.id: labelled(c) for c in test} if options.labels else scored(test, options.model)
    talks = [Talk(c, beats_of(c, heard[c.id])) for c in test]
    weeks = [(g, live(g, calibrated(train), hearing.channel)) for g in MEASURED_ON]
    console.print(points(load_hazard(), talks, weeks))


def run_bench(_: argparse.Namespace, console: Console) -> None:
    """Prints the detector's speed."""
    speed = bench()
    console.print(f"{speed.chats} chats, {speed.events} events: {speed.events_a_second:,.0f} a second on one core, "
                  f"{speed.state_bytes:,.0f} bytes a stored chat")  # fmt: skip
    console.print(
        "Wanted were 50,000. A step is plain Python over whole states, so that one can be explained and "
        "stored at any time; 10,000 chats of 500 messages a day send 58 a second."
    )


RUNS = {
    "fit": run_fit,
    "evaluate": run_evaluate,
    "points": run_points,
    "ablate": run_ablate,
    "bench": run_bench,
}


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m moderation.training.spirals", description=__doc__
    )
    parser.add_argument("what", choices=RUNS)
    parser.add_argument("--part", choices=("train", "test"), default="train")
    parser.add_argument(
        "--model", type=Path, help="folder of the model; the shipped one if left out"
    )
    parser.add_argument(
        "--labels", action="store_true", help="hear labels instead of the model's scores"
    )
    parser.add_argument(
        "--seen",
        help="writers (c1,c2) that the model has learnt from; all if left out, '' for none",
    )
    chosen = parser.parse_args()  # fmt: skip
    RUNS[chosen.what](chosen, Console(width=150))


if __name__ == "__main__":
    main()
