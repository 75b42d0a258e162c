"""The database: opened once, brought up to date, and written in transactions that survive cancellation.

Everything here works around what SQLite and tortoise-orm really do (docs/decisions/0003); the rooms above need only
:func:`open_database` and :func:`transaction`.
"""

from bot.database.errors import AlreadyRunningError, DatabaseError, SchemaTooNewError, SchemaTooOldError
from bot.database.opening import migrate, open_database, transaction

__all__ = [
    "AlreadyRunningError",
    "DatabaseError",
    "SchemaTooNewError",
    "SchemaTooOldError",
    "migrate",
    "open_database",
    "transaction",
]
