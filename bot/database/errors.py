"""What can be wrong with the database: sentences for the person who starts the bot, and what passes by itself."""

import sqlite3

from tortoise.exceptions import DBConnectionError, OperationalError

STORAGE_ERRORS = (OperationalError, DBConnectionError, sqlite3.Error, OSError)
"""What a query raises while the database is locked, full or away: nothing was stored, and it may be tried again."""


class DatabaseError(Exception):
    """The database cannot be used as it is; the message says what to do."""


class AlreadyRunningError(DatabaseError):
    """Another bot works on the same database."""


class SchemaTooNewError(DatabaseError):
    """The tables were made by a newer version of the bot than this one."""


class SchemaTooOldError(DatabaseError):
    """The tables are older than the code, and whoever asked may not change them."""
