"""HTML and Markdown: what becomes an entity, and what Telegram complains of."""

import pytest
from telegram import Bot, MessageEntity, User
from telegram.helpers import escape_markdown

from bot.simulator import Chat, World
from bot.simulator import User as Person
from bot.simulator.html_mode import MarkupError, parse_html
from bot.simulator.markdown_mode import parse_markdown, parse_markdown_v2

from .conftest import refused, there

HTML = [
    ("<b>粗</b><i>斜</i><u>线</u><s>删</s>", "bold italic underline strikethrough"),
    (
        "<strong>粗</strong><em>斜</em><ins>线</ins><del>删</del>",
        "bold italic underline strikethrough",
    ),
    ("<tg-spoiler>遮</tg-spoiler><span class='tg-spoiler'>住</span>", "spoiler spoiler"),
    ('<a href="https://a.cn/?a=1&amp;b=2">链</a>', "text_link"),
    ("<code>x</code>", "code"),
    ('<pre><code class="language-python">x</code></pre>', "pre"),
    ("<blockquote>引</blockquote>", "blockquote"),
    ("<blockquote expandable>引</blockquote>", "expandable_blockquote"),
    ("<b>粗<i>里</i></b>", "bold italic"),
    ("<b></b>空", ""),
    ("&lt;b&gt; &#39;x&#x27; &amp;", ""),
]


@pytest.mark.parametrize(("source", "kinds"), HTML, ids=[source for source, _ in HTML])
def test_html_entities(source: str, kinds: str) -> None:
    assert " ".join(entity["type"] for entity in parse_html(source)[1]) == kinds


def test_html_offsets_count_utf16_units() -> None:
    text, entities = parse_html("😢<b>难😢受</b>")
    assert text == "😢难😢受"
    assert entities == [{"type": "bold", "offset": 2, "length": 4}]


def test_html_escapes_and_arguments() -> None:
    assert parse_html("&lt;&amp;&gt;&quot;&#39;&nbsp;&")[0] == "<&>\"'&nbsp;&"
    assert (
        parse_html('<a href="https://a.cn/?a=1&amp;b=2">x</a>')[1][0]["url"]
        == "https://a.cn/?a=1&b=2"
    )
    assert parse_html('<pre><code class="language-py">x</code></pre>')[1][0]["language"] == "py"
    assert parse_html("<a href='不是网址'>x</a>") == ("x", [])


BAD_HTML = [
    ("<b>粗", 'Can\'t find end tag corresponding to start tag "b"'),
    ("粗</b>", "Unexpected end tag at byte offset 3"),
    ("<b>粗</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
    ("<script>x</script>", 'Unsupported start tag "script" at byte offset 0'),
    ("我<3 你", "Unclosed start tag at byte offset 3"),
    ("1 < 2 > 1", 'Unsupported start tag "" at byte offset 2'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
]


@pytest.mark.parametrize(("source", "why"), BAD_HTML, ids=[source for source, _ in BAD_HTML])
def test_bad_html(source: str, why: str) -> None:
    with pytest.raises(MarkupError) as problem:
        parse_html(source)
    assert str(problem.value) == why


MARKDOWN = [
    ("*粗* _斜_ __线__ ~删~ ||遮||", "bold italic underline strikethrough spoiler"),
    ("*粗 _里_*", "bold italic"),
    ("`x\\`` ```python\nx```", "code pre"),
    ("[链](https://a.cn/\\)x)", "text_link"),
    (">引\n>用\n外", "blockquote"),
    ("**>引\n>用||", "expandable_blockquote"),
    ("1\\. 不是标记\\!", ""),
]


@pytest.mark.parametrize(("source", "kinds"), MARKDOWN, ids=[source for source, _ in MARKDOWN])
def test_markdown_v2_entities(source: str, kinds: str) -> None:
    assert " ".join(entity["type"] for entity in parse_markdown_v2(source)[1]) == kinds


def test_markdown_v2_text() -> None:
    assert parse_markdown_v2(">引\n>用\n外")[0] == "引\n用\n外"
    assert parse_markdown_v2(escape_markdown("1. a_b *c* [d](e) `f` > #!", 2))[0] == (
        "1. a_b *c* [d](e) `f` > #!"
    )


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("好。1.", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("好*粗", "Can't find end of Bold entity at byte offset 3"),
        ("||遮", "Can't find end of Spoiler entity at byte offset 0"),
    ],
)
def test_bad_markdown_v2(source: str, why: str) -> None:
    with pytest.raises(MarkupError) as problem:
        parse_markdown_v2(source)
    assert str(problem.value) == why


def test_the_older_markdown() -> None:
    text, entities = parse_markdown("*粗* _斜_ `码` [链](https://a.cn/) \\_原样")
    assert text == "粗 斜 码 链 _原样"
    assert [one["type"] for one in entities] == ["bold", "italic", "code", "text_link"]
    with pytest.raises(MarkupError, match="Can't find end of the entity starting at byte offset 1"):
        parse_markdown("a_b")


async def test_the_bot_is_told_where_markup_fails(bot: Bot, group: Chat) -> None:
    with refused("Can't parse entities: can't find end tag"):
        await bot.send_message(group.id, "<b>粗", "HTML")
    with refused("Unsupported parse_mode"):
        await bot.send_message(group.id, "粗", "BBCode")


async def test_mentions_by_id_need_a_known_person(bot: Bot, group: Chat, rain: Person) -> None:
    text = f'<a href="tg://user?id={rain.id}">小雨</a><a href="tg://user?id=5">谁</a>'
    sent = await bot.send_message(group.id, text, "HTML")
    assert [there(entity.user).id for entity in sent.entities] == [rain.id]
    person = User(rain.id, "小雨", False)
    entity = MessageEntity(MessageEntity.TEXT_MENTION, 0, 2, user=person)
    given = await bot.send_message(group.id, "小雨", entities=[entity])
    assert given.entities[0].type == MessageEntity.TEXT_MENTION


async def test_links_are_found_beside_markup(bot: Bot, group: Chat) -> None:
    sent = await bot.send_message(group.id, "<b>看</b> https://a.cn/x <code>b.cn</code>", "HTML")
    assert [entity.type for entity in sent.entities] == ["bold", "url", "code"]


async def test_whitespace_around_is_cut_and_entities_move(
    bot: Bot, world: World, group: Chat
) -> None:
    await bot.send_message(group.id, "\n <b> 好 </b> \n", "HTML")
    message = world.messages(group)[0]
    assert (message.text, message.entities) == ("好", [{"type": "bold", "offset": 0, "length": 1}])
