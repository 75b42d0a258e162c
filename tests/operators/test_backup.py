"""A backup by one command: whole beside a writing bot, never half, never over another file, for its owner's eyes."""

import asyncio
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import system_clock
from bot.database import DatabaseError, back_up, open_database, transaction
from models import Creator, Tier
from tests.operators.conftest import Ground


@pytest.fixture
def database_url(sqlite_file: Path) -> str:
    """Only SQLite is backed up by the bot itself."""
    return f"sqlite://{sqlite_file}"


def rows(file: Path, table: str) -> int:
    with closing(sqlite3.connect(file)) as database:
        found: int = database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
        return found


async def test_it_is_one_instant_of_a_database_that_is_written_to(ground: Ground, tmp_path: Path) -> None:
    url = ground.config().database_url
    copies: list[Path] = []
    async with open_database(url, exclusive=True):

        async def writes() -> None:
            for number in range(60):
                async with transaction():
                    await Creator.create(id=f"c{number}", display_name="Ana")
                    await Tier.create(id=f"t{number}", creator_id=f"c{number}", name="Gold")

        writing = asyncio.create_task(writes())
        while not writing.done():
            target = tmp_path / f"copy{len(copies)}.db"
            copies.append(await back_up(url, target, now=system_clock()))
        await writing
    assert copies
    for copy in copies:
        assert rows(copy, "creator") == rows(copy, "tier")


async def test_what_was_backed_up_can_be_started_from(ground: Ground, tmp_path: Path) -> None:
    async with open_database(ground.config().database_url, exclusive=True):
        await Creator.create(id="ana", display_name="Ana")
        ended = await ground.command("backup", str(tmp_path))
    assert ended.status == 0
    copy = Path(ended.out.removeprefix("Backed up to ").removesuffix(".\n"))
    assert copy.parent == tmp_path
    assert os.stat(copy).st_mode & 0o077 == 0  # noqa: PTH116 - one look at a local file
    async with open_database(f"sqlite://{copy}", exclusive=True):
        assert await Creator.filter(id="ana").exists()


async def test_another_file_is_never_replaced(ground: Ground, tmp_path: Path) -> None:
    target = tmp_path / "there.db"
    target.write_text("precious")
    ended = await ground.command("backup", str(target))
    assert (ended.status, target.read_text()) == (1, "precious")
    assert "choose another one" in ended.err


async def test_where_nothing_can_be_written_it_says_so(ground: Ground, tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="No backup was made"):
        await back_up(ground.config().database_url, tmp_path / "no" / "copy.db", now=system_clock())


async def test_without_a_database_it_says_so(ground: Ground, tmp_path: Path) -> None:
    none = tmp_path / "none.db"
    ended = await ground.command("backup", str(tmp_path / "copy.db"), DATABASE_URL=f"sqlite://{none}")
    assert ended.status == 1
    assert "no database" in ended.err
    assert not none.exists()


async def test_for_postgresql_it_names_its_own_tool(ground: Ground) -> None:
    ended = await ground.command(
        "backup", "copy.db", DATABASE_URL="postgres://passes:hidden@127.0.0.1/passes"
    )
    assert ended.status == 1
    assert "pg_dump" in ended.err
    assert "hidden" not in ended.err
