"""Who is in danger in a group while it sinks: shown on the spiral's card, and minded by the bot."""

from __future__ import annotations

from bot.alerting.buttons import link_to
from bot.spirals.card import Danger
from moderation.spiral.story import Story
from moderation.storage import Transaction, casebook, chats, group_settings, people
from moderation.storage.casebook import Case
from moderation.storage.people import Role
from moderation.vocabulary import Crisis, Subject


async def dangers_of(tx: Transaction, chat_id: int, story: Story) -> list[Danger]:
    """Live crises of this group and of those who were caught; named where moderators hear of them."""
    found = await casebook.live_crises(tx, chat_id, [one.member for one in story.caught])
    wanted = await group_settings.of_group(tx, chat_id)
    alone = not await people.holders(tx, Role.COUNSELOR)
    to_moderators = alone or wanted.ideation_to_moderators
    return [
        await _danger(tx, case, named=to_moderators or case.level == Crisis.IMMINENT)
        for case in found
    ]


async def _danger(tx: Transaction, case: Case, *, named: bool) -> Danger:
    name = case.person.name if case.person is not None and named and case.chat_id < 0 else None
    link = None
    if name is not None:
        chat = await chats.get(tx, case.chat_id)
        said = [s for s in await casebook.signals_of(tx, case.id) if s.chat_id < 0 < s.message_id]
        if said:
            username = chat.username if chat is not None else None
            link = link_to(said[-1].chat_id, said[-1].message_id, username)
    state = case.standing.state
    other = case.subject is Subject.OTHER
    return Danger(case.id, case.level, state, case.holder_name, name, link, other)
