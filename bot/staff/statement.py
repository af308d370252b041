"""The statement helper: five questions in private, then a factual text in the first person to post.

The answers are kept sealed while the form is open and forgotten when it is done, stopped, or left
alone for two days. Danger in an answer is treated as danger before the form sees it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from bot import words
from bot.staff.letters import withdraw_button
from bot.taps import Tap, is_number
from bot.words import member as words_member
from moderation.storage import Transaction, audit, casebook, chats, forms, outbox
from moderation.storage.forms import Form
from moderation.storage.outbox import Lane, Outgoing

KIND = "statement"
STEPS = tuple(words_member.STATEMENT_STEPS)
LONGEST = 600
SHOWN = 60
DELETE = "deleteMessage"


@dataclass(frozen=True)
class Statement:
    """How far the form is filled in."""

    case_id: int = 0
    """The accusation it began with; 0 if it began by itself."""
    at: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    held: str = ""
    """An answer that draws conclusions, until the member keeps or rewrites it."""

    @property
    def step(self) -> str:
        """The question that is open."""
        return STEPS[min(self.at, len(STEPS) - 1)]

    @property
    def done(self) -> bool:
        """Whether all questions were asked."""
        return self.at >= len(STEPS)


async def begin(tx: Transaction, user_id: int, case_id: int, dedupe: str) -> None:
    """Open the form, or go on where it was left."""
    known = await forms.read(tx, user_id, KIND)
    form = Statement(**known.state) if known else Statement(case_id)
    if case_id and form.case_id != case_id:
        form = replace(form, case_id=case_id)
    await _keep(tx, user_id, form)
    opening = "" if form.answers else f"{words_member.STATEMENT_OPENING}\n\n"
    await _say(tx, user_id, opening + _question(form), _rows(form), dedupe)


async def take(tx: Transaction, user_id: int, text: str, risky: bool, dedupe: str) -> None:
    """An answer; one that draws conclusions is held until the member decides."""
    known = await forms.read(tx, user_id, KIND)
    assert known is not None
    form = Statement(**known.state)
    answer = " ".join(text.split())
    if not answer:
        await _say(tx, user_id, words_member.STATEMENT_TYPED, _rows(form), dedupe)
    elif len(answer) > LONGEST:
        said = words_member.STATEMENT_LONG.format(most=LONGEST)
        await _say(tx, user_id, said, _rows(form), dedupe)
    elif risky and not form.held:
        form = replace(form, held=answer)
        await _keep(tx, user_id, form)
        said = words_member.STATEMENT_RISKY.format(answer=answer[:SHOWN])
        keep = {"text": words_member.BUTTON_KEEP, "callback_data": "fo:keep"}
        await _say(tx, user_id, said, [[keep]], dedupe)
    else:
        await _answered(tx, user_id, form, answer, dedupe)


async def react(tx: Transaction, tap: Tap) -> str:
    """A button of the form, or one that opens it."""
    dedupe = f"tap:{tap.id}"
    match tap.args:
        case ("start", case_id) if is_number(case_id):
            await begin(tx, tap.user.id, await _own(tx, tap, int(case_id)), dedupe)
            return ""
        case ("withdraw", case_id, message_id) if is_number(case_id) and is_number(message_id):
            return await _withdraw(tx, tap, int(case_id), int(message_id))
        case ("skip" | "back" | "stop" | "keep",):
            return await _step(tx, tap, tap.args[0], dedupe)
    return words.OLD_BUTTON


async def _step(tx: Transaction, tap: Tap, what: str, dedupe: str) -> str:
    known = await forms.read(tx, tap.user.id, KIND)
    if known is None:
        return words_member.STATEMENT_GONE
    form = Statement(**known.state)
    if what == "stop":
        await forms.drop(tx, tap.user.id, KIND)
        await _say(tx, tap.user.id, words_member.STATEMENT_STOPPED, [], f"form:{dedupe}")
    elif what == "keep" and form.held:
        await _answered(tx, tap.user.id, form, form.held, f"form:{dedupe}")
    elif what == "skip":
        await _go(tx, tap.user.id, replace(form, at=form.at + 1), f"form:{dedupe}")
    elif what == "back":
        await _go(tx, tap.user.id, replace(form, at=form.at - 1), f"form:{dedupe}")
    else:
        return words.OLD_BUTTON
    return ""


async def _answered(
    tx: Transaction, user_id: int, form: Statement, answer: str, dedupe: str
) -> None:
    answers = {**form.answers, form.step: answer}
    await _go(tx, user_id, replace(form, answers=answers, at=form.at + 1), dedupe)


async def _go(tx: Transaction, user_id: int, form: Statement, dedupe: str) -> None:
    """To the next question; after the last to the text."""
    form = replace(form, at=max(0, form.at), held="")
    if form.done and not form.answers:
        form = replace(form, at=0)
        await _keep(tx, user_id, form)
        said = f"{words_member.STATEMENT_EMPTY}\n\n{_question(form)}"
        await _say(tx, user_id, said, _rows(form), dedupe)
    elif form.done:
        await _finish(tx, user_id, form, dedupe)
    else:
        await _keep(tx, user_id, form)
        await _say(tx, user_id, _question(form), _rows(form), dedupe)


async def _finish(tx: Transaction, user_id: int, form: Statement, dedupe: str) -> None:
    """The text by itself, easy to copy; then the offer to take the risky message away."""
    await forms.drop(tx, user_id, KIND)
    await _say(tx, user_id, words_member.STATEMENT_DONE, [], f"{dedupe}:done")
    await _say(tx, user_id, text_of(form.answers), [], f"{dedupe}:text")
    button = await _withdraw_button(tx, form.case_id)
    if button is not None:
        said = words_member.STATEMENT_WITHDRAW
        await _say(tx, user_id, said, [[button]], f"{dedupe}:withdraw")


def text_of(answers: dict[str, str]) -> str:
    """The member's own words in order, under plain heads, with nothing added to them."""
    lines = [
        f"{label}：{answers[step]}"
        for step, label in words_member.STATEMENT_LABELS.items()
        if step in answers
    ]
    return "\n".join([words_member.STATEMENT_HEAD, *lines, words_member.STATEMENT_FOOT])


