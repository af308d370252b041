"""A member's appeal: asked in private, shown to another moderator than the one who acted, answered."""

from __future__ import annotations

from typing import Any

from bot import words
from bot.alerting.cardview import ActKind
from bot.alerting.loudness import place_of
from bot.posing import member_name
from bot.readers import ours
from bot.services import Services
from bot.showing import safe_name, safe_text
from bot.taps import Tap, is_number, may_moderate
from bot.words import duty as words_duty
from bot.words import member as words_member
from moderation.storage import (
    Transaction,
    acts,
    appeals,
    audit,
    casebook,
    duty,
    forms,
    outbox,
    people,
)
from moderation.storage.acts import Act
from moderation.storage.appeals import Appeal, Verdict
from moderation.storage.casebook import Case, Person
from moderation.storage.forms import Form
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role

KIND = "appeal"
APPEALABLE = {ActKind.DELETE, ActKind.MUTE, ActKind.REMIND}
LONGEST = 1000
EXCERPT = 280
ANSWER = {
    Verdict.UPHELD: words_member.APPEAL_UPHELD,
    Verdict.LIFTED: words_member.APPEAL_LIFTED,
}
STATE = {Verdict.UPHELD: words_duty.APPEAL_UPHELD, Verdict.LIFTED: words_duty.APPEAL_LIFTED}


async def react(services: Services, tx: Transaction, tap: Tap) -> str:
    """«申诉», and the buttons of the question that follows."""
    match tap.args:
        case (case_id,) if is_number(case_id):
            return await _ask(tx, tap, int(case_id))
        case ("send", case_id) if is_number(case_id):
            return await _send(services, tx, tap, int(case_id))
        case ("stop",):
            await forms.drop(tx, tap.user.id, KIND)
            return words_member.APPEAL_STOPPED
    return words.OLD_BUTTON


async def take(services: Services, tx: Transaction, person: Person, text: str, dedupe: str) -> None:
    """What the member writes after «申诉» is her reason."""
    form = await forms.read(tx, person.id, KIND)
    assert form is not None
    case = await casebook.get(tx, int(form.state["case"]))
    await forms.drop(tx, person.id, KIND)
    said = words.OLD_BUTTON
    if case is not None:
        said = await _open(services, tx, case, person, text)
    await _tell(tx, person.id, said, [], f"taken:{dedupe}")


async def decide(
    services: Services, tx: Transaction, tap: Tap, appeal_id: int, verdict: str
) -> str:
    """Another moderator's decision; the member hears it."""
    appeal = await appeals.get(tx, appeal_id)
    case = await casebook.get(tx, appeal.case_id) if appeal is not None else None
    if not await may_moderate(services, tx, tap, case):
        return words.NOT_FOR_YOU
    if appeal is None or case is None or verdict not in {Verdict.UPHELD, Verdict.LIFTED}:
        return words.OLD_BUTTON
    disputed = await _disputed(tx, case)
    if any(act.actor == tap.user.id for act in disputed):
        return words_duty.APPEAL_NOT_OWN
    decided = Verdict(verdict)
    if not await appeals.decide(tx, appeal_id, decided, tap.user.id, tap.user.full_name):
        who = safe_name(appeal.decider_name or words_duty.SOMEBODY)
        return words_duty.APPEAL_DECIDED.format(who=who)
    if decided is Verdict.LIFTED:
        await _lift(services, tx, disputed)
    text = ANSWER[decided]
    if decided is Verdict.LIFTED and any(act.kind == ActKind.DELETE for act in disputed):
        text = words_member.APPEAL_LIFTED_DELETED
    await _tell(tx, appeal.person.id, text, [], f"answer:{appeal_id}")
    actor = tx.sealer.hash_id(tap.user.id)
    await audit.record(tx, actor, f"appeal:{verdict}", case.id, {"appeal": appeal_id})
    await _redraw(services, tx, appeal_id)
    return words_duty.APPEAL_DONE


async def remind(services: Services, tx: Transaction) -> int:
    """Show appeals again that nobody looked at for a day, to owners too; how many."""
    found = await appeals.waiting(tx)
    for appeal in found:
        occasion = tx.now.date().isoformat()
        moderators = await _moderators(services, tx, appeal)
        for recipient in [*moderators, *await people.holders(tx, Role.OWNER)]:
            await _show(services, tx, appeal, recipient, occasion)
    return len(found)


async def _ask(tx: Transaction, tap: Tap, case_id: int) -> str:
    case = await _own(tx, tap, case_id)
    if case is None or not await _disputed(tx, case):
        return words.OLD_BUTTON
    known = await appeals.of_case(tx, case_id)
    if known is not None:
        waiting = known.state is Verdict.OPEN
        return words_member.APPEAL_TWICE if waiting else words_member.APPEAL_ANSWERED
    await forms.keep(tx, tap.user.id, Form(KIND, {"case": case_id}))
    rows = [
        [{"text": words_member.BUTTON_APPEAL_SEND, "callback_data": f"a:send:{case_id}"}],
        [{"text": words_member.BUTTON_APPEAL_STOP, "callback_data": "a:stop"}],
    ]
    await _tell(tx, tap.user.id, words_member.APPEAL_ASK, rows, f"ask:{tap.id}")
    return ""


async def _send(services: Services, tx: Transaction, tap: Tap, case_id: int) -> str:
    case = await _own(tx, tap, case_id)
    if case is None or case.person is None or not await _disputed(tx, case):
        return words.OLD_BUTTON
    await forms.drop(tx, tap.user.id, KIND)
    return await _open(services, tx, case, case.person, "")


