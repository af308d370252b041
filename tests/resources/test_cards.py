"""Pages cut into cards."""

from resources import Section, cards_of, load_catalogue

PAGES = list(load_catalogue())


def test_no_word_of_a_page_is_lost() -> None:
    for page in PAGES:
        joined = "".join(cards_of(page))
        assert "".join(joined.split()) == "".join(page.body.split())


def test_a_card_is_a_screen_of_a_phone() -> None:
    cards = [
        card for page in PAGES if page.section is not Section.CRISIS for card in cards_of(page)
    ]
    assert max(map(len, cards)) <= 450
    assert max(len(cards_of(page)) for page in PAGES) <= 6


def test_pages_for_a_crisis_are_read_without_turning() -> None:
    crisis = [page for page in PAGES if page.section is Section.CRISIS]
    assert all(cards_of(page)[0] == page.text for page in crisis)
    assert all(len(cards_of(page)) == 2 for page in crisis)


def test_the_sources_are_the_last_card() -> None:
    for page in PAGES:
        assert "核对日期" in cards_of(page)[-1]
