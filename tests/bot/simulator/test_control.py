"""The control API behind the page, and how it keeps others out."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup

from bot.simulator import Chat, Simulator, User, World

from .conftest import there


@pytest.fixture
async def page(telegram: Simulator) -> AsyncIterator[httpx.AsyncClient]:
    """A browser's side of the control API."""
    async with httpx.AsyncClient(base_url=telegram.page_url) as client:
        yield client


async def act(page: httpx.AsyncClient, name: str, **body: Any) -> Any:
    """Do something as a visitor; the result, or the words of the refusal."""
    answer = await page.post(f"sim/{name}", json=body)
    data = answer.json()
    return data["result"] if answer.is_success else data["error"]


async def test_the_state_holds_people_chats_and_messages(
    page: httpx.AsyncClient, world: World, group: Chat, rain: User
) -> None:
    world.set_scene(group=group, member=rain)
    world.say(group, rain, "<img src=x onerror=alert(1)>")
    state = (await page.get("sim/state", params={"chat": group.id})).json()
    assert state["scene"] == {
        "group": group.id,
        "moderators": None,
        "counselor": None,
        "member": rain.id,
    }
    assert "小雨" in [user["name"] for user in state["users"]]
    assert state["messages"][str(group.id)][0]["text"] == "<img src=x onerror=alert(1)>"
    assert state["bot"]["delivery"] == "none"
    assert world.token not in json.dumps(state)


async def test_a_visitor_speaks_edits_reacts_and_deletes(
    page: httpx.AsyncClient, world: World, group: Chat, rain: User
) -> None:
    where = {"chat": group.id, "user": rain.id}
    first = await act(page, "say", **where, text=" 你好 ")
    reply = await act(page, "say", **where, text="再说一句", reply_to=first)
    assert there(group.messages[reply].reply_to).id == first
    await act(page, "edit", **where, message=first, text="改过")
    await act(page, "react", **where, message=first, emoji="❤")
    assert group.messages[first].reactions == {rain.id: ["❤"]}
    await act(page, "react", **where, message=first, emoji="❤")
    assert group.messages[first].reactions == {}
    await act(page, "delete", **where, message=reply)
    assert [message.text for message in world.messages(group)] == ["改过"]


@pytest.mark.parametrize("kind", ["photo", "voice", "document", "dice", "sticker"])
async def test_a_visitor_sends_other_things(
    page: httpx.AsyncClient, group: Chat, rain: User, kind: str
) -> None:
    number = await act(page, "send", chat=group.id, user=rain.id, kind=kind, text="说明")
    assert kind in group.messages[number].content


async def test_what_a_visitor_cannot_do(
    page: httpx.AsyncClient, world: World, group: Chat, rain: User
) -> None:
    stranger, theirs = world.add_user("外人"), world.say(group, rain, "小雨的")
    where = {"chat": group.id, "user": stranger.id}
    assert "不在" in await act(page, "say", **where, text="在吗")
    assert await act(page, "say", **where, text="  ") == "还没有写字"
    assert await act(page, "say", chat=1, user=rain.id, text="x") == "没有这个会话"
    assert await act(page, "say", chat=group.id, user=1, text="x") == "没有这个人"
    assert await act(page, "edit", **where, message=theirs.id, text="x") == "只能改自己的消息"
    assert await act(page, "delete", **where, message=theirs.id) == "只能删自己的消息"
    assert await act(page, "tap", **where, message=999) == "这条消息已经不在了"
    assert await act(page, "fault", trouble="earthquake") == "没有这种故障"
    assert await act(page, "set_bot", **where, status="creator") == "没有这种身份"
    assert await act(page, "fly") == "没有这个动作"
    assert await act(page, "say", chat=["?"], user={}) == "看不懂这个请求"


