"""What members write: judged, remembered where it must be, answered where it helps."""

from __future__ import annotations

from telegram import Update
from telegram.ext import ContextTypes

from bot import metrics
from bot.advice.finding import find, prompted
from bot.alerting import pictures
from bot.alerting.calls import CARD
from bot.alerting.contact import ASK
from bot.care.followup import asked_since, bring_back
from bot.control import rules
from bot.door.incoming import from_update
from bot.hearing import owing
from bot.hearing.watching import watch
from bot.members.alone import help_along
from bot.members.answers import answer
from bot.services import Services, services_of
from bot.spirals import stories
from bot.spirals.grounding import ground
from bot.staff import appealing, statement
from bot.staff.handover import take_line
from bot.taps import moderators_sit_in
from moderation.cases import CaseState
from moderation.policy import decide, judge
from moderation.storage import (
    Transaction,
    casebook,
    chats,
    forms,
    group_settings,
    outbox,
    people,
    sightings,
)
from moderation.storage.casebook import Case, Person
from moderation.storage.chats import Chat
from moderation.storage.group_settings import GroupSettings
from moderation.storage.people import Role
from moderation.vocabulary import (
    Allegation,
    CaseKind,
    ChatPolicy,
    Excerpt,
    Message,
    Scores,
    SenderKind,
    Sensitivity,
)

IN_HAND = {CaseState.CLAIMED, CaseState.CONTACTED}
DRAWS_CONCLUSIONS = {Allegation.UNVERIFIED, Allegation.INSULT}


