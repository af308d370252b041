from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer

from moderation.classifier import ModelClassifier, load_model
from moderation.classifier.clauses import clauses_of, shortened
from moderation.classifier.language import has_words, is_readable
from moderation.classifier.names import joined, spans_of, to_names, trimmed
from moderation.classifier.weights import FILES, SUMS, TOKENIZER, WEIGHTS, write_sums
from moderation.classifier.windows import LONGEST, batches_by_length, collate, prepare
from moderation.errors import ModelError
from moderation.normalise import normalise
from moderation.policy import ALLEGATION_REASON
from moderation.vocabulary import (
    Allegation,
    Crisis,
    Excerpt,
    NameKind,
    Scores,
    Sensitivity,
    Subject,
)

from .tiny_model import build_tiny_model

ODD_TEXTS = [
    "", " ", "\n\n", "😭😭😭", "🔪➡️🤚", "\ud800", "坏\udfff了", "\x00\x07", "\u200b\u202e", "a" * 3000,
    "我不想活了，" * 1500, "1", "？", "é", "王医生\n\n李医生", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "ﷺ", "㍿",
]  # fmt: skip


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ModelClassifier:
    return load_model(build_tiny_model(tmp_path_factory.mktemp("tiny")))


def is_sound(scores: Scores, text: str) -> bool:
    sums = [sum(m.values()) for m in (scores.crisis, scores.subject, scores.allegation)]
    spans = [(n.start, n.end) for n in scores.names] + [(e.start, e.end) for e in scores.evidence]
    return (
        all(abs(total - 1) < 0.02 for total in sums)
        and all(0 <= a < b <= len(text) for a, b in spans)
        and all(n.text == text[n.start : n.end] for n in scores.names)
        and 0 <= scores.affect <= 3
    )


@pytest.mark.parametrize("text", ODD_TEXTS, ids=ascii)
def test_any_text_gets_a_sound_answer(tiny: ModelClassifier, text: str) -> None:
    [scores] = tiny.classify([Excerpt(text, (text, "嗯"))])
    assert is_sound(scores, text)


def test_answers_come_in_the_order_asked(tiny: ModelClassifier) -> None:
    texts = ["我不想活了", "", "吃饭" * 40, "医生骗子", "Это текст", "张院长没有证"]
    alone = [tiny.classify([Excerpt(text)])[0] for text in texts]
    together = tiny.classify([Excerpt(text) for text in texts])
    for one, other in zip(alone, together, strict=True):
        assert one.crisis[Crisis.NONE] == pytest.approx(other.crisis[Crisis.NONE], abs=0.02)


def test_no_excerpts_give_no_answers(tiny: ModelClassifier) -> None:
    assert tiny.classify([]) == []


def test_text_without_words_is_certainly_harmless(tiny: ModelClassifier) -> None:
    for scores in tiny.classify([Excerpt(""), Excerpt("。。。"), Excerpt("😭😭")]):
        assert scores.crisis[Crisis.NONE] == 1
        assert scores.subject[Subject.NONE] == 1
        assert scores.allegation[Allegation.NONE] == 1
        assert not scores.unread


@pytest.mark.parametrize(
    "text",
    [
        "Это просто текст на русском",
        "죽고 싶어요 정말로",
        "今日はとてもいい天気ですね",
        "Je ne veux plus vivre à l'hôpital désolé",
    ],
)
def test_other_languages_are_left_unread(tiny: ModelClassifier, text: str) -> None:
    [scores] = tiny.classify([Excerpt(text)])
    assert scores.unread
    assert scores.crisis[Crisis.NONE] == 1


@pytest.mark.parametrize(
    "text",
    [
        "I want to die tonight",
        "wo bu xiang huo le",
        "唔想活",
        "OK",
        "zs",
        "ok啦thank you",
        "1234",
        "bxhl",
    ],
)
def test_chinese_english_and_pinyin_are_read(text: str) -> None:
    assert is_readable(text)
    assert has_words(text)


def test_a_model_has_operating_points_for_each_sensitivity(tiny: ModelClassifier) -> None:
    assert set(tiny.operating_points) == set(Sensitivity)
    assert tiny.version == "tiny"


@pytest.mark.parametrize("name", [*FILES, SUMS])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    (build_tiny_model(tmp_path) / name).unlink()
    with pytest.raises(ModelError, match=name):
        load_model(tmp_path)


