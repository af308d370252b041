"""What a community decides about pages: who approved which text, its own pages, what nobody found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from moderation.storage import audit
from moderation.storage.database import Transaction
from moderation.storage.tables import own_pages, page_approvals, unanswered

APPROVER = "page_approvals.approver"
TEXT = "own_pages.text"
WORDS = "unanswered.words"
EDITORS_SEE = 50
DRAFT = "draft:"
"""Ids of pages that were filled in and not yet put up."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody stood for one text of a page."""

    page_id: str
    fingerprint: str
    approver: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question without a page; who asked is not known here."""

    words: str
    times: int
    day: str


async def approve(tx: Transaction, page_id: str, fingerprint: str, approver: str) -> None:
    """Record that this person stands for this text; it is in the audit log too."""
    await tx.connection.execute(
        insert(page_approvals).values(
            page_id=page_id,
            fingerprint=fingerprint,
            approver_sealed=tx.sealer.seal(APPROVER, approver),
            approved_at=tx.now,
        )
    )
    detail = {"page": page_id, "fingerprint": fingerprint}
    await audit.record(tx, tx.sealer.hash_text(approver), "approved_page", None, detail)


async def approvals(tx: Transaction) -> dict[tuple[str, str], Approval]:
    """The newest approval of every text, by page and fingerprint."""
    rows = await tx.connection.execute(select(page_approvals).order_by(page_approvals.c.id))
    return {
        (row.page_id, row.fingerprint): Approval(
            row.page_id,
            row.fingerprint,
            tx.sealer.open(APPROVER, row.approver_sealed),
            row.approved_at,
        )
        for row in rows
    }


async def keep_page(tx: Transaction, page_id: str, text: str, actor: str) -> None:
    """Store a page of the community's own, or its new text."""
    sealed = tx.sealer.seal(TEXT, text)
    changed = await tx.connection.execute(
        update(own_pages)
        .where(own_pages.c.page_id == page_id)
        .values(text_sealed=sealed, updated_at=tx.now)
    )
    if changed.rowcount == 0:
        await tx.connection.execute(
            insert(own_pages).values(page_id=page_id, text_sealed=sealed, updated_at=tx.now)
        )
    await audit.record(tx, actor, "kept_page", None, {"page": page_id})


async def drop_page(tx: Transaction, page_id: str, actor: str) -> bool:
    """Take a page of the community's own away; whether there was one."""
    gone = await tx.connection.execute(delete(own_pages).where(own_pages.c.page_id == page_id))
    if gone.rowcount:
        await audit.record(tx, actor, "dropped_page", None, {"page": page_id})
    return gone.rowcount > 0


async def kept_pages(tx: Transaction) -> dict[str, str]:
    """The community's own pages: text by id."""
    rows = await tx.connection.execute(select(own_pages).order_by(own_pages.c.page_id))
    return {
        row.page_id: tx.sealer.open(TEXT, row.text_sealed)
        for row in rows
        if not row.page_id.startswith(DRAFT)
    }


async def keep_draft(tx: Transaction, user_id: int, page_id: str, text: str) -> None:
    """Keep what somebody filled in until she puts it up."""
    key = _draft(tx, user_id, page_id)
    await tx.connection.execute(delete(own_pages).where(own_pages.c.page_id == key))
    sealed = tx.sealer.seal(TEXT, text)
    await tx.connection.execute(
        insert(own_pages).values(page_id=key, text_sealed=sealed, updated_at=tx.now)
    )


async def take_draft(tx: Transaction, user_id: int, page_id: str) -> str | None:
    """What she filled in, which is then no draft any more; None if there is none."""
    mine = own_pages.c.page_id == _draft(tx, user_id, page_id)
    sealed = await tx.connection.scalar(select(own_pages.c.text_sealed).where(mine))
    await tx.connection.execute(delete(own_pages).where(mine))
    return str(tx.sealer.open(TEXT, sealed)) if sealed is not None else None


def _draft(tx: Transaction, user_id: int, page_id: str) -> str:
    return f"{DRAFT}{tx.sealer.hash_id(user_id)[:12]}:{page_id}"


async def note_unanswered(tx: Transaction, words: str) -> str:
    """Keep a question for the editors, with the day and without the asker; a key to drop it by."""
    key = tx.sealer.hash_text(f"unanswered:{words}")
    counted = await tx.connection.execute(
        update(unanswered).where(unanswered.c.key == key).values(times=unanswered.c.times + 1)
    )
    if counted.rowcount == 0:
        await tx.connection.execute(
            insert(unanswered).values(
                key=key,
                words_sealed=tx.sealer.seal(WORDS, words),
                times=1,
                day=tx.now.date().isoformat(),
            )
        )
    return key


async def drop_unanswered(tx: Transaction, key: str) -> None:
    """Whoever asked does not want it kept."""
    await tx.connection.execute(delete(unanswered).where(unanswered.c.key == key))


async def all_unanswered(tx: Transaction) -> list[Unanswered]:
    """What was asked in vain, most often first."""
    rows = await tx.connection.execute(
        select(unanswered)
        .order_by(unanswered.c.times.desc(), unanswered.c.day.desc())
        .limit(EDITORS_SEE)
    )
    return [Unanswered(tx.sealer.open(WORDS, row.words_sealed), row.times, row.day) for row in rows]
