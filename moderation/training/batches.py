"""Makes batches of varied examples, of similar lengths, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tokenizers import Tokenizer

from moderation.classifier.network import Batch
from moderation.classifier.windows import Window, collate, prepare
from moderation.normalise import Normalised
from moderation.training.augment import Marked, varied
from moderation.training.dataset import Example, Mention
from moderation.training.renaming import renamed
from moderation.training.targets import Targets, make_targets
from moderation.vocabulary import Allegation, Crisis, Excerpt

Prepared = tuple[Example, Window]
EVENINGS = {"a7"}
"""Writers whose messages stand in the order in which they were said."""
RENAMED = 0.6
"""Share of messages whose doctors and institutions get other names."""
SELF_CONTAINED = 7
"""Characters from which a message is taken to mean the same in any company."""


def vary(example: Example, rng: random.Random, rate: float) -> Example:
    """The example with other names, disguises and slips, and sometimes less of its context."""
    if rng.random() < RENAMED:
        example = renamed(example, rng)
    names = example.names or ()
    marked = varied(Marked(example.text, tuple((n.start, n.end) for n in names)), rng, rate)
    moved = tuple(
        Mention(start, end, name.kind)
        for (start, end), name in zip(marked.spans, names, strict=True)
    )
    context = example.context
    if context and rng.random() < 0.1:
        context = context[rng.randint(1, len(context)) :]
    return replace(
        example, text=marked.text, names=None if example.names is None else moved, context=context
    )


def is_filler(example: Example) -> bool:
    """Whether it is everyday talk that can stand beside anything without changing its labels."""
    return (
        example.crisis == {Crisis.NONE}
        and example.allegation == {Allegation.NONE}
        and not (example.context or example.doxxing or example.supportive)
        and (example.affect or 0) == 0
        and example.names is not None
    )


def among(example: Example, filler: Example, before: bool) -> Example:
    """The example with everyday talk before or after it, as in a rambling message."""
    gap = "\n" if len(filler.text) % 2 else "，"
    first, second = (filler, example) if before else (example, filler)
    shift = len(first.text) + len(gap)
    names = [*(first.names or ()), *(moved(n, shift) for n in second.names or ())]
    text = f"{first.text}{gap}{second.text}"
    return replace(example, text=text, names=tuple(names))


def moved(name: Mention, shift: int) -> Mention:
    """The mention moved along."""
    return Mention(name.start + shift, name.end + shift, name.kind)


def rambling(examples: Sequence[Example], rng: random.Random, rate: float = 0.1) -> list[Example]:
    """Some examples with up to three harmless messages around them."""
    fillers = [example for example in examples if is_filler(example)]
    found = list(examples)
    for at, example in enumerate(found):
        if not fillers or example.names is None or example.context or rng.random() >= rate:
            continue
        for filler in rng.sample(fillers, min(len(fillers), rng.randint(1, 3))):
            if len(example.text) + len(filler.text) < 180:
                example = among(example, filler, rng.random() < 0.6)
        found[at] = example
    return found


def in_company(examples: Sequence[Example], rng: random.Random, rate: float = 0.4) -> list[Example]:
    """Some messages among what others happen to say, which changes nothing of theirs.

    In a live group every message has a context; without this the model takes the context's danger
    for the message's, or mere company for danger. A short harmless message gets harmless company
    only: among danger it might mean something else.
    """
    others = [example.text for example in examples if example.names is not None]
    calm = [example.text for example in examples if is_filler(example)]
    found = list(examples)
    for at, example in enumerate(found):
        if example.context or example.names is None or rng.random() >= rate:
            continue
        short = len(example.text) < SELF_CONTAINED
        if short and example.crisis != {Crisis.NONE}:
            continue
        pool = calm if short or rng.random() < 0.5 else others
        if pool:
            company = tuple(rng.sample(pool, min(len(pool), rng.randint(1, 3))))
            found[at] = replace(example, context=company)
    return found


def in_flow(examples: Sequence[Example], rng: random.Random, rate: float = 0.7) -> list[Example]:
    """Messages of writers who wrote whole evenings, read after the three that came before."""
    found = list(examples)
    for at, example in enumerate(found):
        if example.writer.lower() in EVENINGS and not example.context and rng.random() < rate:
            before = [e.text for e in examples[max(0, at - 3) : at] if e.writer == example.writer]
            found[at] = replace(example, context=tuple(before))
    return found


def to_window(examples: Sequence[Example], tokenizer: Tokenizer) -> list[Prepared]:
    """The first window of each example, names moved to normalised offsets."""
    excerpts = [Excerpt(example.text, example.context) for example in examples]
    prepared = prepare(excerpts, tokenizer)
    return [
        (_moved(example, normalised), windows[0])
        for example, (normalised, windows) in zip(examples, prepared, strict=True)
    ]


def _moved(example: Example, normalised: Normalised) -> Example:
    if not example.names:
        return example
    names = []
    for name in example.names:
        inside = [i for i, at in enumerate(normalised.offsets) if name.start <= at < name.end]
        if inside:
            names.append(Mention(inside[0], inside[-1] + 1, name.kind))
    return replace(example, names=tuple(names))


def to_batch(pairs: Sequence[Prepared]) -> tuple[Batch, Targets]:
    """One padded batch with its targets."""
    examples, windows = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    batch = collate(windows)
    return batch, make_targets(examples, windows, batch.characters.shape[1])


def epoch_batches(
    examples: Sequence[Example], tokenizer: Tokenizer, seed: int, rate: float, size: int = 32
) -> Iterator[tuple[Batch, Targets]]:
    """One pass over the examples, varied anew; batches in random order."""
    rng = random.Random(seed)
    told = in_company(in_flow(rambling(examples, rng), rng), rng)
    varied_ = [vary(example, rng, rate) for example in told]
    rng.shuffle(varied_)
    groups = []
    for at in range(0, len(varied_), size * 16):
        pairs = to_window(varied_[at : at + size * 16], tokenizer)
        pairs.sort(key=lambda pair: pair[1].size)
        groups += [pairs[i : i + size] for i in range(0, len(pairs), size)]
    rng.shuffle(groups)
    for group in groups:
        yield to_batch(group)


def plain_batches(
    examples: Sequence[Example], tokenizer: Tokenizer, size: int = 64
) -> Iterator[tuple[Batch, Targets]]:
    """The examples as they are, in order."""
    pairs = to_window(examples, tokenizer)
    for at in range(0, len(pairs), size):
        yield to_batch(pairs[at : at + size])
