"""`python -m tests.trials.storm --count 100000`: odd updates, one after the other, into real bots.

Each of `--jobs` processes has a bot of its own and a seed of its own, counted up from `--seed`.

Counts what crashed a handler, what stayed without an answer, and what would be sent that Telegram
refuses or that acts for a stranger (a mention, a command, a link that only he wrote).
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import re
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select
from telegram import Update

from bot.door.reception import readable
from bot.logs import set_up
from bot.simulator.entities import merge, trim, units
from bot.simulator.html_mode import MarkupError, parse_html
from moderation.storage import Transaction, outbox
from moderation.storage.outbox import Delivery
from moderation.storage.tables import metadata
from tests.bot.access.rehearsal import Rehearsal, rehearsing
from tests.bot.access.scene import set_scene
from tests.bot.standstill import standing_still
from tests.bot.town import a_town
from tests.trials.updates import COMMANDS, JSON, Storm

TABLE = metadata.tables["outbox"]
KEPT = 500
"""So many rows wait in the outbox before it is emptied."""
EVIL = ("evil_stranger", "/evil", "id=666")
BUTTON_BYTES = 64
MEMBERS = (11, 12, 13)


@dataclass
class Damage:
    """What went wrong, each with the number of the update."""

    count: int = 0
    odd: int = 0
    sent: int = 0
    crashed: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seconds: float = 0.0
    tapped: set[str] = field(default_factory=set)
    """Numbers of taps that came: one that comes again, forged or replayed, is answered no second time."""

    def add(self, other: Damage) -> None:
        """What another process saw at the same time."""
        for name in ("count", "odd", "sent", "crashed", "unanswered", "refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.seconds = max(self.seconds, other.seconds)

    @property
    def whole(self) -> bool:
        """Whether nothing went wrong."""
        return not (self.crashed or self.unanswered or self.refused)


async def storm(folder: Path, count: int, seed: int) -> Damage:
    """Let so many updates of this seed come in."""
    damage, made = Damage(), Storm(seed)
    started = time.perf_counter()
    async with (
        a_town(folder) as town,
        standing_still(town) as still,
        set_scene(still) as scene,
        rehearsing(scene) as rehearsal,
    ):
        for _ in range(count):
            item = made.next()
            await _one(rehearsal, item, damage)
            still.clock.forward(seconds=7)
    damage.seconds = time.perf_counter() - started
    return damage


async def _one(rehearsal: Rehearsal, item: JSON, damage: Damage) -> None:
    damage.count += 1
    read = readable(item)
    damage.odd += read != item
    assert read is not None
    number = read["update_id"]
    qunhu = rehearsal.scene.still.qunhu
    update = Update.de_json(read, qunhu.application.bot)
    rehearsal.outcome.errors.clear()
    await qunhu.application.process_update(update)
    damage.crashed += [f"{number}: {error}" for error in rehearsal.outcome.errors]
    async with rehearsal.scene.services.database.transaction() as tx:
        rows = await _new_rows(tx, rehearsal)
    damage.sent += len(rows)
    query = update.callback_query
    if not (query is not None and query.id in damage.tapped) and not _answered(update, rows):
        damage.unanswered.append(f"{number}: {list(read)}")
    if query is not None:
        damage.tapped.add(query.id)
    damage.refused += [f"{number}: {why}" for row in rows for why in faults(row, _own(update, row))]


async def _new_rows(tx: Transaction, rehearsal: Rehearsal) -> list[Delivery]:
    found = await tx.connection.execute(select(TABLE.c.id).where(TABLE.c.id > rehearsal.last))
    numbers = sorted(found.scalars())
    rows = [await outbox.get(tx, number) for number in numbers]
    rehearsal.last = max(numbers, default=rehearsal.last)
    if rehearsal.last % KEPT > KEPT - 20:
        await tx.connection.execute(delete(TABLE).where(TABLE.c.id < rehearsal.last - KEPT))
    return [row for row in rows if row is not None]


def _answered(update: Update, rows: list[Delivery]) -> bool:
    """Whether a tap is acknowledged, and a command in private is answered."""
    if update.callback_query is not None:
        return any(row.method == "answerCallbackQuery" for row in rows)
    message = update.message
    if message is None or message.chat.type != "private" or message.from_user is None:
        return True
    found = re.match(r"/([a-z]+)(?=\s|$)", message.text or "")
    first = message.entities[0] if message.entities else None
    if found is None or first is None or found[1] not in COMMANDS[:-1]:
        return True
    if first.type != "bot_command" or first.length != found.end():
        return True
    return any(row.chat_id == message.chat.id for row in rows)


def _own(update: Update, row: Delivery) -> bool:
    """Whether a member is answered in her own chat, where her own notes keep their links."""
    user = update.effective_user
    return user is not None and user.id == row.chat_id and user.id in MEMBERS


def faults(row: Delivery, own: bool = False) -> list[str]:
    """Why Telegram would refuse a message, or what in it acts for a stranger."""
    payload = row.payload
    found = _too_much(payload, row.method)
    for key in ("text", "caption"):
        if key not in payload or row.method == "answerCallbackQuery":
            continue
        try:
            text = str(payload[key])
            entities: list[JSON] = []
            if payload.get("parse_mode") == "HTML":
                text, entities = parse_html(text)
            text, entities = trim(text, entities)
        except (MarkupError, UnicodeError) as problem:
            found.append(f"{row.method} markup: {problem}")
            continue
        if not text and row.method in {"sendMessage", "editMessageText"}:
            found.append(f"{row.method} is empty")
        if units(text) > (4096 if key == "text" else 1024):
            found.append(f"{row.method} is too long")
        if not own:
            found += [f"acts: {one}" for one in merge(entities, text) if _is_evil(one, text)]
    return found


def _too_much(payload: dict[str, Any], method: str) -> list[str]:
    found = []
    if method == "answerCallbackQuery" and len(str(payload.get("text", ""))) > 200:
        found.append("answer is too long")
    for line in (payload.get("reply_markup") or {}).get("inline_keyboard", []):
        for button in line:
            if len(button.get("callback_data", "").encode("utf-8", "replace")) > BUTTON_BYTES:
                found.append("button holds too much")
            if not button.get("text", "").strip():
                found.append("button without words")
    return found


def _is_evil(entity: JSON, text: str) -> bool:
    """A mention, command or link that a stranger wrote; her own name as a link is ours."""
    if entity["type"] in {"mention", "bot_command", "text_link"}:
        start = entity["offset"] * 2
        shown = text.encode("utf-16-le")[start : start + entity["length"] * 2]
        said = shown.decode("utf-16-le", "replace") + str(entity.get("url", ""))
        return any(word in said for word in EVIL)
    return False


def gust(count: int, seed: int) -> Damage:
    """A storm in this process, with its seed before each number."""
    set_up("text", level=logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        damage = asyncio.run(storm(Path(folder) / "data", count, seed))
    for name in ("crashed", "unanswered", "refused"):
        setattr(damage, name, [f"{seed}/{one}" for one in getattr(damage, name)])
    return damage


def main() -> None:
    """Run from the command line; exit code 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    share = -(-given.count // given.jobs)
    damage = Damage()
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        for one in pool.map(gust, [share] * given.jobs, range(given.seed, given.seed + given.jobs)):
            damage.add(one)
    print(f"{damage.count} updates in {damage.seconds:.0f} s, {damage.odd} made readable, {damage.sent} calls planned")  # fmt: skip
    for name in ("crashed", "unanswered", "refused"):
        found = getattr(damage, name)
        print(f"{name}: {len(found)}")
        kinds = Counter(one.partition(": ")[2][:160] for one in found)
        for kind, times in kinds.most_common(20):
            first = next(one.partition(":")[0] for one in found if kind in one)
            print(f"  {times} × {kind} (first: seed/update {first})")
    raise SystemExit(0 if damage.whole else 1)


if __name__ == "__main__":
    main()
