"""A past conversation gives the alerts that the live bot would have given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.replay.conversation import Conversation, Said
from bot.replay.watch import Alert, watch
from moderation.vocabulary import CaseKind
from tests.fakes import KeywordClassifier

EVENING = datetime(2024, 3, 5, 13, 0, tzinfo=UTC)
HEAVY = "都毁了"
CALM = "吃饭了吗"


def chat(*said: tuple[float, str, str]) -> Conversation:
    """A conversation of (minute, who, what)."""
    return Conversation(
        "c", tuple(Said(EVENING + timedelta(minutes=m), user, text) for m, user, text in said)
    )


def talk(*texts: str) -> Conversation:
    """One member talking, an hour between any two messages."""
    return chat(*((60 * hour, "小鱼", text) for hour, text in enumerate(texts)))


def seen(conversation: Conversation) -> list[Alert]:
    """What a human would have been told."""
    return watch(conversation, Loaded(KeywordClassifier(), RULES_ONLY))


def summary(alerts: Sequence[Alert]) -> list[tuple[str, int, int | None, str]]:
    """Kind, where from, where to, and level of each."""
    return [(alert.kind, alert.at, alert.until, alert.level) for alert in alerts]


@pytest.mark.parametrize(
    ("text", "kind", "level"),
    [
        pytest.param("谢谢大家，今晚就走", "crisis", "imminent", id="a farewell"),
        pytest.param("我不想活了", "crisis", "ideation", id="a wish to die"),
        pytest.param("小雨电话不接", "crisis", "imminent", id="somebody else in danger"),
        pytest.param("那个王医生没有执照", "allegation", "unverified", id="an accusation"),
        pytest.param("他家住哪", "doxxing", "true", id="an address asked for"),
    ],
)
def test_an_alert_points_to_the_message_that_caused_it(text: str, kind: str, level: str) -> None:
    assert summary(seen(talk(CALM, "早", text, CALM))) == [(kind, 2, None, level)]


@pytest.mark.parametrize("text", [CALM, "今天撑得好辛苦", "抱抱", "笑死我了", HEAVY])
def test_one_message_without_danger_is_quiet(text: str) -> None:
    assert seen(talk(text)) == []


def test_an_empty_conversation_is_quiet() -> None:
    assert seen(Conversation("c", ())) == []


def test_alerts_come_in_the_order_of_the_chat() -> None:
    alerts = seen(talk("不想活", CALM, "他家住哪", "今晚就走"))
    assert [alert.at for alert in alerts] == [0, 2, 3]


def test_an_alert_far_down_a_long_chat_keeps_its_index() -> None:
    texts = [CALM] * 400
    texts[127] = texts[128] = texts[300] = "不想活"
    assert [alert.at for alert in seen(talk(*texts))] == [127, 128, 300]


def test_reasons_quote_the_words_they_rest_on() -> None:
    (alert,) = seen(talk("好了，今晚就走"))
    assert "说到时间或准备「好了，今」" in alert.reasons


def test_forwarded_words_are_about_another() -> None:
    said = Said(EVENING, "半糖", "我不想活了", forwarded_from="夜航的船")
    (alert,) = seen(Conversation("c", (said,)))
    assert "说别人有轻生念头" in alert.reasons
    assert any("夜航的船" in reason for reason in alert.reasons)


def test_own_words_are_about_oneself() -> None:
    (alert,) = seen(talk("我不想活了"))
    assert "像是有不想活的念头" in alert.reasons


def test_an_alert_is_written_as_the_issue_says() -> None:
    alert = Alert(CaseKind.SPIRAL, 4, 9, "onset", ("三个人",))
    assert alert.as_json() == {
        "kind": "spiral",
        "at": 4,
        "until": 9,
        "level": "onset",
        "reasons": ["三个人"],
    }


# --- spirals --------------------------------------------------------------------------------------

SINKING = ((0, "甲", HEAVY), (1, "乙", HEAVY), (2, "丙", HEAVY), (3, "甲", HEAVY))
CALMING = tuple((minute, "林姐", CALM) for minute in range(4, 10))


def test_a_spiral_runs_from_the_third_member_to_the_last_heavy_word() -> None:
    alerts = seen(chat((-5, "丁", CALM), *SINKING, *CALMING))
    assert summary(alerts) == [("spiral", 3, 4, "onset")]


def test_a_spiral_that_the_chat_ends_in_runs_to_its_last_heavy_word() -> None:
    assert summary(seen(chat(*SINKING))) == [("spiral", 2, 3, "onset")]


def test_a_spiral_that_ends_at_once_ends_where_it_began() -> None:
    assert summary(seen(chat(*SINKING[:3], *CALMING))) == [("spiral", 2, 2, "onset")]


def test_two_members_are_no_spiral() -> None:
    assert seen(chat(*SINKING[:2], (2, "甲", HEAVY), (3, "乙", HEAVY))) == []


def test_three_sad_stories_hours_apart_are_no_spiral() -> None:
    assert seen(chat((0, "甲", HEAVY), (120, "乙", HEAVY), (240, "丙", HEAVY))) == []


def test_a_group_that_holds_its_members_is_not_in_a_spiral() -> None:
    held = [(m, who, HEAVY) for m, who in enumerate("甲乙丙")]
    hugs = [(m + 0.5, who, "抱抱") for m in range(3) for who in ("林姐", "老周")]
    assert seen(chat(*sorted(held + hugs))) == []


def test_a_second_spiral_of_another_evening_is_a_second_alert() -> None:
    later = tuple((minute + 300, who, text) for minute, who, text in (*SINKING, *CALMING))
    alerts = seen(chat(*SINKING, *CALMING, *later))
    assert summary(alerts) == [("spiral", 2, 3, "onset"), ("spiral", 12, 13, "onset")]


def test_a_crisis_inside_a_spiral_is_told_beside_it() -> None:
    alerts = seen(chat(*SINKING[:2], (2, "丙", "不想活"), *SINKING[3:], *CALMING))
    assert summary(alerts) == [("crisis", 2, None, "ideation"), ("spiral", 2, 3, "onset")]


# --- messages without words -----------------------------------------------------------------------


def test_empty_texts_neither_calm_a_spiral_nor_move_its_indices() -> None:
    silent = tuple((2.1 + n / 10, "丁", "") for n in range(8))
    alerts = seen(chat(*SINKING[:3], *silent, SINKING[3], *CALMING))
    assert summary(alerts) == [("spiral", 2, 11, "onset")]


def test_each_message_is_read_with_those_before_it() -> None:
    classifier = KeywordClassifier()
    said = (
        Said(EVENING, "甲", "你什么时候走"),
        Said(EVENING, "乙", "就今晚", 0),
        Said(EVENING, "丙", "今天去拆了线，医生说恢复得不错", 0),
        Said(EVENING, "丁", "嗯"),
    )
    watch(Conversation("c", said), Loaded(classifier, RULES_ONLY))
    contexts = [excerpt.context for excerpt in classifier.asked]
    first, second, third, _ = (one.text for one in said)
    assert contexts == [(), (first,), (first, second), (first, second, third)]


def test_progress_counts_every_message_once() -> None:
    steps: list[int] = []
    watch(talk(*[CALM] * 300), Loaded(KeywordClassifier(), RULES_ONLY), steps.append)
    assert sum(steps) == 300
    assert len(steps) > 1
