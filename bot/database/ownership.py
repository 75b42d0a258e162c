"""A transaction belongs to the task that opened it.

Tortoise keeps the open transaction in a context variable, which every task created inside inherits (PITFALLS). On
SQLite such a task would then write past the connection's lock, into whatever transaction is open by then; on
PostgreSQL to a connection that went back to the pool. Here every use asks whose it is: a task that is not the owner is
sent to the database itself, where it waits like everybody else until the transaction is over. So a task must not, inside
a transaction, wait for another one that uses the database.
"""

import asyncio
from typing import Any

from tortoise.backends.base.client import BaseDBAsyncClient


class Owned:
    """What the transaction clients of both databases add to tortoise's."""

    _parent: Any
    _finalized: bool
    _owner: asyncio.Task[Any] | None

    def is_ours(self) -> bool:
        """Whether the running task is in this transaction, and it is still open."""
        return not self._finalized and self._owner is asyncio.current_task()

    def root(self) -> BaseDBAsyncClient:
        """The database itself, outside of every transaction."""
        parent: BaseDBAsyncClient | Owned = self._parent
        return parent.root() if isinstance(parent, Owned) else parent
