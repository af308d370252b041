"""Where a group's cards go and whether they ring: its own moderators' chat, quiet hours, cool-downs."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from moderation.storage import Transaction, casebook, group_settings
from moderation.storage.casebook import Case
from moderation.storage.group_settings import GroupSettings
from moderation.vocabulary import CaseKind

SILENT = "disable_notification"


async def place_of(tx: Transaction, chat_id: int, default: int | None) -> int | None:
    """The moderators' chat that serves a group: its own, else the one of all."""
    own = (await group_settings.of_group(tx, chat_id)).moderators
    return own if own is not None else default


async def is_silent(tx: Transaction, case: Case, zone: ZoneInfo) -> bool:
    """Whether a card for moderators arrives without a sound; one of danger always rings."""
    if case.kind is CaseKind.CRISIS:
        return False
    wanted = await group_settings.of_group(tx, case.chat_id)
    return await _is_quiet(tx, case, wanted, zone)


async def _is_quiet(tx: Transaction, case: Case, wanted: GroupSettings, zone: ZoneInfo) -> bool:
    """Whether a card that is no crisis comes without a sound. It always comes."""
    if sleeping(wanted, tx.now, zone):
        return True
    if not wanted.cool_down:
        return False
    since = tx.now - timedelta(minutes=wanted.cool_down)
    return await casebook.called_since(tx, case, since)


def sleeping(wanted: GroupSettings, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is within the group's quiet hours, which may span midnight."""
    start, end = wanted.quiet_from, wanted.quiet_until
    if start is None or end is None:
        return False
    hour = now.astimezone(zone).hour
    return start <= hour < end if start <= end else hour >= start or hour < end
