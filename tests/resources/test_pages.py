"""Every page we ship is fit to be shown."""

import re
from datetime import date

import pytest

from resources import (
    Audience,
    Catalogue,
    Jurisdiction,
    Page,
    Section,
    check,
    load_catalogue,
    load_hotlines,
)

CATALOGUE: Catalogue = load_catalogue()
PAGES = list(CATALOGUE)
KNOWN_COMMANDS = {
    *("help", "sos", "rights", "psych", "report", "privacy", "ask"),
    *("evidence", "timeline", "safetyplan", "statement", "mydata", "forgetme"),
}
MOST_BUTTONS = 10


def test_every_packaged_page_passes_the_checks() -> None:
    assert [str(problem) for problem in check(CATALOGUE)] == []


def test_there_are_enough_topics_in_every_section() -> None:
    counts = {section: len(CATALOGUE.in_section(section)) for section in Section}
    assert sum(counts.values()) == len(CATALOGUE) >= 62
    assert min(counts.values()) >= 9


@pytest.mark.parametrize(
    "page_id",
    [
        *("routes", "mediation", "health-authority", "market-authority", "which-number"),
        *("consumer-association", "lawsuit-steps", "police-report", "limitation", "deadlines"),
        *("burden-of-proof", "presumed-fault", "appraisal-kinds", "appraisal-steps"),
        *("compensation-items", "disability-compensation", "prepaid-refund", "contract-traps"),
        *("legal-aid", "lawsuit-costs", "evidence-kinds", "electronic-evidence", "speak-safely"),
        *("threatened-or-sued", "my-photos-used", "letter-records", "letter-health"),
        *("letter-mediation", "letter-evidence-list", "check-institution", "check-doctor"),
        *("check-lead-physician", "check-product", "ad-traps", "zero-risk", "touts"),
        *("repair-guru", "rights-fee-fraud", "emergency-signs", "filler-emergency"),
        *("infection-signs", "vision-loss", "breathing-swallowing", "tell-the-er"),
        *("trauma-or-disappointment", "four-phases", "grounding", "slow-breathing", "sleep"),
        *("mirror", "photo-avoidance", "shame", "anger", "thought-record", "small-steps"),
        *("family", "partner", "work", "body-image", "bdd-signs", "relapse", "self-checks"),
        *("find-professional", "mind-cost", "medication-myths", "support-a-member"),
        *("what-to-say", "she-speaks-of-death", "helper-care", "moderator-care", "hotlines-cn"),
        *("hotlines-hk", "hotlines-mo", "hotlines-tw", "when-you-call", "safety-plan"),
        *("stay-with-someone", "group-rules", "how-bot-reads", "what-it-keeps", "appeal"),
        *("erase-and-leave", "phase-acute", "phase-steady", "phase-rebuilding", "phase-onward"),
    ],
)
def test_the_topic_is_covered(page_id: str) -> None:
    assert CATALOGUE.page(page_id) is not None


@pytest.mark.parametrize("section", list(Section))
def test_every_page_stands_in_a_named_situation_of_its_menu(section: Section) -> None:
    groups = CATALOGUE.menu(section)
    assert "其他" not in [group.title for group in groups]
    assert max(len(group.pages) for group in groups) <= MOST_BUTTONS
    assert len(groups) <= MOST_BUTTONS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.id)
def test_a_page_is_a_screen_or_two(page: Page) -> None:
    assert 200 <= len(page.text) <= 760


def test_no_two_pages_share_a_title_or_a_question() -> None:
    titles = [page.title for page in PAGES]
    questions = [question for page in PAGES for question in page.questions]
    assert len(set(titles)) == len(titles)
    assert sorted(q for q in set(questions) if questions.count(q) > 1) == []


def test_pages_name_only_commands_that_exist() -> None:
    named = {word for page in PAGES for word in re.findall(r"/([a-z]{3,})", page.text)}
    assert named <= KNOWN_COMMANDS


def test_pages_point_only_to_pages_that_exist() -> None:
    titles = " ".join(page.title for page in PAGES)
    pointed = [
        (page.id, name)
        for page in PAGES
        for name in re.findall(r"「([^」]{3,24})」(?:那页|那部分)", page.text)
    ]
    assert [where for where in pointed if where[1] not in titles] == []


def test_crisis_pages_can_be_shown_to_someone_in_danger() -> None:
    assert all(page.crisis_safe for page in CATALOGUE.in_section(Section.CRISIS))


def test_crisis_pages_for_members_name_someone_to_call() -> None:
    own = [
        page
        for page in CATALOGUE.in_section(Section.CRISIS)
        if page.audience is Audience.MEMBER and page.jurisdiction is Jurisdiction.CN
    ]
    assert own
    assert all(re.search(r"1[12]0|12356", page.text) for page in own)


def test_pages_with_hotlines_as_their_subject_are_rechecked_every_month() -> None:
    for page_id in ("hotlines-cn", "hotlines-hk", "hotlines-mo", "hotlines-tw", "line-busy"):
        page = CATALOGUE.page(page_id)
        assert page is not None
        assert (page.recheck_after - page.checked_on).days <= 31


def test_a_page_is_overdue_the_day_after_its_recheck_date() -> None:
    page = PAGES[0]
    assert not page.overdue(page.recheck_after)
    assert page.overdue(date(page.recheck_after.year + 1, 1, 1))


def test_the_fingerprint_is_that_of_the_text() -> None:
    prints = {page.fingerprint for page in PAGES}
    assert len(prints) == len(PAGES)
    assert [page.fingerprint for page in load_catalogue()] == [page.fingerprint for page in PAGES]


def test_numbers_that_must_never_appear_appear_nowhere() -> None:
    everything = re.sub(r"(?<=\d)[ -](?=\d)", "", "\n".join(page.body for page in PAGES))
    assert [number for number in load_hotlines().never if number in everything] == []
