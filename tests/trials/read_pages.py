"""Every page read as a member reads it: in the demo's page, phone width, with real taps.

`make read-pages` opens the page in headless Chromium, says /rights, taps its way to every page and through
all its cards, and keeps a picture of each under `build/pages`. What it prints, and its exit code, say whether
each page was reached in three taps, shows the words of its file, and fits the width of the phone.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.advice.pages import BUTTON_WIDTH
from bot.logs import set_up
from bot.simulator import User
from bot.words import reading
from resources import Page, Section, cards_of, load_catalogue
from resources.script import to_traditional
from tests.bot.town import Town, a_town

FOLDER = Path("build/pages")
WIDTH, HEIGHT = 390, 844
MOST_TAPS = 3
PATIENCE = 60_000
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
START = Section.RIGHTS

console = Console()


@dataclass(frozen=True, slots=True)
class Read:
    """How one page was read."""

    page: Page
    taps: int
    cards: int
    tallest: int
    """Height of its tallest card with buttons, in pixels of the phone."""
    complaints: tuple[str, ...]


@dataclass(frozen=True)
class Phone:
    """The member's private chat in a window as wide as a phone."""

    window: Any
    script: str

    @property
    def newest(self) -> Any:
        """The bot's newest message."""
        return self.window.locator("[data-pane=member] article.bot").last

    async def say(self, text: str) -> None:
        """She writes, and the bot answers."""
        before = await self.window.locator("[data-pane=member] article.bot").count()
        box = self.window.locator("[data-pane=member] textarea")
        await box.fill(text)
        await box.press("Enter")
        last = self.window.locator("[data-pane=member] article.bot").nth(before)
        await last.wait_for(timeout=PATIENCE)

    async def tap(self, label: str) -> None:
        """She taps a button of the newest message, which then says something else."""
        wanted = self.written(label)[:BUTTON_WIDTH]
        button = self.newest.get_by_role("button", name=wanted, exact=True)
        before = await self.newest.inner_text()
        await button.click(timeout=PATIENCE)
        await self.window.wait_for_function(
            "before => [...document.querySelectorAll('[data-pane=member] article.bot')]"
            ".at(-1).innerText !== before",
            arg=before,
            timeout=PATIENCE,
        )

    def written(self, text: str) -> str:
        """Our words in the script she reads."""
        return to_traditional(text) if self.script == "traditional" else text

    async def picture(self, name: str) -> int:
        """Keep a picture; how tall the message is."""
        await self.newest.scroll_into_view_if_needed()
        await self.window.screenshot(path=FOLDER / f"{name}.png")
        box = await self.newest.bounding_box()
        return round(box["height"]) if box else 0

    async def complaints(self, page: Page, number: int) -> Iterator[str]:
        """What is wrong with the card that is shown."""
        shown = "".join((await self.newest.inner_text()).split())
        wanted = "".join(self.written(cards_of(page)[number]).split())
        wide = await self.window.evaluate("document.documentElement.scrollWidth")
        inner = await self.newest.evaluate("node => node.scrollWidth - node.clientWidth")
        found = []
        if wanted not in shown:
            found.append(f"card {number + 1} does not show the words of its file")
        if wide > WIDTH or inner > 1:
            found.append(f"card {number + 1} is wider than the phone")
        return iter(found)


async def read_section(phone: Phone, section: Section, most: int) -> list[Read]:
    """Read the pages of one section, at most so many of each situation, each from its menu on."""
    catalogue = load_catalogue()
    await phone.say(f"/{START}")
    way = [] if section is START else [f"› {section.label}"]
    if way:
        await phone.tap(way[0])
    done = []
    for group in catalogue.menu(section):
        for page in group.pages[:most]:
            taps = [*way, group.title, page.title]
            await phone.tap(group.title)
            await phone.tap(page.title)
            done.append(await _read(phone, page, len(taps)))
            await phone.tap("返回")
    return done


async def _read(phone: Phone, page: Page, taps: int) -> Read:
    count, tallest = len(cards_of(page)), 0
    complaints = [f"{taps} taps away"] if taps > MOST_TAPS else []
    for number in range(count):
        tallest = max(tallest, await phone.picture(f"{page.section}-{page.id}-{number + 1}"))
        complaints += await phone.complaints(page, number)
        if number + 1 < count:
            last = number + 2 == count
            await phone.tap(reading.BUTTON_SOURCES if last else reading.BUTTON_NEXT)
    return Read(page, taps, count, tallest, tuple(complaints))


async def read_all(
    sections: Sequence[Section], script: str = "simplified", at_once: int = 2, most: int = 99
) -> list[Read]:
    """Read these sections, several side by side, each as a member of her own."""
    _folder()
    gate = asyncio.Semaphore(at_once)
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder)) as town, _browser() as browser:
            readers = {section: town.world.add_user(section.label) for section in sections}
            for reader in readers.values():
                town.world.start(reader)

            async def reads(section: Section) -> list[Read]:
                async with gate:
                    phone = Phone(await _window(browser, town, readers[section]), script)
                    return await read_section(phone, section, most)

            async with town.bot_running(script=script):
                found = await asyncio.gather(*map(reads, sections))
    return [one for part in found for one in part]


def _folder() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)


@asynccontextmanager
async def _browser() -> AsyncIterator[Any]:
    from playwright.async_api import async_playwright

    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is needed: apt-get install chromium fonts-noto-cjk")
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=chromium, args=FLAGS)
        yield browser
        await browser.close()


async def _window(browser: Any, town: Town, reader: User) -> Any:
    """The demo's page on a phone, with this member's private chat in front."""
    size = {"width": WIDTH, "height": HEIGHT}
    window = await browser.new_page(viewport=size, device_scale_factor=1)
    window.set_default_timeout(PATIENCE)
    await window.goto(town.base_url.removesuffix("/bot"))
    await window.locator("#tabs button", has_text="成员").click()
    chooser = window.get_by_role("combobox", name="成员的私聊：换一个")
    await chooser.select_option(str(reader.id))
    return window


def report(done: Sequence[Read]) -> bool:
    """Print what was read; whether all was well."""
    table = Table("section", "pages", "cards", "most taps", "tallest card", "complaints")
    for section in Section:
        part = [one for one in done if one.page.section is section]
        if part:
            table.add_row(
                section.value,
                str(len(part)),
                str(sum(one.cards for one in part)),
                str(max(one.taps for one in part)),
                f"{max(one.tallest for one in part)} px",
                str(sum(len(one.complaints) for one in part)),
            )
    console.print(table)
    for one in done:
        for complaint in one.complaints:
            console.print(f"{one.page.id}: {complaint}", markup=False)
    return not any(one.complaints for one in done)


def main() -> None:
    """Read, print, end with 1 if something is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--section", type=Section, action="append", choices=list(Section))
    parser.add_argument("--script", choices=("simplified", "traditional"), default="simplified")
    parser.add_argument("--at-once", type=int, default=2)
    given = parser.parse_args()
    set_up("text", level=logging.ERROR)
    done = asyncio.run(read_all(given.section or list(Section), given.script, given.at_once))
    sys.exit(0 if report(done) else 1)


if __name__ == "__main__":
    main()
