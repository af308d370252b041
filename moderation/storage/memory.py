"""What every message asks for and what seldom changes, as it stands in the database.

Nobody has to remember to forget: whatever writes to a table, from wherever in this process, makes all
that is known of it be read anew; so does another process that has written to the file (`Writer` sees it).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from sqlalchemy import Table, TextClause, event
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.sql.dml import UpdateBase

MOST = 10_000
"""Of one table so many answers are kept at most."""


class Memory:
    """Answers by table and question.

    Moments number what happens: an answer is kept only if the view that gave it began after the last
    change of its table. While changes are not committed yet, their table is nobody's to remember.
    """

    def __init__(self, *, wakeful: bool) -> None:
        """`wakeful`: whether it hears of all changes; if not it remembers nothing."""
        self.wakeful = wakeful
        self.moment = 0
        self._known: dict[str, dict[Hashable, Any]] = {}
        self._changed: dict[str, int] = {}
        self._forgot = 0
        self._open: set[str] = set()
        """Tables with changes that are not committed."""

    def listen(self, engine: AsyncEngine) -> None:
        """Hear of every change that is made through this engine."""
        event.listen(engine.sync_engine, "before_execute", self._hear)

    def of(self, table: str) -> dict[Hashable, Any]:
        """All that is known of a table now."""
        return {} if table in self._open else self._known.get(table, {})

    def keep(self, table: str, question: Hashable, answer: Any, since: int) -> None:
        """Remember what a view that began at the moment `since` has shown."""
        if (
            not self.wakeful
            or table in self._open
            or since < max(self._changed.get(table, 0), self._forgot)
        ):
            return
        known = self._known.setdefault(table, {})
        if len(known) >= MOST:
            known.clear()
        known[question] = answer

    def settle(self) -> None:
        """Changes were committed or rolled back: who looks from now on may remember."""
        for table in tuple(self._open):
            self._note(table)
        self._open.clear()

    def forget(self) -> None:
        """Whatever is known may be wrong."""
        self.moment += 1
        self._forgot = self.moment
        self._known.clear()

    def _hear(self, _connection: Any, statement: Any, *_rest: Any) -> None:
        if isinstance(statement, UpdateBase) and isinstance(statement.table, Table):
            self._open.add(statement.table.name)
            self._note(statement.table.name)
        elif isinstance(statement, UpdateBase | TextClause):
            self._open.update(self._known)
            self.forget()

    def _note(self, table: str) -> None:
        self.moment += 1
        self._changed[table] = self.moment
        self._known.pop(table, None)
