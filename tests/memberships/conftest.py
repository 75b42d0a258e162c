"""A room of memberships on a real SQLite file, the web server in front of it, and a platform that signs by hand."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import migrate, open_database
from tests.memberships.room import Room
from tests.memberships.wire import Listener, Platform, listening, platform_at


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with its tables made once: each test takes a copy."""
    file = tmp_path_factory.mktemp("memberships") / "passes.db"
    asyncio.run(migrate(f"sqlite://{file}"))
    return file


@pytest.fixture
def database_file(migrated: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(migrated, tmp_path / "passes.db"))


@pytest.fixture
async def database(database_file: Path) -> AsyncIterator[Path]:
    async with open_database(f"sqlite://{database_file}"):
        yield database_file


@pytest.fixture
def room(database: Path) -> Room:
    assert database.exists()
    return Room()


@pytest.fixture
async def platform(room: Room) -> AsyncIterator[Platform]:
    async with platform_at(room.inbox, room.clock) as platform:
        yield platform


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    async with listening() as listener:
        yield listener
