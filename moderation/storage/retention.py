"""What is kept, how long, and how a member's share of it is found: one list, which the clockwork executes.

The READMEs' table and /privacy are generated from it, /mydata and /forgetme follow it, and a test fails
for a table or a sealed column that is not in it. For a new table add a `Rule` here and its sentences to
`bot/words/kept.py`; `python -m bot.operating.docs` writes the READMEs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import Column, ColumnElement, String, Table, and_, delete, or_, select

from moderation.cases import CaseState
from moderation.storage import tables
from moderation.storage.database import Transaction

DAY = timedelta(days=1)
SHARED_PLACES = {
    "cases.holder_name_before": "cases.holder_name",
    "appeals.decider_name": "appeals.decider",
}
LIVE = [state for state in CaseState if state.live]


class Ends(StrEnum):
    """What ends the keeping, where it is not time alone."""

    TIME = "time"
    DONE = "done"
    """Its content goes the moment it is worked on; what is left goes by time."""
    CASE = "case"
    """Goes with its case."""
    ASKED = "asked"
    """When the one it belongs to takes it back."""
    GROUP = "group"
    """Some time after the bot left the group."""
    ROLE = "role"
    """When whoever has the role takes it away or gives it up."""
    COMMUNITY = "community"
    """When the community takes it down."""
    NEVER = "never"


class Mine(StrEnum):
    """How the rows of one person are found."""

    HASH = "hash"
    """Column `person`: the keyed hash of her id."""
    CASE = "case"
    """By the case they belong to."""
    CHAT = "chat"
    """Column `chat_id` is her private chat, or it belongs to one of her cases."""
    KEY = "key"
    """The keyed hash is a part of `key`."""
    USER = "user"
    """Column `user_id`: staff, by platform id."""
    INSIDE = "inside"
    """Inside a value that many share."""
    NONE = "none"
    """No row belongs to one person."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is kept in one table."""

    table: Table
    mine: Mine
    ends: Ends
    kept: timedelta | None = None
    """From `since` on; then the row is deleted."""
    since: Column[object] | None = None
    only: tuple[ColumnElement[bool], ...] = ()
    """Which rows time ends; all, if empty."""
    sealed: tuple[str, ...] = ()
    """Columns of bytes, all ciphertext."""
    plain: tuple[str, ...] = ()
    """Columns wide enough for words that hold none: ids, keys, names of errors."""
    fades: timedelta | None = None
    """After so long without news of a case that nobody closes, the words go; the row stays."""

    @property
    def places(self) -> dict[str, str]:
        """Sealed columns, and the place each value was sealed for."""
        usual = {name: f"{self.name}.{name.removesuffix('_sealed')}" for name in self.sealed}
        return {name: SHARED_PLACES.get(place, place) for name, place in usual.items()}

    @property
    def name(self) -> str:
        """The table's name, by which its sentences are found."""
        return self.table.name


def _rule(
    table: Table,
    mine: Mine,
    ends: Ends,
    kept: timedelta | None = None,
    since: str | None = None,
    only: Sequence[ColumnElement[bool]] = (),
    sealed: str = "",
    plain: str = "",
    fades: timedelta | None = None,
) -> Rule:
    column = table.c[since] if since else None
    words = tuple(sealed.split())
    return Rule(table, mine, ends, kept, column, tuple(only), words, tuple(plain.split()), fades)