async def test_a_tap_waits_for_the_answer(
    page: httpx.AsyncClient, bot: Bot, world: World, group: Chat, rain: User
) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("我来", callback_data="claim")]])
    sent = await bot.send_message(group.id, "谁来", reply_markup=markup)
    where = {"chat": group.id, "user": rain.id, "message": sent.message_id, "button": 0}
    tapping = asyncio.create_task(act(page, "tap", **where))
    await world.wait_for(lambda: world.queries)
    await bot.answer_callback_query(next(iter(world.queries)), "记下了", show_alert=True)
    assert await tapping == {"answered": True, "text": "记下了", "alert": True}


async def test_people_come_go_start_and_block(
    page: httpx.AsyncClient, world: World, group: Chat, rain: User
) -> None:
    number = await act(page, "add_person", chat=group.id, text="新人")
    assert group.status(world.users[number]) == "member"
    await act(page, "leave", chat=group.id, user=number)
    assert group.status(world.users[number]) == "left"
    await act(page, "start", user=rain.id, payload="talk")
    assert world.messages(world.private(rain))[0].text == "/start talk"
    await act(page, "block", user=rain.id)
    assert rain.conversation == "blocked"
    await act(page, "set_bot", chat=group.id, status="member")
    assert group.status(world.bot) == "member"


async def test_a_visitor_votes(page: httpx.AsyncClient, bot: Bot, group: Chat, rain: User) -> None:
    sent = await bot.send_poll(group.id, "几点？", ["三点", "八点"])
    await act(page, "vote", chat=group.id, user=rain.id, message=sent.message_id, option=1)
    poll = group.messages[sent.message_id].content["poll"]
    assert [option["voter_count"] for option in poll["options"]] == [0, 1]


async def test_troubles_from_the_page(page: httpx.AsyncClient, world: World) -> None:
    await act(page, "fault", trouble="retry", count=2, seconds=9)
    await act(page, "offline", on=True)
    await act(page, "limits", on=True)
    fault = world.faults.active[0]
    assert (fault.trouble, fault.count, fault.retry_after) == ("retry", 2, 9)
    assert (world.faults.offline, world.limits.enforced) == (True, True)
    await act(page, "calm")
    assert world.faults.active == []
    assert not world.faults.offline


async def test_changes_are_streamed(
    page: httpx.AsyncClient, world: World, group: Chat, rain: User
) -> None:
    async with page.stream("GET", "sim/events") as stream:
        lines = stream.aiter_lines()
        first = json.loads((await anext(lines)).removeprefix("data: "))
        await anext(lines)
        world.say(group, rain, "有变化")
        second = json.loads((await anext(lines)).removeprefix("data: "))
    assert second["version"] > first["version"]


async def test_pictures_and_nothing_else_are_shown(
    page: httpx.AsyncClient, world: World, group: Chat, rain: User
) -> None:
    picture = world.photo(group, rain).content["photo"][0]["file_id"]
    answer = await page.get(f"sim/pictures/{picture}")
    assert answer.headers["content-type"] == "image/png"
    page_file = world.store_file("x.png", "image/png", b"<script>alert(1)</script>")
    assert (await page.get(f"sim/pictures/{page_file.id}")).status_code == 404


async def test_the_page_is_closed_to_foreign_script(page: httpx.AsyncClient) -> None:
    answer = await page.get("")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    for name in ("app.js", "base.css", "icon.svg"):
        assert (await page.get(f"page/{name}")).status_code == 200


async def test_other_sites_cannot_act(
    page: httpx.AsyncClient, world: World, group: Chat, rain: User
) -> None:
    body = {"chat": group.id, "user": rain.id, "text": "假的"}
    foreign = await page.post("sim/say", json=body, headers={"origin": "https://evil.example"})
    form = await page.post("sim/say", data=body)
    rebound = await page.get("sim/state", headers={"host": "evil.example"})
    assert (foreign.status_code, form.status_code, rebound.status_code) == (403, 403, 400)
    assert world.messages(group) == []


async def test_it_listens_on_loopback_only(telegram: Simulator) -> None:
    assert telegram.page_url.startswith("http://127.0.0.1:")
    assert telegram.base_url == f"{telegram.page_url}bot"