@pytest.mark.parametrize("name", FILES)
def test_a_truncated_file_is_recognised(tmp_path: Path, name: str) -> None:
    path = build_tiny_model(tmp_path) / name
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ModelError, match="truncated or damaged"):
        load_model(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{", "{}"])
def test_broken_checksums_are_an_error(tmp_path: Path, content: str) -> None:
    (build_tiny_model(tmp_path) / SUMS).write_text(content)
    with pytest.raises(ModelError, match=SUMS):
        load_model(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"), [("config.json", "{}"), (WEIGHTS, "nonsense"), (TOKENIZER, "{}")]
)
def test_files_that_do_not_fit_together_are_an_error(
    tmp_path: Path, name: str, content: str
) -> None:
    (build_tiny_model(tmp_path) / name).write_text(content)
    write_sums(tmp_path)
    with pytest.raises(ModelError):
        load_model(tmp_path)


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return Tokenizer.from_file(str(build_tiny_model(tmp_path_factory.mktemp("tokens")) / TOKENIZER))


def test_long_text_is_cut_into_windows_that_cover_all_of_it(tokenizer: Tokenizer) -> None:
    [(text, windows)] = prepare([Excerpt("我不想活了，" * 100)], tokenizer)
    covered = {at for w in windows for at in range(w.start, w.start + len(w.text))}
    assert covered == set(range(len(text.text)))
    assert all(len(w.ids) <= LONGEST for w in windows)


def test_context_is_cut_from_the_left(tokenizer: Tokenizer) -> None:
    [(_, [window])] = prepare([Excerpt("我", ("你不想，" * 50, "他"))], tokenizer)
    assert window.context[-1] == tokenizer.token_to_id("他")
    assert len(window.context) == 64


def test_a_batch_pads_every_window_to_one_size(tokenizer: Tokenizer) -> None:
    prepared = prepare([Excerpt("我"), Excerpt("不想活了", ("吃饭",))], tokenizer)
    batch = collate([windows[0] for _, windows in prepared])
    assert batch.ids.shape == batch.own.shape == (2, 16)
    assert batch.mask.sum(1).tolist() == [3, 9]
    assert batch.own.sum(1).tolist() == [1, 4]


def test_batches_hold_every_window_once(tokenizer: Tokenizer) -> None:
    prepared = prepare([Excerpt("我" * (i % 7)) for i in range(20)], tokenizer)
    groups = batches_by_length([windows[0] for _, windows in prepared], largest=6)
    assert sorted(i for group in groups for i in group) == list(range(20))


def test_tags_become_spans() -> None:
    assert spans_of([0, 1, 2, 2, 0, 3, 4, 3, 4]) == [
        (1, 4, NameKind.DOCTOR), (5, 7, NameKind.INSTITUTION), (7, 9, NameKind.INSTITUTION),
    ]  # fmt: skip
    assert spans_of([2, 2, 4]) == [(0, 2, NameKind.DOCTOR), (2, 3, NameKind.INSTITUTION)]


def test_names_lose_particles_and_punctuation_at_their_edges() -> None:
    assert trimmed("，王磊医生的", (0, 6, NameKind.DOCTOR)) == (1, 5, NameKind.DOCTOR)
    assert trimmed("，", (0, 1, NameKind.DOCTOR)) is None
    branch = (0, 9, NameKind.INSTITUTION)
    assert trimmed("曼朵医院(湖滨店)的", (0, 8, NameKind.INSTITUTION)) == branch


def test_overlapping_names_of_two_windows_are_one() -> None:
    spans = [(3, 6, NameKind.DOCTOR), (3, 7, NameKind.DOCTOR), (9, 12, NameKind.INSTITUTION)]
    assert joined(spans) == [(3, 7, NameKind.DOCTOR), (9, 12, NameKind.INSTITUTION)]


def test_names_come_back_in_the_offsets_of_the_original() -> None:
    original = "找\u200b王\u200b磊醫生做的"
    text = normalise(original)
    start = text.text.index("王")
    [name] = to_names(original, text, [(start, start + 4, NameKind.DOCTOR)])
    assert name.text == original[name.start : name.end] == "王\u200b磊醫生"


def test_clauses_end_at_punctuation_and_crumbs_are_joined() -> None:
    text = "今天很好，晚上想 自 杀。嗯"
    assert [text[a:b] for a, b in clauses_of(text)] == ["今天很好", "晚上想 自 杀。嗯"]


def test_an_endless_clause_is_shortened_around_its_weight() -> None:
    tokens = [(i, i + 1) for i in range(100)]
    weights = [float(i == 70) for i in range(100)]
    start, end = shortened((0, 100), tokens, weights)
    assert start <= 70 < end
    assert end - start == 40


@pytest.fixture(scope="module")
def shipped() -> ModelClassifier:
    return load_model()


@pytest.mark.weights
@pytest.mark.parametrize(
    "text", ["药我攒够了，今晚就走", "我不想活了", "我在楼顶，跳下去就好了", "想死，真的不想活了"]
)
def test_shipped_model_sees_plain_danger(shipped: ModelClassifier, text: str) -> None:
    [scores] = shipped.classify([Excerpt(text)])
    level = shipped.operating_points[Sensitivity.BALANCED]["ideation"]
    assert scores.crisis[Crisis.IDEATION] + scores.crisis[Crisis.IMMINENT] >= level
    assert scores.evidence


@pytest.mark.weights
@pytest.mark.parametrize(
    "text",
    ["笑死我了哈哈哈", "打麻药疼死了", "今天拆线了，恢复得不错", "紫砂壶泡茶真香", "双十一跳楼价"],
)
def test_shipped_model_leaves_everyday_talk_alone(shipped: ModelClassifier, text: str) -> None:
    [scores] = shipped.classify([Excerpt(text)])
    level = shipped.operating_points[Sensitivity.BALANCED]["ideation"]
    assert scores.crisis[Crisis.IDEATION] + scores.crisis[Crisis.IMMINENT] < level


@pytest.mark.weights
def test_shipped_model_sees_an_accusation_and_its_names(shipped: ModelClassifier) -> None:
    text = "听人说芙颜整形的陈院长没有医师证，手上死过人"
    [scores] = shipped.classify([Excerpt(text)])
    level = shipped.operating_points[Sensitivity.BALANCED]["unverified"]
    assert scores.allegation[Allegation.UNVERIFIED] >= level
    assert "陈院长" in [name.text for name in scores.names]
    assert ALLEGATION_REASON in [reason.why for reason in scores.evidence]
