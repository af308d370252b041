"""What the moderators of a group have set for it; defaults where they have set nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import insert, select, update

from moderation.storage.database import Database, Transaction
from moderation.storage.scripts import Script
from moderation.storage.tables import group_settings
from moderation.vocabulary import ActionKind, CaseKind, Grounding, Sensitivity

RULES = "group_settings.rules"
PLACES = "moderators"


@dataclass(frozen=True, slots=True)
class GroupSettings:
    """Everything that can be set, sensitivity and rehearsal apart (those stand with the chat)."""

    moderators: int | None = None
    """The chat in which this group's cards stand; None for the one of the settings."""
    muted: frozenset[CaseKind] = field(default_factory=frozenset)
    """Kinds of which nobody wants to hear here; never crisis."""
    unspoken: frozenset[ActionKind] = field(default_factory=frozenset)
    quiet_from: int | None = None
    quiet_until: int | None = None
    """Hours of the day between which cards that are no crisis come without a sound."""
    cool_down: int = 0
    """Minutes after a card in which further ones of the same kind come without a sound."""
    ideation_to_moderators: bool = False
    grounding: Grounding = Grounding.OFF
    script: Script | None = None
    """In which characters the bot writes there; None for those of the settings."""
    rules: Mapping[CaseKind, str] = field(default_factory=dict)
    """What the group agreed to do about a kind of matter, in a line for its moderators."""
    spiral_when: Sensitivity | None = None
    """How early it is told of a spiral; None for as its sensitivity says."""
    spiral_pause: int | None = None
    """Minutes after a spiral before another is told; None for those of the settings."""


async def of_group(tx: Transaction, chat_id: int) -> GroupSettings:
    """The settings of one group."""
    return await tx.remembered(group_settings.name, chat_id, lambda: _read(tx, chat_id))


async def _read(tx: Transaction, chat_id: int) -> GroupSettings:
    row = (
        await tx.connection.execute(
            select(group_settings).where(group_settings.c.chat_id == chat_id)
        )
    ).first()
    if row is None:
        return GroupSettings()
    return GroupSettings(
        moderators=row.moderators,
        muted=frozenset(CaseKind(kind) for kind in row.muted.split()),
        unspoken=frozenset(ActionKind(kind) for kind in row.silent_words.split()),
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        cool_down=row.cool_down,
        ideation_to_moderators=row.ideation_to_moderators,
        grounding=Grounding(row.grounding),
        script=Script(row.script) if row.script else None,
        rules=_rules(tx, row.rules_sealed),
        spiral_when=Sensitivity(row.spiral_when) if row.spiral_when else None,
        spiral_pause=row.spiral_pause,
    )


async def change(tx: Transaction, chat_id: int, **changed: Any) -> None:
    """Set some of them."""
    wanted = replace(await of_group(tx, chat_id), **changed)
    values = {
        "moderators": wanted.moderators,
        "muted": " ".join(sorted(wanted.muted)),
        "silent_words": " ".join(sorted(wanted.unspoken)),
        "quiet_from": wanted.quiet_from,
        "quiet_until": wanted.quiet_until,
        "cool_down": wanted.cool_down,
        "rules_sealed": tx.sealer.seal(RULES, {str(k): v for k, v in wanted.rules.items()}),
        "ideation_to_moderators": wanted.ideation_to_moderators,
        "grounding": wanted.grounding,
        "script": wanted.script,
        "spiral_when": wanted.spiral_when,
        "spiral_pause": wanted.spiral_pause,
    }
    known = await tx.connection.execute(
        update(group_settings).where(group_settings.c.chat_id == chat_id).values(**values)
    )
    if known.rowcount == 0:
        await tx.connection.execute(insert(group_settings).values(chat_id=chat_id, **values))


async def write_rule(tx: Transaction, chat_id: int, kind: CaseKind, line: str) -> None:
    """Keep what the group does about a kind; an empty line forgets it."""
    rules = {**(await of_group(tx, chat_id)).rules, kind: line}
    kept = {known: said for known, said in rules.items() if said}
    await change(tx, chat_id, rules=kept)


async def is_moderators(tx: Transaction, chat_id: int) -> bool:
    """Whether cards of some group stand in this chat."""
    return chat_id in await tx.remembered(group_settings.name, PLACES, lambda: _places(tx))


def known_places(database: Database) -> frozenset[int] | None:
    """Every chat in which cards of some group stand; None if that would have to be read."""
    found: frozenset[int] | None = database.recalled(group_settings.name, PLACES)
    return found


async def _places(tx: Transaction) -> frozenset[int]:
    """Every chat in which cards of some group stand."""
    found = await tx.connection.execute(select(group_settings.c.moderators).distinct())
    return frozenset(place for place in found.scalars() if place is not None)


def _rules(tx: Transaction, sealed: bytes | None) -> dict[CaseKind, str]:
    known = tx.sealer.open(RULES, sealed) if sealed else {}
    return {CaseKind(kind): line for kind, line in known.items()}
