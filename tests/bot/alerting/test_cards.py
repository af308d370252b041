from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import words
from bot.alerting.buttons import link_to
from bot.alerting.cards import EXCERPT, render
from bot.alerting.cardview import CardView, Done
from bot.showing import NAME, safe_name
from bot.words import duty as words_duty
from bot.words import steps as words_steps
from moderation.cases import CaseState, Standing
from moderation.policy import CRISIS_REASON
from moderation.storage.acts import Act
from moderation.storage.casebook import Case, Person, Signal
from moderation.vocabulary import CaseKind, Certainty, Crisis, Subject

AT = datetime(2026, 11, 22, 13, 5, tzinfo=UTC)
LAN = Person(501, "小岚")
CASE = Case(
    id=12,
    kind=CaseKind.CRISIS,
    chat_id=-1001234,
    person=LAN,
    level="imminent",
    subject=Subject.SELF,
    certainty=Certainty.LIKELY,
    standing=Standing(CaseState.OPEN),
    holder_name=None,
    holder_name_before=None,
    asked=False,
    called_at=None,
    unanswered=0,
    how=None,
    rehearsal=False,
    version=1,
    opened_at=AT,
    updated_at=AT,
)
SIGNAL = Signal(
    chat_id=-1001234,
    message_id=9,
    level="imminent",
    excerpt="谢谢大家，今晚就走，别找我",
    phrases=("今晚就走",),
    reasons=("说到时间或准备",),
    at=AT,
)
VIEW = CardView(CASE, [SIGNAL], "鼻修复互助群", None, 0, ZoneInfo("Asia/Shanghai"))
ACCUSED = replace(CASE, kind=CaseKind.ALLEGATION, level="unverified")


def text_of(view: CardView = VIEW, **changed: Any) -> str:
    """What a card says."""
    return str(render(replace(view, **changed))["text"])


