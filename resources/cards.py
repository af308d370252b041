"""A page cut into cards for a phone: whole paragraphs, a screen each, the sources last."""

from __future__ import annotations

from resources.page import Page, Section
from resources.words import paragraphs

LONGEST = 300
"""Characters of a card; a single longer paragraph stays whole."""
FOOT = "依据"


def cards_of(page: Page) -> tuple[str, ...]:
    """The page as cards, the sources last. What helps in a crisis is one card: nobody turns then."""
    longest = len(page.text) if page.section is Section.CRISIS else LONGEST
    cards: list[str] = []
    for part in paragraphs(page.text):
        if cards and len(cards[-1]) + len(part) + 2 <= longest:
            cards[-1] += f"\n\n{part}"
        else:
            cards.append(part)
    foot = page.body[len(page.text) :].strip()
    return (*cards, foot) if foot else tuple(cards)
