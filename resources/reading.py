"""A page file becomes a Page, or a ResourceError that says what to mend."""

import re
from pathlib import Path

from resources.errors import ResourceError
from resources.frontmatter import Fields, read_page_file, read_page_text
from resources.page import Audience, Jurisdiction, Page, Section, Seen, Source

_PAGE_FIELDS = (
    "id",
    "title",
    "summary",
    "section",
    "aliases",
    "questions",
    "jurisdiction",
    "sources",
    "checked_on",
    "recheck_after",
    "audience",
    "crisis_safe",
)
_SOURCE_FIELDS = ("law", "title", "article", "number", "date", "page", "fact", "seen")
_SOURCE_EXAMPLE = "sources: [{law: 民法典, article: [1218], date: 2021-01-01, fact: A1.1}]"
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def read_page(path: Path) -> Page:
    """Read one page file."""
    return _page(path.name, *read_page_file(path))


def read_written_page(page_id: str, text: str) -> Page:
    """Read a page that is no file; its text is that of one."""
    name = f"{page_id}.md"
    return _page(name, *read_page_text(name, text))


def _page(name: str, fields: Fields, body: str) -> Page:
    fields.only(_PAGE_FIELDS)
    if not body:
        raise ResourceError(name, "正文", None, "字段区下面的正文", "你现在能做的第一步\\n…")
    return Page(
        id=_id(fields, name),
        title=fields.text("title", "复印病历"),
        summary=fields.text("summary", "病历可以全部复印"),
        section=fields.choice("section", Section),
        aliases=fields.required_texts("aliases", "[调病历, 拿病历]"),
        questions=fields.required_texts("questions", "[医院不给我病历怎么办]"),
        jurisdiction=fields.choice("jurisdiction", Jurisdiction),
        sources=tuple(_source(part) for part in fields.parts("sources", _SOURCE_EXAMPLE)),
        checked_on=fields.day("checked_on"),
        recheck_after=fields.day("recheck_after"),
        audience=fields.choice("audience", Audience),
        crisis_safe=fields.flag("crisis_safe"),
        body=body,
        file=name,
    )


def _id(fields: Fields, name: str) -> str:
    given = fields.text("id", "copy-records")
    if not _ID.fullmatch(given):
        raise ResourceError(name, "id", given, "小写英文和短横线", "id: copy-records")
    if f"{given}.md" != name:
        raise ResourceError(
            name, "id", given, f"和文件名一样的「{name.removesuffix('.md')}」", f"{given}.md"
        )
    return given


def _source(part: Fields) -> Source:
    part.only(_SOURCE_FIELDS)
    law = part.optional_text("law")
    return Source(
        title=law or part.text("title", "WHO 心理急救手册"),
        is_law=law is not None,
        articles=part.texts("article", "[1218, 1222]"),
        number=part.optional_text("number"),
        date=part.optional_day("date"),
        page=part.optional_text("page"),
        facts=part.texts("fact", "A1.2"),
        seen=part.choice("seen", Seen) if "seen" in part.values else Seen.ORIGINAL,
    )
