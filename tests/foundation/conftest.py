"""The ground is tested on both kinds of database, whichever the other areas are tested on."""

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_file(tmp_path: Path) -> Path:
    """Where a SQLite file may be made; neither it nor its folder is there yet."""
    return tmp_path / "data" / "passes.db"
