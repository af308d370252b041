"""What a moderator or counselor sees of a case. Pure: a view in, a message out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot import words
from bot.alerting.buttons import keyboard
from bot.alerting.cardview import Aside, CardView, Done
from bot.markup import plain_text, units
from bot.posing import member_name, warning
from bot.showing import NAME, safe_name, safe_text
from bot.words import duty as words_duty
from bot.words import handover as words_handover
from bot.words import kept as words_kept
from bot.words import spirals as words_spirals
from bot.words import steps as words_steps
from moderation.cases import CaseState
from moderation.policy import CRISIS_REASON
from moderation.storage.casebook import Case, Person, Signal
from moderation.vocabulary import CaseKind, Crisis, Subject

EXCERPT = 280
REASON = 120
MOST_REASONS = 3
HEADLINE_AGAIN = frozenset(CRISIS_REASON.values())
"""Grounds that say no more than the headline; shown only where there is no other."""
SHOWN_SIGNALS = 3
SHOWN_ACTS = 5
BRIEF, BRIEF_TITLE, BRIEF_NAME, BRIEF_ACTS = 120, 30, 12, 3
"""The same where the card is the caption of a picture."""
CAPTION = 1000
"""UTF-16 units that fit under a picture, with a little room."""


def render(view: CardView) -> dict[str, Any]:
    """The payload of sendMessage and editMessageText."""
    text = "\n".join(part for part in _parts(view) if part)
    if view.aside is not None and units(plain_text(text)) > CAPTION:
        text = "\n".join(part for part in _parts(replace(view, signals=())) if part)
    return {
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {"inline_keyboard": keyboard(view)},
    }


def state_line(case: Case) -> str:
    """Where the case stands, and with whom."""
    who = safe_name(case.holder_name) if case.holder_name else "有人"
    how = f"：{safe_text(case.how)}" if case.how and case.standing.state.live else ""
    states = words_spirals.STATE if case.kind is CaseKind.SPIRAL else words.STATE
    state = case.standing.state
    return states.get(state, words.STATE[state]).format(who=who) + how


def _parts(view: CardView) -> list[str]:
    if view.aside is not None:
        return _parts_of_spiral(view, view.aside)
    case = view.case
    return [
        _why_again(view),
        _headline(case),
        _who(view),
        *[_excerpt(view, signal) for signal in view.signals[-SHOWN_SIGNALS:]],
        _why(view),
        _history(view),
        words.RULE.format(rule=safe_text(view.rule)) if view.rule else "",
        view.word,
        *_what_was_done(view),
        _what_to_do(case),
        f"现在：{state_line(case)}",
        words.REHEARSAL if case.rehearsal else "",
    ]


def _parts_of_spiral(view: CardView, aside: Aside) -> list[str]:
    """Short, for it stands under a picture; those in danger come first."""
    return [
        _why_again(view),
        f"<b>{words_spirals.HEADLINE_OVER}</b>" if aside.over else _headline(view.case),
        *aside.dangers,
        f"「{safe_text(view.chat_title[:BRIEF_TITLE])}」",
        *aside.who,
        *[_excerpt(view, signal, BRIEF) for signal in view.signals[-1:]],
        aside.why,
        aside.steps,
        *[_did(view, done, BRIEF_NAME) for done in view.done[-BRIEF_ACTS:]],
        f"现在：{state_line(view.case)}",
        words.REHEARSAL if view.case.rehearsal else "",
    ]


def _why_again(view: CardView) -> str:
    if view.held_minutes:
        who = safe_name(view.case.holder_name or words_duty.SOMEBODY)
        return words_duty.HELD_LONG.format(who=who, minutes=view.held_minutes)
    if not view.called:
        return ""
    waits = view.case.standing.state is CaseState.OPEN
    return (words.CALL_AGAIN if waits else words.CALLED_IN_VAIN).format(count=view.called + 1)


def _what_to_do(case: Case) -> str:
    """The next step, until somebody has made contact or closed it."""
    state = case.standing.state
    if state not in {CaseState.OPEN, CaseState.CLAIMED}:
        return ""
    if case.kind is not CaseKind.CRISIS:
        step = words_steps.ELSE.get(case.kind, "")
        return step and words_steps.HEAD + step
    step = words_steps.ASKED if case.asked else words_steps.CRISIS[case.level, case.subject]
    first = words_steps.TAKE if state is CaseState.OPEN else ""
    return words_steps.HEAD + first + step


def _what_was_done(view: CardView) -> list[str]:
    """Who did what when, the last few."""
    return [_did(view, done) for done in view.done[-SHOWN_ACTS:]]


def _did(view: CardView, done: Done, longest: int = NAME) -> str:
    line = words_duty.HISTORY.format(
        at=done.act.at.astimezone(view.zone).strftime("%H:%M"),
        who=safe_name(done.act.actor_name[:longest]),
        what=words_duty.DID[done.act.kind],
    )
    if done.act.line:
        line += words_handover.LINE.format(line=safe_text(done.act.line))
    if done.act.undone:
        return line + words_duty.UNDONE
    if done.failed:
        return line + words_duty.FAILED
    later = words_duty.NOT_YET.format(seconds=done.in_seconds)
    return line + later if done.in_seconds else line


def _headline(case: Case) -> str:
    """What in one line; certainty only where the bot judged."""
    if case.asked:
        also = "" if case.level == Crisis.IDEATION else words.HEADLINE[case.kind, case.level]
        return f"<b>{words.HEADLINE_ASKED}</b>　{also}".rstrip("　")
    sure = "" if case.kind is CaseKind.REPORT else f"　{case.certainty}"
    return f"<b>{words.HEADLINE[case.kind, case.level]}</b>{sure}"


def _who(view: CardView) -> str:
    place = f"「{safe_text(view.chat_title)}」" if view.chat_title else "私聊"
    person = view.case.person
    if person is None:
        return place
    linked = _linked(view, person)
    if view.case.subject is Subject.OTHER:
        meant = view.case.endangered
        if meant is None:
            return f"{place}{words.ABOUT_OTHER.format(name=linked)}"
        return f"{place}{words.ABOUT_MEMBER.format(who=_linked(view, meant), name=linked)}"
    return f"{linked}　{place}"


def _linked(view: CardView, person: Person) -> str:
    """A name that opens the account."""
    name = safe_name(person.name)
    linked = f'<a href="tg://user?id={person.id}">{name}</a>' if person.writable else name
    if person.username:
        linked += f" @{safe_text(person.username)}"
    return linked + warning(person.name, view.staff)


def _excerpt(view: CardView, signal: Signal, longest: int = EXCERPT) -> str:
    at = signal.at.astimezone(view.zone).strftime("%H:%M")
    parts = (
        _by_another(view, signal),
        safe_text(signal.note),
        words.EDITED if signal.edited else "",
    )
    marks = "，".join(part for part in parts if part)
    head = f"{at}（{marks}）" if marks else at
    no_words = words_kept.faded() if signal.faded else words.NO_WORDS
    body = _marked(signal, longest) if signal.excerpt else no_words
    if view.veiled and signal.excerpt:
        body = f"<tg-spoiler>{body}</tg-spoiler>"
    return f"{head}\n<blockquote>{body}</blockquote>"


def _by_another(view: CardView, signal: Signal) -> str:
    """Who said it, where that is another than the one whose name stands above."""
    teller, person = signal.teller, view.case.person
    if teller is None or (person is not None and person.id == teller.id):
        return ""
    return words.TOLD_BY.format(name=member_name(teller.name, view.staff))


def _marked(signal: Signal, longest: int) -> str:
    """The excerpt around its first decisive phrase, the phrases underlined."""
    text = _around(signal.excerpt, signal.phrases, longest)
    phrases = sorted({p for p in signal.phrases if p and p in text}, key=len, reverse=True)
    if not phrases:
        return safe_text(text)
    pieces = re.split("(" + "|".join(re.escape(p) for p in phrases) + ")", text)
    return "".join(
        f"<b><u>{safe_text(p)}</u></b>" if p in phrases else safe_text(p) for p in pieces
    )


def _around(text: str, phrases: Sequence[str], longest: int) -> str:
    if len(text) <= longest:
        return text
    places = [text.find(phrase) for phrase in phrases if phrase in text]
    start = max(0, min(places, default=0) - longest // 3)
    piece = text[start : start + longest]
    return ("…" if start else "") + piece + ("…" if start + longest < len(text) else "")


def _why(view: CardView) -> str:
    asked = (
        one.asked_by.name + warning(one.asked_by.name, view.staff)
        for one in view.signals
        if one.asked_by
    )
    reasons = dict.fromkeys(words.REPORTED_BY.format(name=name) for name in asked)
    reasons |= dict.fromkeys(reason for signal in view.signals for reason in signal.reasons)
    if len(reasons) > 1:
        reasons.pop(words.REPORTED, None)
    exact = [reason for reason in reasons if reason not in HEADLINE_AGAIN]
    shown = [reason[:REASON] for reason in (exact or list(reasons))[:MOST_REASONS]]
    return f"凭什么：{safe_text('；'.join(shown))}" if shown else ""


def _history(view: CardView) -> str:
    if view.case.whose is None:
        return ""
    more = len(view.signals) - SHOWN_SIGNALS
    here = f"，这次一共 {len(view.signals)} 条" if more > 0 else ""
    before = words.EARLIER.format(count=view.earlier) if view.earlier else words.FIRST_TIME
    return "　".join(part for part in (_since(view), f"{before}{here}") if part)


def _since(view: CardView) -> str:
    """For how long she is known in the group."""
    if view.days is None:
        return ""
    if view.since_before:
        return words.SINCE_BEFORE
    return words.SINCE_DAYS.format(count=view.days) if view.days else words.SINCE_TODAY
