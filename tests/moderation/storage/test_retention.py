"""What is kept and how long: one list for the clockwork, the READMEs and the members."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary, String, insert, select

from bot.words import kept
from moderation.climate import Day
from moderation.storage import Database, chats, climate, retention
from moderation.storage.retention import RULES, Ends, Mine
from moderation.storage.tables import climate as table
from moderation.storage.tables import group_settings, metadata
from tests.fakes import FakeClock

WIDE = 40
"""A column of more characters could hold somebody's words."""
WHAT_TO_DO = (
    "every table needs a `Rule` in moderation/storage/retention.py (how long it is kept, how one "
    "member's rows are found, which columns are sealed) and its sentences in bot/words/kept.py; "
    "then run `python -m bot.operating.docs`"
)
GROUP = -1002004000002


def test_every_table_has_a_rule() -> None:
    assert sorted(rule.name for rule in RULES) == sorted(metadata.tables), WHAT_TO_DO


def test_every_rule_has_its_sentences() -> None:
    assert sorted(kept.TABLES) == sorted(rule.name for rule in RULES), WHAT_TO_DO
    for rule in RULES:
        for language in (kept.CHINESE, kept.ENGLISH):
            assert kept.how_long(rule, language), rule.name


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_column_that_could_hold_words_is_declared(rule: retention.Rule) -> None:
    found = set()
    for column in rule.table.columns:
        wide = isinstance(column.type, String) and (column.type.length or 1_000) > WIDE
        if wide or isinstance(column.type, LargeBinary):
            found.add(column.name)
    declared = {*rule.sealed, *rule.plain}
    assert found == declared, (
        f"{rule.name}: declare {sorted(found ^ declared)} in its Rule: in `sealed` when it is "
        "ciphertext, in `plain` only when it can never hold words of people"
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_how_a_members_rows_are_found_fits_the_table(rule: retention.Rule) -> None:
    needs = {
        Mine.HASH: "person",
        Mine.CASE: "case_id",
        Mine.CHAT: "chat_id",
        Mine.KEY: "key",
        Mine.USER: "user_id",
    }
    if rule.mine in needs:
        assert needs[rule.mine] in rule.table.c, rule.name
    if "person" in rule.table.c:
        assert rule.mine is Mine.HASH, f"{rule.name} has a column `person`: {WHAT_TO_DO}"
    if rule.mine is Mine.CASE:
        (key,) = rule.table.c.case_id.foreign_keys
        assert key.ondelete == "CASCADE", f"{rule.name} must go with its case"


def test_what_time_ends_has_a_time() -> None:
    assert [rule.name for rule in RULES if rule.ends is Ends.TIME and rule.kept is None] == []
    assert [rule.name for rule in RULES if (rule.kept is None) != (rule.since is None)] == []


async def test_days_are_counted_as_the_rule_says(database: Database, clock: FakeClock) -> None:
    async with database.transaction() as tx:
        await climate.count(tx, GROUP, tx.now.date(), Day(1))
    rule = retention.rule_of("climate")
    assert rule.kept is not None
    for passed, left in ((rule.kept, 1), (timedelta(days=1), 0)):
        clock.now += passed
        async with database.transaction() as tx:
            await retention.purge(tx)
            rows = (await tx.connection.execute(select(table))).all()
        assert len(rows) == left


async def test_a_group_that_was_left_is_forgotten_unless_it_comes_back(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        for chat_id in (GROUP, GROUP - 1):
            await chats.ensure(tx, chat_id, "supergroup", "鼻修复互助群", None)
            await chats.keep_spiral_state(tx, chat_id, b"{}")
            values = {"muted": "", "silent_words": "", "cool_down": 0}
            values |= {"ideation_to_moderators": False}
            await tx.connection.execute(insert(group_settings).values(chat_id=chat_id, **values))
            await chats.note_left(tx, chat_id)
            assert await chats.spiral_state(tx, chat_id) is None
        await chats.change(tx, GROUP - 1, left_at=None)
    clock.forward(days=31)
    async with database.transaction() as tx:
        assert await retention.purge(tx) == 2
        assert await chats.get(tx, GROUP) is None
        assert await chats.get(tx, GROUP - 1) is not None
        settings = await tx.connection.execute(select(group_settings.c.chat_id))
        assert list(settings.scalars()) == [GROUP - 1]
