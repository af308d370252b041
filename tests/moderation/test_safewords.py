"""The safe words find what each entry promises, and nothing in everyday talk."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from moderation.safewords import FILE, SafeWords, SafeWordsError
from moderation.vocabulary import Crisis, Excerpt, Subject

SAFE = SafeWords.load()
YES = [(entry.id, line) for entry in SAFE.entries for line in entry.danger]
NO = [(entry.id, line) for entry in SAFE.entries for line in entry.harmless]
EVERYDAY = """笑死我了|打麻药疼死了|想死你们了|这价格要命|转发:心理援助热线12356|手术前跟爸妈告别，进手术室了|去年我也想过跳楼，现在熬过来了|以前不想活了，现在好多了
    你先别跳楼|千万别自杀|不要想死，会好的|跳楼价甩卖|这店活不下去了|饿死了 想吃火锅|早八想死|我想死你啦|他死缠烂打|吃了两片安眠药睡得不错|吃几片安眠药能睡|药吃完了要不要再开
    医生说今晚就可以拆线|明天去跳舞|我在楼下等你|我在天台拍照|紫砂壶真好看|今晚走不走，一起吃饭|下周手术，先走了大家晚安|手腕抽血青了|刚割了双眼皮|割双眼皮不想活动|有没有人想过自杀，可以打热线
    她割了双眼皮|她跳槽了|安眠药医生给开了|遗书这部电影好看|谢谢大家，明天见|死了这条心吧|心死了|手机死了算了|累得不想活动|看新闻有人跳楼了|有自杀念头的人要怎么帮""".replace(
    "\n", "|"
).split("|")


@pytest.mark.parametrize(("rule", "line"), YES)
def test_positive_line_is_found_by_its_entry(rule: str, line: str) -> None:
    assert rule in {hit.id for hit in SAFE.find(line)}


@pytest.mark.parametrize(("rule", "line"), NO)
def test_negative_line_is_not_found_at_all(rule: str, line: str) -> None:
    assert SAFE.find(line) == [], rule


@pytest.mark.parametrize("line", EVERYDAY)
def test_everyday_talk_is_no_alarm(line: str) -> None:
    assert SAFE.find(line.strip()) == []


@pytest.mark.parametrize(
    ("line", "subject"),
    [
        ("我不想活了", Subject.SELF),
        ("她说她不想活了", Subject.OTHER),
        ("小雨跟我说，我不想活了，电话就断了", Subject.OTHER),
        ("我妈吞药了，快来人", Subject.OTHER),
        ("我老公不理我，我想死", Subject.SELF),
        ("小雨刚给我发了遗书", Subject.OTHER),
        ("我割腕了，别告诉我妈", Subject.SELF),
    ],
)
def test_subject_is_the_one_in_danger(line: str, subject: Subject) -> None:
    assert SAFE.find(line)[0].subject is subject


@pytest.mark.parametrize(
    ("line", "level"),
    [
        ("我要紫砂", Crisis.IDEATION),
        ("今晚就跳l", Crisis.IMMINENT),
        ("不想huo了", Crisis.IDEATION),
        ("想4", None),
        ("真的想4", Crisis.IDEATION),
        ("遗shu写好了", Crisis.IMMINENT),
        ("🔪➡️🤚 刚割w了", Crisis.IMMINENT),
    ],
)
def test_disguise_does_not_help(line: str, level: Crisis | None) -> None:
    assert next((hit.level for hit in SAFE.find(line)), None) == level


def test_offsets_are_of_the_text_as_given() -> None:
    text = "🌧 唉，我不想h u o了" if SAFE.find("我不想h u o了") else "🌧 唉，我不想 huo 了"
    hit = SAFE.find(text)[0]
    assert text[hit.start : hit.end].startswith("不想")


def test_scores_are_marked_and_sum_to_one() -> None:
    sad, fine = SAFE.classify([Excerpt("我在楼顶"), Excerpt("今天拆线")])
    assert sad.by_rules_only
    assert sad.crisis[Crisis.IMMINENT] >= 0.97
    assert sad.subject[Subject.SELF] >= 0.97
    assert sum(sad.crisis.values()) == pytest.approx(1)
    assert sad.evidence[0].why == "说到方法、时间、告别，或者正在发生"
    assert fine.crisis[Crisis.NONE] == 1
    assert fine.evidence == ()


def test_graver_evidence_comes_first_and_does_not_repeat() -> None:
    (scores,) = SAFE.classify([Excerpt("不想活了，今晚就跳楼")])
    assert "方法" in scores.evidence[0].why
    spans = [(e.start, e.end) for e in scores.evidence]
    assert len(set(spans)) == len(spans)


@pytest.mark.parametrize(
    "text", ["", "\ud800", "我" * 10_000, "今晚" * 5_000, "她" * 10_000, "药" * 10_000]
)
def test_odd_text_is_answered_quickly(text: str) -> None:
    began = time.process_time()
    SAFE.find(text)
    assert time.process_time() - began < 1.5


def test_the_list_is_small_and_versioned() -> None:
    assert SAFE.version >= 1
    assert 40 <= len(SAFE.entries) <= 70
    assert len({entry.id for entry in SAFE.entries}) == len(SAFE.entries)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("level: imminent", "level: grave", "level"),
        ("id: jump-with-time", "id: on-the-roof", "on-the-roof"),
        ('pattern: "不想', 'pattern: "(不想', "not-want-to-live"),
        (
            "danger: [今晚就跳楼, 等会儿我就从这跳下去, 明天我去跳江]",
            "danger: [今晚就跳楼]",
            "jump-with-time",
        ),
        ('pattern: "<soon>', 'pattern: "<sooon>', "pattern"),
        ("version: 1", "version: one", "version"),
        ("entries:", "entrees:", "entries"),
    ],
)
def test_damage_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    broken = tmp_path / "safewords.yaml"
    broken.write_text(FILE.read_text("utf-8").replace(old, new, 1), "utf-8")
    with pytest.raises(SafeWordsError, match=told):
        SafeWords.load(broken)


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00"])
def test_a_file_that_is_no_list_is_named(tmp_path: Path, content: str) -> None:
    broken = tmp_path / "safewords.yaml"
    broken.write_text(content, "utf-8")
    with pytest.raises(SafeWordsError, match="whole file"):
        SafeWords.load(broken)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SafeWordsError, match=r"none\.yaml"):
        SafeWords.load(tmp_path / "none.yaml")
