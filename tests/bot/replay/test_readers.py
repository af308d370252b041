"""Every export format is read whole, and a broken file is told apart in one sentence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.replay.conversation import Conversation, Said
from bot.replay.readers import START, read
from moderation.errors import InputError

SAMPLES = Path(__file__).parents[2] / "data" / "replay"
WECHAT = "2024-03-05 21:14:02 小鱼\n睡不着\n\n2024-03-05 21:15:40 老K\n我也是\n"


def at(text: str) -> datetime:
    """A time of Shanghai, in UTC as the readers tell it."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


def only(file: Path) -> Conversation:
    """The one conversation of a file."""
    (conversation,) = read(file)
    return conversation


def texts(file: Path) -> list[str]:
    """What was said in a file that holds one conversation."""
    return [said.text for said in only(file).messages]


def refusal(file: Path) -> str:
    """The sentence with which a file is refused; it always names the file."""
    with pytest.raises(InputError) as caught:
        read(file)
    assert str(file) in str(caught.value)
    return str(caught.value)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A place for an export."""
    return tmp_path / "chat.txt"


# --- the samples ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "conversations", "messages", "members"),
    [
        pytest.param("telegram/result.json", 1, 416, 15, id="Telegram Desktop"),
        pytest.param("wechat.txt", 1, 378, 14, id="WeChat, time first"),
        pytest.param("wechat-name-first.txt", 1, 76, 6, id="WeChat, name first"),
        pytest.param("conversations.jsonl", 8, 392, 9, id="conversation lines"),
    ],
)
def test_a_sample_is_read_to_its_last_message(
    name: str, conversations: int, messages: int, members: int
) -> None:
    found = read(SAMPLES / name)
    said = [message for conversation in found for message in conversation.messages]
    assert (len(found), len(said)) == (conversations, messages)
    assert len({message.user for message in said}) == members


@pytest.mark.parametrize(
    "name", ["telegram/result.json", "wechat.txt", "wechat-name-first.txt", "conversations.jsonl"]
)
def test_times_of_a_sample_never_run_backwards(name: str) -> None:
    for conversation in read(SAMPLES / name):
        times = [said.at for said in conversation.messages]
        assert times == sorted(times)
        assert all(time.utcoffset() == timedelta(0) for time in times)


def test_spirals_of_the_sample_point_to_messages_of_their_conversation() -> None:
    lines = (SAMPLES / "conversations.jsonl").read_text("utf-8").splitlines()
    raw = [json.loads(line) for line in lines]
    for conversation in raw:
        for spiral in conversation["spirals"]:
            assert 0 < spiral["onset"] < spiral["end"] < len(conversation["messages"])
    assert sum(bool(conversation["spirals"]) for conversation in raw) == 4


def test_the_wechat_sample_keeps_nicknames_with_spaces_digits_and_emoji() -> None:
    users = {said.user for said in only(SAMPLES / "wechat.txt").messages}
    assert {"豆豆妈 2019", "Ting Ting", "1", "0917", "🌙小满", "A-刘姐(法令纹)"} <= users


def test_the_telegram_sample_holds_every_kind_of_message() -> None:
    raw = json.loads((SAMPLES / "telegram" / "result.json").read_text("utf-8"))["messages"]
    said = only(SAMPLES / "telegram" / "result.json").messages
    assert len(said) == len(raw)
    assert {m["action"] for m in raw if m["type"] == "service"} >= {"invite_members", "pin_message"}
    assert [s.text for s, m in zip(said, raw, strict=True) if m.get("media_type") == "sticker"] == [
        "🤗",
        "🎉",
        "😴",
    ]
    assert [s.forwarded_from for s in said if s.forwarded_from] == [
        "临溪市卫生健康委员会",
        "夜航的船",
    ]
    assert sum(s.reply_to is not None for s in said) == 10


# --- Telegram Desktop -----------------------------------------------------------------------------


def message(number: int, text: Any = "在", **more: Any) -> dict[str, Any]:
    """A message as Telegram Desktop writes it, on the evening of 14 November 2025 in China."""
    return {
        "id": number,
        "type": "message",
        "date": "2025-11-14T21:00:00",
        "date_unixtime": "1763125200",
        "from": "橘子皮",
        "from_id": "user51",
        "text": text,
    } | more


def telegram(file: Path, *messages: dict[str, Any], **more: Any) -> Path:
    """A result.json with these messages."""
    chat = {"name": "拆线以后", "type": "private_supergroup", "id": 18, "messages": list(messages)}
    file.write_text(json.dumps(chat | more, ensure_ascii=False, indent=1), "utf-8")
    return file


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        pytest.param("在", "在", id="a string"),
        pytest.param("", "", id="nothing"),
        pytest.param(
            ["看", {"type": "bold", "text": "怎么留病历"}, "，再说"],
            "看怎么留病历，再说",
            id="strings and formatted pieces are joined",
        ),
        pytest.param(
            [{"type": "spoiler", "text": "天台"}, ""], "天台", id="words under a spoiler are read"
        ),
        pytest.param(
            [{"type": "custom_emoji", "text": "🌙", "document_id": "x"}],
            "🌙",
            id="a custom emoji is its emoji",
        ),
        pytest.param([], "", id="an empty list"),
    ],
)
def test_text_of_a_telegram_message_is_its_words(file: Path, raw: Any, text: str) -> None:
    assert texts(telegram(file, message(1, raw))) == [text]


@pytest.mark.parametrize(
    ("more", "text"),
    [
        pytest.param({"media_type": "sticker", "sticker_emoji": "😭"}, "😭", id="sticker's emoji"),
        pytest.param({"media_type": "voice_message", "duration_seconds": 7}, "", id="voice"),
        pytest.param({"photo": "(File not included.)", "text": "今天的"}, "今天的", id="caption"),
        pytest.param(
            {"poll": {"question": "去吗", "answers": [{"text": "去"}, {"text": "不去"}]}},
            "去吗\n去\n不去",
            id="a poll's question and answers",
        ),
        pytest.param({"edited": "2025-11-14T21:02:00", "text": "改过的"}, "改过的", id="an edit"),
    ],
)
def test_what_is_not_plain_text_gives_the_words_it_has(
    file: Path, more: dict[str, Any], text: str
) -> None:
    assert texts(telegram(file, message(1, "") | more)) == [text]


def test_a_service_message_is_an_empty_place_and_indices_stay(file: Path) -> None:
    service = {
        "id": 2,
        "type": "service",
        "date": "2025-11-14T21:01:00",
        "date_unixtime": "1763125260",
        "actor": "林间路",
        "actor_id": "user52",
        "action": "invite_members",
        "members": ["青柠Q"],
        "text": "",
    }
    telegram(file, message(1), service, message(3, "来了", reply_to_message_id=1))
    found = only(file).messages
    assert [said.text for said in found] == ["在", "", "来了"]
    assert [said.user for said in found] == ["user51", "user52", "user51"]
    assert [said.reply_to for said in found] == [None, None, 0]


def test_an_answer_to_a_deleted_message_answers_nothing(file: Path) -> None:
    telegram(file, message(7), message(9, reply_to_message_id=8))
    assert only(file).messages[1].reply_to is None


def test_messages_without_ids_answer_nothing(file: Path) -> None:
    nameless = {key: value for key, value in message(1).items() if key != "id"}
    assert [s.reply_to for s in only(telegram(file, nameless, nameless)).messages] == [None, None]


def test_telegram_time_is_that_of_the_unix_clock(file: Path) -> None:
    assert only(telegram(file, message(1))).messages[0].at == at("2025-11-14T21:00:00")


def test_an_old_export_without_unix_time_is_read_as_chinese_time(file: Path) -> None:
    old = {key: value for key, value in message(1).items() if key != "date_unixtime"}
    assert only(telegram(file, old)).messages[0].at == at("2025-11-14T21:00:00")


def test_a_deleted_account_is_still_one_member(file: Path) -> None:
    telegram(file, message(1, **{"from": None}), message(2))
    assert {said.user for said in only(file).messages} == {"user51"}


@pytest.mark.parametrize(
    ("more", "whose"),
    [
        pytest.param({}, None, id="own words"),
        pytest.param({"forwarded_from": "夜航的船"}, "夜航的船", id="a name"),
        pytest.param({"forwarded_from": None}, "?", id="a deleted account"),
    ],
)
def test_forwarded_words_are_not_those_of_the_one_who_forwards(
    file: Path, more: dict[str, Any], whose: str | None
) -> None:
    assert only(telegram(file, message(1, **more))).messages[0].forwarded_from == whose


def test_an_export_of_all_chats_gives_each_of_them(file: Path) -> None:
    chats = [{"id": n, "name": "群", "messages": [message(1)] * n} for n in (1, 2)]
    file.write_text(json.dumps({"about": "…", "chats": {"about": "…", "list": chats}}), "utf-8")
    assert [(c.id, len(c.messages)) for c in read(file)] == [("1", 1), ("2", 2)]


def test_a_chat_without_messages_is_an_empty_conversation(file: Path) -> None:
    assert only(telegram(file)).messages == ()


@pytest.mark.parametrize(
    ("content", "chat"),
    [
        pytest.param({"messages": [message(1, date_unixtime="soon")]}, "18", id="a time in words"),
        pytest.param({"messages": [message(1, date_unixtime="9" * 20)]}, "18", id="a far future"),
        pytest.param({"messages": [{"id": 1, "type": "message"}]}, "18", id="no time"),
        pytest.param({"messages": [3]}, "18", id="a message that is a number"),
        pytest.param({"messages": [message(1, [4])]}, "18", id="a text of numbers"),
        pytest.param({"messages": [message(1, reply_to_message_id=[])]}, "18", id="a strange id"),
        pytest.param({"messages": [message(1)], "id": 0, "name": "群"}, "", id="fine without id"),
        pytest.param({"chats": 1}, "list", id="chats that are a number"),
        pytest.param({"chats": {}}, "list", id="chats without a list"),
        pytest.param({"chats": {"list": [5]}}, "1", id="a chat that is a number"),
        pytest.param({"chats": {"list": [{"name": "群"}]}}, "群", id="a chat with no messages"),
    ],
)
def test_a_wrong_field_of_telegram_names_the_chat_and_the_remedy(
    file: Path, content: dict[str, Any], chat: str
) -> None:
    file.write_text(json.dumps({"name": "拆线以后", "id": 18} | content), "utf-8")
    if not chat:
        assert only(file).id == "群"
        return
    sentence = refusal(file)
    assert f"chat {chat}:" in sentence
    assert "Export it again in Telegram Desktop" in sentence


# --- WeChat ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "time", "user"),
    [
        pytest.param("2024-03-05 21:14:02 小鱼", "2024-03-05T21:14:02", "小鱼", id="time first"),
        pytest.param("小鱼 2024/3/5 21:14", "2024-03-05T21:14:00", "小鱼", id="name first"),
        pytest.param("2024-03-05 21:14:02 豆豆妈 2019", "2024-03-05T21:14:02", "豆豆妈 2019", id="space"),
        pytest.param("Lily 0408 2024/3/5 9:05", "2024-03-05T09:05:00", "Lily 0408", id="digits"),
        pytest.param("2024-03-05 21:14:02 🌙", "2024-03-05T21:14:02", "🌙", id="only an emoji"),
        pytest.param("2024-03-05 21:14:02 1", "2024-03-05T21:14:02", "1", id="only a digit"),
        pytest.param("2024-03-05 21:14:02 小鱼:", "2024-03-05T21:14:02", "小鱼", id="a colon at the end"),
        pytest.param("2024年3月5日 21:14 小鱼", "2024-03-05T21:14:00", "小鱼", id="Chinese date"),
        pytest.param("小鱼 2024/3/5 上午8:07", "2024-03-05T08:07:00", "小鱼", id="morning"),
        pytest.param("小鱼 2024/3/5 下午9:14", "2024-03-05T21:14:00", "小鱼", id="afternoon"),
        pytest.param("小鱼 2024/3/5 晚上 9:14", "2024-03-05T21:14:00", "小鱼", id="evening"),
        pytest.param("小鱼 2024/3/5 上午12:05", "2024-03-05T00:05:00", "小鱼", id="12 at night"),
        pytest.param("小鱼 2024/3/5 凌晨12:05", "2024-03-05T00:05:00", "小鱼", id="small hours"),
        pytest.param("小鱼 2024/3/5 早上7:30", "2024-03-05T07:30:00", "小鱼", id="early"),
        pytest.param("小鱼 2024/3/5 下午12:05", "2024-03-05T12:05:00", "小鱼", id="12 at noon"),
        pytest.param("小鱼 2024/3/5 中午12:05", "2024-03-05T12:05:00", "小鱼", id="noon"),
        pytest.param("小鱼 2024/3/5 中午1:05", "2024-03-05T13:05:00", "小鱼", id="after noon"),
        pytest.param("小鱼 2024/3/5 中午11:50", "2024-03-05T11:50:00", "小鱼", id="before noon"),
        pytest.param("小鱼 2024/3/5 下午21:14", "2024-03-05T21:14:00", "小鱼", id="said twice"),
    ],
)  # fmt: skip
def test_a_header_tells_when_and_who(file: Path, head: str, time: str, user: str) -> None:
    file.write_text(f"{head}\n睡不着\n", "utf-8")
    assert only(file) == Conversation("chat", (Said(at(time), user, "睡不着"),))


@pytest.mark.parametrize(
    ("body", "text"),
    [
        pytest.param("睡不着", "睡不着", id="one line"),
        pytest.param("一\n二\n\n四", "一\n二\n\n四", id="several lines, one of them empty"),
        pytest.param("[图片]", "[图片]", id="a picture"),
        pytest.param("", "", id="nothing"),
        pytest.param("  前后有空格  ", "前后有空格", id="spaces around"),
        pytest.param(
            "我约的是\n2024-03-09 10:30:00",
            "我约的是\n2024-03-09 10:30:00",
            id="a time alone on its line is no header",
        ),
        pytest.param(
            "客服小美 2024/3/1 10:00\n亲亲，别担心",
            "客服小美 2024/3/1 10:00\n亲亲，别担心",
            id="a pasted header of the other form belongs to the text",
        ),
        pytest.param(
            "复查改到 2024/3/9 10:30",
            "复查改到 2024/3/9 10:30",
            id="a sentence that ends in a time is no header",
        ),
        pytest.param(
            "改期：2024-13-45 25:61:00",
            "改期：2024-13-45 25:61:00",
            id="an impossible time inside a text harms nobody",
        ),
    ],
)
def test_a_text_reaches_to_the_next_header(file: Path, body: str, text: str) -> None:
    file.write_text(f"2024-03-05 21:14:02 小鱼\n{body}\n\n{WECHAT}", "utf-8")
    assert texts(file) == [text, "睡不着", "我也是"]


def test_a_time_first_line_inside_a_name_first_file_is_text(file: Path) -> None:
    pasted = "2024-03-01 10:00:00 客服小美"
    file.write_text(f"小鱼 2024/3/5 21:14\n{pasted}\n别担心\n\n老K 2024/3/5 21:15\n呵\n", "utf-8")
    assert texts(file) == [f"{pasted}\n别担心", "呵"]


def test_words_before_the_first_header_are_nobodys(file: Path) -> None:
    file.write_text(f"群聊：鼻子下巴\n导出于 2024/3/11 9:00\n\n{WECHAT}", "utf-8")
    assert texts(file) == ["睡不着", "我也是"]


def test_a_recalled_message_is_no_message_of_its_own(file: Path) -> None:
    file.write_text(WECHAT + '\n"小鱼"撤回了一条消息\n', "utf-8")
    assert [said.user for said in only(file).messages] == ["小鱼", "老K"]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(WECHAT.encode(), id="UTF-8"),
        pytest.param(WECHAT.encode("utf-8-sig"), id="UTF-8 with a mark"),
        pytest.param(WECHAT.encode("gb18030"), id="GB18030"),
        pytest.param(WECHAT.encode("utf-16"), id="UTF-16"),
        pytest.param(b"\xfe\xff" + WECHAT.encode("utf-16-be"), id="UTF-16, big end first"),
        pytest.param(WECHAT.replace("\n", "\r\n").encode(), id="lines that end as on Windows"),
        pytest.param(WECHAT.replace("\n", "\r\n").encode("utf-16"), id="both"),
    ],
)
def test_a_wechat_file_is_the_same_in_every_encoding(file: Path, raw: bytes) -> None:
    file.write_bytes(raw)
    assert only(file).messages == (
        Said(at("2024-03-05T21:14:02"), "小鱼", "睡不着"),
        Said(at("2024-03-05T21:15:40"), "老K", "我也是"),
    )


def test_windows_line_ends_leave_no_trace_inside_a_text(file: Path) -> None:
    file.write_bytes("2024-03-05 21:14:02 小鱼\r\n一\r\n二\r\n".encode())
    assert texts(file) == ["一\n二"]


@pytest.mark.parametrize(
    "head",
    ["2024-02-30 10:00:00 小鱼", "2024-13-05 10:00:00 小鱼", "2024-03-05 24:00:00 小鱼"],
)
def test_a_time_that_does_not_exist_names_its_line(file: Path, head: str) -> None:
    file.write_text(f"{WECHAT}\n{head}\n在\n", "utf-8")
    sentence = refusal(file)
    assert "line 7" in sentence
    assert head in sentence
    assert "Expected a time that exists" in sentence


def test_a_hundred_thousand_lines_are_read(file: Path) -> None:
    line = "2024-03-05 21:14:02 豆豆妈 2019\n" + "今天 2024 排队 " * 9 + "\n"
    file.write_text(line * 50_000, "utf-8")
    assert len(only(file).messages) == 50_000


def test_one_endless_line_is_read(file: Path) -> None:
    file.write_text(WECHAT + "9 " * 500_000, "utf-8")
    assert len(only(file).messages) == 2


# --- conversation lines ---------------------------------------------------------------------------


def spoken(*messages: Any, **more: Any) -> str:
    """A conversation as a line of JSON."""
    return json.dumps({"id": "c-1", "messages": list(messages)} | more, ensure_ascii=False)


def words(t: Any = 0, text: Any = "在", **more: Any) -> dict[str, Any]:
    """A message of a conversation line."""
    return {"t": t, "user": "u1", "text": text, "reply_to": None} | more


def test_a_conversation_line_gives_times_and_answers(file: Path) -> None:
    file.write_text(spoken(words(), words(90.5, "嗯", reply_to=0), spirals=[]), "utf-8")
    assert only(file) == Conversation(
        "c-1",
        (Said(START, "u1", "在"), Said(START + timedelta(seconds=90.5), "u1", "嗯", 0)),
    )


def test_a_conversation_without_id_is_called_by_its_line(file: Path) -> None:
    nameless = json.dumps({"messages": []})
    file.write_text(f"{spoken()}\n\n{nameless}\n", "utf-8")
    assert [conversation.id for conversation in read(file)] == ["c-1", "3"]


def test_one_conversation_may_be_written_over_many_lines(file: Path) -> None:
    file.write_text(json.dumps(json.loads(spoken(words())), indent=2), "utf-8")
    assert texts(file) == ["在"]


@pytest.mark.parametrize("count", [1, 2])
def test_a_line_separator_inside_a_text_ends_no_line(file: Path, count: int) -> None:
    text = "上\u2028下\u0085完\x0b"
    file.write_text(f"{spoken(words(0, text))}\n" * count, "utf-8")
    assert [c.messages[0].text for c in read(file)] == [text] * count


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_conversation_lines_are_read_in_every_encoding(file: Path, encoding: str) -> None:
    file.write_bytes(f"{spoken(words())}\r\n{spoken(words())}\r\n".encode(encoding))
    assert [c.messages[0].text for c in read(file)] == ["在", "在"]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"id": "c-2", "mess', id="cut off"),
        pytest.param("over", id="no JSON"),
        pytest.param("[1, 2]", id="a list"),
        pytest.param('{"id": "c-2"}', id="no messages"),
        pytest.param('{"messages": 1}', id="messages that are a number"),
        pytest.param(spoken(words("soon")), id="a time in words"),
        pytest.param(spoken(words(1e300)), id="a time beyond all calendars"),
        pytest.param('{"messages": [{"t": NaN, "user": "u", "text": ""}]}', id="no number"),
        pytest.param(spoken(words(0, None)), id="a text that is null"),
        pytest.param(spoken(words(0, 7)), id="a text that is a number"),
        pytest.param(spoken({"t": 0, "text": "在"}), id="no user"),
        pytest.param(spoken(words(reply_to="first")), id="an answer to a word"),
        pytest.param('{"a":' * 100_000, id="nested without end"),
    ],
)
def test_a_wrong_conversation_line_is_named(file: Path, line: str) -> None:
    file.write_text(f"{spoken(words())}\n{spoken(words())}\n{line}\n", "utf-8")
    sentence = refusal(file)
    assert "line 3: not a conversation" in sentence
    assert "Expected Telegram Desktop's result.json" in sentence


# --- files that are nothing of the kind -----------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \r\n\t\n", "is empty", id="only spaces"),
        pytest.param(b"\xef\xbb\xbf", "is empty", id="only a mark"),
        pytest.param("今天天气不错".encode(), "no line says when", id="a note"),
        pytest.param(b"[1, 2]", "no line says when", id="a list"),
        pytest.param(b"\x89PNG\r\n\x1a\n\xff\xfe", "is not text", id="a picture"),
        pytest.param(WECHAT.encode("utf-16")[:-1], "cut off", id="half a character"),
        pytest.param(b'{"a":' * 100_000, "not JSON that can be read", id="nested without end"),
        pytest.param(b'{"id": 1, "mess', "line 1: the JSON is broken or cut off", id="a cut line"),
    ],
)
def test_rubbish_is_refused_in_one_sentence(file: Path, raw: bytes, why: str) -> None:
    file.write_bytes(raw)
    assert why in refusal(file)


def test_a_telegram_export_that_was_cut_off_names_the_line_of_the_cut(file: Path) -> None:
    whole = telegram(file, message(1), message(2)).read_text("utf-8")
    cut = whole[: whole.index('"id": 2')]
    file.write_text(cut, "utf-8")
    sentence = refusal(file)
    assert f"line {cut.count(chr(10)) + 1}: the JSON is broken or cut off here" in sentence
    assert "Expected Telegram Desktop's result.json" in sentence


@pytest.mark.parametrize(
    ("name", "why"), [("nowhere.json", "No such file"), (".", "Is a directory")]
)
def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path, name: str, why: str) -> None:
    assert why in refusal(tmp_path / name)
