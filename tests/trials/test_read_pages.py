"""The reading of all pages, tried on the first page of one part, in Traditional characters."""

import shutil

import pytest

from resources import Section
from tests.trials.read_pages import FOLDER, MOST_TAPS, read_all, report

pytest.importorskip("playwright.async_api", reason="the page is read with playwright")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (shutil.which("chromium") or shutil.which("chromium-browser")),
        reason="chromium is not installed",
    ),
]


async def test_pages_are_read_on_a_phone_by_real_taps() -> None:
    done = await read_all([Section.HEALTH], "traditional", most=1)
    assert report(done)
    assert {one.page.id for one in done} == {"emergency-signs", "tell-the-er"}
    assert {one.taps for one in done} == {MOST_TAPS}
    assert (FOLDER / "health-tell-the-er-1.png").stat().st_size > 10_000
