"""`qunhu audit verify | export`, and the daily look that tells owners when the log was tampered with."""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import structlog
from rich.console import Console

from bot.operating.keys import load_key, sealer_of
from bot.services import Services
from bot.settings import Settings, load_settings
from bot.words import learning
from migrations.upgrade import current_revision, newest_revision
from moderation.errors import CannotWrite, ConfigError
from moderation.storage import (
    Database,
    Transaction,
    audit,
    notes,
    open_database,
    outbox,
    people,
)
from moderation.storage.audit import Chain
from moderation.storage.outbox import Lane, Outgoing
from moderation.storage.people import Role

log = structlog.get_logger()

HEAD = "audit:head"


async def verify(console: Console, seen: str | None) -> int:
    """Check the chain and say what was found; the exit code."""
    async with opened(load_settings()) as database, database.reading() as tx:
        chain = await audit.look_at_chain(tx, seen)
    if chain.broken is not None:
        console.print(
            f"[bold red]Broken[/] at entry {chain.broken}: it does not fit the one before it. "
            f"{chain.entries} entries before it are whole, the last from {chain.last}. Somebody "
            "changed or removed entries in the database: restore a backup, and compare exports."
        )
    elif chain.missing:
        console.print(
            "[bold red]Cut off[/]: what is there fits together, but the head given with --seen is "
            "not in it. Entries at the end are gone: restore a backup, and compare exports."
        )
    else:
        console.print(f"Whole: {chain.entries} entries, {chain.first} to {chain.last}.")
        console.print(f"Head (note it elsewhere): {chain.head}", soft_wrap=True)
    return 0 if chain.whole else 1


async def export(target: str) -> int:
    """Write all entries as JSON lines; the export itself is the last entry of the log."""
    async with opened(load_settings()) as database:
        async with database.transaction() as tx:
            await audit.record(tx, "operator", "audit_exported")
        with writing(target) as file:
            async with database.reading() as tx:
                async for entry in audit.entries(tx):
                    file.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return 0


async def look(services: Services) -> None:
    """Daily: is the chain whole, and does it still hold the head noted last time? Owners hear if not."""
    async with services.database.reading() as tx:
        chain = await audit.look_at_chain(tx, await notes.read(tx, HEAD))
    async with services.database.transaction() as tx:
        if chain.whole and chain.entries:
            await notes.write(tx, HEAD, chain.head)
            log.info("audit_whole", entries=chain.entries, head=chain.head)
        elif not chain.whole:
            log.critical("audit_broken", entry=chain.broken, missing=chain.missing)
            await _tell(services, tx, chain)
    services.outbox.wake()


async def _tell(services: Services, tx: Transaction, chain: Chain) -> None:
    """Owners hear it, once a day; without owners the moderators' chat."""
    where = learning.AUDIT_ENTRY.format(entry=chain.broken) if chain.broken else ""
    places = await people.holders(tx, Role.OWNER)
    moderators = services.alerts.calls.moderator_chat
    if not places and moderators is not None:
        places = [moderators]
    for place in places:
        row = Outgoing(
            dedupe=f"audit:{place}:{chain.broken}:{tx.now.date().isoformat()}",
            lane=Lane.ALERT,
            chat_id=place,
            method="sendMessage",
            payload={"text": learning.AUDIT_BROKEN.format(where=where)},
        )
        await outbox.put(tx, row)


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Database]:
    """The database as it is; ConfigError if there is none yet or it is of another version."""
    key, made = load_key(settings)
    database = open_database(settings.database, sealer_of(settings, key), lambda: datetime.now(UTC))
    try:
        found = None if made else await current_revision(database)
        if found != newest_revision():
            raise ConfigError(
                f"The database {database.where} is {found or 'empty'}, this version needs "
                f"{newest_revision()}. Run `qunhu migrate` first."
            )
        await database.check_key()
        yield database
    finally:
        await database.close()


@contextlib.contextmanager
def writing(target: str) -> Iterator[TextIO]:
    """A file to write text to; - is standard output. CannotWrite names the file and why."""
    if target == "-":
        yield sys.stdout
        return
    try:
        with Path(target).open("w", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise CannotWrite(target, error.strerror or str(error)) from None
