"""Real databases: a SQLite file in the test's own folder, and PostgreSQL where the machine has it installed."""

import asyncio
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.database import migrate, open_database

_NOBODY = 65534
"""PostgreSQL refuses to run as root."""


def _postgres_programs() -> Path | None:
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((folder for folder in reversed(folders) if (folder / "pg_ctl").exists()), None)


POSTGRES = _postgres_programs()
KINDS = ["sqlite", "postgres"] if POSTGRES else ["sqlite"]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """A PostgreSQL server of our own; the folder of its socket."""
    assert POSTGRES is not None
    folder = Path(tempfile.mkdtemp(prefix="passes-pg-"))
    prefix: list[str | Path] = []
    if os.geteuid() == 0:
        prefix = ["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"]
        os.chown(folder, _NOBODY, _NOBODY)
    control = [*prefix, POSTGRES / "pg_ctl", "-D", folder / "data", "-w", "-s"]
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    initdb: list[str | Path] = [POSTGRES / "initdb", "-D", folder / "data", "-U", "passes", "-A", "trust"]
    subprocess.run([*prefix, *initdb, "-E", "UTF8", "--no-sync"], check=True, capture_output=True, cwd=folder)
    subprocess.run([*control, "-l", folder / "log", "-o", options, "start"], check=True, cwd=folder)
    yield folder
    subprocess.run([*control, "-m", "immediate", "stop"], check=True, cwd=folder)
    shutil.rmtree(folder)


def _address(socket: Path, name: str) -> str:
    return f"postgres://passes@/{name}?host={socket}"


def _createdb(socket: Path, name: str, *options: str) -> str:
    assert POSTGRES is not None
    subprocess.run([POSTGRES / "createdb", "-h", socket, "-U", "passes", *options, name], check=True)
    return _address(socket, name)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of each kind that the machine has."""
    if request.param == "sqlite":
        return f"sqlite://{tmp_path}/data/passes.db"
    return _createdb(request.getfixturevalue("postgres"), f"test_{uuid.uuid4().hex}")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "passes.db"
    asyncio.run(migrate(f"sqlite://{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: Path) -> str:
    asyncio.run(migrate(_createdb(postgres, "template")))
    return "template"


@pytest.fixture(params=KINDS)
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with its tables made: a copy, because making them takes half a second."""
    if request.param == "sqlite":
        return f"sqlite://{shutil.copy(request.getfixturevalue('sqlite_template'), tmp_path / 'passes.db')}"
    template = request.getfixturevalue("postgres_template")
    return _createdb(request.getfixturevalue("postgres"), f"test_{uuid.uuid4().hex}", "-T", template)


@pytest.fixture
async def database(migrated_url: str) -> AsyncIterator[str]:
    """The address of a database that is open."""
    async with open_database(migrated_url, exclusive=True):
        yield migrated_url


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "passes.db"
