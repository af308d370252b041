"""Commands of members, in groups and in private, and the start of a private chat."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import telegram
from telegram import Update
from telegram.ext import ApplicationHandlerStop, ContextTypes

from bot import words
from bot.advice import finding
from bot.advice.library import shelf_of
from bot.advice.pages import home_payload, page_payload, section_payload
from bot.alerting.cardview import ActKind
from bot.alerting.views import GUIDE, WORD
from bot.door.incoming import from_update, message_of, sender_of, thread_of
from bot.hearing import owing
from bot.hearing.messages import handle, is_moderators, known_chat, score
from bot.members.answers import answer, way_in
from bot.mine.commands import privacy_payload
from bot.services import Services, services_of
from bot.staff import statement
from bot.words import care, privacy
from bot.words import member as words_member
from moderation.storage import Transaction, acts, casebook, people, rates, spoken
from moderation.storage.outbox import Lane
from moderation.vocabulary import (
    Action,
    ActionKind,
    CaseKind,
    Certainty,
    Excerpt,
    Finding,
    Message,
    Reason,
    SenderKind,
    Subject,
)
from resources import Section

TALK = "talk_"
NOTE = "note_"
NOTES = {ActKind.COMFORT, ActKind.PAGES, ActKind.REMIND}
DEEP_LINK = re.compile("[A-Za-z0-9_-]{1,64}")
PAGE = "page_"
REPORT_MOST, REPORT_PER = 5, timedelta(minutes=30)
"""So many reports of one member are cards; danger in a reported message is always acted on."""
SECTION_OF = {"rights": Section.RIGHTS, "psych": Section.MIND}
INTRO = {Section.RIGHTS: words.RIGHTS, Section.MIND: words.PSYCH}


async def on_start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/start, perhaps through a deep link."""
    services = services_of(context)
    source = update.effective_message
    if source is None:
        return
    private = source.chat.type == "private"
    async with services.work(update) as tx:
        if private and source.from_user is not None:
            await people.note_writable(tx, source.from_user.id, writable=True)
        target = context.args[0] if context.args else ""
        if not private:
            payload = way_in(services.bot_username, words.HELP_IN_GROUP, "help")
            await _answer(tx, update, source, payload)
            return
        if target == statement.KIND and source.from_user is not None:
            await statement.begin(tx, source.from_user.id, 0, f"command:{update.update_id}")
            return
        case = await _own_case(tx, target, source.from_user)
        word = await _waiting_word(services, tx, target, case, source.from_user)
        if case is not None and word is not None:
            dedupe = f"command:{update.update_id}"
            purpose = GUIDE if _is_teller(case, source.from_user) else WORD
            await answer(tx, source.chat.id, None, word, dedupe, Lane.CRISIS, purpose, case.id)
            return
        payload, lane = await _opening(services, tx, case, target)
        await _answer(tx, update, source, payload, lane)


