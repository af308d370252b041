from __future__ import annotations

from collections.abc import Callable

from moderation.storage import Database, people
from moderation.storage.people import Role
from tests.fakes import FakeClock

LAN = 5_011_223_344
VARIANTS = ["imminent-1", "imminent-2", "imminent-3"]


async def test_roles_follow_the_settings(database: Database) -> None:
    async with database.transaction() as tx:
        await people.set_from_settings(tx, Role.COUNSELOR, [3, 1, 3])
        await people.set_from_settings(tx, Role.OWNER, [1])
        assert sorted(await people.holders(tx, Role.COUNSELOR)) == [1, 3]
        assert await people.roles_of(tx, 1) == {Role.COUNSELOR, Role.OWNER}
        await people.set_from_settings(tx, Role.COUNSELOR, [2])
        assert await people.holders(tx, Role.COUNSELOR) == [2]
        assert await people.roles_of(tx, 1) == {Role.OWNER}
        assert await people.roles_of(tx, 3) == frozenset()


async def test_holders_come_in_the_order_in_which_they_were_granted_the_role(
    database: Database, clock: FakeClock
) -> None:
    async with database.transaction() as tx:
        await people.set_from_settings(tx, Role.COUNSELOR, [9, 2, 5])
        assert await people.holders(tx, Role.COUNSELOR) == [9, 2, 5]


async def test_whether_somebody_can_be_written_to_is_remembered(database: Database) -> None:
    async with database.transaction() as tx:
        assert await people.is_writable(tx, LAN) is None
        await people.note_writable(tx, LAN, False)
        assert await people.is_writable(tx, LAN) is False
        await people.note_writable(tx, LAN, True)
        assert await people.is_writable(tx, LAN) is True
        assert await people.is_writable(tx, LAN + 1) is None


async def test_no_sentence_is_said_twice_before_all_were_said(database: Database) -> None:
    async with database.transaction() as tx:
        said = [await people.unsaid(tx, LAN, VARIANTS) for _ in range(6)]
    assert said == VARIANTS * 2


async def test_starting_one_set_again_leaves_the_other_sets_alone(database: Database) -> None:
    async with database.transaction() as tx:
        assert await people.unsaid(tx, LAN, ["group-1", "group-2"]) == "group-1"
        for _ in range(4):
            await people.unsaid(tx, LAN, VARIANTS)
        assert await people.unsaid(tx, LAN, ["group-1", "group-2"]) == "group-2"


async def test_each_person_is_counted_alone(database: Database) -> None:
    async with database.transaction() as tx:
        assert await people.unsaid(tx, 1, VARIANTS) == "imminent-1"
        assert await people.unsaid(tx, 2, VARIANTS) == "imminent-1"


async def test_what_was_said_outlives_a_note_on_writing(database: Database) -> None:
    async with database.transaction() as tx:
        await people.unsaid(tx, LAN, VARIANTS)
        await people.note_writable(tx, LAN, False)
        assert await people.unsaid(tx, LAN, VARIANTS) == "imminent-2"
        assert await people.is_writable(tx, LAN) is False


async def test_the_ids_of_members_are_hashes_on_disk(
    database: Database, on_disk: Callable[[], bytes]
) -> None:
    async with database.transaction() as tx:
        await people.note_writable(tx, LAN, True)
    found = on_disk()
    assert str(LAN).encode() not in found
    assert LAN.to_bytes(8, "big") not in found
    assert LAN.to_bytes(6, "big") not in found
