"""What can be wrong with the database, each as a sentence for the person who starts the bot."""


class DatabaseError(Exception):
    """The database cannot be used as it is; the message says what to do."""


class AlreadyRunningError(DatabaseError):
    """Another bot works on the same SQLite file."""


class SchemaTooNewError(DatabaseError):
    """The tables were made by a newer version of the bot than this one."""


class SchemaTooOldError(DatabaseError):
    """The tables are older than the code, and whoever asked may not change them."""