def buttons_of(view: CardView) -> list[str]:
    """What can be pressed."""
    rows = render(view)["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in rows for button in row]


def with_case(**changed: Any) -> CardView:
    """A card of a case that is a little different."""
    return replace(VIEW, case=replace(CASE, **changed))


def test_a_card_says_what_who_where_when_why_and_how_it_stands() -> None:
    assert text_of().splitlines() == [
        "<b>🔴 马上有危险</b>　很可能",
        '<a href="tg://user?id=501">小岚</a>　「鼻修复互助群」',
        "21:05",
        "<blockquote>谢谢大家，<b><u>今晚就走</u></b>，别找我</blockquote>",
        "凭什么：说到时间或准备",
        "之前没有过",
        words_steps.HEAD + words_steps.TAKE + words_steps.CRISIS[Crisis.IMMINENT, Subject.SELF],
        "现在：还没有人接",
    ]


def test_times_are_those_of_the_readers_zone() -> None:
    assert "\n14:05\n" in text_of(zone=ZoneInfo("Europe/Berlin"))


def test_a_rehearsal_is_marked() -> None:
    assert words.REHEARSAL in text_of(with_case(rehearsal=True))
    assert words.REHEARSAL not in text_of()


def test_a_repeated_call_says_which_it_is() -> None:
    assert text_of(called=2).startswith("⏰ 第 3 次叫")


def test_earlier_cases_are_counted() -> None:
    assert "之前有过 2 次" in text_of(earlier=2)


def test_only_the_last_messages_are_shown_and_all_are_counted() -> None:
    signals = [replace(SIGNAL, message_id=n, excerpt=f"第{n}句") for n in range(1, 6)]
    shown = text_of(signals=signals)
    assert "这次一共 5 条" in shown
    assert [f"第{n}句" in shown for n in range(1, 6)] == [False, False, True, True, True]


def test_each_reason_is_given_once_and_at_most_three() -> None:
    signals = [
        replace(SIGNAL, reasons=("甲", "乙", "丙")),
        replace(SIGNAL, reasons=("乙", "丁", "戊")),
    ]
    assert "凭什么：甲；乙；丙\n" in text_of(signals=signals)


def test_a_reason_that_only_repeats_the_headline_is_left_out_beside_another() -> None:
    general = CRISIS_REASON[Crisis.IMMINENT, Subject.SELF]
    both = replace(SIGNAL, reasons=(general, "说到时间或准备"))
    assert "凭什么：说到时间或准备\n" in text_of(signals=[both])
    assert f"凭什么：{general}\n" in text_of(signals=[replace(SIGNAL, reasons=(general,))])


@pytest.mark.parametrize("level", [Crisis.IMMINENT, Crisis.IDEATION])
@pytest.mark.parametrize("subject", [Subject.SELF, Subject.OTHER])
def test_a_crisis_says_what_to_do_now_until_somebody_is_with_her(
    level: Crisis, subject: Subject
) -> None:
    step = words_steps.CRISIS[level, subject]
    for state, shown in [
        (CaseState.OPEN, words_steps.TAKE + step),
        (CaseState.CLAIMED, words_steps.HEAD + step),
        (CaseState.CONTACTED, ""),
        (CaseState.SAFE, ""),
    ]:
        card = text_of(with_case(level=level, subject=subject, standing=Standing(state)))
        assert shown in card
        assert (step in card) is bool(shown)


@pytest.mark.parametrize("kind", words_steps.ELSE)
def test_every_other_card_says_what_to_do_too(kind: CaseKind) -> None:
    level = {CaseKind.ALLEGATION: "unverified", CaseKind.DOXXING: "true", CaseKind.REPORT: "asked"}
    card = text_of(with_case(kind=kind, level=level[kind], subject=Subject.NONE))
    assert words_steps.HEAD + words_steps.ELSE[kind] in card


def test_who_asked_for_a_human_is_to_be_answered_first() -> None:
    assert words_steps.ASKED in text_of(with_case(asked=True))


def test_how_a_message_was_said_stands_beside_its_time() -> None:
    signal = replace(SIGNAL, edited=True, note="转发自 <小雨>")
    assert "21:05（转发自 &lt;小雨&gt;，改过）" in text_of(signals=[signal])


def test_a_message_without_words_says_so() -> None:
    assert words.NO_WORDS in text_of(signals=[replace(SIGNAL, excerpt="", phrases=())])


def test_somebody_else_in_danger_is_told_apart_from_the_one_who_wrote() -> None:
    shown = text_of(with_case(subject=Subject.OTHER))
    assert words.ABOUT_OTHER.format(name='<a href="tg://user?id=501">小岚</a>') in shown


def test_a_public_name_stands_beside_the_name() -> None:
    person = replace(LAN, username="xiao_lan")
    assert "小岚</a> @xiao_lan　「" in text_of(with_case(person=person))


def test_one_who_asked_for_a_human_comes_before_what_the_bot_judged() -> None:
    shown = text_of(with_case(asked=True)).splitlines()[0]
    assert shown.startswith(f"<b>{words.HEADLINE_ASKED}</b>")
    assert str(Certainty.LIKELY) not in shown


def test_a_message_from_before_the_group_moved_has_no_buttons() -> None:
    signal = replace(SIGNAL, message_id=-9)
    moved = replace(VIEW, case=ACCUSED, signals=[signal], can_delete=True)
    assert not {words.BUTTON_SEE, words_duty.BUTTON_ACT["delete"]} & set(buttons_of(moved))


def test_who_cannot_be_written_to_is_not_linked() -> None:
    shown = text_of(with_case(person=Person(-1009, "鼻子日记", writable=False)))
    assert "鼻子日记　「" in shown
    assert "tg://user" not in shown


def test_a_private_chat_has_no_title() -> None:
    assert "　私聊" in text_of(chat_title="")


def test_a_matter_of_the_whole_group_names_nobody() -> None:
    case = replace(CASE, kind=CaseKind.SPIRAL, level="onset", person=None)
    assert "\n「鼻修复互助群」\n" in text_of(replace(VIEW, case=case))
    assert words.FIRST_TIME not in text_of(replace(VIEW, case=case))


@pytest.mark.parametrize("state", CaseState, ids=str)
def test_every_state_names_the_holder_as_far_as_there_is_one(state: CaseState) -> None:
    held = with_case(standing=Standing(state, 8), holder_name="沈<咨询>")
    assert "{" not in text_of(held)
    if "{who}" in words.STATE[state]:
        assert "沈&lt;咨询&gt;" in text_of(held)
        assert "有人" in text_of(with_case(standing=Standing(state, 8)))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        pytest.param("小岚", "小岚", id="plain"),
        pytest.param("<b>管理员</b>", "&lt;b&gt;管理员&lt;/b&gt;", id="markup"),
        pytest.param("两\n行\t名", "两 行 名", id="line breaks"),
        pytest.param("\u202e倒着\u2066\u200b", "倒着", id="direction tricks"),
        pytest.param("字" * 50, "字" * NAME, id="too long"),
        pytest.param("&" * 50, "&amp;" * NAME, id="long and escaped"),
        pytest.param("坏\ud800名", "坏名", id="half a character"),
        pytest.param("", "（没有名字）", id="empty"),
        pytest.param(" \u200d \n", "（没有名字）", id="invisible"),
        pytest.param("👩\u200d🦰 rose", "👩🦰 rose", id="joined emoji"),
    ],
)
def test_a_name_is_shown_as_a_name(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_markup_in_words_and_titles_stays_words() -> None:
    signal = replace(SIGNAL, excerpt="<i>今晚就走</i> & </blockquote>", reasons=("<u>",))
    shown = text_of(signals=[signal], chat_title="<b>群")
    assert "&lt;i&gt;<b><u>今晚就走</u></b>&lt;/i&gt; &amp; &lt;/blockquote&gt;" in shown
    assert "凭什么：&lt;u&gt;" in shown
    assert "「&lt;b&gt;群」" in shown


def test_of_a_long_message_the_decisive_part_is_shown() -> None:
    long = "前" * 600 + "今晚就走" + "后" * 600
    (line,) = [
        x for x in text_of(signals=[replace(SIGNAL, excerpt=long)]).splitlines() if "前前" in x
    ]
    assert "<b><u>今晚就走</u></b>" in line
    assert line.startswith("<blockquote>…前")
    assert line.endswith("后…</blockquote>")
    assert len(line) < EXCERPT + 50


def test_phrases_within_phrases_and_signs_of_patterns_are_marked_right() -> None:
    signal = replace(SIGNAL, excerpt="走(吧)，今晚就走。", phrases=("走", "今晚就走", "(吧)", ""))
    assert "<b><u>走</u></b><b><u>(吧)</u></b>，<b><u>今晚就走</u></b>。" in text_of(
        signals=[signal]
    )


def test_the_fullest_card_fits_into_one_message() -> None:
    signal = replace(
        SIGNAL,
        excerpt="&今晚就走" * 300,
        phrases=("今晚就走",),
        note=words.SAID_BEFORE.format(text="原" * 80),
        reasons=tuple(f"{n}像是马上要伤害自己，或者正在发生" for n in range(9)),
    )
    view = replace(with_case(rehearsal=True), signals=[signal] * 9, chat_title="群" * 128, called=7)
    plain = text_of(view).replace("&amp;", "&")
    for tag in ("<b>", "</b>", "<u>", "</u>", "<blockquote>", "</blockquote>"):
        plain = plain.replace(tag, "")
    assert len(plain) < 4096


@pytest.mark.parametrize(
    ("chat_id", "username", "link"),
    [
        (-1001234, None, "https://t.me/c/1234/9"),
        (-1001234, "bixiufu", "https://t.me/bixiufu/9"),
        (-1234, None, None),
        (501, None, None),
    ],
    ids=["supergroup", "public group", "plain group", "private chat"],
)
def test_a_message_is_linked_where_the_platform_can(
    chat_id: int, username: str | None, link: str | None
) -> None:
    assert link_to(chat_id, 9, username) == link
    signal = replace(SIGNAL, chat_id=chat_id)
    shown = buttons_of(replace(VIEW, signals=[signal], chat_username=username))
    assert (words.BUTTON_SEE in shown) is (link is not None)


@pytest.mark.parametrize(
    ("kind", "level", "state", "expected"),
    [
        (CaseKind.CRISIS, "imminent", CaseState.OPEN, ["我来", "误报"]),
        (
            CaseKind.CRISIS,
            "imminent",
            CaseState.CLAIMED,
            ["已联系上", "处理好了", "误报", "换人接", "我来替", "已转交"],
        ),
        (
            CaseKind.CRISIS,
            "imminent",
            CaseState.CONTACTED,
            ["处理好了", "误报", "换人接", "我来替", "已转交"],
        ),
        (CaseKind.CRISIS, "imminent", CaseState.SAFE, ["重新打开"]),
        (CaseKind.CRISIS, "imminent", CaseState.PASSED_ON, ["重新打开"]),
        (CaseKind.ALLEGATION, "unverified", CaseState.OPEN, ["我来", "处理好了", "误报"]),
        (
            CaseKind.ALLEGATION,
            "unverified",
            CaseState.CLAIMED,
            ["处理好了", "误报", "换人接", "我来替"],
        ),
        (CaseKind.SPIRAL, "onset", CaseState.EXPIRED, ["重新打开"]),
    ],
)
def test_the_moves_offered_are_those_that_fit(
    kind: CaseKind, level: str, state: CaseState, expected: list[str]
) -> None:
    view = with_case(kind=kind, level=level, standing=Standing(state, 8))
    moves = set(words.MOVE_BUTTON.values())
    assert [text for text in buttons_of(replace(view, signals=[])) if text in moves] == expected


ACTS = set(words_duty.BUTTON_ACT.values())


@pytest.mark.parametrize(
    ("kind", "level", "acts"),
    [
        (CaseKind.CRISIS, "imminent", ["私信安抚", "发资源"]),
        (
            CaseKind.ALLEGATION,
            "unverified",
            ["提醒陈述方式", "删除原消息", "静音 1 小时", "转咨询师"],
        ),
        (
            CaseKind.REPORT,
            "asked",
            ["私信安抚", "发资源", "删除原消息", "静音 1 小时", "转咨询师"],
        ),
        (CaseKind.SPIRAL, "onset", ["转咨询师"]),
    ],
)
def test_each_kind_has_the_acts_that_help(kind: CaseKind, level: str, acts: list[str]) -> None:
    view = with_case(kind=kind, level=level)
    view = replace(view, can_delete=True, can_restrict=True)
    assert [text for text in buttons_of(view) if text in ACTS] == acts
    closed = replace(view, case=replace(view.case, standing=Standing(CaseState.SAFE)))
    assert not ACTS & set(buttons_of(closed))


def test_what_the_bot_may_not_do_or_nobody_can_receive_is_not_offered() -> None:
    view = replace(VIEW, case=ACCUSED, can_restrict=False)
    assert "静音 1 小时" not in buttons_of(view)
    channel = replace(ACCUSED, person=replace(LAN, writable=False))
    assert [t for t in buttons_of(replace(view, case=channel)) if t in ACTS] == ["转咨询师"]


def test_contact_wants_a_line_on_how_until_there_is_one() -> None:
    contacted = with_case(standing=Standing(CaseState.CONTACTED, 8), holder_name="沈咨询")
    how = set(words_duty.BUTTON_HOW.values())
    assert how <= set(buttons_of(contacted))
    known = replace(contacted, case=replace(contacted.case, how="电话<里>"))
    assert not how & set(buttons_of(known))
    assert "现在：联系上了（沈咨询 在跟）：电话&lt;里&gt;" in text_of(known)


def done(kind: str, **changed: Any) -> Done:
    """Something 小何 did at 21:06."""
    undone = changed.pop("undone", False)
    act = Act(5, 12, kind, 9, "小何", AT + timedelta(minutes=1), row_id=77, undone=undone)
    return Done(act, **changed)


@pytest.mark.parametrize(
    ("one", "line", "undo"),
    [
        (done("comfort"), "21:06 小何：私信安抚", True),
        (done("comfort", in_seconds=8), "21:06 小何：私信安抚（8 秒后）", True),
        (done("comfort", undone=True), "21:06 小何：私信安抚（已撤回）", False),
        (done("comfort", failed=True), "21:06 小何：私信安抚（没送到）", False),
        (done("claim"), "21:06 小何：接了", False),
    ],
    ids=["done", "about to be", "taken back", "failed", "a move"],
)
def test_a_card_says_who_did_what_when_and_offers_to_take_it_back(
    one: Done, line: str, undo: bool
) -> None:
    view = replace(VIEW, done=[one])
    assert line in text_of(view).splitlines()
    assert ("撤销：私信安抚" in buttons_of(view)) is undo


def test_the_words_of_a_member_can_be_veiled() -> None:
    assert "<tg-spoiler>谢谢大家，<b><u>今晚就走</u></b>，别找我</tg-spoiler>" in text_of(
        veiled=True
    )


def test_a_card_says_what_became_of_the_private_word() -> None:
    assert words_duty.WORD_DOOR in text_of(word=words_duty.WORD_DOOR).splitlines()


def test_a_held_case_without_a_word_says_for_how_long() -> None:
    view = replace(with_case(holder_name="沈咨询"), held_minutes=22)
    assert text_of(view).startswith("⏰ 沈咨询 接了 22 分钟，还没说联系上")


def test_a_move_can_be_taken_back_once() -> None:
    moved = with_case(standing=Standing(CaseState.CLAIMED, 8, before=CaseState.OPEN))
    assert "撤销" in buttons_of(moved)


@pytest.mark.parametrize(
    ("case", "can_delete", "shown"),
    [
        (ACCUSED, True, True),
        (ACCUSED, False, False),
        (replace(ACCUSED, standing=Standing(CaseState.SAFE)), True, False),
        (CASE, True, False),
        (replace(CASE, kind=CaseKind.DOXXING, level="true"), True, True),
        (replace(CASE, kind=CaseKind.REPORT, level="asked"), True, True),
    ],
    ids=["accusation", "without the right", "settled", "never a cry for help", "doxxing", "report"],
)
def test_a_message_can_be_deleted_only_where_that_helps(
    case: Case, can_delete: bool, shown: bool
) -> None:
    view = replace(VIEW, case=case, can_delete=can_delete)
    assert (words_duty.BUTTON_ACT["delete"] in buttons_of(view)) is shown


def test_what_buttons_carry_fits_into_64_bytes() -> None:
    big = 2**62
    signals = [replace(SIGNAL, message_id=big)]
    states = itertools.product(words.HEADLINE, CaseState)
    for (kind, level), state in states:
        standing = Standing(state, 8, before=CaseState.OPEN)
        view = with_case(id=big, kind=kind, level=level, standing=standing)
        keyboard = render(replace(view, signals=signals, can_delete=True))["reply_markup"]
        for row in keyboard["inline_keyboard"]:
            assert all(len(button.get("callback_data", "").encode()) <= 64 for button in row)
