"""The pages as this community shows them: who approved what, what is overdue, what stays back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.settings import ApprovalRule
from bot.words import reading
from moderation.storage.pages import Approval
from resources import Catalogue, Hit, MenuGroup, Page, Section


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


def _for_crisis(page: Page) -> bool:
    return page.section is Section.CRISIS or page.crisis_safe
