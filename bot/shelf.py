"""The pages as this community shows them: who approved what, what is overdue, what stays back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import structlog

from bot.services import Services
from bot.settings import ApprovalRule
from bot.words import reading
from moderation.errors import ConfigError
from moderation.storage import Transaction, pages
from moderation.storage.pages import Approval
from resources import (
    Catalogue,
    Hit,
    MenuGroup,
    Page,
    ResourceError,
    Section,
    load_catalogue,
    read_written_page,
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Shelf:
    """What may be read today."""

    catalogue: Catalogue
    approvals: Mapping[tuple[str, str], Approval]
    rule: ApprovalRule
    today: date

    def page(self, page_id: str) -> Page | None:
        """The page, if there is one and it does not stay back."""
        page = self.catalogue.page(page_id)
        return page if page is not None and self.shows(page) else None

    def menu(self, section: Section) -> tuple[MenuGroup, ...]:
        """The section by situation, without what stays back."""
        groups = (
            MenuGroup(group.title, tuple(filter(self.shows, group.pages)))
            for group in self.catalogue.menu(section)
        )
        return tuple(group for group in groups if group.pages)

    def among(self, hits: list[Hit], limit: int) -> list[Hit]:
        """Of what was found, what may be shown."""
        return [hit for hit in hits if self.shows(hit.page)][:limit]

    def shows(self, page: Page) -> bool:
        """Whether it may be shown; what helps in a crisis always is."""
        if self.rule is not ApprovalRule.HOLD or _for_crisis(page):
            return True
        return self.approval(page) is not None and not page.overdue(self.today)

    def approval(self, page: Page) -> Approval | None:
        """Who stands for this very text."""
        return self.approvals.get((page.id, page.fingerprint))

    def note(self, page: Page) -> str:
        """What a reader should know of the page's standing; empty if nothing."""
        if page.overdue(self.today):
            return reading.OVERDUE.format(day=page.recheck_after.isoformat())
        if self.rule is ApprovalRule.OFF:
            return ""
        approval = self.approval(page)
        if approval is None:
            return reading.UNAPPROVED
        return reading.APPROVED.format(who=approval.approver, day=approval.at.date().isoformat())


async def gather_pages(services: Services) -> None:
    """Read all pages anew, with those that came through the form."""
    async with services.database.reading() as tx:
        written = await pages.kept_pages(tx)
    readable = {page_id: text for page_id, text in written.items() if _readable(page_id, text)}
    extra = services.settings.resources
    try:
        services.catalogue = await asyncio.to_thread(load_catalogue, None, extra, readable)
    except ResourceError as error:
        raise ConfigError(
            f"QUNHU_RESOURCES ({extra}) holds a page that cannot be read: {error}"
        ) from None


def _readable(page_id: str, text: str) -> bool:
    """A page that came through the form of another version must not keep the bot from starting."""
    try:
        read_written_page(page_id, text)
    except ResourceError as error:
        log.error("page_unreadable", page=page_id, error=str(error))
        return False
    return True


async def shelf_of(services: Services, tx: Transaction) -> Shelf:
    """The shelf as it stands now."""
    zone = ZoneInfo(services.settings.timezone)
    return Shelf(
        catalogue=services.catalogue,
        approvals=await pages.approvals(tx),
        rule=services.settings.page_approval,
        today=tx.now.astimezone(zone).date(),
    )


def _for_crisis(page: Page) -> bool:
    return page.section is Section.CRISIS or page.crisis_safe
