"""The database: there, of this version, writable, with room."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from bot.config import Config
from bot.database import DatabaseError, sqlite_file, transaction
from bot.operations.doctor.findings import Finding, bad, good, unknown
from bot.operations.running import Running, Silent

ABOUT = "Database"
_LEAST_FREE = 200 * 2**20
_COPIES = 3
"""Room for the copy that an upgrade keeps, a backup, and the write-ahead log."""


def before_opening(config: Config, running: Running | Silent) -> Iterator[Finding]:
    """The file and its disk; opening a file that is not there would make one."""
    try:
        file = sqlite_file(config.database_url)
    except DatabaseError as error:
        yield bad(ABOUT, str(error))
        return
    if file is None:
        yield good(ABOUT, "PostgreSQL, by the settings.")
        return
    if not file.exists():
        says = f"there is none at {file} yet."
        if isinstance(running, Running):
            yield bad(ABOUT, says, "A bot is running with another database: give both the same DATABASE_URL.")
        else:
            yield unknown(ABOUT, says, "The bot makes it at its first start; or: python -m bot migrate")
        return
    size, free = file.stat().st_size, shutil.disk_usage(file.parent).free
    if free < max(_LEAST_FREE, _COPIES * size):
        says = f"only {_mib(free)} are free beside {file}, which holds {_mib(size)}."
        yield bad("Disk", says, "Make room: an upgrade first keeps a copy of the database.")
    if _can_be_read_by_all(file):
        says = f"every account of this machine can read {file}, which holds people's data."
        yield bad("Privacy", says, f"chmod 600 {file}*")
    yield good("Database file", f"{file}, {_mib(size)}; {_mib(free)} are free.")


async def opened(config: Config) -> Finding:
    try:
        async with transaction():
            pass  # on SQLite this takes the write lock, and gives it back
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the bot will meet
        return bad(
            ABOUT, f"it can be read, but not written: {error}.", "Mend the rights of the file and its folder."
        )
    kind = "SQLite" if config.database_url.startswith("sqlite") else "PostgreSQL"
    return good(ABOUT, f"{kind} answers, its tables are this version's, and it can be written.")


def _can_be_read_by_all(file: Path) -> bool:
    return bool(file.stat().st_mode & 0o004 and file.parent.stat().st_mode & 0o001)


def refused(error: DatabaseError) -> Finding:
    return bad(ABOUT, str(error))


def _mib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB" if size >= 2**30 else f"{size / 2**20:.1f} MiB"
