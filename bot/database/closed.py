"""Once closed, a client stays closed.

Tortoise opens a closed connection again for the next query. A query that comes late, from a task that outlived its
owner, would leave a connection behind that nobody closes; on SQLite its thread keeps the process from ending (PITFALLS).
"""

from typing import TYPE_CHECKING

from tortoise.exceptions import OperationalError

if TYPE_CHECKING:
    from tortoise.backends.base.client import BaseDBAsyncClient as Base
else:
    Base = object


class StaysClosed(Base):
    """Mixed in before tortoise's client; a query after ``close`` raises OperationalError."""

    _closed = False

    async def create_connection(self, with_db: bool) -> None:
        if self._closed:
            raise OperationalError("the database is closed")
        await super().create_connection(with_db)

    async def close(self) -> None:
        self._closed = True
        await super().close()
