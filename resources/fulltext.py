"""Full-text search: SQLite's FTS5 over character pairs, so that Chinese needs no segmenter."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable

from resources.page import Page
from resources.words import terms

_WEIGHTS = {"title": 5.0, "aliases": 5.0, "questions": 4.0, "summary": 2.0, "body": 1.0}
_MAKE = f"CREATE VIRTUAL TABLE pages USING fts5({', '.join(_WEIGHTS)})"
_PUT = f"INSERT INTO pages(rowid, {', '.join(_WEIGHTS)}) VALUES (?, ?, ?, ?, ?, ?)"  # noqa: S608
_ASK = (
    f"SELECT rowid, -bm25(pages, {', '.join(map(str, _WEIGHTS.values()))}) "  # noqa: S608
    "FROM pages WHERE pages MATCH ?"
)
_COUNT = "SELECT count(*) FROM pages WHERE pages MATCH ?"


class FullText:
    """A read-only index in memory; may be asked from any thread."""

    def __init__(self, pages: Iterable[Page]) -> None:
        self._asking = threading.Lock()
        self._tables = sqlite3.connect(":memory:", check_same_thread=False)
        self._tables.execute(_MAKE)
        rows = ((number, *map(_cut, _fields(page))) for number, page in enumerate(pages))
        self._tables.executemany(_PUT, rows)

    def scores(self, words: str) -> dict[int, float]:
        """BM25 of each page that shares a term, by its place among the pages; higher is better."""
        wanted = " OR ".join(f'"{term}"' for term in terms(words))
        if not wanted:
            return {}
        with self._asking:
            rows = self._tables.execute(_ASK, (wanted,)).fetchall()
        return {int(number): float(score) for number, score in rows}

    def spread(self, term: str) -> int:
        """How many pages hold a term."""
        with self._asking:
            (count,) = self._tables.execute(_COUNT, (f'"{term}"',)).fetchone()
        return int(count)


def _fields(page: Page) -> tuple[str, ...]:
    aliases, questions = "\n".join(page.aliases), "\n".join(page.questions)
    return page.title, aliases, questions, page.summary, page.text


def _cut(text: str) -> str:
    return " ".join(terms(text).elements())
