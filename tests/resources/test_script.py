"""Traditional and Simplified: terms of law come out right, and every page survives the way there."""

import pytest

from resources import load_catalogue, to_simplified, to_traditional
from resources.script import checked_terms

TERMS = checked_terms().terms


@pytest.mark.parametrize(("simple", "traditional"), TERMS.items(), ids=list(TERMS))
def test_a_term_comes_out_as_an_editor_saw_it(simple: str, traditional: str) -> None:
    assert to_traditional(f"，{simple}。") == f"，{traditional}。"
    assert to_simplified(traditional) == to_simplified(simple)


def test_every_page_comes_back_from_traditional_as_it_was() -> None:
    changed = [
        page.id
        for page in load_catalogue()
        if to_simplified(to_traditional(page.body)) != to_simplified(page.body)
    ]
    assert changed == []


def test_a_question_in_traditional_finds_the_same_page() -> None:
    catalogue = load_catalogue()
    asked = "醫院不肯給我病歷怎麼辦"
    assert [hit.page.id for hit in catalogue.search(asked)] == [
        hit.page.id for hit in catalogue.search(to_simplified(asked))
    ]