async def _withdraw_button(tx: Transaction, case_id: int) -> dict[str, str] | None:
    case = await casebook.get(tx, case_id) if case_id else None
    chat = await chats.get(tx, case.chat_id) if case is not None else None
    if case is None or chat is None or not chat.can_delete:
        return None
    signals = await casebook.signals_of(tx, case.id)
    there = [signal for signal in signals if signal.message_id > 0]
    return withdraw_button(case.id, there[-1].message_id) if there else None


async def _withdraw(tx: Transaction, tap: Tap, case_id: int, message_id: int) -> str:
    """A member has her own message taken away."""
    case = await casebook.get(tx, case_id)
    if case is None or case.person is None or case.person.id != tap.user.id:
        return words.OLD_BUTTON
    known = await casebook.signals_of(tx, case_id)
    if all(signal.message_id != message_id for signal in known):
        return words_member.WITHDRAW_GONE
    chat = await chats.get(tx, case.chat_id)
    if chat is None or not chat.can_delete:
        return words_member.WITHDRAW_IMPOSSIBLE
    row = Outgoing(
        dedupe=f"withdraw:{case_id}:{message_id}",
        lane=Lane.TAP,
        chat_id=case.chat_id,
        method=DELETE,
        payload={"message_id": message_id},
        case_id=case_id,
    )
    await outbox.put(tx, row)
    await audit.record(tx, tx.sealer.hash_id(tap.user.id), "withdrew", case_id)
    return words_member.WITHDRAWN


async def _own(tx: Transaction, tap: Tap, case_id: int) -> int:
    """The case, if it is about the one who taps; else none."""
    case = await casebook.get(tx, case_id) if case_id else None
    own = case is not None and case.person is not None and case.person.id == tap.user.id
    return case_id if own else 0


async def _keep(tx: Transaction, user_id: int, form: Statement) -> None:
    await forms.keep(tx, user_id, Form(KIND, vars(form)))


async def _say(
    tx: Transaction, user_id: int, text: str, rows: list[list[dict[str, str]]], dedupe: str
) -> None:
    row = Outgoing(
        dedupe=f"statement:{user_id}:{dedupe}",
        lane=Lane.ANSWER,
        chat_id=user_id,
        method="sendMessage",
        payload={"text": text, "reply_markup": {"inline_keyboard": rows}},
    )
    await outbox.put(tx, row)


def _question(form: Statement) -> str:
    return words_member.STATEMENT_STEPS[form.step]


def _rows(form: Statement) -> list[list[dict[str, str]]]:
    row = [{"text": words_member.BUTTON_SKIP, "callback_data": "fo:skip"}]
    if form.at:
        row.append({"text": words_member.BUTTON_BACK_STEP, "callback_data": "fo:back"})
    return [row, [{"text": words_member.BUTTON_STOP, "callback_data": "fo:stop"}]]
