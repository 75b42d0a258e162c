"""One bot for one SQLite file: a lock of the operating system, held beside it.

It belongs to the open file, not to a row or a process id, so it ends with the process however that ends. The command
line does not take it and may read and write beside a running bot.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.database.errors import AlreadyRunningError


@contextmanager
def only_bot_on(database: Path) -> Iterator[None]:
    """Hold the lock while inside; raises AlreadyRunningError at once if another process (or task) holds it."""
    with _beside(database).open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunningError(
                f"Another bot is already running on {database}. Stop it first, "
                "or give this one a database of its own with DATABASE_URL."
            ) from None
        yield


def is_held(database: Path) -> bool:
    """Whether a bot works on this file now. Asking takes a share of the lock for an instant, if it is free."""
    try:
        with _beside(database).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _beside(database: Path) -> Path:
    return database.with_name(database.name + ".lock")
