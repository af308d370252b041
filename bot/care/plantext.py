"""The safety plan as text. Pure: what is written down is the only copy, so the text itself is read back."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.words import care

STEPS = len(care.SAFETY_STEP)
MOST = 400
"""UTF-16 units of one step; six of them and a question fit into one message of 4096."""
MARKS = frozenset(
    {care.SAFETY_TITLE, care.SAFETY_LEAD, care.SAFETY_FOOT, care.SAFETY_RULE, *care.SAFETY_STEP}
)
ESCAPED = "· "


@dataclass(frozen=True, slots=True)
class SafetyPlan:
    """Six answers, empty where nothing was written."""

    answers: tuple[str, ...] = ("",) * STEPS

    def with_answer(self, step: int, answer: str) -> SafetyPlan:
        """The plan with one answer (step from 0) replaced."""
        changed = (*self.answers[:step], _tidy(answer), *self.answers[step + 1 :])
        return replace(self, answers=changed)

    def next_empty(self, after: int = -1) -> int | None:
        """The first step behind `after` that has no answer; None if all have."""
        empty = [n for n in range(after + 1, STEPS) if not self.answers[n]]
        return empty[0] if empty else None


def fits(answer: str) -> bool:
    """Whether one answer has room."""
    return len(answer.encode("utf-16-le")) // 2 <= MOST


def write(plan: SafetyPlan) -> str:
    """The plan as its owner sees it."""
    steps = [
        f"{title}\n{answer or care.SAFETY_NONE}"
        for title, answer in zip(care.SAFETY_STEP, plan.answers, strict=True)
    ]
    return "\n\n".join([f"{care.SAFETY_TITLE}\n{care.SAFETY_LEAD}", *steps, care.SAFETY_FOOT])


def ask(plan: SafetyPlan, step: int) -> str:
    """The plan so far with the question of one step (from 0) below it."""
    question = f"{care.SAFETY_STEP[step]}\n{care.SAFETY_ASK[step]}\n{care.SAFETY_HOW}"
    return f"{write(plan)}\n\n{care.SAFETY_RULE}\n{question}"


def read(text: str) -> SafetyPlan | None:
    """The plan that a message holds; None if it holds none."""
    lines = text.split("\n")
    if not lines or lines[0].strip() != care.SAFETY_TITLE:
        return None
    found: dict[int, list[str]] = {}
    step: int | None = None
    for line in lines:
        if line in care.SAFETY_STEP:
            step = care.SAFETY_STEP.index(line)
            found[step] = []
        elif line in {care.SAFETY_FOOT, care.SAFETY_RULE}:
            break
        elif step is not None:
            found[step].append(line)
    if not found:
        return None
    answers = ["\n".join(found.get(number, [])).strip() for number in range(STEPS)]
    return SafetyPlan(tuple("" if one == care.SAFETY_NONE else one for one in answers))


def asked(text: str) -> int | None:
    """The step (from 0) whose question a message asks; None if it asks nothing."""
    _, rule, question = text.rpartition(f"\n{care.SAFETY_RULE}\n")
    title = question.split("\n", 1)[0]
    return care.SAFETY_STEP.index(title) if rule and title in care.SAFETY_STEP else None


def _tidy(answer: str) -> str:
    """An answer that cannot be taken for a part of the form."""
    lines = [line.strip() for line in answer.strip().split("\n")]
    safe = [ESCAPED + line if line in MARKS or line == care.SAFETY_NONE else line for line in lines]
    return "\n".join(safe)
