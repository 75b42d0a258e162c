"""One bot for one file, a command line beside it, and a sentence for everything that is wrong."""

import asyncio
import sys
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.context import require_context
from tortoise.exceptions import OperationalError

from bot.database import (
    AlreadyRunningError,
    DatabaseError,
    SchemaTooOldError,
    migrate,
    open_database,
    transaction,
)
from bot.database.session import only_bot_on_server
from models import Creator
from tests.postgres import Postgres
from tests.waiting import until

BOT = """
import asyncio, sys
from bot.database import open_database

async def main():
    async with open_database(sys.argv[1], exclusive=True):
        print("open", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_makes_the_folder_and_sets_sqlite_up(new_file: Path) -> None:
    async with open_database(f"sqlite://{new_file}", exclusive=True):
        assert await pragma("journal_mode") == "wal"
        assert await pragma("foreign_keys") == 1
        assert await pragma("busy_timeout") == 10_000


async def test_nobody_else_on_the_machine_can_read_it(new_file: Path) -> None:
    async with open_database(f"sqlite://{new_file}", exclusive=True):
        await Creator.create(id="ana", display_name="Ana")
        files = {file.name: file.stat().st_mode & 0o077 for file in new_file.parent.glob("passes.db*")}
    assert files.pop("passes.db.lock") is not None  # it is empty
    assert files == {"passes.db": 0, "passes.db-wal": 0, "passes.db-shm": 0}
    assert new_file.parent.stat().st_mode & 0o077 == 0


async def pragma(name: str) -> object:
    rows = await require_context().db().execute_query_dict(f"PRAGMA {name}")
    return next(iter(rows[0].values()))


async def test_a_second_bot_refuses_while_the_first_lives_and_starts_when_it_was_killed(
    empty_url: str,
) -> None:
    first = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT, empty_url, stdout=asyncio.subprocess.PIPE
    )
    assert first.stdout is not None
    while b"open" not in (line := await first.stdout.readline()):
        assert line, "the first bot did not start"
    with pytest.raises(AlreadyRunningError, match="already running on "):
        await migrate(empty_url)
    async with open_database(empty_url), transaction():  # as the command line does
        await Creator.create(id="ana", display_name="Ana")
    first.kill()
    await first.wait()
    async with open_database(empty_url, exclusive=True):
        assert await Creator.filter(id="ana").exists()


async def test_a_bot_whose_session_was_lost_takes_the_lock_again(
    postgres: Postgres, postgres_url: str
) -> None:
    async with open_database(postgres_url), only_bot(look_every_s=0.05):
        postgres.close(postgres_url)
        postgres.reopen(postgres_url)
        await until(partial(_is_locked, postgres_url), "the lock taken again", every_s=0.1)


async def test_a_bot_whose_session_was_lost_ends_if_another_one_came(
    postgres: Postgres, postgres_url: str
) -> None:
    with pytest.raises(AlreadyRunningError):
        async with open_database(postgres_url), only_bot(look_every_s=1, cut_off_s=0.2):
            postgres.close(postgres_url)
            postgres.reopen(postgres_url)
            async with only_bot():
                await asyncio.sleep(10)


def only_bot(**patience: float) -> AbstractAsyncContextManager[None]:
    client = require_context().db()
    assert isinstance(client, AsyncpgDBClient)
    return only_bot_on_server(client, name="here", **patience)


async def _is_locked(url: str) -> bool:
    try:
        await migrate(url)
    except AlreadyRunningError:
        return True
    return False


async def test_the_command_line_makes_no_tables(new_file: Path) -> None:
    with pytest.raises(SchemaTooOldError, match="python -m bot migrate"):
        async with open_database(f"sqlite://{new_file}"):
            pytest.fail("opened")


async def test_two_databases_in_one_process_are_apart(tmp_path: Path) -> None:
    async with open_database(f"sqlite://{tmp_path}/one.db", exclusive=True):
        await Creator.create(id="ana", display_name="Ana")
        async with open_database(f"sqlite://{tmp_path}/two.db", exclusive=True):
            assert await Creator.all().count() == 0
        assert await Creator.all().count() == 1


async def test_a_database_in_memory_needs_no_file() -> None:
    async with open_database("sqlite://:memory:", exclusive=True):
        assert await Creator.all().count() == 0


@pytest.mark.parametrize("url", ["", "sqlite://", "mysql://a@b/c", "passes.db", "psycopg://a@b/c"])
async def test_an_address_of_no_known_kind(url: str) -> None:
    with pytest.raises(DatabaseError, match="DATABASE_URL must be"):
        await migrate(url)


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("dear diary, " * 100)
    with pytest.raises(DatabaseError, match="cannot be opened: file is not a database"):
        await migrate(f"sqlite://{tmp_path}/notes.txt")


async def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseError, match=r"The folder .* cannot be made"):
        await migrate(f"sqlite://{tmp_path}/file/passes.db")


async def test_a_server_that_is_down_is_told_without_the_password() -> None:
    with pytest.raises(DatabaseError, match="cannot be opened") as caught:
        await migrate("postgres://passes:hunter2@127.0.0.1:1/passes")
    assert "hunter2" not in str(caught.value)


async def test_a_query_after_the_end_is_refused_and_leaves_no_connection_behind(database_url: str) -> None:
    async with open_database(database_url, exclusive=True):
        client = require_context().db()
        await client.execute_query("SELECT 1")

    with pytest.raises(OperationalError, match=r"closed|closing"):
        await client.execute_query("SELECT 1")
