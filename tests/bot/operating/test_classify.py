from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import bot.operating.classify
from bot.hearing.classifiers import RULES_ONLY, Loaded
from bot.operating.classify import BATCH, answers, classify_lines
from moderation.errors import InputError
from moderation.vocabulary import Allegation, Crisis, Evidence, Name, NameKind
from tests.fakes import WORDS, KeywordClassifier, scores

ACCUSED = "👩‍⚕️贺医生没有执照"
NAMED = scores(
    allegation=Allegation.UNVERIFIED,
    names=(Name("贺医生", 4, 7, NameKind.DOCTOR),),
    evidence=(Evidence("点名说没有资质", 7, 11),),
)
FIELDS = [
    "id",
    "crisis",
    "crisis_probs",
    "subject",
    "allegation",
    "allegation_probs",
    "names",
    "doxxing",
    "doxxing_prob",
    "affect",
    "supportive",
    "supportive_prob",
    "reasons",
]
Classify = Callable[[str | bytes], tuple[int, list[dict[str, Any]]]]


@pytest.fixture
def classifier(monkeypatch: pytest.MonkeyPatch) -> KeywordClassifier:
    """What the command loads instead of the model."""
    known = KeywordClassifier({**WORDS, "没有执照": NAMED})
    monkeypatch.setattr(
        bot.operating.classify, "load_classifier", lambda _folder: Loaded(known, RULES_ONLY)
    )
    return known


@pytest.fixture
def classify(classifier: KeywordClassifier, tmp_path: Path) -> Classify:
    """Runs the command on a file; its exit code and answers."""

    def run(lines: str | bytes) -> tuple[int, list[dict[str, Any]]]:
        source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_bytes(lines if isinstance(lines, bytes) else lines.encode())
        code = classify_lines(str(source), str(target), None)
        written = target.read_text(encoding="utf-8")
        assert not written or written.endswith("\n")
        return code, [json.loads(line) for line in written.split("\n")[:-1]]

    return run


def line(text: str, identity: Any = 1, **more: Any) -> str:
    """A message as a JSON line."""
    return json.dumps({"id": identity, "text": text, **more}) + "\n"


def test_an_answer_has_every_field_in_its_order(classify: Classify) -> None:
    code, (answer,) = classify(line("谢谢大家，今晚就走", "m-1"))
    assert code == 0
    assert list(answer) == FIELDS
    assert answer["id"] == "m-1"
    assert (answer["crisis"], answer["subject"]) == ("imminent", "self")
    assert list(answer["crisis_probs"]) == ["none", "distress", "ideation", "imminent"]
    assert list(answer["allegation_probs"]) == ["none", "insult", "unverified", "sourced"]
    assert sum(answer["crisis_probs"].values()) == pytest.approx(1, abs=0.001)
    assert (answer["affect"], answer["doxxing"], answer["supportive"]) == (3, False, False)


def test_offsets_count_the_characters_of_the_text_as_given(classify: Classify) -> None:
    _, (answer,) = classify(line(ACCUSED))
    (name,) = answer["names"]
    assert name == {"text": "贺医生", "start": 4, "end": 7, "kind": "doctor"}
    assert ACCUSED[name["start"] : name["end"]] == name["text"]
    assert answer["reasons"] == [f"点名说没有资质：「{ACCUSED[7:11]}」"]


def test_answers_come_in_the_order_of_the_lines(classify: Classify) -> None:
    words = ["今晚就走", "你好", "不想活", "抱抱", "没有执照"]
    count = BATCH * 2 + 7
    code, found = classify("".join(line(words[n % 5], n) for n in range(count)))
    assert code == 0
    assert [answer["id"] for answer in found] == list(range(count))
    assert [answer["crisis"] for answer in found[:3]] == ["imminent", "none", "ideation"]
    assert [answer["supportive"] for answer in found[:4]] == [False, False, False, True]


@pytest.mark.parametrize("identity", [0, -7, 1.5, "编号", "", None, [1, 2], {"a": 1}], ids=repr)
def test_any_id_comes_back_as_it_was(classify: Classify, identity: Any) -> None:
    code, (answer,) = classify(line("你好", identity))
    assert code == 0
    assert answer["id"] == identity


