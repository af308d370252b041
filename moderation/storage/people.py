"""Roles of staff, and whether a member can be written to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select, update

from moderation.storage.database import Transaction
from moderation.storage.tables import people, roles


class Role(StrEnum):
    """What somebody may do."""

    OWNER = "owner"
    MODERATOR = "moderator"
    COUNSELOR = "counselor"


SETTINGS = "settings"
CHAT = "chat"
SAID = 1000
"""Characters kept of the ids of what somebody was told."""


async def set_from_settings(tx: Transaction, role: Role, user_ids: Iterable[int]) -> None:
    """Make the rows that come from settings equal to the settings."""
    await tx.connection.execute(
        delete(roles).where(roles.c.role == role, roles.c.source == SETTINGS)
    )
    held = set(await holders(tx, role))
    for user_id in dict.fromkeys(user_ids):
        if user_id not in held:
            await tx.connection.execute(
                insert(roles).values(user_id=user_id, role=role, source=SETTINGS, granted_at=tx.now)
            )


async def grant(tx: Transaction, user_id: int, role: Role) -> bool:
    """Give a role by chat; False if the user has it already."""
    if role in await roles_of(tx, user_id):
        return False
    await tx.connection.execute(
        insert(roles).values(user_id=user_id, role=role, source=CHAT, granted_at=tx.now)
    )
    return True


async def revoke(tx: Transaction, user_id: int, role: Role) -> bool:
    """Take back a role that was given by chat; False if there is none (one from settings stays)."""
    result = await tx.connection.execute(
        delete(roles).where(
            roles.c.user_id == user_id, roles.c.role == role, roles.c.source == CHAT
        )
    )
    return bool(result.rowcount)


async def granted(tx: Transaction) -> list[tuple[int, Role, bool]]:
    """All roles: user id, role, whether it comes from settings; by role, oldest first."""
    return list(await tx.remembered(roles.name, "all", lambda: _granted(tx)))


async def holders(tx: Transaction, role: Role) -> list[int]:
    """User ids with a role, in the order in which they were granted it."""
    return [user_id for user_id, held, _ in await granted(tx) if held is role]


async def roles_of(tx: Transaction, user_id: int) -> frozenset[Role]:
    """All roles of a user."""
    return frozenset(role for holder, role, _ in await granted(tx) if holder == user_id)


async def _granted(tx: Transaction) -> list[tuple[int, Role, bool]]:
    rows = await tx.connection.execute(select(roles).order_by(roles.c.role, roles.c.granted_at))
    return [(row.user_id, Role(row.role), row.source == SETTINGS) for row in rows]


async def note_writable(tx: Transaction, user_id: int, writable: bool) -> None:
    """Remember whether the bot may write to this user in private."""
    await _set(tx, user_id, writable=writable)


async def is_writable(tx: Transaction, user_id: int) -> bool | None:
    """Whether the bot may write to this user; None if it never tried."""
    found: bool | None = await tx.connection.scalar(
        select(people.c.writable).where(people.c.person == tx.sealer.hash_id(user_id))
    )
    return found


async def unsaid(tx: Transaction, user_id: int, variants: Sequence[str]) -> str:
    """The first of these sentences' ids that this person has not been told; then it counts as told.

    When all have been told they start again.
    """
    person = tx.sealer.hash_id(user_id)
    stored = await tx.connection.scalar(select(people.c.said).where(people.c.person == person))
    said = (stored or "").split()
    fresh = [variant for variant in variants if variant not in said]
    if not fresh:
        said = [variant for variant in said if variant not in variants]
    chosen = (fresh or variants)[0]
    await _set(tx, user_id, said=" ".join([*said, chosen])[-SAID:])
    return chosen


async def _set(tx: Transaction, user_id: int, **values: Any) -> None:
    person = tx.sealer.hash_id(user_id)
    changed = await tx.connection.execute(
        update(people).where(people.c.person == person).values(updated_at=tx.now, **values)
    )
    if changed.rowcount == 0:
        values = {"said": "", **values}
        await tx.connection.execute(
            insert(people).values(person=person, updated_at=tx.now, **values)
        )