async def on_message(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
    """Any message, caption, edit, poll… of a group or a private chat."""
    services = services_of(context)
    message = from_update(update)
    if message is None or message.sender.kind is SenderKind.BOT:
        return
    if await _said_how(services, update, message) or await take_line(services, update, message):
        return
    if await is_moderators(services, message.chat_id):
        await rules.take(services, update, message)
        return
    scores = await score(services, message)
    hits = await find(services, message.text) if message.private and not message.edited else []
    async with services.work(update) as tx:
        waits = await owing.keep(services, tx, update, message, scores)
        found = await handle(services, tx, update, message, scores, counted=not waits)
        if not message.private or found or message.edited:
            return
        if await _fills_in(services, tx, update, message, scores):
            return
        if not await _belongs_somewhere(services, tx, message):
            await help_along(services, tx, message, scores, hits)


async def is_moderators(services: Services, chat_id: int) -> bool:
    """Whether a chat is one in which moderators work: it is not watched itself."""
    places = group_settings.known_places(services.database)
    if places is not None:
        return chat_id == services.alerts.calls.moderator_chat or chat_id in places
    async with services.database.reading() as tx:
        return await moderators_sit_in(services, tx, chat_id)


async def _said_how(services: Services, update: Update, message: Message) -> bool:
    """A line with which the staff answer a card or a question: how contact was made."""
    if message.reply_to is None or message.edited or not message.text.strip():
        return False
    async with services.database.reading() as tx:
        case = await _answered_case(services, tx, message)
    if case is None:
        return False
    async with services.work(update) as tx:
        case = await casebook.get(tx, case.id) or case
        said = await services.alerts.note_how(tx, case, message.text, message.sender.id)
        dedupe = f"how:{update.update_id}"
        await answer(tx, message.chat_id, message.thread_id, {"text": said}, dedupe)
    return True


async def _answered_case(services: Services, tx: Transaction, message: Message) -> Case | None:
    """The crisis in somebody's hands whose card this answers, if the writer is of the staff."""
    here = await moderators_sit_in(services, tx, message.chat_id)
    if not here and not (message.private and await people.roles_of(tx, message.sender.id)):
        return None
    assert message.reply_to is not None
    for purpose in (CARD, ASK):
        number = await outbox.card_at(tx, message.chat_id, message.reply_to, purpose)
        case = await casebook.get(tx, number) if number is not None else None
        if case is not None and case.kind is CaseKind.CRISIS:
            return case if case.standing.state in IN_HAND else None
    return None


async def _fills_in(
    services: Services, tx: Transaction, update: Update, message: Message, scores: Scores
) -> bool:
    """Whether this is an answer to a form that the member is filling in."""
    form = await forms.newest(tx, message.sender.id)
    if form is None or prompted(message.answered):
        return False
    if form.touched_at and await asked_since(tx, message.sender.id, form.touched_at):
        return False
    dedupe = f"answer:{update.update_id}"
    if form.kind == statement.KIND:
        verdict = judge(scores, services.points[Sensitivity.BALANCED])
        risky = verdict.allegation in DRAWS_CONCLUSIONS
        await statement.take(tx, message.sender.id, message.text, risky, dedupe)
        return True
    if form.kind == appealing.KIND:
        sender = message.sender
        person = Person(sender.id, sender.name, username=sender.username)
        await appealing.take(services, tx, person, message.text, dedupe)
        return True
    return False


async def score(services: Services, message: Message) -> Scores:
    """The scores of a message, read with what was said before it."""
    metrics.MESSAGES.inc()
    context = services.recent.before(message)
    services.recent.hear(message)
    return await services.scorer.score(Excerpt(message.text, context))


async def handle(
    services: Services,
    tx: Transaction,
    update: Update,
    message: Message,
    scores: Scores,
    *,
    counted: bool = True,
    again: bool = False,
) -> bool:
    """Decide, and store all that follows; whether a crisis was found.

    `counted` is False for a message that was counted when it came, as when somebody reports it; `again`
    is True for one that was judged before, by safe words alone.
    """
    counted = counted and not message.edited
    chat = None if message.private else await known_chat(services, tx, update)
    wanted = await group_settings.of_group(tx, message.chat_id)
    thresholds = services.points[chat.sensitivity if chat else Sensitivity.BALANCED]
    if counted and chat is not None and message.sender.kind is SenderKind.MEMBER:
        await sightings.note(tx, chat.chat_id, message.sender.id)
    event = None
    if counted and chat is not None and message.text:
        event = await watch(services, tx, chat, message, scores, wanted)
    policy = await _policy(services, tx, chat, wanted, message)
    decision = decide(message, scores, thresholds, policy, event)
    for finding in decision.findings:
        metrics.FINDINGS.labels(finding.kind, finding.level).inc()
        story = None
        if event is not None and finding.kind is CaseKind.SPIRAL:
            story = await stories.begin(tx, message, event)
        case = await services.alerts.act_on(tx, message, finding, story, again=again)
        if story is not None:
            await ground(services, tx, case, story)
    if not decision.findings:
        await pictures.join_album(tx, message)
    if message.edited and not decision.findings:
        await services.alerts.note_edit(tx, message)
    return any(finding.kind is CaseKind.CRISIS for finding in decision.findings)


async def known_chat(services: Services, tx: Transaction, update: Update) -> Chat:
    """The stored group of an update; made, with a day of rehearsal, when it is new."""
    source = update.effective_chat
    assert source is not None
    chat, new = await chats.ensure(tx, source.id, source.type, source.title or "", source.username)
    if new:
        await chats.change(tx, source.id, sensitivity=services.settings.sensitivity)
    return chat


async def _policy(
    services: Services,
    tx: Transaction,
    chat: Chat | None,
    wanted: GroupSettings,
    message: Message,
) -> ChatPolicy:
    return ChatPolicy(
        muted_kinds=wanted.muted,
        unspoken=wanted.unspoken,
        ideation_to_moderators=wanted.ideation_to_moderators,
        sensitivity=chat.sensitivity if chat else Sensitivity.BALANCED,
        rehearsing=bool(chat and chat.rehearsing(tx.now)),
        has_counselors=bool(await people.holders(tx, Role.COUNSELOR)),
        has_moderators=services.alerts.calls.moderator_chat is not None,
        private=message.private,
    )


async def _belongs_somewhere(services: Services, tx: Transaction, message: Message) -> bool:
    """Whether a human waits for what a member writes in private; then it was brought there."""
    if await services.alerts.note_private(tx, message):
        return True
    return await bring_back(services, tx, message)
