"""Looks through every row of every table, opened, for what is left of somebody."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from moderation.storage import Database, Sealer
from moderation.storage.retention import RULES
from moderation.storage.sealing import KeyGone


async def traces(database: Database, user_id: int, words: Collection[str]) -> set[str]:
    """Tables (`table.column`) that know this person, by id, keyed hash, or by words of hers."""
    person = database.sealer.hash_id(user_id)
    return await places_of(database, [person, person[:12], str(user_id), *words])


async def places_of(database: Database, signs: Collection[str]) -> set[str]:
    """Columns (`table.column`) that hold one of these; what her destroyed key had sealed holds nothing."""
    found = set()
    async with database.reading() as tx:
        for rule in RULES:
            for row in await tx.connection.execute(select(rule.table)):
                for name, value in row._mapping.items():
                    place = rule.places.get(name)
                    opened = _opened(tx.sealer, place, value) if place and value else value
                    text = json.dumps(opened, ensure_ascii=False, default=str)
                    if any(sign in text for sign in signs):
                        found.add(f"{rule.name}.{name}")
    return found


def _opened(sealer: Sealer, place: str, value: bytes) -> Any:
    try:
        return _parts_opened(sealer, place, sealer.open(place, value))
    except KeyGone:
        return None


def _parts_opened(sealer: Sealer, place: str, value: Any) -> Any:
    """With what is sealed apart inside of it opened too."""
    if isinstance(value, dict):
        return {key: _parts_opened(sealer, place, one) for key, one in value.items()}
    if isinstance(value, str):
        try:
            return sealer.open_inside(place, value)
        except KeyGone:
            return None
        except (InvalidTag, ValueError):
            return value
    return value
