"""The engine on a real SQLite file, with a Discord in memory behind its port."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import migrate, open_database
from tests.access.house import House


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with its tables made once: each test takes a copy."""
    file = tmp_path_factory.mktemp("access") / "passes.db"
    asyncio.run(migrate(f"sqlite://{file}"))
    return file


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[None]:
    file = Path(shutil.copy(migrated, tmp_path / "passes.db"))
    async with open_database(f"sqlite://{file}"):
        yield


@pytest.fixture
async def house(database: None) -> House:
    assert database is None
    house = House()
    await house.open()
    return house
