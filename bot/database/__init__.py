"""The database: opened once, brought up to date, and written in transactions that survive cancellation.

Everything here works around what SQLite and tortoise-orm really do (docs/decisions/0003); the rooms above need only
:func:`open_database` and :func:`transaction`.
"""

from bot.database.backup import back_up
from bot.database.errors import (
    STORAGE_ERRORS,
    AlreadyRunningError,
    DatabaseError,
    SchemaTooNewError,
    SchemaTooOldError,
)
from bot.database.opening import is_in_use, migrate, open_database, sqlite_file, transaction

__all__ = [
    "STORAGE_ERRORS",
    "AlreadyRunningError",
    "DatabaseError",
    "SchemaTooNewError",
    "SchemaTooOldError",
    "back_up",
    "is_in_use",
    "migrate",
    "open_database",
    "sqlite_file",
    "transaction",
]
