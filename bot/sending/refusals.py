"""What follows a delivery: where it was refused another way is found; cards show how it went."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import structlog

from bot import words
from bot.alerting.buttons import link_to
from bot.alerting.calls import CARD, Calls
from bot.alerting.cardview import ACT, ActKind
from bot.alerting.loudness import place_of
from bot.alerting.phone import PHONE
from bot.alerting.views import DOOR, GUIDE, GUIDE_DOOR, WORD
from bot.members.kindness import INSTEAD
from bot.staff.acting import DELETE, Acting
from bot.words import duty as words_duty
from bot.words import spirals as words_spirals
from moderation.storage import Transaction, casebook, outbox, people
from moderation.storage.outbox import Delivery, Lane, Outgoing
from moderation.storage.people import Role

SHOWN_ON_CARDS = {WORD, DOOR, GUIDE, GUIDE_DOOR}

log = structlog.get_logger()


@dataclass(frozen=True)
class Refusals:
    """Knows the second way for each purpose."""

    calls: Calls
    acting: Acting

    async def __call__(self, tx: Transaction, row: Delivery, why: str) -> None:
        """Store whatever should happen instead."""
        kind = (row.purpose or "").removeprefix(ACT)
        if row.payload.get(INSTEAD):
            await self._instead(tx, row)
        elif row.purpose == CARD and row.method == "sendMessage":
            await self._card_elsewhere(tx, row)
        elif row.method == PHONE:
            log.critical("phone_refused", case=row.case_id, why=why)
            text = words_duty.PHONE_REFUSED.format(why=escape(why))
            await self._tell_moderators(tx, f"phone:{row.id}", text)
        elif row.method == DELETE and row.case_id is not None:
            number = int(row.payload["message_id"])
            link = link_to(row.chat_id, number, None) or words.IN_GROUP
            text = words.DELETE_FAILED.format(link=link)
            await self._tell_moderators(tx, f"undeleted:{row.id}", text, row.chat_id)
        elif kind == ActKind.MUTE:
            text = words_duty.ACT_FAILED.format(what=words_duty.DID[kind])
            await self._tell_moderators(tx, f"failed:{row.id}", text, row.chat_id)
        elif kind == ActKind.CALM:
            text = words_spirals.CALM_FAILED
            await self._tell_moderators(tx, f"failed:{row.id}", text, row.chat_id)
        await self._show(tx, row)

    async def sent(self, tx: Transaction, row: Delivery) -> None:
        """What follows when the platform took a message."""
        if (row.purpose or "").startswith(ACT):
            await self.acting.settled(tx, row)
        else:
            await self._show(tx, row)

    async def _show(self, tx: Transaction, row: Delivery) -> None:
        """Cards say whether the private word arrived and whether an act was done."""
        shown = row.purpose in SHOWN_ON_CARDS or (row.purpose or "").startswith(ACT)
        if shown and row.case_id is not None:
            await casebook.touch(tx, row.case_id)
            await self.calls.refresh(tx, row.case_id)

    async def _instead(self, tx: Transaction, row: Delivery) -> None:
        """Whoever stored the row said what should go where if it is refused."""
        instead = row.payload[INSTEAD]
        await outbox.put(
            tx,
            Outgoing(
                dedupe=f"instead:{row.id}",
                lane=row.lane,
                chat_id=instead["chat_id"],
                method="sendMessage",
                payload=instead["payload"],
                purpose=instead.get("purpose"),
                case_id=row.case_id,
            ),
        )

    async def _card_elsewhere(self, tx: Transaction, row: Delivery) -> None:
        case = await casebook.get(tx, row.case_id) if row.case_id is not None else None
        if case is None:
            return
        await self.calls.elsewhere(tx, case, row.chat_id)
        if case.chat_id < 0 and not await outbox.of_case(tx, case.id, CARD):
            await self._ask_admins_in_group(tx, case.id, case.chat_id)
        if row.chat_id not in await people.holders(tx, Role.COUNSELOR):
            return
        who = f'<a href="tg://user?id={row.chat_id}">{words.THIS_COUNSELOR}</a>'
        day = tx.now.date().isoformat()
        await self._tell_moderators(
            tx, f"silent:{row.chat_id}:{day}", words.COUNSELOR_SILENT.format(who=who)
        )

    async def _ask_admins_in_group(self, tx: Transaction, case_id: int, chat_id: int) -> None:
        """Nobody could be written to: one line in the group that gives nothing away."""
        log.critical("nobody_reached", case=case_id)
        row = Outgoing(
            dedupe=f"nobody:{case_id}:{tx.now.date().isoformat()}",
            lane=Lane.CRISIS,
            chat_id=chat_id,
            method="sendMessage",
            payload={"text": words.CALL_ADMINS},
            case_id=case_id,
        )
        await outbox.put(tx, row)

    async def _tell_moderators(
        self, tx: Transaction, dedupe: str, text: str, group: int = 0
    ) -> None:
        """A line to those who moderate this group; without one, to those of all groups."""
        place = await place_of(tx, group, self.calls.moderator_chat)
        if place is None:
            return
        await outbox.put(
            tx,
            Outgoing(
                dedupe=dedupe,
                lane=Lane.ALERT,
                chat_id=place,
                method="sendMessage",
                payload={"text": text, "parse_mode": "HTML"},
            ),
        )