t = tables
OF_NO_CARD = or_(
    t.outbox.c.case_id.is_(None),
    and_(t.outbox.c.chat_id > 0, t.outbox.c.chat_id.not_in(select(t.roles.c.user_id))),
)
"""What staff were sent about a case stays known as long as the case, so that it can be taken back."""
RULES: tuple[Rule, ...] = (
    _rule(t.inbox, Mine.NONE, Ends.DONE, 7 * DAY, "done_at",
          sealed="update_sealed line_sealed", plain="failure"),
    _rule(t.second_looks, Mine.HASH, Ends.DONE, DAY, "kept_at", sealed="update_sealed"),
    _rule(t.outbox, Mine.CHAT, Ends.DONE, 7 * DAY, "settled_at", [OF_NO_CARD],
          sealed="payload_sealed", plain="dedupe purpose failure"),
    _rule(t.cases, Mine.HASH, Ends.TIME, 90 * DAY, "updated_at", [t.cases.c.state.not_in(LIVE)],
          sealed="person_sealed holder_name_sealed holder_name_before_sealed how_sealed endangered_sealed"),
    _rule(t.signals, Mine.CASE, Ends.CASE, sealed="detail_sealed", fades=90 * DAY),
    _rule(t.reminders, Mine.CASE, Ends.CASE),
    _rule(t.acts, Mine.CASE, Ends.CASE, sealed="actor_name_sealed line_sealed"),
    _rule(t.appeals, Mine.CASE, Ends.CASE, sealed="person_sealed text_sealed decider_name_sealed"),
    _rule(t.follow_plans, Mine.CASE, Ends.CASE),
    _rule(t.follow_contacts, Mine.CASE, Ends.CASE, sealed="answer_sealed"),
    _rule(t.people, Mine.HASH, Ends.TIME, 400 * DAY, "updated_at", plain="said"),
    _rule(t.forms, Mine.HASH, Ends.TIME, 2 * DAY, "updated_at", sealed="state_sealed"),
    _rule(t.safety_plans, Mine.HASH, Ends.ASKED, sealed="plan_sealed"),
    _rule(t.papers, Mine.HASH, Ends.ASKED, sealed="paper_sealed"),
    _rule(t.nudges, Mine.HASH, Ends.ASKED, sealed="chat_sealed"),
    _rule(t.erasures, Mine.HASH, Ends.DONE, 30 * DAY, "asked_at", sealed="asker_sealed"),
    _rule(t.consents, Mine.HASH, Ends.ASKED),
    _rule(t.scripts, Mine.HASH, Ends.ASKED),
    _rule(t.checkins, Mine.HASH, Ends.ASKED, sealed="who_sealed"),
    _rule(t.checkin_days, Mine.HASH, Ends.TIME, 60 * DAY, "day", sealed="counts_sealed"),
    _rule(t.rates, Mine.KEY, Ends.TIME, DAY, "started_at", plain="key"),
    _rule(t.sightings, Mine.HASH, Ends.GROUP),
    _rule(t.spirals, Mine.INSIDE, Ends.GROUP, sealed="state"),
    _rule(t.spiral_trails, Mine.INSIDE, Ends.TIME, timedelta(hours=2), "heard_at",
          sealed="trail_sealed"),
    _rule(t.spiral_stories, Mine.INSIDE, Ends.CASE, sealed="story_sealed"),
    _rule(t.climate, Mine.NONE, Ends.TIME, 90 * DAY, "day"),
    _rule(t.unanswered, Mine.NONE, Ends.TIME, 90 * DAY, "day", sealed="words_sealed"),
    _rule(t.chats, Mine.NONE, Ends.GROUP, 30 * DAY, "left_at", sealed="title_sealed added_by_sealed", plain="username"),
    _rule(t.group_settings, Mine.NONE, Ends.GROUP, sealed="rules_sealed",
          plain="muted silent_words"),
    _rule(t.roles, Mine.USER, Ends.ROLE),
    _rule(t.staff, Mine.USER, Ends.ROLE, sealed="name_sealed"),
    _rule(t.shifts, Mine.USER, Ends.ROLE),
    _rule(t.absences, Mine.USER, Ends.TIME, 30 * DAY, "ends_at"),
    _rule(t.holidays, Mine.NONE, Ends.TIME, 30 * DAY, "day"),
    _rule(t.page_approvals, Mine.NONE, Ends.COMMUNITY, sealed="approver_sealed",
          plain="page_id fingerprint"),
    _rule(t.own_pages, Mine.NONE, Ends.COMMUNITY, 7 * DAY, "updated_at",
          [t.own_pages.c.page_id.startswith("draft:")], sealed="text_sealed", plain="page_id"),
    _rule(t.audit, Mine.NONE, Ends.NEVER, sealed="detail_sealed", plain="previous digest"),
    _rule(t.meta, Mine.NONE, Ends.NEVER, plain="key value"),
)  # fmt: skip


NOT_IN_BACKUPS = (t.spiral_trails.name,)
"""Holds names of members under no key of theirs, and is of no use two hours later."""


def rule_of(name: str) -> Rule:
    """The rule of a table; KeyError if there is none."""
    return {rule.name: rule for rule in RULES}[name]


async def purge(tx: Transaction) -> int:
    """Delete all rows whose time is over; how many."""
    gone = await _purge_left_groups(tx)
    for rule in RULES:
        if rule.kept is None or rule.since is None:
            continue
        past = tx.now - rule.kept
        by_day = isinstance(rule.since.type, String)
        over = rule.since < (past.date().isoformat() if by_day else past)
        gone += (await tx.connection.execute(delete(rule.table).where(over, *rule.only))).rowcount
    return gone


async def _purge_left_groups(tx: Transaction) -> int:
    """Delete what hangs on groups that the bot left long ago."""
    kept = rule_of("chats").kept
    assert kept is not None
    left = select(t.chats.c.chat_id).where(t.chats.c.left_at < tx.now - kept)
    gone = 0
    for rule in RULES:
        if rule.ends is Ends.GROUP and rule.table is not t.chats:
            mine = rule.table.c.chat_id.in_(left)
            gone += (await tx.connection.execute(delete(rule.table).where(mine))).rowcount
    return gone
