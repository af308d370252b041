"""A database of its own for every test, with a clock that the test moves."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from moderation.storage import Database, Sealer, open_database
from moderation.storage.tables import metadata
from tests.fakes import FakeClock

KEY = bytes(range(32))


@pytest.fixture
def clock() -> FakeClock:
    """Half past something on a November evening."""
    return FakeClock()


@pytest.fixture
def sealer() -> Sealer:
    """The key all these tests share."""
    return Sealer(KEY)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Where this test's database lies."""
    return f"sqlite+aiosqlite:///{tmp_path / 'qunhu.db'}"


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with all tables, to be copied: making them takes longer than most tests."""
    path = tmp_path_factory.mktemp("template") / "qunhu.db"
    engine = create_engine(f"sqlite:///{path}")
    metadata.create_all(engine)
    engine.dispose()
    return path


@pytest.fixture
async def database(
    empty_file: Path, tmp_path: Path, url: str, sealer: Sealer, clock: FakeClock
) -> AsyncIterator[Database]:
    """An empty database with all tables."""
    shutil.copy(empty_file, tmp_path)
    database = open_database(url, sealer, clock)
    yield database
    await database.close()


@pytest.fixture
def on_disk(tmp_path: Path) -> Callable[[], bytes]:
    """Reads every byte of the database and the files beside it."""
    return lambda: b"".join(file.read_bytes() for file in sorted(tmp_path.iterdir()))
