"""What the bot does by itself, where a group has set it so: a calming word, a page for the most affected."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from bot.advice.library import shelf_of
from bot.advice.pages import page_button
from bot.members.kindness import human_buttons
from bot.readers import ours
from bot.services import Services
from bot.spirals.calming import next_key, put_calm
from bot.spirals.dangers import dangers_of
from bot.spirals.stories import ITSELF
from bot.staff.acting import Doer
from bot.words import spirals as said
from moderation.spiral.story import Known, Story
from moderation.storage import (
    Transaction,
    acts,
    audit,
    casebook,
    group_settings,
    outbox,
    people,
    rates,
)
from moderation.storage.casebook import Case
from moderation.storage.outbox import Lane, Outgoing
from moderation.vocabulary import CaseKind, Grounding, Subject
from resources import Page

BOT = Doer(ITSELF, said.ITSELF)
PAUSE = timedelta(minutes=30)
"""So long the bot is silent after it spoke, whatever the group's cool-down."""
PAGE = "grounding"
ONCE_A_DAY = timedelta(days=1)
OFFER = "offer"


async def ground(services: Services, tx: Transaction, case: Case, story: Story) -> None:
    """Speak to the group, and to those who sink the most, as far as the group wants it.

    Never in a rehearsal, nor while anybody of this group is in danger and waits for a human.
    """
    wanted = await group_settings.of_group(tx, case.chat_id)
    if wanted.grounding is Grounding.OFF or case.rehearsal:
        return
    if await dangers_of(tx, case.chat_id, story):
        return
    pause = max(PAUSE, timedelta(minutes=wanted.cool_down))
    if not await rates.allow(tx, "calm", case.chat_id, 1, pause):
        return
    key = await next_key(tx, case.chat_id)
    await put_calm(services.acting, tx, case, story, key, BOT)
    await audit.record(tx, "bot", "act:calm", case.id, {"key": key})
    if wanted.grounding is Grounding.BOTH:
        await _offer(services, tx, case, story)
    await casebook.touch(tx, case.id)
    await services.alerts.calls.refresh(tx, case.id)


async def _offer(services: Services, tx: Transaction, case: Case, story: Story) -> None:
    """One page to each of the most affected, in private; to nobody twice a day."""
    page = (await shelf_of(services, tx)).page(PAGE)
    known = [story.people[member] for member in story.worst if member in story.people]
    reached = [one for one in known if page is not None and await _may_offer(tx, one)]
    for one in reached:
        await outbox.put(tx, await _row(services, tx, case, one, page))
    if reached:
        await acts.note(tx, case.id, OFFER, BOT.id, BOT.name)
        await audit.record(tx, "bot", "offered", case.id, {"members": len(reached)})


async def _may_offer(tx: Transaction, who: Known) -> bool:
    if not who.writable or await people.is_writable(tx, who.id) is False:
        return False
    if await casebook.find_live(tx, CaseKind.CRISIS, who.id, who.id, Subject.SELF):
        return False
    return await rates.allow(tx, OFFER, who.id, 1, ONCE_A_DAY)


async def _row(
    services: Services, tx: Transaction, case: Case, who: Known, page: Page | None
) -> Outgoing:
    assert page is not None
    key = await people.unsaid(tx, who.id, list(said.OFFERS))
    rows = [[page_button(page)], *human_buttons(0)]
    payload: dict[str, Any] = {"text": said.OFFERS[key], "reply_markup": {"inline_keyboard": rows}}
    return Outgoing(
        dedupe=f"offer:{case.id}:{who.id}",
        lane=Lane.ANSWER,
        chat_id=who.id,
        method="sendMessage",
        payload=ours(payload),
        purpose=OFFER,
        case_id=case.id,
        not_before=tx.now + services.acting.take_back,
    )
