"""The page in headless Chromium: a visitor talks, taps, breaks things, on desk and phone."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.simulator import Chat, Simulator, User, World
from bot.simulator.records import JSON

from .conftest import there

playwright = pytest.importorskip("playwright.async_api", reason="the page's tests need playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Visit = Callable[..., Awaitable[Any]]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed"),
]


@pytest.fixture
def moderators(world: World, group: Chat) -> Chat:
    """The moderators' group, where a moderator sits."""
    return world.add_group("管理员群", members=[world.add_user("陈管理")])


@pytest.fixture
async def visit(
    telegram: Simulator, world: World, group: Chat, moderators: Chat, rain: User
) -> AsyncIterator[Visit]:
    """Open the page in a window of some size; a script error fails the test."""
    counselor = world.add_user("苏咨询师")
    world.set_scene(group=group, moderators=moderators, counselor=counselor, member=rain)
    problems: list[str] = []

    async with playwright.async_playwright() as player:
        browser = await player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)

        async def open_page(width: int = 1400, height: int = 900) -> Any:
            page = await browser.new_page(viewport={"width": width, "height": height})
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.on("dialog", lambda dialog: problems.append(dialog.message))
            page.set_default_timeout(10_000)
            await page.goto(telegram.page_url)
            await page.wait_for_selector("#status:not(:empty)")
            return page

        yield open_page
        await browser.close()
    assert problems == []


def pane(page: Any, name: str) -> Any:
    """One of the four windows."""
    return page.locator(f"[data-pane={name}]")


async def test_a_visitor_speaks_replies_and_edits(
    visit: Visit, world: World, group: Chat, rain: User
) -> None:
    world.say(group, world.owner(group), "早上好")
    page = await visit()
    room = pane(page, "group")
    await room.get_by_role("article").or_(room.locator(".message")).first.hover()
    await room.locator(".actions").first.click()
    await page.get_by_role("menuitem", name="回复").click()
    await room.locator("textarea").fill("早，昨晚没睡着")
    await room.locator("textarea").press("Enter")
    message = await world.wait_for(lambda: world.messages(group)[1:])
    assert (message[0].author, there(message[0].reply_to).text) == (rain, "早上好")
    await room.locator(".mine").hover()
    await room.locator(".mine .actions").click()
    await page.get_by_role("menuitem", name="编辑").click()
    await room.locator("textarea").fill("早")
    await room.locator("button[type=submit]").click()
    await room.locator(".mine", has_text="已编辑").wait_for()
    assert message[0].text == "早"


async def test_a_visitor_sends_a_sticker(
    visit: Visit, world: World, group: Chat, rain: User
) -> None:
    page = await visit()
    await pane(page, "group").get_by_label("发别的").click()
    await page.get_by_label("贴纸 🙏").click()
    await pane(page, "group").locator(".sticker", has_text="🙏").wait_for()
    assert world.messages(group)[0].content["sticker"]["emoji"] == "🙏"


async def test_a_moderator_taps_and_reads_the_answer(
    visit: Visit, bot: Bot, world: World, moderators: Chat
) -> None:
    rows = [[InlineKeyboardButton("我来跟进", callback_data="claim:1")]]
    card = (
        "<b>有人可能不想活了</b>\n<blockquote>撑不住了</blockquote>\n<tg-spoiler>小雨</tg-spoiler>"
    )
    await bot.send_message(moderators.id, card, "HTML", reply_markup=InlineKeyboardMarkup(rows))
    page = await visit()
    room = pane(page, "moderators")
    assert await room.locator("strong").inner_text() == "有人可能不想活了"
    assert await room.locator("blockquote").inner_text() == "撑不住了"
    await room.locator(".spoiler").click()
    assert "shown" in there(await room.locator(".spoiler").get_attribute("class"))
    await room.get_by_role("button", name="我来跟进").click()
    query = (await world.wait_for(lambda: list(world.queries.values())))[0]
    assert (query.user.name, query.data) == ("陈管理", "claim:1")
    await bot.answer_callback_query(query.id, "记下了，你来跟进")
    await page.get_by_text("记下了，你来跟进").wait_for()


async def test_a_deep_link_leads_to_start(
    visit: Visit, bot: Bot, world: World, group: Chat, rain: User
) -> None:
    button = InlineKeyboardButton("单独说说", url="https://t.me/qunhu_bot?start=talk")
    await bot.send_message(group.id, "点这里", reply_markup=InlineKeyboardMarkup([[button]]))
    page = await visit()
    await pane(page, "group").get_by_role("button", name="单独说说").click()
    await pane(page, "member").get_by_role("button", name="开始", exact=True).click()
    await world.wait_for(lambda: rain.conversation == "open")
    assert world.messages(world.private(rain))[0].text == "/start talk"
    await bot.send_message(rain.id, "我在")
    await pane(page, "member").locator(".words", has_text="我在").wait_for()


