"""A copy of the database that is whole, also while the bot writes, and whatever version made it.

``VACUUM INTO`` reads one instant of the database; copying the file would tear it from its write-ahead log. The copy is
written beside its final name, looked through, and only then given the name: what carries it is always good. It holds
people's data, so only its owner may read it.
"""

import asyncio
import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.database.errors import DatabaseError
from bot.database.opening import sqlite_file

_BUSY_S = 10


async def back_up(url: str, to: Path, *, now: datetime) -> Path:
    """Copy the database to the file ``to``, or into the folder ``to`` under a name made of ``now``; the file it became.

    Raises DatabaseError; a file that is there already is never replaced.
    """
    file = sqlite_file(url)
    if file is None:
        raise DatabaseError(
            "This is a PostgreSQL database: back it up with its own tool, which is consistent beside the running bot: "
            "pg_dump --format=custom --file=FILE and the address of DATABASE_URL."
        )
    try:
        return await asyncio.to_thread(_copy, file, to, f"{file.stem}-{now:%Y%m%dT%H%M%SZ}{file.suffix}")
    except (OSError, sqlite3.Error) as error:
        raise DatabaseError(f"No backup was made at {to}: {error}.") from error


def _copy(file: Path, to: Path, usual_name: str) -> Path:
    if not file.exists():
        raise FileNotFoundError(f"there is no database at {file} yet")
    target = to / usual_name if to.is_dir() else to
    if target.exists():
        raise FileExistsError("there is a file of this name already; choose another one")
    part = target.with_name(target.name + ".part")
    os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(file, timeout=_BUSY_S)) as source:
            source.execute("VACUUM INTO ?", [str(part)])
        _look_through(part)
        return part.rename(target)
    finally:
        part.unlink(missing_ok=True)


def _look_through(part: Path) -> None:
    with closing(sqlite3.connect(f"{part.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        if (found := copy.execute("PRAGMA integrity_check(1)").fetchone()) != ("ok",):
            raise sqlite3.DatabaseError(f"the copy is damaged: {found[0]}")
    with part.open("rb") as written:
        os.fsync(written.fileno())