def test_the_last_three_lines_of_context_are_read(
    classify: Classify, classifier: KeywordClassifier
) -> None:
    classify(line("你好", context=["一", "二", "三", "四"]) + line("你好", context=None))
    assert [excerpt.context for excerpt in classifier.asked] == [("二", "三", "四"), ()]


BAD_LINES = {
    "no JSON": "今晚就走",
    "half a line": '{"id": 1, "text": "今晚',
    "a list": '["今晚就走"]',
    "a number": "5",
    "nothing": "null",
    "no id": '{"text": "今晚就走"}',
    "no text": '{"id": 1}',
    "text is a number": '{"id": 1, "text": 5}',
    "text is nothing": '{"id": 1, "text": null}',
    "context is a text": '{"id": 1, "text": "好", "context": "今晚就走"}',
    "context holds a number": '{"id": 1, "text": "好", "context": ["a", 5]}',
    "far too deep": "[" * 100_000,
    "a number without end": '{"id": ' + "9" * 5000 + ', "text": "好"}',
    "two objects": '{"id": 1, "text": "a"} {"id": 2, "text": "b"}',
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_line_that_cannot_be_read_is_told_in_its_place_and_the_rest_goes_on(
    classify: Classify, bad: str
) -> None:
    code, found = classify(line("今晚就走", "a") + bad + "\n" + line("你好", "c"))
    assert code == 2
    assert [answer.get("id") for answer in found] == ["a", None, "c"]
    assert list(found[1]) == ["line", "error"]
    assert found[1]["line"] == 2
    assert found[1]["error"]
    assert len(found[1]["error"]) <= 300
    assert found[0]["crisis"] == "imminent"


def test_bad_lines_keep_their_places_over_many_batches(classify: Classify) -> None:
    lines = [line("你好", n) if n % 3 else "?\n" for n in range(1, BATCH * 2)]
    code, found = classify("".join(lines))
    assert code == 2
    assert [answer.get("id", answer.get("line")) for answer in found] == list(range(1, BATCH * 2))


def test_blank_lines_are_passed_over_but_counted(classify: Classify) -> None:
    code, found = classify("\n" + line("你好", "a") + "  \t\n\r\n?\n" + line("你好", "b").strip())
    assert code == 2
    assert [answer.get("id", answer.get("line")) for answer in found] == ["a", 5, "b"]


def test_no_lines_give_no_answers(classify: Classify) -> None:
    assert classify("") == (0, [])
    assert classify("\n\n") == (0, [])


def test_lines_may_end_as_on_windows(classify: Classify) -> None:
    code, found = classify(line("你好", "a").replace("\n", "\r\n") * 2)
    assert (code, len(found)) == (0, 2)


def test_line_separators_within_a_text_do_not_end_its_line(classify: Classify) -> None:
    text = "一\u2028二\u2029三\x85四"
    code, found = classify(json.dumps({"id": text, "text": text}, ensure_ascii=False))
    assert code == 0
    assert [answer["id"] for answer in found] == [text]


def test_half_of_a_surrogate_pair_does_no_harm(
    classify: Classify, classifier: KeywordClassifier
) -> None:
    code, found = classify(line("坏\ud800了，今晚就走", "a") + line("你好", "\udfff"))
    assert code == 0
    assert [answer["crisis"] for answer in found] == ["imminent", "none"]
    assert classifier.asked[0].text == "坏\ud800了，今晚就走"


def test_bytes_that_are_no_text_do_no_harm(classify: Classify) -> None:
    code, found = classify(b'{"id": 1, "text": "\xff\xfe\xe4"}\n\xff\n' + line("你好", 3).encode())
    assert code == 2
    assert [answer.get("id") for answer in found] == [1, None, 3]


def test_ten_thousand_characters_are_one_message(
    classify: Classify, classifier: KeywordClassifier
) -> None:
    code, (answer,) = classify(line("长" * 9996 + "今晚就走"))
    assert code == 0
    assert answer["crisis"] == "imminent"
    assert len(classifier.asked[0].text) == 10_000


def test_chinese_is_written_as_chinese(classifier: KeywordClassifier, tmp_path: Path) -> None:
    (tmp_path / "in").write_text(line(ACCUSED), encoding="utf-8")
    classify_lines(str(tmp_path / "in"), str(tmp_path / "out"), None)
    assert "贺医生" in (tmp_path / "out").read_text(encoding="utf-8")


def test_standard_input_and_output_are_used_for_a_dash(
    classifier: KeywordClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = io.TextIOWrapper(io.BytesIO(line("今晚就走").encode() + b"\xff\n"), encoding="ascii")
    target = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdin", source)
    monkeypatch.setattr(sys, "stdout", target)
    assert classify_lines("-", "-", None) == 2
    first, second = target.buffer.getvalue().decode().splitlines()
    assert json.loads(first)["reasons"] == ["说到时间或准备：「今晚就走」"]
    assert json.loads(second)["line"] == 2


def test_each_answer_is_written_before_the_next_line_is_needed() -> None:
    def lines() -> Any:
        yield from (line("你好", n) for n in range(BATCH))
        pytest.fail("read on before the first batch was answered")

    first = next(answers(lines(), Loaded(KeywordClassifier(), RULES_ONLY)))
    assert first["id"] == 0


@pytest.mark.parametrize("missing", ["nowhere.jsonl", "."], ids=["not there", "a folder"])
def test_a_file_that_cannot_be_read_is_one_clear_sentence(
    classifier: KeywordClassifier, tmp_path: Path, missing: str
) -> None:
    with pytest.raises(InputError, match=r"^Cannot open .*: .*\.$"):
        classify_lines(str(tmp_path / missing), str(tmp_path / "out"), None)
    assert not (tmp_path / "out").exists()


def test_a_file_that_cannot_be_written_is_one_clear_sentence(
    classifier: KeywordClassifier, tmp_path: Path
) -> None:
    (tmp_path / "in").write_text(line("你好"))
    with pytest.raises(InputError, match="Cannot open"):
        classify_lines(str(tmp_path / "in"), str(tmp_path / "no" / "out"), None)


def test_a_file_is_not_emptied_when_it_is_read_and_written(
    classifier: KeywordClassifier, tmp_path: Path
) -> None:
    file = tmp_path / "messages"
    file.write_text(line("你好"))
    with pytest.raises(InputError):
        classify_lines(str(file), str(file), None)
    assert file.read_text() == line("你好")


def test_every_answer_is_json_that_others_can_read(
    classifier: KeywordClassifier, tmp_path: Path
) -> None:
    (tmp_path / "in").write_text('{"id": NaN, "text": "你好"}\n')
    classify_lines(str(tmp_path / "in"), str(tmp_path / "out"), None)
    answer = json.loads((tmp_path / "out").read_text(), parse_constant=pytest.fail)
    assert answer == {"line": 1, "error": "NaN is not JSON"}


def test_without_its_model_it_says_so_aside_and_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loaded = Loaded(KeywordClassifier(), RULES_ONLY, "The model in /srv/m cannot be loaded.")
    monkeypatch.setattr(bot.operating.classify, "load_classifier", lambda _folder: loaded)
    (tmp_path / "in").write_text(line("今晚就走"))
    assert classify_lines(str(tmp_path / "in"), "-", None) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["crisis"] == Crisis.IMMINENT
    assert "/srv/m cannot be loaded. Only safe words speak now." in shown.err


def test_the_folder_of_another_model_is_passed_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[Path | None] = []

    def load(folder: Path | None) -> Loaded:
        asked.append(folder)
        return Loaded(KeywordClassifier(), RULES_ONLY)

    monkeypatch.setattr(bot.operating.classify, "load_classifier", load)
    (tmp_path / "in").touch()
    classify_lines(str(tmp_path / "in"), str(tmp_path / "out"), tmp_path)
    assert asked == [tmp_path]
