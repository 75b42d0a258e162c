"""A transaction belongs to the task that opened it.

Tortoise keeps the open transaction in a context variable, which every task created inside inherits (PITFALLS). On
SQLite such a task would then write past the connection's lock, into whatever transaction is open by then; on
PostgreSQL to a connection that went back to the pool. Here every use asks whose it is: a task that is not the owner is
sent to the database itself, where it waits like everybody else until the transaction is over. So a task must not, inside
a transaction, wait for another one that uses the database.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from tortoise.backends.base.client import BaseDBAsyncClient, NestedTransactionContext, TransactionContext

if TYPE_CHECKING:
    from tortoise.backends.base.client import TransactionalDBClient as Base
else:
    Base = object


class Owned(Base):
    """Mixed in before tortoise's client: the transaction for its owner; for everybody else the database itself."""

    _parent: Any

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        self._owner = asyncio.current_task()

    def is_ours(self) -> bool:
        """Whether the running task is in this transaction, and it is still open."""
        return not self._finalized and self._owner is asyncio.current_task()

    def root(self) -> BaseDBAsyncClient:
        """The database itself, outside of every transaction."""
        parent: BaseDBAsyncClient | Owned = self._parent
        return parent.root() if isinstance(parent, Owned) else parent

    def acquire_connection(self) -> Any:
        return super().acquire_connection() if self.is_ours() else self.root().acquire_connection()

    def _in_transaction(self) -> TransactionContext:
        if self.is_ours():
            return NestedTransactionContext(type(self)(self))
        return self.root()._in_transaction()

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        run = super().execute_many if self.is_ours() else self.root().execute_many
        await run(query, values)
