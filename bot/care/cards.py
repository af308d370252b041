"""What a counselor sees of a plan of follow-up, and what a member is asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot import words
from bot.posing import warning
from bot.readers import ours
from bot.showing import safe_name
from bot.words import care
from moderation.followup import Consent, ContactState, PlanState
from moderation.storage.casebook import Case
from moderation.storage.followups import Contact, Plan

Rows = list[list[dict[str, str]]]
HEAD = {
    PlanState.OFFERED: care.PLAN_OFFER,
    PlanState.ACCEPTED: care.PLAN_ACCEPTED,
    PlanState.DECLINED: care.PLAN_DECLINED,
    PlanState.STOPPED: care.PLAN_STOPPED,
}


def plan_card(
    case: Case, plan: Plan, contacts: Sequence[Contact], zone: ZoneInfo
) -> dict[str, Any]:
    """The plan as it stands, with buttons to change it."""
    lines = [HEAD[plan.state].format(who=who(case)), care.CONSENT_LINE[plan.consent]]
    if plan.state is PlanState.ACCEPTED:
        lines += [f"{day(one, zone)}（{step(one)}）：{standing(one)}" for one in contacts]
    return message("\n".join(lines), _plan_buttons(plan, contacts, zone))


def due_card(case: Case, plan: Plan, due: Contact, before: Contact | None) -> dict[str, Any]:
    """It is time to ask after somebody."""
    last = care.DUE_LAST.format(state=standing(before)) if before is not None else ""
    text = care.DUE.format(who=who(case), step=step(due), last=last)
    rows = [
        [_button(care.BUTTON_MADE, f"fc:{due.id}:made")],
        [
            _button(care.BUTTON_TOMORROW, f"fc:{due.id}:tomorrow"),
            _button(care.BUTTON_SKIP, f"fc:{due.id}:skip"),
        ],
    ]
    if plan.consent is Consent.UNASKED and case.person is not None and case.person.writable:
        rows.append([_button(care.BUTTON_ASK_CONSENT, f"f:{case.id}:ask")])
    return message(text, rows)


def many_card(due: Sequence[tuple[Case, Contact]]) -> dict[str, Any]:
    """Several people to ask after at once, a button each."""
    rows = [
        [_button(f"{plain_name(case)}（{step(one)}）", f"fc:{one.id}:show")] for case, one in due
    ]
    return message(care.DUE_MANY.format(count=len(due)), rows)


def settled_card(case: Case, one: Contact) -> dict[str, Any]:
    """What was asked of the counselor is done."""
    text = care.DUE_SETTLED.format(who=who(case), step=step(one), state=standing(one))
    return message(text, [])


def consent_payload(case: Case) -> dict[str, Any]:
    """May we ask after you?"""
    row = [
        _button(care.BUTTON_CONSENT_YES, f"fm:{case.id}:yes"),
        _button(care.BUTTON_CONSENT_NO, f"fm:{case.id}:no"),
    ]
    text = care.CONSENT.format(holder=holder(case))
    return ours({"text": text, "reply_markup": {"inline_keyboard": [row]}}, keep=holder(case))


def note_payload(case: Case, due: Contact, note: str) -> dict[str, Any]:
    """A caring note, with answers of one tap."""
    rows = [
        [
            _button(care.BUTTON_OK, f"fn:{due.id}:ok"),
            _button(care.BUTTON_LOW, f"fn:{due.id}:low"),
        ],
        [_button(care.BUTTON_TALK, f"h:{case.id}")],
        [_button(care.BUTTON_NO_MORE, f"fm:{case.id}:stop")],
    ]
    text = care.NOTE[note].format(holder=holder(case))
    return ours({"text": text, "reply_markup": {"inline_keyboard": rows}}, keep=holder(case))


def human_payload(case: Case, text: str) -> dict[str, Any]:
    """Words with a way to a human."""
    rows = [
        [_button(words.BUTTON_HUMAN, f"h:{case.id}")],
        [_button(words.BUTTON_NUMBERS, "n")],
    ]
    return ours({"text": text, "reply_markup": {"inline_keyboard": rows}})


def who(case: Case) -> str:
    """The member, as a link where there can be a private chat."""
    if case.person is None:
        return words.SOMEBODY
    name = safe_name(case.person.name)
    if case.person.writable:
        name = f'<a href="tg://user?id={case.person.id}">{name}</a>'
    return name + warning(case.person.name)


def plain_name(case: Case) -> str:
    """The member's name for a button, where nothing is markup."""
    return case.person.name[:20] if case.person is not None else words.SOMEBODY


def holder(case: Case) -> str:
    """Who has been with her, as she may be told."""
    return case.holder_name or words.THIS_COUNSELOR


def step(one: Contact) -> str:
    """Which of the contacts it is."""
    return care.STEP[one.step - 1]


def day(one: Contact, zone: ZoneInfo) -> str:
    """When it is due, as staff read it."""
    return one.due_at.astimezone(zone).strftime("%m-%d %H:%M")


def standing(one: Contact) -> str:
    """Where a contact stands, in words; what was answered is HTML-safe."""
    return care.CONTACT_STATE[one.state].format(answer=escape(one.answer or ""))


def message(text: str, rows: Rows) -> dict[str, Any]:
    """A message in HTML with buttons."""
    return {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": rows},
    }


def _plan_buttons(plan: Plan, contacts: Sequence[Contact], zone: ZoneInfo) -> Rows:
    case_id = plan.case_id
    if plan.state in {PlanState.DECLINED, PlanState.STOPPED}:
        return [[_button(care.BUTTON_AGAIN, f"f:{case_id}:again")]]
    days = [
        [_button(f"{_mark(one)} {step(one)}　{day(one, zone)}", f"f:{case_id}:t{one.step}")]
        for one in contacts
        if one.state in {ContactState.PLANNED, ContactState.OFF}
    ]
    if plan.state is PlanState.ACCEPTED:
        ask = [[_button(care.BUTTON_ASK_CONSENT, f"f:{case_id}:ask")]]
        unasked = plan.consent is Consent.UNASKED
        stop = [[_button(care.BUTTON_STOP_PLAN, f"f:{case_id}:stop")]]
        return [*days, *(ask if unasked else []), *stop]
    return [
        *days,
        [_button(care.BUTTON_ACCEPT, f"f:{case_id}:go")],
        [_button(care.BUTTON_ACCEPT_ASK, f"f:{case_id}:goask")],
        [_button(care.BUTTON_DECLINE, f"f:{case_id}:no")],
    ]


def _mark(one: Contact) -> str:
    return "☐" if one.state is ContactState.OFF else "☑"


def _button(text: str, data: str) -> dict[str, str]:
    return {"text": text, "callback_data": data}
