"""PostgreSQL through tortoise, with two of SQLite's cures; tortoise finds ``client_class`` by the ``engine``.

A task cancelled while it enters a transaction gives its connection back to the pool, and a transaction belongs to one
task (see :mod:`bot.database.ownership`).
"""

import asyncio
from contextlib import suppress
from types import TracebackType
from typing import Any, override

from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections

from bot.database.cancellation import uninterrupted
from bot.database.ownership import Owned


class Client(AsyncpgDBClient):
    @override
    def _in_transaction(self) -> TransactionContext:
        return _Context(Transaction(self), self._pool_init_lock)


class Transaction(Owned, TransactionWrapper):
    def __init__(self, connection: AsyncpgDBClient) -> None:
        super().__init__(connection)
        self._owner = asyncio.current_task()

    @override
    def acquire_connection(self) -> Any:
        """The transaction's connection for its owner; any other from the pool for everybody else."""
        return super().acquire_connection() if self.is_ours() else self.root().acquire_connection()

    @override
    def _in_transaction(self) -> TransactionContext:
        if self.is_ours():
            return NestedTransactionContext(Transaction(self))
        return self.root()._in_transaction()

    @override
    async def execute_many(self, query: str, values: list[Any]) -> None:
        if self.is_ours():
            await super().execute_many(query, values)
        else:
            await self.root().execute_many(query, values)


class _Context(TransactionContextPooled):
    @override
    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        pool = self.client._parent._pool
        self.client._connection = await pool.acquire()
        try:
            await uninterrupted(self.client.begin())
        except BaseException:
            await uninterrupted(self._leave())
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    @override
    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        get_connections().reset(self.token)
        try:
            if exc_type is None:
                await uninterrupted(self.client.commit())
        finally:
            await uninterrupted(self._leave())

    async def _leave(self) -> None:
        """Roll back what is still open and give the connection back, which mends it if that did not work."""
        if not self.client._finalized:
            with suppress(Exception):
                await self.client.rollback()
        self.client._finalized = True
        if self.client._parent._pool:
            await self.client._parent._pool.release(self.client._connection)


client_class = Client