async def _open(services: Services, tx: Transaction, case: Case, person: Person, text: str) -> str:
    if await appeals.of_case(tx, case.id) is not None:
        return words_member.APPEAL_TWICE
    number = await appeals.open_appeal(tx, case.id, person, text[:LONGEST])
    await audit.record(tx, tx.sealer.hash_id(person.id), "appealed", case.id)
    appeal = await appeals.get(tx, number)
    assert appeal is not None
    moderators = await _moderators(services, tx, appeal)
    for recipient in moderators or await people.holders(tx, Role.OWNER):
        await _show(services, tx, appeal, recipient, "first")
    return words_member.APPEAL_SENT


async def _disputed(tx: Transaction, case: Case) -> list[Act]:
    """What was done to the member and still stands."""
    found = await acts.of_case(tx, case.id)
    return [act for act in found if act.kind in APPEALABLE and not act.undone]


async def _own(tx: Transaction, tap: Tap, case_id: int) -> Case | None:
    case = await casebook.get(tx, case_id)
    own = case is not None and case.person is not None and case.person.id == tap.user.id
    return case if own else None


async def _lift(services: Services, tx: Transaction, disputed: list[Act]) -> None:
    for act in disputed:
        if act.kind == ActKind.MUTE and await acts.undo(tx, act.id):
            await services.acting.unmute(tx, act)


async def _moderators(services: Services, tx: Transaction, appeal: Appeal) -> list[int]:
    """The chat of those who moderate the group that the appeal is about."""
    case = await casebook.get(tx, appeal.case_id)
    group = case.chat_id if case is not None else 0
    place = await place_of(tx, group, services.alerts.calls.moderator_chat)
    return [] if place is None else [place]


async def _show(
    services: Services, tx: Transaction, appeal: Appeal, recipient: int, occasion: str
) -> None:
    payload = await _card(tx, appeal)
    topic = services.alerts.calls.topic_of(recipient)
    row = Outgoing(
        dedupe=f"appeal:{appeal.id}:{recipient}:{occasion}",
        lane=Lane.ALERT,
        chat_id=recipient,
        method="sendMessage",
        payload=payload if topic is None else {**payload, "message_thread_id": topic},
        purpose=_purpose(appeal.id),
        case_id=appeal.case_id,
    )
    await outbox.put(tx, row)


async def _redraw(services: Services, tx: Transaction, appeal_id: int) -> None:
    """Every card of the appeal says who decided, and has no buttons left."""
    appeal = await appeals.get(tx, appeal_id)
    assert appeal is not None
    for shown in await outbox.of_case(tx, appeal.case_id, _purpose(appeal_id)):
        row = Outgoing(
            dedupe=f"appealed:{shown.id}",
            lane=Lane.TAP,
            chat_id=shown.chat_id,
            method="editMessageText",
            payload=await _card(tx, appeal),
            follows=shown.id,
        )
        await outbox.put(tx, row)


async def _card(tx: Transaction, appeal: Appeal) -> dict[str, Any]:
    disputed = [act for act in await acts.of_case(tx, appeal.case_id) if act.kind in APPEALABLE]
    signals = await casebook.signals_of(tx, appeal.case_id)
    who = "、".join(dict.fromkeys(safe_name(act.actor_name) for act in disputed))
    what = "、".join(dict.fromkeys(words_duty.DID[act.kind] for act in disputed))
    excerpt = safe_text(signals[-1].excerpt[:EXCERPT]) if signals else words.NO_WORDS
    said = f"<blockquote>{safe_text(appeal.text[:EXCERPT])}</blockquote>" if appeal.text else ""
    name = member_name(appeal.person.name, await duty.names(tx))
    lines = [
        f"<b>{words_duty.APPEAL_HEAD.format(id=appeal.id)}</b>　{name}",
        words_duty.APPEAL_WHAT.format(what=what, who=who) if disputed else "",
        f"{words_duty.APPEAL_ORIGINAL}\n<blockquote>{excerpt}</blockquote>",
        f"{words_duty.APPEAL_SAYS}\n{said}" if said else words_duty.APPEAL_SILENT,
        _state(appeal, who),
    ]
    return {
        "text": "\n".join(line for line in lines if line),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": _buttons(appeal)},
    }


def _state(appeal: Appeal, who: str) -> str:
    if appeal.state is not Verdict.OPEN:
        decider = safe_name(appeal.decider_name or words_duty.SOMEBODY)
        return STATE[appeal.state].format(who=decider)
    other = words_duty.APPEAL_OTHER.format(who=who) if who else ""
    return f"{words_duty.APPEAL_WAITS}。{other}"


def _buttons(appeal: Appeal) -> list[list[dict[str, str]]]:
    if appeal.state is not Verdict.OPEN:
        return []
    pairs = (
        (words_duty.BUTTON_UPHOLD, Verdict.UPHELD),
        (words_duty.BUTTON_LIFT, Verdict.LIFTED),
    )
    return [
        [{"text": text, "callback_data": f"v:{appeal.id}:{verdict}"} for text, verdict in pairs]
    ]


async def _tell(
    tx: Transaction, user_id: int, text: str, rows: list[list[dict[str, str]]], dedupe: str
) -> None:
    row = Outgoing(
        dedupe=f"appeal:{user_id}:{dedupe}",
        lane=Lane.ANSWER,
        chat_id=user_id,
        method="sendMessage",
        payload=ours({"text": text, "reply_markup": {"inline_keyboard": rows}}),
    )
    await outbox.put(tx, row)


def _purpose(appeal_id: int) -> str:
    return f"appeal:{appeal_id}"
