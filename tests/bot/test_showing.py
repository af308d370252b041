"""What strangers write is shown as they wrote it, and does nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.showing import safe_name, safe_text
from bot.simulator.entities import merge
from bot.simulator.html_mode import parse_html

ACTING = st.sampled_from(
    ["@evil_person", "/revoke", "<a href='tg://user?id=6'>", "\u202e", "\n", "&lt;", "</b>", "https://evil.cn/x", "evil.cn", " ", "安"]
)  # fmt: skip
ODD = st.lists(ACTING | st.text(max_size=8), max_size=12).map("".join)


@settings(max_examples=150, deadline=None)
@given(ODD)
def test_text_of_a_stranger_neither_mentions_commands_nor_marks_up(text: str) -> None:
    shown, entities = parse_html(f"「{safe_text(text)}」\n现在：没人接")
    kinds = {entity["type"] for entity in merge(entities, shown)}
    assert kinds <= {"url", "email", "hashtag"}
    assert not set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2069\u200f") & set(shown)


@settings(max_examples=150, deadline=None)
@given(ODD)
def test_a_name_is_one_short_line_that_leads_nowhere(name: str) -> None:
    shown, entities = parse_html(safe_name(name))
    assert shown.strip()
    assert "\n" not in shown
    assert {entity["type"] for entity in merge(entities, shown)} <= {"hashtag"}
