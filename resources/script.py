"""Traditional and Simplified characters: for readers of either, and so that both find the pages."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from opencc import OpenCC

from resources.frontmatter import read_yaml_file

_TERMS = Path(__file__).parent / "traditional.yaml"


def to_simplified(text: str) -> str:
    """The same in Simplified characters."""
    return str(_converter("tw2s").convert(text))


def to_traditional(text: str) -> str:
    """The same in Traditional characters; mainland terms stay, since they name mainland law."""
    converted = str(_converter("s2tw").convert(text))
    for wrong, right in checked_terms().mended.items():
        converted = converted.replace(wrong, right)
    return converted


class CheckedTerms:
    """Terms of law whose Traditional form an editor has looked at, and what has to be mended."""

    def __init__(self, terms: dict[str, str], mended: dict[str, str]) -> None:
        self.terms = terms
        self.mended = mended


@cache
def checked_terms() -> CheckedTerms:
    """The packaged list."""
    fields = read_yaml_file(_TERMS)
    fields.only(("terms", "mended"))
    return CheckedTerms(_pairs(fields.values["terms"]), _pairs(fields.values["mended"]))


def _pairs(value: object) -> dict[str, str]:
    assert isinstance(value, dict)
    return {str(key): str(other) for key, other in value.items()}


@cache
def _converter(name: str) -> OpenCC:
    return OpenCC(name)
