"""`qunhu resources …`: check pages, record who approved them, see what is due and what was missed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from bot.operating.keys import load_key, sealer_of
from bot.settings import Settings
from bot.terminal import as_written
from migrations import upgrade
from moderation.errors import InputError
from moderation.storage import Database, Transaction, open_database, pages
from resources import Catalogue, ResourceError, check, load_catalogue


def check_pages(console: Console, extra: Path | None) -> int:
    """Print everything wrong with the pages; how many problems there are."""
    problems = check(_loaded(None, extra, {}))
    for problem in problems:
        console.print(as_written(str(problem)))
    if not problems:
        console.print("All pages are in order.")
    return len(problems)


async def approve_pages(
    settings: Settings, ids: Sequence[str], approver: str, console: Console
) -> None:
    """Record that somebody stands for the present text of these pages; InputError if one is unknown."""
    async with _database(settings) as database, database.transaction() as tx:
        catalogue = await _catalogue(settings, tx)
        unknown = [page_id for page_id in ids if catalogue.page(page_id) is None]
        if unknown or not approver.strip():
            raise InputError(
                f"No page is called {', '.join(unknown)}. `qunhu resources status` lists them all."
                if unknown
                else "A name is needed: --as NAME says who stands for the page."
            )
        for page_id in ids:
            page = catalogue.page(page_id)
            assert page is not None
            await pages.approve(tx, page.id, page.fingerprint, approver.strip())
            line = f"{page.id}  {page.fingerprint[:12]}  {approver.strip()}"
            console.print(as_written(line))


async def show_status(settings: Settings, console: Console) -> None:
    """Every page: until when it holds, and who approved the text as it is."""
    async with _database(settings) as database, database.reading() as tx:
        catalogue = await _catalogue(settings, tx)
        approved = await pages.approvals(tx)
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    table = Table("page", "title", "check again by", "approved by", "on")
    for page in sorted(catalogue, key=lambda page: (page.recheck_after, page.id)):
        approval = approved.get((page.id, page.fingerprint))
        late = " (overdue)" if page.overdue(today) else ""
        who = (
            (as_written(approval.approver), approval.at.date().isoformat())
            if approval
            else ("–", "–")
        )
        table.add_row(
            as_written(page.id), as_written(page.title), f"{page.recheck_after}{late}", *who
        )
    console.print(table)


async def show_questions(settings: Settings, console: Console) -> None:
    """What members asked and no page answered; who asked is not known."""
    async with _database(settings) as database, database.reading() as tx:
        asked = await pages.all_unanswered(tx)
    for question in asked:
        line = f"{question.times}×  {question.day}  {question.words}"
        console.print(as_written(line))
    if not asked:
        console.print("Nothing was asked in vain.")


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Database]:
    key, _ = load_key(settings)
    database = open_database(settings.database, sealer_of(settings, key), lambda: datetime.now(UTC))
    try:
        await upgrade(database)
        await database.check_key()
        yield database
    finally:
        await database.close()


async def _catalogue(settings: Settings, tx: Transaction) -> Catalogue:
    return _loaded(None, settings.resources, await pages.kept_pages(tx))


def _loaded(folder: Path | None, extra: Path | None, written: dict[str, str]) -> Catalogue:
    try:
        return load_catalogue(folder, extra, written)
    except ResourceError as error:
        raise InputError(str(error)) from None