async def on_help(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/help"""
    await _reply(update, context, home_payload(), words.HELP_IN_GROUP, "help")


async def on_section(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/rights and /psych"""
    services = services_of(context)
    section = SECTION_OF[_command(update)]
    async with services.database.reading() as tx:
        payload = section_payload(await shelf_of(services, tx), section, INTRO[section])
    await _reply(update, context, payload, words.SECTION_IN_GROUP, section.value)


async def on_sos(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/sos goes before everything else."""
    await _reply(update, context, _sos(), words.SOS_IN_GROUP, "sos", Lane.CRISIS)


async def on_privacy(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/privacy"""
    await _reply(update, context, privacy_payload(), privacy.PRIVACY_IN_GROUP, "privacy")


async def on_statement(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/statement: the guided form, in private."""
    services = services_of(context)
    source = update.effective_message
    if source is None or source.from_user is None:
        return
    async with services.work(update) as tx:
        if source.chat.type == "private":
            await statement.begin(tx, source.from_user.id, 0, f"command:{update.update_id}")
        else:
            payload = way_in(services.bot_username, words_member.STATEMENT_IN_GROUP, statement.KIND)
            await _answer(tx, update, source, payload)


async def on_report(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """/report as a reply: moderators see the message; danger in it is treated as danger."""
    services = services_of(context)
    source = update.effective_message
    if source is None:
        return
    reported = source.reply_to_message
    if reported is None or source.chat.type == "private":
        async with services.work(update) as tx:
            await _answer(tx, update, source, {"text": words.REPORT_HOW})
        return
    message = message_of(reported)
    scores = await services.scorer.score(Excerpt(message.text)) if message else None
    async with services.work(update) as tx:
        await known_chat(services, tx, update)
        if message is None or scores is None:
            text = words.REPORT_HOW
        elif await handle(services, tx, update, message, scores, counted=False):
            text = words.REPORT_DONE
        else:
            text = await _report(services, tx, source, message)
        await _answer(tx, update, source, {"text": text})


async def on_words_of_command(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """What stands behind a command is judged like any message, before the command is answered."""
    services = services_of(context)
    message = from_update(update)
    said = message.text.split(maxsplit=1) if message else []
    if message is None or len(said) < 2 or await is_moderators(services, message.chat_id):
        return
    if _command(update) == "start" and DEEP_LINK.fullmatch(said[1]):
        return
    scores = await score(services, message)
    async with services.database.transaction() as tx:
        waits = await owing.keep(services, tx, update, message, scores)
        found = await handle(services, tx, update, message, scores, counted=not waits)
    services.outbox.wake()
    if found and _command(update) in finding.COMMANDS:
        raise ApplicationHandlerStop  # somebody in danger gets no list of pages


async def _report(
    services: Services, tx: Transaction, source: telegram.Message, message: Message
) -> str:
    known = await casebook.of_message(tx, message.chat_id, message.message_id)
    if any(case.standing.state.live for case in known):
        return words.REPORT_TWICE
    reporter = sender_of(source)
    if reporter and not await rates.allow(tx, "report", reporter.id, REPORT_MOST, REPORT_PER):
        return care.REPORT_OFTEN
    finding = Finding(
        kind=CaseKind.REPORT,
        level="asked",
        subject=Subject.NONE,
        certainty=Certainty.UNSURE,
        reasons=(Reason(words.REPORTED),),
        actions=(Action(ActionKind.ALERT_MODERATORS),),
        asked_by=reporter if reporter and reporter.kind is SenderKind.MEMBER else None,
    )
    await services.alerts.act_on(tx, message, finding)
    return words.REPORT_DONE


async def _waiting_word(
    services: Services,
    tx: Transaction,
    target: str,
    case: casebook.Case | None,
    user: telegram.User | None,
) -> dict[str, Any] | None:
    """The word for which a door was opened in the group, while it is still of use."""
    if case is None or not target.startswith(TALK) or not case.standing.state.live:
        return None
    assert user is not None
    teller = _is_teller(case, user)
    return await services.alerts.kindness.word(tx, case, user.id, teller=teller)


def _is_teller(case: casebook.Case, user: telegram.User | None) -> bool:
    """Whether she speaks of somebody else in danger, not of herself."""
    own = user is not None and case.person is not None and case.person.id == user.id
    return case.subject is Subject.OTHER or not own


async def _opening(
    services: Services, tx: Transaction, case: casebook.Case | None, target: str
) -> tuple[dict[str, Any], Lane]:
    """What a private chat opens with: by deep link a note, a page, a section; else the menu."""
    if case is not None and target.startswith(TALK):
        return {**_sos(), "text": words.DOOR_LATE}, Lane.CRISIS
    note = await _waiting_note(services, tx, case) if case is not None else None
    if note is not None:
        return note, Lane.TAP
    if target == "sos":
        return _sos(), Lane.CRISIS
    if target == "privacy":
        return privacy_payload(), Lane.ANSWER
    if target == "ask":
        return finding.prompt(), Lane.ANSWER
    shelf = await shelf_of(services, tx)
    page = shelf.page(target.removeprefix(PAGE))
    shown = page_payload(shelf, page) if page is not None else None
    if shown is not None:
        return shown, Lane.ANSWER
    if target in {section.value for section in Section}:
        section = Section(target)
        return section_payload(shelf, section, INTRO.get(section, "")), Lane.ANSWER
    return {**home_payload(), "text": words.START}, Lane.ANSWER


async def _waiting_note(
    services: Services, tx: Transaction, case: casebook.Case
) -> dict[str, Any] | None:
    """The last note that a moderator meant for her."""
    meant = [a for a in await acts.of_case(tx, case.id) if a.kind in NOTES and not a.undone]
    if not meant:
        return None
    return await services.acting.letter(tx, case, ActKind(meant[-1].kind))


async def _own_case(
    tx: Transaction, target: str, user: telegram.User | None
) -> casebook.Case | None:
    """The case that a deep link names, if the one who follows it is in danger or told of it."""
    number = re.fullmatch(f"(?:{TALK}|{NOTE})([0-9]{{1,12}})", target)
    if number is None or user is None:
        return None
    case = await casebook.get(tx, int(number[1]))
    own = case is not None and case.person is not None and case.person.id == user.id
    if case is not None and not own and target.startswith(TALK):
        own = user.id in await spoken.tellers(tx, case.id)
    return case if own else None


async def _reply(
    update: Update,
    context: ContextTypes.DEFAULT_TYPE,
    payload: dict[str, Any],
    short: str,
    target: str,
    lane: Lane = Lane.ANSWER,
) -> None:
    """The whole answer in private; in a group a short one with a button to read on."""
    services = services_of(context)
    source = update.effective_message
    if source is None:
        return
    async with services.work(update) as tx:
        if source.chat.type != "private":
            payload = way_in(services.bot_username, short, target)
        await _answer(tx, update, source, payload, lane)


async def _answer(
    tx: Transaction,
    update: Update,
    source: telegram.Message,
    payload: dict[str, Any],
    lane: Lane = Lane.ANSWER,
) -> None:
    if source.chat.type != "private":
        reply = {"message_id": source.message_id, "allow_sending_without_reply": True}
        payload = {**payload, "reply_parameters": reply}
    dedupe = f"command:{update.update_id}"
    await answer(tx, source.chat.id, thread_of(source), payload, dedupe, lane)


def _sos() -> dict[str, Any]:
    rows = [
        [{"text": words.BUTTON_HUMAN, "callback_data": "h:0"}],
        [{"text": words.BUTTON_NUMBERS, "callback_data": "n"}],
    ]
    return {"text": words.SOS, "reply_markup": {"inline_keyboard": rows}}


def _command(update: Update) -> str:
    source = update.effective_message
    text = source.text if source is not None and source.text else ""
    return text.split(maxsplit=1)[0].removeprefix("/").partition("@")[0].lower() if text else ""
