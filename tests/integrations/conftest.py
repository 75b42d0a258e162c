"""The creators' rooms over a database of their own, with a manual clock and a server as last seen."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.database import migrate, open_database
from tests.integrations.rooms import Rooms


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("integrations") / "passes.db"
    asyncio.run(migrate(f"sqlite://{file}"))
    return file


@pytest.fixture
async def rooms(migrated: Path, tmp_path: Path) -> AsyncIterator[Rooms]:
    async with open_database(f"sqlite://{shutil.copy(migrated, tmp_path)}", exclusive=True):
        rooms = Rooms()
        await rooms.furnish()
        yield rooms
