"""What all tests stand on: a database and a sandbox Discord, fresh for each.

The databases have their tables made, and are cheap, because they are copies. ``PASSES_TEST_DATABASE`` says of which
kind (``sqlite``, which is also what is meant when it is not set, or ``postgres``). A test about one kind alone asks for
``sqlite_file`` or ``postgres_url``.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from nextcord.http import Route

from bot.database import migrate, open_database
from bot.sandbox.discord.driver import Driver
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.server import Discord
from tests.postgres import Postgres, serving

pytest_plugins = ("tests.ending", "tests.browser.presence", "tests.counting", "tests.openapi")

KINDS = ("sqlite", "postgres")


@pytest.fixture
def database_kind() -> str:
    kind = os.environ.get("PASSES_TEST_DATABASE") or "sqlite"
    assert kind in KINDS, f"PASSES_TEST_DATABASE is {kind!r}; it must be sqlite or postgres"
    return kind


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with serving() as postgres:
        yield postgres


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "passes.db"
    asyncio.run(migrate(f"sqlite://{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    name = postgres.create()
    asyncio.run(migrate(postgres.address(name)))
    return name


@pytest.fixture
def sqlite_file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A SQLite file with every table, and nothing in them."""
    return Path(shutil.copy(sqlite_template, tmp_path / "passes.db"))


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL database with every table, and nothing in them."""
    name = postgres.create(template=postgres_template)
    yield postgres.address(name)
    postgres.drop(name)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> str:
    """The address of a database with every table, and nothing in them."""
    if database_kind == "sqlite":
        return f"sqlite://{request.getfixturevalue('sqlite_file')}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_kind: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table; as SQLite it is not even a file yet."""
    if database_kind == "sqlite":
        yield f"sqlite://{tmp_path}/data/passes.db"
        return
    postgres: Postgres = request.getfixturevalue("postgres")
    name = postgres.create()
    yield postgres.address(name)
    postgres.drop(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[str]:
    """The address of such a database; it is open."""
    async with open_database(database_url, exclusive=True):
        yield database_url


@pytest.fixture(autouse=True)
def _route_base() -> Iterator[None]:
    """A client sets nextcord's one base address for the process: put back what was there."""
    before = Route.BASE
    yield
    Route.BASE = before


@pytest.fixture
async def discord() -> AsyncIterator[Discord]:
    """A sandbox Discord; without rate limits, for a test that is not about them."""
    async with Discord.serve(limits=Limits(enabled=False)) as discord:
        yield discord


@pytest.fixture
async def driver(discord: Discord) -> AsyncIterator[Driver]:
    """What plays people in it."""
    async with Driver(discord.url) as driver:
        yield driver
