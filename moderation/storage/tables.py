"""The tables. `*_sealed` columns hold ciphertext; `person` columns hold keyed hashes."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: with time zone in Python, stored as UTC."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To naive UTC."""
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Back to aware UTC."""
        return value.replace(tzinfo=UTC) if value else None


meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("received_at", UTCDateTime, nullable=False),
    Column("update_sealed", LargeBinary),
    Column("line_sealed", LargeBinary),
    Column("attempts", Integer, nullable=False, default=0),
    Column("done_at", UTCDateTime),
    Column("failure", String(200)),
    Index("ix_inbox_done_at", "done_at"),
)

chats = Table(
    "chats",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("title_sealed", LargeBinary),
    Column("username", String(64)),
    Column("bot_status", String(16), nullable=False),
    Column("can_delete", Boolean, nullable=False, default=False),
    Column("can_restrict", Boolean, nullable=False, default=False),
    Column("sensitivity", String(16), nullable=False),
    Column("rehearse_until", UTCDateTime),
    Column("told_missing", Boolean, nullable=False, default=False),
    Column("joined_at", UTCDateTime, nullable=False),
    Column("added_by_sealed", LargeBinary),
    Column("left_at", UTCDateTime),
)

people = Table(
    "people",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("writable", Boolean),
    Column("said", String(1000), nullable=False, default=""),
    Column("updated_at", UTCDateTime, nullable=False),
)

roles = Table(
    "roles",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", String(16), primary_key=True),
    Column("source", String(16), nullable=False),
    Column("granted_at", UTCDateTime, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("person", String(32)),
    Column("person_sealed", LargeBinary),
    Column("about", String(32), nullable=False, default=""),
    Column("endangered_sealed", LargeBinary),
    Column("asked", Boolean, nullable=False, default=False),
    Column("level", String(16), nullable=False),
    Column("subject", String(8), nullable=False),
    Column("certainty", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("rehearsal", Boolean, nullable=False, default=False),
    Column("holder", BigInteger),
    Column("holder_name_sealed", LargeBinary),
    Column("state_before", String(16)),
    Column("holder_before", BigInteger),
    Column("holder_name_before_sealed", LargeBinary),
    Column("called_at", UTCDateTime),
    Column("unanswered", Integer, nullable=False, default=0),
    Column("how_sealed", LargeBinary),
    Column("version", Integer, nullable=False, default=1),
    Column("opened_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Index("ix_cases_lookup", "kind", "person", "state"),
    sqlite_autoincrement=True,
)

signals = Table(
    "signals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("level", String(16), nullable=False),
    Column("detail_sealed", LargeBinary, nullable=False),
    Column("author", String(32)),
    Column("at", UTCDateTime, nullable=False),
    UniqueConstraint("case_id", "chat_id", "message_id"),
    Index("ix_signals_message", "chat_id", "message_id"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dedupe", String(120), nullable=False, unique=True),
    Column("lane", Integer, nullable=False),
    Column("chat_id", BigInteger, nullable=False),
    Column("method", String(40), nullable=False),
    Column("payload_sealed", LargeBinary),
    Column("purpose", String(60)),
    Column("case_id", ForeignKey("cases.id", ondelete="SET NULL")),
    Column("follows", ForeignKey("outbox.id", ondelete="CASCADE")),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("maybe_sent", Boolean, nullable=False, default=False),
    Column("not_before", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime),
    Column("created_at", UTCDateTime, nullable=False),
    Column("settled_at", UTCDateTime),
    Column("message_id", BigInteger),
    Column("failure", String(200)),
    Index("ix_outbox_due", "state", "lane", "not_before"),
    Index("ix_outbox_case", "case_id", "purpose"),
    Index("ix_outbox_purpose", "chat_id", "purpose"),
    sqlite_autoincrement=True,
)

reminders = Table(
    "reminders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("done_at", UTCDateTime),
    UniqueConstraint("case_id", "step"),
    Index("ix_reminders_due", "done_at", "due_at"),
)

follow_plans = Table(
    "follow_plans",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("keeper", BigInteger),
    Column("state", String(16), nullable=False),
    Column("consent", String(16), nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
)

follow_contacts = Table(
    "follow_contacts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("step", Integer, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("state", String(16), nullable=False),
    Column("answer_sealed", LargeBinary),
    Column("settled_at", UTCDateTime),
    UniqueConstraint("case_id", "step"),
    Index("ix_follow_contacts_due", "state", "due_at"),
)

safety_plans = Table(
    "safety_plans",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("place", BigInteger),
    Column("plan_sealed", LargeBinary),
    Column("updated_at", UTCDateTime, nullable=False),
)

erasures = Table(
    "erasures",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("asker_sealed", LargeBinary, nullable=False),
    Column("asked_at", UTCDateTime, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("learning", Boolean, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
)

group_settings = Table(
    "group_settings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("moderators", BigInteger),
    Column("muted", String(80), nullable=False),
    Column("silent_words", String(80), nullable=False),
    Column("quiet_from", Integer),
    Column("quiet_until", Integer),
    Column("cool_down", Integer, nullable=False),
    Column("ideation_to_moderators", Boolean, nullable=False),
    Column("rules_sealed", LargeBinary),
    Column("script", String(16)),
    Column("grounding", String(8), nullable=False, default="off"),
    Column("spiral_when", String(16)),
    Column("spiral_pause", Integer),
)

rates = Table(
    "rates",
    metadata,
    Column("key", String(80), primary_key=True),
    Column("started_at", UTCDateTime, nullable=False),
    Column("times", Integer, nullable=False),
)

acts = Table(
    "acts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("actor", BigInteger, nullable=False),
    Column("actor_name_sealed", LargeBinary, nullable=False),
    Column("row_id", ForeignKey("outbox.id", ondelete="SET NULL")),
    Column("at", UTCDateTime, nullable=False),
    Column("undone_at", UTCDateTime),
    Column("line_sealed", LargeBinary),
    Index("ix_acts_case", "case_id"),
    Index("ix_acts_actor", "actor", "at"),
    sqlite_autoincrement=True,
)

appeals = Table(
    "appeals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("person_sealed", LargeBinary, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("state", String(8), nullable=False),
    Column("decided_by", BigInteger),
    Column("decider_name_sealed", LargeBinary),
    Column("opened_at", UTCDateTime, nullable=False),
    Column("called_at", UTCDateTime, nullable=False),
    Column("decided_at", UTCDateTime),
    sqlite_autoincrement=True,
)

forms = Table(
    "forms",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("state_sealed", LargeBinary, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
)

staff = Table(
    "staff",
    metadata,
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
    Column("name_sealed", LargeBinary, nullable=False),
    Column("quiet_from", String(5)),
    Column("quiet_to", String(5)),
    Column("veiled", Boolean, nullable=False, default=False),
)

shifts = Table(
    "shifts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("days", String(8), nullable=False),
    Column("starts", String(5), nullable=False),
    Column("ends", String(5), nullable=False),
    sqlite_autoincrement=True,
)

absences = Table(
    "absences",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", BigInteger, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("covered_by", BigInteger),
    Index("ix_absences_ends_at", "ends_at"),
    sqlite_autoincrement=True,
)

holidays = Table(
    "holidays",
    metadata,
    Column("day", String(10), primary_key=True),
)

sightings = Table(
    "sightings",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(32), primary_key=True),
    Column("day", String(10), nullable=False),
)

spirals = Table(
    "spirals",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", LargeBinary, nullable=False),
    Column("lapses_at", UTCDateTime),
)

spiral_trails = Table(
    "spiral_trails",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("trail_sealed", LargeBinary, nullable=False),
    Column("heard_at", UTCDateTime, nullable=False),
)

spiral_stories = Table(
    "spiral_stories",
    metadata,
    Column("case_id", ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("story_sealed", LargeBinary, nullable=False),
    Column("ended_at", UTCDateTime),
)

climate = Table(
    "climate",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("day", String(10), primary_key=True),
    Column("messages", Integer, nullable=False),
    Column("strong", Integer, nullable=False),
    Column("echoes", Integer, nullable=False),
    Column("steadying", Integer, nullable=False),
    Column("spirals", Integer, nullable=False),
)

page_approvals = Table(
    "page_approvals",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("page_id", String(64), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("approver_sealed", LargeBinary, nullable=False),
    Column("approved_at", UTCDateTime, nullable=False),
    Index("ix_page_approvals_page_id", "page_id"),
    sqlite_autoincrement=True,
)

own_pages = Table(
    "own_pages",
    metadata,
    Column("page_id", String(64), primary_key=True),
    Column("text_sealed", LargeBinary, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
)

unanswered = Table(
    "unanswered",
    metadata,
    Column("key", String(32), primary_key=True),
    Column("words_sealed", LargeBinary, nullable=False),
    Column("times", Integer, nullable=False),
    Column("day", String(10), nullable=False),
)

scripts = Table(
    "scripts",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("script", String(16), nullable=False),
)

papers = Table(
    "papers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person", String(32), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("paper_sealed", LargeBinary, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Index("ix_papers_person", "person", "kind"),
    sqlite_autoincrement=True,
)

second_looks = Table(
    "second_looks",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("person", String(32), nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("update_sealed", LargeBinary, nullable=False),
    Column("kept_at", UTCDateTime, nullable=False),
    Index("ix_second_looks_person", "person"),
)

nudges = Table(
    "nudges",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("chat_sealed", LargeBinary, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Index("ix_nudges_due_at", "due_at"),
)

checkins = Table(
    "checkins",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("who_sealed", LargeBinary, nullable=False),
    Column("share", String(8), nullable=False),
    Column("agreed_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("row_id", Integer),
    Column("give_at", UTCDateTime),
    Index("ix_checkins_due_at", "due_at"),
)

checkin_days = Table(
    "checkin_days",
    metadata,
    Column("person", String(32), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("counts_sealed", LargeBinary, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UTCDateTime, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("what", String(40), nullable=False),
    Column("case_id", Integer),
    Column("detail_sealed", LargeBinary),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