async def test_text_never_becomes_markup(visit: Visit, bot: Bot, world: World, group: Chat) -> None:
    evil = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    stranger = world.add_user(evil)
    world.join(group, stranger)
    world.set_title(group, evil)
    world.say(group, stranger, evil, reply_to=world.say(group, stranger, evil))
    links = [{"type": "text_link", "offset": 0, "length": 2, "url": "javascript:alert(3)"}]
    world.say(group, stranger, "点我", entities=links)
    button = InlineKeyboardButton(evil, callback_data="x")
    await bot.send_message(group.id, "按", reply_markup=InlineKeyboardMarkup([[button]]))
    page = await visit()
    await pane(page, "group").get_by_text("点我").first.click()
    assert await page.locator("img[src=x], main script, a[href^=javascript]").count() == 0
    assert await pane(page, "group").get_by_text(evil).count() >= 4


async def test_troubles_are_made_in_the_corner(visit: Visit, bot: Bot, world: World) -> None:
    page = await visit()
    await page.get_by_role("button", name="故障与记录").click()
    await page.get_by_role("switch", name="断网").click()
    await world.wait_for(lambda: world.faults.offline)
    await page.locator("[data-trouble=retry]").click()
    await world.wait_for(lambda: world.faults.active)
    await page.get_by_role("button", name="全部恢复").click()
    await world.wait_for(lambda: not world.faults.active)
    assert not world.faults.offline
    await page.locator(".calls code", has_text="getMe").wait_for()


async def test_a_forum_shows_its_topics(visit: Visit, world: World, rain: User) -> None:
    forum = world.add_group("论坛", is_forum=True, members=[rain])
    thread = world.add_topic(forum, "求助")
    world.say(forum, rain, "大厅里的话")
    world.set_scene(group=forum, member=rain)
    page = await visit()
    room = pane(page, "group")
    await room.get_by_role("combobox", name="群聊").select_option("论坛")
    await room.get_by_text("大厅里的话").wait_for()
    await room.locator(".topics button", has_text="求助").click()
    await room.locator("textarea").fill("话题里的话")
    await room.locator("textarea").press("Enter")
    await room.get_by_text("话题里的话").wait_for()
    assert world.messages(forum)[-1].thread == thread
    assert await room.get_by_text("大厅里的话").count() == 0


async def test_a_phone_shows_one_window_at_a_time(visit: Visit, bot: Bot, moderators: Chat) -> None:
    page = await visit(390, 844)
    assert await page.locator(".pane:visible").count() == 1
    await bot.send_message(moderators.id, "来看一下")
    await page.locator("#tabs button", has_text="管理员群").locator("b:visible").wait_for()
    await page.locator("#tabs button", has_text="管理员群").click()
    await pane(page, "moderators").get_by_text("来看一下").wait_for()
    assert await page.locator("#tabs b:visible").count() == 0
    assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_the_page_says_what_it_is(visit: Visit) -> None:
    page = await visit(390, 844)
    notice = page.locator(".notice")
    assert await notice.is_visible()
    assert "本机模拟器" in await notice.inner_text()


@dataclass
class Played:
    """A stage with one scene that a test plays by hand."""

    world: World
    person: User
    line: str = ""
    playing: bool = False
    moved: int = 0

    def view(self) -> JSON:
        """One scene."""
        scene = {"name": "plan", "title": "安全计划", "look": "都在她自己那里", "played": False}
        return {
            "scenes": [scene],
            "playing": "plan" if self.playing else None,
            "title": "安全计划" if self.playing else "",
            "line": self.line,
            "pane": "member",
            "person": self.person.id,
            "time": f"过了 {self.moved} 分钟",
        }

    def play(self, name: str) -> None:
        """It begins."""
        assert name == "plan"
        self.playing, self.line = True, "第一步，她慢慢写"
        self.world.changes.mark()

    async def forward(self, minutes: int) -> None:
        """Time passes."""
        self.moved += minutes
        self.world.changes.mark()


@pytest.mark.parametrize("size", [(1500, 1000), (390, 844)])
async def test_a_scene_is_played_and_followed(
    visit: Visit, world: World, group: Chat, size: tuple[int, int]
) -> None:
    guo = world.add_user("果果")
    world.start(guo)
    stage = world.stage = Played(world, guo)
    page = await visit(*size)
    await page.get_by_role("button", name="场景").click()
    await page.get_by_role("button", name="过 1 小时").click()
    await page.get_by_text("过了 60 分钟").wait_for()
    await page.get_by_role("button", name="安全计划").click()
    strip = page.locator("#strip")
    await strip.get_by_text("第一步，她慢慢写").wait_for()
    assert not await page.locator("#scenes").is_visible()
    room = pane(page, "member")
    await room.get_by_text("/start").wait_for()
    assert await room.is_visible()
    stage.playing, stage.line = False, "都在她自己那里"
    world.changes.mark()
    await strip.get_by_text("都在她自己那里").wait_for()
    await strip.get_by_role("button", name="收起这句").click()
    assert not await strip.is_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == size[0]


async def test_without_scenes_there_is_no_button_for_them(visit: Visit) -> None:
    page = await visit()
    assert not await page.get_by_role("button", name="场景").is_visible()
