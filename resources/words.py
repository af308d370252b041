"""Text into comparable terms: folded, a few everyday words made one, then character pairs."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from resources.errors import ResourceError
from resources.frontmatter import read_yaml_file

_LISTS = Path(__file__).parent / "words.yaml"
_RUN = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class WordLists:
    """The word lists that editors keep in words.yaml."""

    forbidden: tuple[str, ...]
    promises: tuple[str, ...]
    methods: tuple[str, ...]
    same: dict[str, str]
    common: frozenset[str]

    @property
    def same_word(self) -> re.Pattern[str]:
        """Any word that stands for another, longest first."""
        return re.compile("|".join(sorted(map(re.escape, self.same), key=len, reverse=True)))


@cache
def word_lists() -> WordLists:
    """The packaged lists, read once."""
    fields = read_yaml_file(_LISTS)
    same = fields.values.get("same")
    if not isinstance(same, dict):
        raise ResourceError(_LISTS.name, "same", same, "「词: 换成的词」一行一个", "诊所: 机构")
    return WordLists(
        forbidden=fields.required_texts("forbidden", "[包赢]"),
        promises=fields.required_texts("promises", "[稳赢]"),
        methods=fields.required_texts("methods", "[…]"),
        same={str(word): str(other) for word, other in same.items()},
        common=frozenset(fields.required_texts("common", "[怎么]")),
    )


def terms(text: str) -> Counter[str]:
    """Character pairs and single characters of Chinese runs, whole Latin words and numbers."""
    folded = unicodedata.normalize("NFKC", text).lower()
    one = _same_word().sub(lambda match: word_lists().same[match[0]], folded)
    counted: Counter[str] = Counter()
    for run in _RUN.findall(one):
        counted.update(_pieces(run))
    return counted


def paragraphs(text: str) -> list[str]:
    """The parts of a page between empty lines."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()] or [""]


@cache
def _same_word() -> re.Pattern[str]:
    return word_lists().same_word


def _pieces(run: str) -> list[str]:
    if run.isascii():
        return [run]
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return [*run, *(pair for pair in pairs if pair not in word_lists().common)]
