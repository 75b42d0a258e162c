"""A database file of each test's own, copied from one whose tables were made once; and the house on it."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import migrate, open_database
from tests.web.house import Wired, wired


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("door") / "passes.db"
    asyncio.run(migrate(f"sqlite://{file}"))
    return file


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Path]:
    file = tmp_path / "passes.db"
    shutil.copy(migrated, file)
    async with open_database(f"sqlite://{file}"):
        yield file


@pytest.fixture
async def house(database: Path) -> AsyncIterator[Wired]:  # noqa: ARG001 - it has to be open
    async with wired() as house:
        yield house
